/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: read with a baseline, or from files of their own. */
#include "report/baseline/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/baseline/baseline_internal.h"
#include "report/baseline/baseline_json.h"

static bool is_date(const char *text)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, end = 0;

	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 ||
	    sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10)
		return false;
	return year >= 2000 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] && (month != 2 || day < 29 || year % 4 == 0);
}

static bool read_expiry(struct reader *r, const struct node *n, void *into)
{
	if (!cJSON_IsString(n->item) || !is_date(n->item->valuestring))
		return refuse_found(r, n, "the last day it counts, such as 2026-12-31");
	return read_text(r, n, into);
}

static bool read_right_pattern(struct reader *r, const struct node *n, void *into)
{
	if (!cJSON_IsString(n->item) ||
	    rights_match(n->item->valuestring, NULL, NULL) == 0)
		return refuse_found(r, n, "a right or a pattern that some right has");
	return read_text(r, n, into);
}

static bool read_waiver(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		KEY("host", true, read_text, baseline_waiver, host),
		KEY("right", true, read_right_pattern, baseline_waiver, right),
		KEY("principal", true, read_reference, baseline_waiver, principal),
		KEY("reason", true, read_text, baseline_waiver, reason),
		KEY("owner", false, read_text, baseline_waiver, owner),
		KEY("expires", true, read_expiry, baseline_waiver, expires),
		KEYS_END,
	};
	struct baseline_waiver *waiver = into;

	waiver->path = r->path;
	waiver->line = line_of(r, n);
	return read_object(r, n, keys, into);
}

bool read_waivers(struct reader *r, const struct node *n, void *into)
{
	struct references *to = into;

	return read_array(r, n, read_waiver, sizeof(struct baseline_waiver), &to->list,
			  &to->count);
}

/* ---- a file of waivers ---- */

struct waivers {
	struct baseline_waiver *list;
	size_t count;
};

static bool read_waivers_schema(struct reader *r, const struct node *n, void *into)
{
	(void)into;
	return (cJSON_IsString(n->item) &&
		strcmp(n->item->valuestring, "lsasweep.waivers/1") == 0) ||
	       refuse_found(r, n, "\"lsasweep.waivers/1\"");
}

static bool append(struct baseline *b, const struct waivers *more)
{
	size_t count = b->waiver_count + more->count;
	struct baseline_waiver *all = pool_take(&b->memory, count, sizeof *all);

	if (!all)
		return false;
	if (b->waiver_count)
		memcpy(all, b->waivers, b->waiver_count * sizeof *all);
	if (more->count)
		memcpy(all + b->waiver_count, more->list, more->count * sizeof *all);
	b->waivers = all;
	b->waiver_count = count;
	return true;
}

bool baseline_parse_waivers(struct baseline *b, const char *path, const char *text,
			    size_t len, char *why, size_t why_size)
{
	static const struct key keys[] = {
		KEY_HERE("$schema", false, read_anything),
		KEY_HERE("schema", true, read_waivers_schema),
		KEY("waivers", true, read_waivers, waivers, list),
		KEYS_END,
	};
	struct waivers more = { NULL, 0 };
	struct reader r = { &b->memory, NULL, text, len, why, why_size };

	r.path = pool_text(&b->memory, path, strlen(path));
	if (!r.path) {
		r.path = path;
		return refuse_memory(&r);
	}
	return read_document(&r, keys, &more) && (append(b, &more) || refuse_memory(&r));
}

bool baseline_add_waivers(struct baseline *b, const char *path, char *why,
			  size_t why_size)
{
	size_t len;
	char *text = baseline_read_file(path, "waivers", &len, why, why_size);
	bool good = text && baseline_parse_waivers(b, path, text, len, why, why_size);

	free(text);
	return good;
}
