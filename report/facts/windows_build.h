/* SPDX-License-Identifier: Apache-2.0 */
/*
 * windows_build.h - what a build number of Windows stands for.
 *
 * NTLM's version ([MS-NLMP] 2.2.2.10) has the build that a servicing branch began with:
 * 19041 for Windows 10 2004 to 22H2 (19045), whatever is installed.  Active Directory, a
 * file and the user say the build itself.
 */
#ifndef REPORT_FACTS_WINDOWS_BUILD_H
#define REPORT_FACTS_WINDOWS_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

/* The last build of the branch that begins with `build`; `build` itself where none does.
 */
uint32_t windows_branch_end(uint32_t build);
/* True when the build of `f` is one that NTLM reported. */
bool windows_build_is_base(const struct facts *f);

/* True when a host of the version `recorded` ("10.0.19045") may report `reported` by
 * NTLM: the same, or the first build of its branch. */
bool windows_version_may_be(const char *reported, const char *recorded);

enum { WINDOWS_NAME_MAX = 80 };
/* "Windows Server 2022", "Windows 10 2004 to 22H2", into `out`; of a role that is not
 * known "Windows Server 2025 or Windows 11 24H2".  Of the host's account in the directory
 * its own words.  NULL: no build, or one that is in no table. */
const char *windows_name(const struct facts *f, char out[WINDOWS_NAME_MAX]);

#endif
