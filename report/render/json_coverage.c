/* SPDX-License-Identifier: Apache-2.0 */
/* What Active Directory lists compared with what was asked and assessed, as JSON. */
#include "report/directory/directory_json.h"
#include "report/render/json_internal.h"

static void put_counts(struct json *j, const struct coverage_counts *c)
{
	json_number(j, "asked", c->asked);
	json_number(j, "assessed", c->assessed);
}

static void put_domain(struct json *j, const struct journal_domain *d)
{
	json_open(j, NULL, '{');
	json_text(j, "dns_name", d->domain.dns_name);
	json_text(j, "controller", d->domain.controller);
	json_text(j, "read_at", d->domain.read_at);
	json_text(j, "error", d->domain.error);
	directory_counts_json(j, &d->counts);
	json_close(j, '}');
}

static void put_list(struct json *j, const char *key, const struct coverage_list *list)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < list->count; i++) {
		json_open(j, NULL, '{');
		json_text(j, "name", list->groups[i].name);
		put_counts(j, &list->groups[i].counts);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void json_put_coverage(struct json *j, const struct coverage *c)
{
	json_newline(j);
	if (!c || !c->known) {
		json_text(j, "coverage", NULL);
		return;
	}
	json_open(j, "coverage", '{');
	directory_counts_json(j, &c->computers);
	put_counts(j, &c->total);
	json_number(j, "not_listed", c->strangers);
	json_open(j, "domains", '[');
	for (size_t i = 0; i < c->domain_count; i++)
		put_domain(j, &c->domains[i]);
	json_close(j, ']');
	json_open(j, "roles", '{');
	for (unsigned i = 0; i < ROLE_COUNT; i++) {
		json_open(j, role_word((enum role)i), '{');
		put_counts(j, &c->roles[i]);
		json_close(j, '}');
	}
	json_close(j, '}');
	put_list(j, "organizational_units", &c->units);
	put_list(j, "sites", &c->sites);
	put_list(j, "operating_systems", &c->systems);
	json_number(j, "groups_unlisted_computers",
		    c->units.rest.asked + c->sites.rest.asked + c->systems.rest.asked);
	json_close(j, '}');
}
