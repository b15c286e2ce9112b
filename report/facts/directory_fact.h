/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_fact.h - what the directory said of a host: kept, written, read back.
 */
#ifndef REPORT_FACTS_DIRECTORY_FACT_H
#define REPORT_FACTS_DIRECTORY_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/facts/facts.h"
#include "report/text/json_text.h"

struct cJSON;

/* A copy of `d` (NULL: none) that belongs to `f`; out of memory is said by `f`. */
void directory_fact_set(struct facts *f, const struct directory_fact *d);
/* Bytes of all its texts, NULs included. */
size_t directory_fact_text_size(const struct directory_fact *d);
/* A copy whose texts lie at `text`, which moves behind them. */
struct directory_fact directory_fact_copy_to(const struct directory_fact *d, char **text);

/* Takes the build over from the account where the host did not report it. */
void directory_fact_conclude(struct facts *f);
/* True when what the host reports and its account cannot both be true: the name, the
 * domain or the build.  Then DNS leads to another machine, or the account is not up to
 * date; `text` says what differs. */
bool directory_fact_conflict(const struct facts *f, char *text, size_t size);

/* `,"directory":{...}` */
void directory_fact_put(struct json_text *t, const struct directory_fact *d);
/* False with the `*key` whose value is of a wrong kind, or `f` is out of memory. */
bool directory_fact_read(const struct cJSON *object, struct facts *f, const char **key);

#endif
