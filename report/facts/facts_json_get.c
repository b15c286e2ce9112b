/* SPDX-License-Identifier: Apache-2.0 */
/* Values of one type out of an object of a journal line, or what is wrong with them. */
#include "report/facts/facts_json_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "report/facts/limits.h"
#include "report/facts/principals.h"

bool fact_refuse(struct fact_reader *r, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (r->facts->out_of_memory)
		format = "out of memory"; /* what seems to be missing is not */
	vsnprintf(r->why, r->why_size, format, arguments);
	va_end(arguments);
	return false;
}

bool fact_refuse_memory(struct fact_reader *r)
{
	r->facts->out_of_memory = true;
	return fact_refuse(r, "out of memory");
}

const char *fact_type_of(const cJSON *item)
{
	if (!item)
		return "nothing";
	if (cJSON_IsObject(item))
		return "an object";
	if (cJSON_IsArray(item))
		return "an array";
	if (cJSON_IsString(item))
		return "a string";
	if (cJSON_IsNumber(item))
		return "a number";
	return cJSON_IsNull(item) ? "null" : "a truth value";
}

/* No key twice: which one counts would be anybody's guess.  Rights are looked for without
 * regard to case, and no other key differs by it alone. */
bool fact_check_keys(struct fact_reader *r, const cJSON *object, const char *where)
{
	size_t count = 0;

	for (const cJSON *a = object->child; a; a = a->next) {
		if (++count > LIMIT_RIGHTS)
			return fact_refuse(r, "%s: more than %d keys", where,
					   LIMIT_RIGHTS);
		for (const cJSON *b = object->child; b != a; b = b->next)
			if (strcasecmp(a->string, b->string) == 0)
				return fact_refuse(r, "%s: key \"%.60s\" twice", where,
						   a->string);
	}
	return true;
}

const cJSON *fact_get(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* An object or, with null or nothing there, no object. */
bool fact_get_object(struct fact_reader *r, const cJSON *parent, const char *key,
		     const cJSON **object)
{
	const cJSON *item = fact_get(parent, key);

	*object = NULL;
	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsObject(item))
		return fact_refuse(r, "%s: found %s, expected an object", key,
				   fact_type_of(item));
	*object = item;
	return fact_check_keys(r, item, key);
}

bool fact_get_text(struct fact_reader *r, const cJSON *object, const char *key,
		   const char **text)
{
	const cJSON *item = object ? fact_get(object, key) : NULL;

	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsString(item))
		return fact_refuse(r, "%s: found %s, expected a string", key,
				   fact_type_of(item));
	*text = facts_text(r->facts, item->valuestring);
	return true;
}

/* A whole number up to `max`; `*known` (may be NULL) says whether it is there. */
bool fact_get_number(struct fact_reader *r, const cJSON *object, const char *key,
		     double max, bool *known, double *value)
{
	const cJSON *item = fact_get(object, key);

	if (known)
		*known = false;
	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) ||
	    item->valuedouble > max || floor(item->valuedouble) != item->valuedouble)
		return fact_refuse(
			r, "%s: found %s, expected a whole number up to %.0f", key,
			cJSON_IsNumber(item) ? "another number" : fact_type_of(item),
			max);
	if (known)
		*known = true;
	*value = item->valuedouble;
	return true;
}

bool fact_get_bool(struct fact_reader *r, const cJSON *object, const char *key,
		   bool *value)
{
	const cJSON *item = fact_get(object, key);

	if (!item || cJSON_IsNull(item))
		return true;
	if (!cJSON_IsBool(item))
		return fact_refuse(r, "%s: found %s, expected true or false", key,
				   fact_type_of(item));
	*value = cJSON_IsTrue(item);
	return true;
}

bool fact_get_sid(struct fact_reader *r, const cJSON *object, const char *key,
		  const char **sid)
{
	if (!fact_get_text(r, object, key, sid))
		return false;
	return !*sid || principal_is_sid(*sid) ||
	       fact_refuse(r, "%s: \"%.60s\" is no SID, expected S-1-...", key, *sid);
}
