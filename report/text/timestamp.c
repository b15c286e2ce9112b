/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/timestamp.h"

#include <stdio.h>
#include <time.h>

bool timestamp_of(int year, int month, int day, int hour, int minute, int second,
		  int64_t *ms)
{
	struct tm when = { .tm_year = year - 1900,
			   .tm_mon = month - 1,
			   .tm_mday = day,
			   .tm_hour = hour,
			   .tm_min = minute,
			   .tm_sec = second };

	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
	    hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	*ms = (int64_t)timegm(&when) * 1000;
	return true;
}

bool timestamp_parse(const char *text, int64_t *ms)
{
	int year, month, day, hour, minute, second, used = 0, thousandths = 0;

	if (!text || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour,
			    &minute, &second, &used) != 6)
		return false;
	if (!timestamp_of(year, month, day, hour, minute, second, ms))
		return false;
	if (text[used] == '.')
		for (int i = 1, weight = 100;
		     text[used + i] >= '0' && text[used + i] <= '9'; i++, weight /= 10)
			thousandths += (text[used + i] - '0') * weight;
	*ms += thousandths;
	return true;
}

void timestamp_write(int64_t ms, char text[static TIMESTAMP_MAX])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm utc;
	size_t len;

	/* The last millisecond of the year 9999: RFC 3339 has four digits for a year. */
	if (ms < 0 || ms > 253402300799999 || !gmtime_r(&seconds, &utc)) {
		timestamp_write(0, text);
		return;
	}
	len = strftime(text, TIMESTAMP_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + len, TIMESTAMP_MAX - len, ".%03dZ", (int)(ms % 1000));
}
