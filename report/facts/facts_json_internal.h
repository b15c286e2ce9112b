/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts_json_internal.h - how a journal line is taken apart, for this folder.
 *
 * Each getter returns false with `why` said, and is content with a key that is missing or
 * null, which leaves the default.
 */
#ifndef REPORT_FACTS_FACTS_JSON_INTERNAL_H
#define REPORT_FACTS_FACTS_JSON_INTERNAL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/facts/facts.h"

struct fact_reader {
	struct facts *facts;
	char *why;
	size_t why_size;
};

/* Says why, and returns false. */
bool fact_refuse(struct fact_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool fact_refuse_memory(struct fact_reader *r);
/* "an object", "nothing" for NULL: static. */
const char *fact_type_of(const cJSON *item);
/* No key twice, and not too many. */
bool fact_check_keys(struct fact_reader *r, const cJSON *object, const char *where);
const cJSON *fact_get(const cJSON *object, const char *key);
bool fact_get_object(struct fact_reader *r, const cJSON *parent, const char *key,
		     const cJSON **object);
bool fact_get_text(struct fact_reader *r, const cJSON *object, const char *key,
		   const char **text);
/* A whole number up to `max`; `*known` (may be NULL) says whether it is there. */
bool fact_get_number(struct fact_reader *r, const cJSON *object, const char *key,
		     double max, bool *known, double *value);
bool fact_get_bool(struct fact_reader *r, const cJSON *object, const char *key,
		   bool *value);
/* A text that is a SID. */
bool fact_get_sid(struct fact_reader *r, const cJSON *object, const char *key,
		  const char **sid);

/* A word of a closed list; `from_word` stores it.  Missing leaves the default. */
#define FACT_GET_WORD(r, object, key, from_word, value, required)                      \
	do {                                                                           \
		const cJSON *word_item = (object) ? fact_get(object, key) : NULL;      \
                                                                                       \
		if (!word_item && !(required))                                         \
			break;                                                         \
		if (!word_item || !cJSON_IsString(word_item))                          \
			return fact_refuse(r, "%s: found %s, expected a word", key,    \
					   fact_type_of(word_item));                   \
		if (!from_word(word_item->valuestring, value))                         \
			return fact_refuse(r, "%s: \"%.60s\" is not one of its words", \
					   key, word_item->valuestring);               \
	} while (0)

#endif
