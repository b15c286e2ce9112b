/* SPDX-License-Identifier: Apache-2.0 */
/* Whether one computer applies one GPO: its token, the DACL, the WMI filter, and the
 * tests in the order of [MS-GPOL] 3.2.5.1.6 and 3.2.5.1.7. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "report/directory/policy_internal.h"

/* ---- the token ---- */

enum { SID_MAX = 200, RID_COMPUTERS = 515, RID_CONTROLLERS = 516 };

/* "S-1-5-21-1-2-3-1104" and 515 as "S-1-5-21-1-2-3-515". */
static bool primary_sid(const struct policy_computer *c, char sid[static SID_MAX])
{
	const char *last = c->sid ? strrchr(c->sid, '-') : NULL;
	uint32_t rid = c->primary_group                    ? c->primary_group
		       : c->role == ROLE_DOMAIN_CONTROLLER ? RID_CONTROLLERS
							   : RID_COMPUTERS;

	if (!last || last - c->sid > SID_MAX - 20)
		return false;
	snprintf(sid, SID_MAX, "%.*s-%u", (int)(last - c->sid), c->sid, (unsigned)rid);
	return true;
}

/* Stamps what `sid` is in, over any number of steps; rings end where the stamp is. */
static void stamp_sid(struct policy_store *s, const char *sid)
{
	uint32_t principal;
	size_t left = 0;

	if (!policy_find_name(&s->principal_of, sid, strlen(sid), &principal))
		return;
	s->principals[principal].stamp = s->stamp;
	s->to_visit[left++] = principal;
	while (left) {
		uint32_t edge = s->principals[s->to_visit[--left]].first_edge;

		for (; edge != POLICY_NO_INDEX; edge = s->edges[edge].next) {
			uint32_t group = s->edges[edge].group;

			if (s->principals[group].stamp == s->stamp)
				continue;
			s->principals[group].stamp = s->stamp;
			s->to_visit[left++] = group;
		}
	}
}

static enum membership membership(const struct policy_store *s,
				  const struct policy_trustee *t,
				  const struct policy_computer *c, const char *primary)
{
	const struct policy_principal *p;

	if (t->controllers)
		return c->role == ROLE_DOMAIN_CONTROLLER ? MEMBER_YES
		       : c->role == ROLE_UNKNOWN         ? MEMBER_UNKNOWN
							 : MEMBER_NO;
	if (!t->depends)
		return t->fixed;
	if (!primary)
		return MEMBER_UNKNOWN;
	if (strcasecmp(t->sid, c->sid) == 0 || strcasecmp(t->sid, primary) == 0)
		return MEMBER_YES;
	if (t->principal == POLICY_NO_INDEX)
		return MEMBER_UNKNOWN;
	p = &s->principals[t->principal];
	if (p->stamp == s->stamp)
		return MEMBER_YES;
	return p->group && p->known ? MEMBER_NO : MEMBER_UNKNOWN;
}

void policy_memberships(struct policy_store *s, const struct policy_chain *chain,
			const struct policy_computer *c)
{
	char primary[SID_MAX];
	bool known = primary_sid(c, primary);

	s->stamp++;
	if (known && chain->trustee_count) {
		stamp_sid(s, c->sid);
		stamp_sid(s, primary);
	}
	for (size_t i = 0; i < chain->trustee_count; i++) {
		uint32_t t = chain->trustees[i];

		s->members[t] = membership(s, &s->trustees[t], c, known ? primary : NULL);
	}
}

/* ---- the DACL ---- */

enum { MAY_GRANT = 1, MAY_REFUSE = 2 };

/* The first entry that counts decides ([MS-ADTS] 5.1.3.3.2, 5.1.3.3.4).  One that may
 * count leaves both ways open: what it says, and what stands behind it. */
static enum policy_answer walk(const struct policy_store *s,
			       const struct policy_object *o, bool apply, bool *plain)
{
	unsigned ways = 0;
	bool decided = false;

	*plain = false;
	if (o->gpo->dacl == DACL_ABSENT)
		return POLICY_YES;
	for (size_t i = 0; i < o->gpo->ace_count && !decided; i++) {
		const struct policy_ace *a = &o->aces[i];
		enum membership m = s->members[a->trustee];

		if (!(apply ? a->apply : a->read) || m == MEMBER_NO)
			continue;
		ways |= a->deny ? MAY_REFUSE : MAY_GRANT;
		decided = m == MEMBER_YES && a->form != ACE_CONDITIONAL &&
			  !(apply && a->form == ACE_PLAIN);
		*plain |= m == MEMBER_YES && apply && a->form == ACE_PLAIN;
	}
	if (!decided)
		ways |= MAY_REFUSE;
	return ways == MAY_GRANT    ? POLICY_YES
	       : ways == MAY_REFUSE ? POLICY_NO
				    : POLICY_UNCERTAIN;
}

/* ---- WMI filters ---- */

/* All that the computer may be to a query: of a domain controller it is not known
 * whether it is the PDC emulator. */
static size_t machines_of(const struct policy_computer *c, struct wql_machine m[4])
{
	switch (c->role) {
	case ROLE_CLIENT:
		m[0] = (struct wql_machine){ 1, 1, c->version };
		return 1;
	case ROLE_MEMBER_SERVER:
		m[0] = (struct wql_machine){ 3, 3, c->version };
		return 1;
	case ROLE_DOMAIN_CONTROLLER:
		m[0] = (struct wql_machine){ 2, 4, c->version };
		m[1] = (struct wql_machine){ 2, 5, c->version };
		return 2;
	default:
		m[0] = (struct wql_machine){ 1, 1, c->version };
		m[1] = (struct wql_machine){ 3, 3, c->version };
		m[2] = (struct wql_machine){ 2, 4, c->version };
		m[3] = (struct wql_machine){ 2, 5, c->version };
		return 4;
	}
}

bool policy_machine(struct policy_store *s, const struct policy_computer *c,
		    uint32_t *machine)
{
	char key[SID_MAX];
	int len = snprintf(key, sizeof(key), "%d %.100s", (int)c->role,
			   c->version ? c->version : "-");

	if (digest_map_find(&s->machine_of, key, (size_t)len, machine))
		return true;
	*machine = s->machine_count;
	if (!digest_map_set(&s->machine_of, key, (size_t)len, *machine))
		return false;
	s->machine_count++;
	return true;
}

static enum policy_answer answer_of(enum wql_answer a)
{
	return a == WQL_YES ? POLICY_YES : a == WQL_NO ? POLICY_NO : POLICY_UNCERTAIN;
}

/* Each filter is evaluated once for each sort of computer. */
static enum policy_answer passes_filter(struct policy_store *s,
					const struct policy_object *o,
					const struct policy_computer *c)
{
	uint32_t key[2] = { o->wmi_filter, 0 }, found;
	struct wql_machine machines[4];
	size_t count;

	if (o->wmi_unknown)
		return POLICY_UNCERTAIN;
	if (o->wmi_filter == POLICY_NO_INDEX)
		return POLICY_YES;
	if (policy_machine(s, c, &key[1]) &&
	    digest_map_find(&s->wmi_of, key, sizeof(key), &found))
		return answer_of((enum wql_answer)found);
	count = machines_of(c, machines);
	found = wmi_filter_evaluate(s->filters[o->wmi_filter].query, machines, count);
	digest_map_set(&s->wmi_of, key, sizeof(key), found);
	return answer_of((enum wql_answer)found);
}

/* ---- all tests ---- */

struct verdict {
	enum policy_answer answer;
	enum policy_reason reason;
};

/* The first test that says no is the reason, else the first that cannot say. */
static void test(struct verdict *v, enum policy_answer passed, enum policy_reason reason)
{
	if (passed == POLICY_YES || v->answer == POLICY_NO)
		return;
	if (passed == POLICY_UNCERTAIN && v->answer == POLICY_UNCERTAIN)
		return;
	*v = (struct verdict){ passed, reason };
}

static enum policy_answer yes_if(bool passed)
{
	return passed ? POLICY_YES : POLICY_NO;
}

static enum policy_answer opposite(enum policy_answer a)
{
	return a == POLICY_UNCERTAIN ? a : yes_if(a == POLICY_NO);
}

enum { FLAG_COMPUTER_OFF = 2, FUNCTIONALITY = 2 };

enum policy_answer policy_applies(struct policy_store *s, const struct policy_object *o,
				  const struct policy_computer *c,
				  enum policy_reason *reason)
{
	const struct directory_gpo *g = o->gpo;
	struct verdict v = { POLICY_YES, POLICY_REASON_NONE };
	enum policy_answer granted;
	bool plain;

	if (!o->readable) {
		*reason = POLICY_NOT_READABLE;
		return POLICY_UNCERTAIN;
	}
	test(&v, yes_if(g->functionality_known && g->functionality == FUNCTIONALITY),
	     POLICY_FUNCTIONALITY_VERSION);
	test(&v, walk(s, o, false, &plain), POLICY_NOT_READABLE_BY_COMPUTER);
	test(&v, yes_if(!(g->flags & FLAG_COMPUTER_OFF)), POLICY_SETTINGS_DISABLED);
	granted = walk(s, o, true, &plain);
	test(&v, granted,
	     plain && granted == POLICY_UNCERTAIN ? POLICY_PLAIN_ACE
						  : POLICY_SECURITY_FILTERING);
	test(&v, opposite(o->empty), POLICY_EMPTY);
	test(&v, passes_filter(s, o, c), POLICY_WMI_FILTER);
	test(&v, o->extension, POLICY_NO_EXTENSION);
	if (o->template_unknown)
		test(&v, POLICY_UNCERTAIN, POLICY_NOT_READABLE);
	else if (v.answer == POLICY_YES && g->template.state != TEMPLATE_READ)
		v.reason = POLICY_NO_TEMPLATE;
	*reason = v.reason;
	return v.answer;
}
