/* SPDX-License-Identifier: Apache-2.0 */
/* What can be said of every GPO before any computer: rights and trustees by number, the
 * lists of rights as digests, and the tests that no computer changes. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/policy_internal.h"
#include "report/facts/rights.h"

static const char security_extension[] = "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}";

enum { GUID_LEN = sizeof(security_extension) - 1 };

/* ---- rights ---- */

static bool right_number(struct policy_store *s, const char *name, uint32_t *number)
{
	const struct right *known = rights_find(name);
	size_t len = strlen(name);

	if (policy_find_name(&s->right_of, name, len, number))
		return true;
	*number = (uint32_t)s->right_count;
	if (!policy_grow(s, &s->rights, *number, &s->right_room, sizeof(*s->rights)) ||
	    !policy_set_name(&s->right_of, name, len, *number))
		return false;
	s->rights[s->right_count++] = known ? known->name : name;
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* Of the entries as a set: their order and repetitions do not count. */
static bool digest_list(struct policy_store *s, const struct directory_declared *line,
			struct siphash_digest *digest)
{
	const char **texts = malloc((line->entry_count + 1) * sizeof(*texts));
	char *joined;
	size_t len = 0, at = 0;

	if (!texts)
		return false;
	for (size_t i = 0; i < line->entry_count; i++) {
		const struct directory_entry *e = &line->entries[i];

		texts[i] = e->sid ? e->sid : e->text;
		len += strlen(texts[i]) + 1;
	}
	if (line->entry_count)
		qsort(texts, line->entry_count, sizeof(*texts), by_text);
	joined = malloc(len + 1);
	for (size_t i = 0; joined && i < line->entry_count; i++) {
		if (i && strcasecmp(texts[i], texts[i - 1]) == 0)
			continue;
		for (const char *c = texts[i]; *c; c++)
			joined[at++] = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
		joined[at++] = '\0';
	}
	if (joined)
		*digest = siphash_wide(&s->right_of.key, joined, at);
	free(texts);
	free(joined);
	return joined != NULL;
}

static bool prepare_rights(struct policy_store *s, struct policy_object *o)
{
	const struct directory_template *t = &o->gpo->template;

	o->declared = pool_take(&s->pool, t->right_count, sizeof(*o->declared));
	if (!o->declared)
		return false;
	o->declared_count = t->right_count;
	for (size_t i = 0; i < t->right_count; i++) {
		o->declared[i].line = &t->rights[i];
		if (!right_number(s, t->rights[i].right, &o->declared[i].right) ||
		    !digest_list(s, &t->rights[i], &o->declared[i].list))
			return false;
	}
	return true;
}

/* ---- trustees ---- */

struct known_sid {
	const char *sid;
	enum membership member;
	bool controllers;
};

/* The token of every computer: itself over the network, as anybody, in its own built-in
 * Users.  Of the other built-in groups the host's own are meant, which are not known. */
static const struct known_sid known_sids[] = {
	{ "S-1-1-0", MEMBER_YES, false },      /* Everyone */
	{ "S-1-5-2", MEMBER_YES, false },      /* Network */
	{ "S-1-5-11", MEMBER_YES, false },     /* Authenticated Users */
	{ "S-1-5-15", MEMBER_YES, false },     /* This Organization */
	{ "S-1-5-32-545", MEMBER_YES, false }, /* Users */
	{ "S-1-5-9", MEMBER_YES, true },       /* Enterprise Domain Controllers */
	{ "S-1-3-0", MEMBER_NO, false },       /* Creator Owner */
	{ "S-1-3-1", MEMBER_NO, false },       /* Creator Group */
	{ "S-1-5-4", MEMBER_NO, false },       /* Interactive */
	{ "S-1-5-7", MEMBER_NO, false },       /* Anonymous */
	{ "S-1-5-10", MEMBER_NO, false },      /* Self: the GPO is no principal */
	{ "S-1-5-18", MEMBER_NO, false },      /* SYSTEM */
	{ "S-1-5-32-546", MEMBER_NO, false },  /* Guests */
};

static void know_trustee(struct policy_store *s, struct policy_trustee *t)
{
	t->principal = POLICY_NO_INDEX;
	t->fixed = MEMBER_UNKNOWN;
	for (size_t i = 0; i < sizeof(known_sids) / sizeof(*known_sids); i++)
		if (strcasecmp(known_sids[i].sid, t->sid) == 0) {
			t->fixed = known_sids[i].member;
			t->controllers = known_sids[i].controllers;
			return;
		}
	if (strncasecmp(t->sid, "S-1-5-21-", 9) != 0)
		return;
	t->depends = true;
	policy_find_name(&s->principal_of, t->sid, strlen(t->sid), &t->principal);
}

static bool trustee_number(struct policy_store *s, const char *sid, uint32_t *number)
{
	size_t len = strlen(sid);
	struct policy_trustee *t;

	if (policy_find_name(&s->trustee_of, sid, len, number))
		return true;
	*number = (uint32_t)s->trustee_count;
	if (!policy_grow(s, &s->trustees, *number, &s->trustee_room,
			 sizeof(*s->trustees)) ||
	    !policy_set_name(&s->trustee_of, sid, len, *number))
		return false;
	t = &s->trustees[s->trustee_count++];
	*t = (struct policy_trustee){ .sid = sid };
	know_trustee(s, t);
	return true;
}

static bool prepare_aces(struct policy_store *s, struct policy_object *o)
{
	o->aces = pool_take(&s->pool, o->gpo->ace_count, sizeof(*o->aces));
	if (!o->aces)
		return false;
	for (size_t i = 0; i < o->gpo->ace_count; i++) {
		const struct directory_ace *a = &o->gpo->aces[i];

		o->aces[i] = (struct policy_ace){ .form = (uint8_t)a->form,
						  .deny = a->deny,
						  .read = a->read,
						  .apply = a->apply };
		if (!trustee_number(s, a->sid, &o->aces[i].trustee))
			return false;
	}
	return true;
}

/* ---- tests ---- */

/* The machine half of both versions is 0 ([MS-GPOL] 3.2.5.1.6). */
static enum policy_answer is_empty(const struct directory_gpo *g)
{
	if (g->version_known && g->version & 0xffff)
		return POLICY_NO;
	if (!g->template.gpt_version_known)
		return POLICY_UNCERTAIN;
	return g->template.gpt_version & 0xffff ? POLICY_NO : POLICY_YES;
}

/* "[{extension}{tool}...][{extension}{tool}...]", by ascending extensions: a client stops
 * at the first one that is out of order ([MS-GPOL] 2.2.4). */
static enum policy_answer has_extension(const char *names)
{
	const char *before = NULL;
	bool ordered = true;

	while (names && (names = strchr(names, '[')) != NULL) {
		names++;
		if (strnlen(names, GUID_LEN) < GUID_LEN)
			break;
		if (before && strncasecmp(before, names, GUID_LEN) > 0)
			ordered = false;
		if (strncasecmp(names, security_extension, GUID_LEN) == 0)
			return ordered ? POLICY_YES : POLICY_UNCERTAIN;
		before = names;
	}
	return POLICY_NO;
}

static bool filters_complete(const struct policy_store *s,
			     const struct wmi_filter_name *name)
{
	char domain[POLICY_KEY_MAX];
	const struct directory_policies *p;

	if (name->domain_len >= sizeof(domain))
		return false;
	memcpy(domain, name->domain, name->domain_len);
	domain[name->domain_len] = '\0';
	p = policy_policies_of(s, domain);
	return p && p->filters_complete;
}

/* A filter that is gone is passed ([MS-GPOL] 3.2.5.1.7); one that was not read is not
 * known to be gone. */
static void find_filter(struct policy_store *s, struct policy_object *o)
{
	struct wmi_filter_name name;
	enum wmi_filter_answer has = wmi_filter_name(o->gpo->wmi_filter, &name);

	o->wmi_filter = POLICY_NO_INDEX;
	if (has == WMI_FILTER_ONE && !policy_find_filter(s, &name, &o->wmi_filter))
		o->wmi_unknown = !filters_complete(s, &name);
	else if (has == WMI_FILTER_MALFORMED)
		o->wmi_unknown = true;
}

static void prepare_tests(struct policy_store *s, struct policy_object *o)
{
	const struct directory_gpo *g = o->gpo;

	o->readable = g->readable && g->flags_known && g->dacl != DACL_NOT_READ;
	o->empty = is_empty(g);
	o->extension = has_extension(g->extensions);
	o->template_unknown = g->template.state != TEMPLATE_READ &&
			      g->template.state != TEMPLATE_NO_FILE &&
			      g->template.state != TEMPLATE_NO_FOLDER;
	find_filter(s, o);
}

/* By insertion: there are few, and many are in order. */
static bool order_rights(struct policy_store *s)
{
	s->right_order = pool_take(&s->pool, s->right_count + 1, sizeof(*s->right_order));
	if (!s->right_order)
		return false;
	for (uint32_t i = 0; i < s->right_count; i++) {
		uint32_t at = i;

		for (; at > 0 &&
		       strcasecmp(s->rights[i], s->rights[s->right_order[at - 1]]) < 0;
		     at--)
			s->right_order[at] = s->right_order[at - 1];
		s->right_order[at] = i;
	}
	return true;
}

bool policy_prepare_objects(struct policy_store *s)
{
	for (size_t i = 0; i < s->object_count; i++) {
		struct policy_object *o = &s->objects[i];

		if (!prepare_rights(s, o) || !prepare_aces(s, o))
			return false;
		prepare_tests(s, o);
	}
	return order_rights(s);
}
