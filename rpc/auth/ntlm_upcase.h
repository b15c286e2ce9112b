/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_upcase.h - the capital of a UTF-16 unit, as Windows makes it.
 *
 * [MS-NLMP] 3.3.2 makes the key of a user's name in capitals.  Windows goes unit by unit
 * through a table of its own, whatever the language: "ß" stays, a Turkish dotless "ı" and
 * "µ" stay.  A locale of the C library would differ there, and may not be installed.
 */
#ifndef RPC_AUTH_NTLM_UPCASE_H
#define RPC_AUTH_NTLM_UPCASE_H

#include <stdint.h>

/* `unit` itself where it has no capital of one unit. */
uint16_t ntlm_upcase(uint16_t unit);

#endif
