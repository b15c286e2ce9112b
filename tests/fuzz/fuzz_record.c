/* SPDX-License-Identifier: Apache-2.0 */
/* A record made of any bytes, brought within its limits, written and read: it can always
 * be read back, and says the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/facts_json.h"
#include "report/facts/facts_limits.h"
#include "report/facts/limits.h"

struct input {
	const uint8_t *at;
	size_t left;
};

static unsigned take(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

/* Nothing, a short text of the input's bytes, or a long one of one of them. */
static const char *take_text(struct facts *f, struct input *in)
{
	static char text[5000];
	unsigned kind = take(in);
	size_t n = kind % 32;

	if (kind == 0)
		return NULL;
	if (kind >= 250) {
		n = sizeof(text) - 1;
		memset(text, (int)(take(in) | 1), n);
	} else {
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(take(in) | 1);
	}
	return facts_text_len(f, text, n);
}

static void take_holders(struct facts *f, struct input *in, struct right_fact *r)
{
	unsigned kind = take(in);
	size_t count = kind >= 240 ? LIMIT_HOLDERS_A_RIGHT - 8 + kind % 16 : kind % 8;
	const char *name = take_text(f, in);

	r->holders = facts_take(f, count, sizeof(*r->holders));
	r->holder_count = count;
	r->outcome = count ? RIGHT_HELD : RIGHT_NOBODY;
	for (size_t i = 0; i < count; i++) {
		r->holders[i].sid = "S-1-5-21-1-2-3-1105";
		r->holders[i].name = name;
		r->holders[i].kind = (enum holder_kind)(kind % KIND_COUNT);
	}
}

static void take_rights(struct facts *f, struct input *in)
{
	static const char *const names[] = { "SeA", "SeB", "SeC", "SeD", "SeE", "SeF" };
	size_t count = take(in) % 7;

	f->rights = facts_take(f, count, sizeof(*f->rights));
	f->right_count = count;
	for (size_t i = 0; i < count; i++) {
		f->rights[i].name = names[i];
		take_holders(f, in, &f->rights[i]);
		f->rights[i].error.text = take_text(f, in);
	}
}

static void take_record(struct facts *f, struct input *in)
{
	f->host = "host";
	f->port = (uint16_t)take(in);
	f->outcome = (enum host_outcome)(take(in) % HOST_OUTCOME_COUNT);
	f->tag_count = take(in) * 5;
	f->tags = facts_take(f, f->tag_count, sizeof(*f->tags));
	for (size_t i = 0; i < f->tag_count; i++)
		f->tags[i] = "tag";
	f->netbios_name = take_text(f, in);
	f->dns_name = take_text(f, in);
	f->domain = take_text(f, in);
	f->os_version = take_text(f, in);
	f->error.text = take_text(f, in);
	f->dialect = take_text(f, in);
	take_rights(f, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct facts f, again;
	char why[200] = "", *first, *second;

	facts_init(&f);
	facts_init(&again);
	take_record(&f, &in);
	facts_keep_limits(&f);
	first = facts_to_json(&f);
	if (!first || strlen(first) > LIMIT_LINE_WRITTEN_BYTES ||
	    !facts_from_json(first, strlen(first), &again, why, sizeof(why)))
		abort();
	second = facts_to_json(&again);
	if (!second || strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
	facts_free(&f);
	facts_free(&again);
	return 0;
}
