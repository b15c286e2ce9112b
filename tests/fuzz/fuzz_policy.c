/* SPDX-License-Identifier: Apache-2.0 */
/* A recorded directory of any lines: what the store concludes about each right is what
 * comes out when every GPO that may apply is tried in and out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/directory_json.h"
#include "report/directory/policy.h"

enum { TRIED_MAX = 8, ENTRIES_MAX = 64 };

static bool holds(const struct directory_declared *d, const struct directory_entry *e)
{
	const char *wanted = e->sid ? e->sid : e->text;

	for (size_t i = 0; i < d->entry_count; i++)
		if (strcasecmp(d->entries[i].sid ? d->entries[i].sid : d->entries[i].text,
			       wanted) == 0)
			return true;
	return false;
}

static bool same(const struct directory_declared *a, const struct directory_declared *b)
{
	if (!a || !b)
		return a == b;
	for (size_t i = 0; i < a->entry_count; i++)
		if (!holds(b, &a->entries[i]))
			return false;
	for (size_t i = 0; i < b->entry_count; i++)
		if (!holds(a, &b->entries[i]))
			return false;
	return true;
}

static bool known(const struct policy_gpo *g)
{
	return g->gpo && (g->gpo->template.state == TEMPLATE_READ ||
			  g->gpo->template.state == TEMPLATE_NO_FILE ||
			  g->gpo->template.state == TEMPLATE_NO_FOLDER);
}

/* With the uncertain GPOs of `in`: the list of the right.  False: it may be any. */
static bool list_with(const struct policy *p, const char *right, unsigned in,
		      const struct directory_declared **list)
{
	unsigned bit = 0;

	*list = NULL;
	for (size_t i = p->gpo_count; i-- > 0;) {
		const struct policy_gpo *g = &p->gpos[i];

		if (g->applies == POLICY_NO ||
		    (g->applies == POLICY_UNCERTAIN && !(in >> bit++ & 1)))
			continue;
		if (!known(g))
			return false;
		*list = policy_declared(g->gpo, right);
		if (*list)
			return true;
	}
	return true;
}

static void check_right(const struct policy *p, const struct policy_right *r,
			unsigned uncertain)
{
	const struct directory_declared *first, *list;
	bool certain = list_with(p, r->name, 0, &first);

	for (unsigned in = 1; in < 1u << uncertain && certain; in++)
		certain = list_with(p, r->name, in, &list) && same(first, list);
	if (certain != (r->state != POLICY_RIGHT_UNCERTAIN))
		abort();
	if (r->state == POLICY_RIGHT_DEFINED && !same(first, r->declared))
		abort();
	if (r->state == POLICY_RIGHT_NOT_DEFINED && first)
		abort();
}

static void check(const struct policy *p)
{
	struct policy_right other;
	unsigned uncertain = 0;

	for (size_t i = 0; i < p->gpo_count; i++) {
		uncertain += p->gpos[i].applies == POLICY_UNCERTAIN;
		if (p->gpos[i].gpo && p->gpos[i].gpo->template.right_count > ENTRIES_MAX)
			return;
	}
	if (uncertain > TRIED_MAX)
		return;
	for (size_t i = 0; i < p->right_count; i++)
		check_right(p, &p->rights[i], uncertain);
	check_right(p, policy_find_right(p, "SeNobodyHasThisRight", &other), uncertain);
}

static void ask(struct policy_store *s, const char *dn, const char *sid)
{
	static const char *const sites[] = { NULL, "", "Paris", "Rome" };
	static const enum role roles[] = { ROLE_MEMBER_SERVER, ROLE_DOMAIN_CONTROLLER,
					   ROLE_UNKNOWN };
	struct policy_computer c = { .dn = dn, .sid = sid, .version = "10.0.20348" };

	for (size_t i = 0; i < sizeof sites / sizeof *sites; i++)
		for (size_t k = 0; k < sizeof roles / sizeof *roles; k++) {
			const struct policy *p;

			c.site = sites[i];
			c.role = roles[k];
			p = policy_of(s, &c);
			if (p)
				check(p);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_store *s = policy_store_new();
	const char *text = (const char *)data, *end = text + size;
	char why[200];

	while (s && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((newline ? newline : end) - text);

		if (policy_store_take(s, text, len, why, sizeof why) ==
			    POLICY_LINE_REFUSED &&
		    !why[0])
			abort();
		text += len + 1;
	}
	if (s && policy_store_seal(s)) {
		ask(s, "CN=SRV1,OU=B,OU=A,DC=corp,DC=example", "S-1-5-21-1-2-3-1104");
		ask(s, "CN=SRV2,CN=Computers,DC=corp,DC=example", NULL);
	}
	policy_store_free(s);
	return 0;
}
