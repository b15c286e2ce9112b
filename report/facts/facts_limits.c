/* SPDX-License-Identifier: Apache-2.0 */
/* The record of one host cut to size: texts first, then rights in the order asked, until
 * what the host may use is used up. */
#include "report/facts/facts_limits.h"

#include <stdio.h>
#include <string.h>

#include "report/facts/limits.h"

/* What is left for the rest of the record. */
struct budget {
	struct facts *facts;
	size_t text, holders;
	size_t cut;
};

/* The longest beginning of `text` within `max` bytes that ends between characters. */
static size_t whole_characters(const char *text, size_t max)
{
	while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* `text`, longer than `max`, cut and saying so. */
static size_t cut_text(char cut[static LIMIT_TEXT_BYTES + 1], const char *text,
		       size_t max)
{
	size_t kept = whole_characters(text, max - LIMIT_CUT_NOTE_BYTES);

	return (size_t)snprintf(cut, LIMIT_TEXT_BYTES + 1,
				"%.*s... (cut at %zu of %zu bytes)", (int)kept, text,
				kept, strlen(text));
}

const char *facts_text_kept(struct facts *f, const char *text)
{
	char cut[LIMIT_TEXT_BYTES + 1];

	if (strlen(text) <= LIMIT_TEXT_BYTES)
		return facts_text(f, text);
	cut_text(cut, text, LIMIT_TEXT_BYTES);
	return facts_text(f, cut);
}

/* A text of up to `max` bytes; what is longer is cut and says so. */
static void keep_text_of(struct budget *b, const char **text, size_t max)
{
	char cut[LIMIT_TEXT_BYTES + 1];
	size_t length = *text ? strlen(*text) : 0;

	if (length > max) {
		length = cut_text(cut, *text, max);
		*text = facts_text(b->facts, cut);
	}
	b->text -= length < b->text ? length : b->text;
}

static void keep_text(struct budget *b, const char **text)
{
	keep_text_of(b, text, LIMIT_TEXT_BYTES);
}

static void keep_error(struct budget *b, struct fact_error *e)
{
	keep_text(b, &e->step);
	keep_text(b, &e->reason);
	keep_text(b, &e->code);
	keep_text(b, &e->text);
}

/* Beyond its limit a tag is not kept; the last one that is kept says so. */
static void keep_tags(struct budget *b)
{
	struct facts *f = b->facts;
	size_t all = f->tag_count;
	char text[80];

	for (size_t i = 0; i < f->tag_count; i++) {
		keep_text(b, &f->tags[i]);
		if (b->text > 0 && i + 1 < LIMIT_TAGS)
			continue;
		if (i + 1 == all && b->text > 0)
			return;
		snprintf(text, sizeof(text), "cut at %zu of %zu tags", i, all);
		f->tags[i] = facts_text(f, text);
		f->tag_count = i + 1;
	}
}

/* The facts own a copy of their own: what is cut is cut there. */
static void keep_directory(struct budget *b)
{
	struct directory_fact *d;

	if (!b->facts->directory)
		return;
	d = facts_take(b->facts, 1, sizeof(*d));
	if (!d)
		return;
	*d = *b->facts->directory;
#define X(name) keep_text(b, &d->name);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	b->facts->directory = d;
}

static void keep_rest(struct budget *b)
{
	struct facts *f = b->facts;
	const char **texts[] = {
		&f->host,       &f->address,    &f->timestamp,  &f->sweep,
		&f->source,     &f->step,       &f->conflict,   &f->netbios_name,
		&f->domain,     &f->dns_name,   &f->dns_domain, &f->forest,
		&f->dialect,    &f->domain_sid, &f->encryption, &f->machine_sid,
		&f->os_version, &f->account,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		keep_text(b, texts[i]);
	keep_error(b, &f->error);
	keep_tags(b);
	keep_directory(b);
}

static void cut_right(struct budget *b, struct right_fact *r, size_t kept, size_t of,
		      const char *what)
{
	char text[160];

	snprintf(text, sizeof(text),
		 "cut at %zu of %zu %s: more than one host's record may hold", kept, of,
		 what);
	r->outcome = RIGHT_FAILED;
	r->holders = NULL;
	r->holder_count = 0;
	r->error = (struct fact_error){ .step = "record",
					.text = facts_text(b->facts, text) };
	b->cut++;
}

/* False: the right was cut. */
static bool keep_right(struct budget *b, struct right_fact *r)
{
	size_t most = b->holders < LIMIT_HOLDERS_A_RIGHT ? b->holders
							 : LIMIT_HOLDERS_A_RIGHT;
	size_t of = r->holder_count;

	keep_text_of(b, &r->name, LIMIT_RIGHT_NAME_BYTES);
	keep_error(b, &r->error);
	if (b->text == 0)
		r->error = (struct fact_error){ 0 };
	if (of > most) {
		cut_right(b, r, most, of, "holders");
		return false;
	}
	for (size_t i = 0; i < of; i++) {
		keep_text(b, &r->holders[i].sid);
		keep_text(b, &r->holders[i].name);
		if (b->text == 0) {
			cut_right(b, r, i, of, "holders");
			return false;
		}
	}
	b->holders -= of;
	return true;
}

/* Rights beyond the limit are not kept; the last one that is kept says so. */
static void keep_rights(struct budget *b)
{
	struct facts *f = b->facts;
	size_t all = f->right_count;

	if (all > LIMIT_RIGHTS)
		f->right_count = LIMIT_RIGHTS;
	for (size_t i = 0; i < f->right_count; i++)
		keep_right(b, &f->rights[i]);
	if (all > LIMIT_RIGHTS)
		cut_right(b, &f->rights[LIMIT_RIGHTS - 1], LIMIT_RIGHTS - 1, all,
			  "rights");
}

size_t facts_keep_limits(struct facts *f)
{
	struct budget b = { f, LIMIT_HOST_TEXT_BYTES - LIMIT_RESERVE_BYTES,
			    LIMIT_HOLDERS_A_HOST, 0 };

	keep_rest(&b);
	keep_rights(&b);
	return b.cut;
}
