/* SPDX-License-Identifier: Apache-2.0 */
/* Members of a line of the recorded directory, each checked for its type and range. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/directory/directory_json_internal.h"
#include "report/text/timestamp.h"

bool directory_refuse(struct directory_reader *r, const char *key, const char *expected)
{
	if (!*r->why)
		snprintf(r->why, r->why_size, "\"%s\": expected %s", key, expected);
	return false;
}

bool directory_get_text(struct directory_reader *r, const char *key, const char **text)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(r->root, key);

	*text = NULL;
	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsString(item))
		return directory_refuse(r, key, "a string or null");
	*text = pool_text(r->pool, item->valuestring, strlen(item->valuestring));
	return *text || directory_refuse(r, key, "more memory");
}

bool directory_get_number(struct directory_reader *r, const cJSON *object,
			  const char *key, double max, bool *known, double *value)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	*known = item && !cJSON_IsNull(item);
	*value = 0;
	if (!*known)
		return true;
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) ||
	    item->valuedouble > max || floor(item->valuedouble) != item->valuedouble)
		return directory_refuse(r, key, "a whole number in its range, or null");
	*value = item->valuedouble;
	return true;
}

bool directory_get_time(struct directory_reader *r, const char *key, int64_t *time)
{
	const char *text;
	int64_t ms;

	*time = TIME_NOT_GIVEN;
	if (!directory_get_text(r, key, &text))
		return false;
	if (!text)
		return true;
	if (strcmp(text, "never") == 0) {
		*time = TIME_NEVER;
		return true;
	}
	if (!timestamp_parse(text, &ms))
		return directory_refuse(r, key, "an RFC 3339 time, \"never\" or null");
	*time = ms / 1000;
	return true;
}

bool directory_get_bool(struct directory_reader *r, const char *key, bool *value)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(r->root, key);

	*value = cJSON_IsTrue(item);
	return !item || cJSON_IsBool(item) || directory_refuse(r, key, "true or false");
}
