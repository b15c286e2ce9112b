/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sanitized.h - is this a test build whose leak checker looks into the process, as a
 * debugger would?  Then debuggers, ptrace() and /proc/self cannot be given up.
 */
#ifndef SCANNER_CONSOLE_SANITIZED_H
#define SCANNER_CONSOLE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define HUNTS_LEAKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HUNTS_LEAKS 1
#endif
#endif
#ifndef HUNTS_LEAKS
#define HUNTS_LEAKS 0
#endif

#endif
