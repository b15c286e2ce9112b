/* SPDX-License-Identifier: Apache-2.0 */
/* Times of LDAP attributes as numbers. */
#include "report/directory/ldap_time.h"

#include <errno.h>
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

static int two_digits(const char *at)
{
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* A domain has as many of these as computers: no scanf here. */
int64_t ldap_time_generalized(const char *text)
{
	int64_t ms;
	size_t digits = 0;

	while (text[digits] >= '0' && text[digits] <= '9')
		digits++;
	if (digits != 14 || (text[14] != '.' && text[14] != 'Z') ||
	    text[strlen(text) - 1] != 'Z')
		return TIME_NOT_GIVEN;
	if (!timestamp_of(two_digits(text) * 100 + two_digits(text + 2),
			  two_digits(text + 4), two_digits(text + 6),
			  two_digits(text + 8), two_digits(text + 10),
			  two_digits(text + 12), &ms))
		return TIME_NOT_GIVEN;
	return ms / 1000;
}
