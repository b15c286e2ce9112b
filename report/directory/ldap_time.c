/* SPDX-License-Identifier: Apache-2.0 */
/* Times of LDAP attributes as numbers. */
#include "report/directory/ldap_time.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory.h"
#include "report/text/timestamp.h"

/* From 1601 to 1970. */
static const int64_t epoch = 11644473600;
static const int64_t ticks_a_second = 10000000;

int64_t ldap_time_large_integer(const char *text)
{
	long long ticks;
	char *end;

	errno = 0;
	ticks = strtoll(text, &end, 10);
	if (end == text || *end || errno || ticks < 0)
		return TIME_NOT_GIVEN;
	if (ticks == 0 || ticks == INT64_MAX || ticks / ticks_a_second <= epoch)
		return TIME_NEVER;
	return ticks / ticks_a_second - epoch;
}

int64_t ldap_time_generalized(const char *text)
{
	char rfc3339[32];
	int64_t ms;

	if (strspn(text, "0123456789") != 14 || (text[14] != '.' && text[14] != 'Z') ||
	    text[strlen(text) - 1] != 'Z')
		return TIME_NOT_GIVEN;
	snprintf(rfc3339, sizeof rfc3339, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text,
		 text + 4, text + 6, text + 8, text + 10, text + 12);
	return timestamp_parse(rfc3339, &ms) ? ms / 1000 : TIME_NOT_GIVEN;
}
