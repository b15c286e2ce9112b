/* SPDX-License-Identifier: Apache-2.0 */
/* lsasweep.policy/1: one line a computer. */
#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"
#include "report/facts/rights.h"
#include "report/render/policy_write.h"
#include "report/text/json_write.h"

void policy_gpo_id(const struct policy_gpo *g, char id[static POLICY_ID_MAX])
{
	const char *rest = g->dn;
	struct dn_part part;

	id[0] = '\0';
	if (g->gpo && g->gpo->id)
		snprintf(id, POLICY_ID_MAX, "%s", g->gpo->id);
	else if (rest && dn_next(&rest, &part))
		dn_part_value(&part, id, POLICY_ID_MAX);
}

static void put_id(struct json *j, const char *key, const struct policy_gpo *g)
{
	char id[POLICY_ID_MAX];

	policy_gpo_id(g, id);
	json_text(j, key, id[0] ? id : NULL);
}

static const char *link_of(const struct policy_gpo *g)
{
	return g->scope ? g->scope->dn : NULL;
}

static void put_reason(struct json *j, const struct policy_gpo *g)
{
	json_text(j, "reason", g->reason ? policy_reason_word(g->reason) : NULL);
}

static void put_gpo(struct json *j, const struct policy_gpo *g)
{
	char domain[POLICY_ID_MAX];
	bool known = !g->gpo && g->dn && dn_is_valid(g->dn) &&
		     dn_to_domain(g->dn, domain, sizeof(domain));

	json_open(j, NULL, '{');
	put_id(j, "id", g);
	json_text(j, "name", g->gpo ? g->gpo->name : NULL);
	json_text(j, "domain", g->gpo ? g->gpo->domain : known ? domain : NULL);
	json_text(j, "link", link_of(g));
	json_bool(j, "enforced", g->enforced);
	json_text(j, "applies", policy_answer_word(g->applies));
	put_reason(j, g);
	json_close(j, '}');
}

static void put_declared(struct json *j, const struct directory_declared *d)
{
	if (!d) {
		json_text(j, "declared", NULL);
		return;
	}
	json_open(j, "declared", '[');
	for (size_t i = 0; i < d->entry_count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "sid", d->entries[i].sid);
		json_text(j, "text", d->entries[i].text);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* A GPO that is linked at several places is said once. */
static bool said_before(const struct policy *p, const struct policy_right *r,
			size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (p->gpos[i].gpo == p->gpos[place].gpo && policy_also_defines(p, r, i))
			return true;
	return false;
}

static void put_others(struct json *j, const struct policy *p,
		       const struct policy_right *r)
{
	json_open(j, "also_defined_by", '[');
	for (size_t i = 0; i < p->gpo_count; i++)
		if (policy_also_defines(p, r, i) && !said_before(p, r, i))
			put_id(j, NULL, &p->gpos[i]);
	json_close(j, ']');
	json_open(j, "may_be_set_by", '[');
	for (size_t i = 0; i < p->gpo_count; i++) {
		if (!policy_may_win(p, r, i))
			continue;
		json_open(j, NULL, '{');
		put_id(j, "gpo", &p->gpos[i]);
		json_text(j, "link", link_of(&p->gpos[i]));
		put_reason(j, &p->gpos[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void policy_write_right(struct json *j, const struct policy *p,
			const struct policy_right *r)
{
	const struct policy_gpo *w = r->winner == POLICY_NOBODY ? NULL
								: &p->gpos[r->winner];

	if (w)
		put_id(j, "gpo", w);
	else
		json_text(j, "gpo", NULL);
	json_text(j, "name", w ? w->gpo->name : NULL);
	json_text(j, "link", w ? link_of(w) : NULL);
	json_bool(j, "enforced", w && w->enforced);
	put_declared(j, r->declared);
	put_others(j, p, r);
}

static void put_right(struct json *j, const struct policy *p,
		      const struct policy_right *r)
{
	json_open(j, r->name, '{');
	json_text(j, "state", policy_right_state_word(r->state));
	policy_write_right(j, p, r);
	json_close(j, '}');
}

static void put_rights(struct json *j, const struct policy *p)
{
	struct policy_right other;

	json_open(j, "rights", '{');
	for (size_t i = 0; i < rights_count(); i++)
		put_right(j, p, policy_find_right(p, rights_at(i)->name, &other));
	for (size_t i = 0; i < p->right_count; i++)
		if (!rights_find(p->rights[i].name))
			put_right(j, p, &p->rights[i]);
	json_close(j, '}');
}

void policy_write_json(FILE *out, const struct policy_view *v)
{
	const struct policy *p = v->policy;
	struct json j = { .out = out };

	json_open(&j, NULL, '{');
	json_text(&j, "schema", "lsasweep.policy/1");
	json_text(&j, "computer", v->computer);
	json_text(&j, "dn", v->dn);
	json_open(&j, "site", '{');
	json_text(&j, "name", v->site && *v->site ? v->site : NULL);
	json_text(&j, "source", policy_site_source_word(v->site_source));
	json_close(&j, '}');
	json_open(&j, "gpos", '[');
	for (size_t i = 0; i < p->gpo_count; i++)
		put_gpo(&j, &p->gpos[i]);
	json_close(&j, ']');
	put_rights(&j, p);
	json_close(&j, '}');
	fputc('\n', out);
}

bool policy_is_uncertain(const struct policy *p)
{
	struct policy_right other;

	for (size_t i = 0; i < rights_count(); i++)
		if (policy_find_right(p, rights_at(i)->name, &other)->state ==
		    POLICY_RIGHT_UNCERTAIN)
			return true;
	return false;
}
