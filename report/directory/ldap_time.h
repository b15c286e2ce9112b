/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_time.h - the two forms of time in Active Directory ([MS-ADTS] 3.1.1.2.2.2), as
 * seconds since 1970 UTC.
 */
#ifndef REPORT_DIRECTORY_LDAP_TIME_H
#define REPORT_DIRECTORY_LDAP_TIME_H

#include <stdint.h>

/* LargeInteger: decimal text, 100 ns since 1601.  0 and 0x7FFFFFFFFFFFFFFF are
 * TIME_NEVER, what lies before 1970 too; TIME_NOT_GIVEN when it is no such number. */
int64_t ldap_time_large_integer(const char *text);
/* GeneralizedTime: "20260102030405.0Z"; TIME_NOT_GIVEN when it is no such time. */
int64_t ldap_time_generalized(const char *text);

#endif
