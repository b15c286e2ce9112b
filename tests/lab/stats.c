/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/stats.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "tests/lab/accounts.h"

struct stats stats;

static cJSON *accounts_json(void)
{
	cJSON *all = cJSON_CreateObject();

	for (size_t i = 0; i < account_count(); i++) {
		const struct account *a = account_at(i);
		cJSON *one = cJSON_AddObjectToObject(all, a->name);

		cJSON_AddNumberToObject(one, "attempts", a->attempts);
		cJSON_AddNumberToObject(one, "failures", a->failures);
		cJSON_AddNumberToObject(one, "successes", a->successes);
		cJSON_AddNumberToObject(one, "bad_passwords", a->bad_passwords);
		cJSON_AddStringToObject(one, "state", a->state);
	}
	return all;
}

void stats_print(FILE *to)
{
	cJSON *all = cJSON_CreateObject();
	char *text;

#define X(counter, what) cJSON_AddNumberToObject(all, #counter, (double)stats.counter);
	LAB_COUNTERS(X)
#undef X
	cJSON_AddNumberToObject(all, "unknown_users", accounts_unknown());
	cJSON_AddItemToObject(all, "accounts", accounts_json());
	text = cJSON_PrintUnformatted(all);
	if (text)
		fprintf(to, "%s\n", text);
	fflush(to);
	free(text);
	cJSON_Delete(all);
}
