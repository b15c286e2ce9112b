/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/stats.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "tests/lab/accounts.h"

struct stats stats;

/* The first halves of all GUIDs seen: a table with open addresses, at most half full. */
static uint64_t *seen;
static size_t seen_count, seen_room;

/* True: it was there already. */
static bool seen_add(uint64_t key)
{
	size_t i = key & (seen_room - 1);

	for (; seen[i]; i = (i + 1) & (seen_room - 1))
		if (seen[i] == key)
			return true;
	seen[i] = key;
	return false;
}

static bool seen_grow(void)
{
	uint64_t *old = seen;
	size_t old_room = seen_room, room = old_room ? old_room * 2 : 1024;
	uint64_t *grown = calloc(room, sizeof *grown);

	if (!grown)
		return false;
	seen = grown;
	seen_room = room;
	for (size_t i = 0; i < old_room; i++)
		if (old[i])
			seen_add(old[i]);
	free(old);
	return true;
}

void stats_note_guid(const unsigned char guid[16])
{
	uint64_t key;

	memcpy(&key, guid, sizeof key);
	if (2 * (seen_count + 1) > seen_room && !seen_grow())
		return;
	if (seen_add(key ? key : 1))
		stats.guids_repeated++;
	else
		seen_count++;
}

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
