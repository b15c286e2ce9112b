/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_bench.c - what it costs to say which GPO sets each of 45 rights on each of
 * 100,000 computers: 500 GPOs, 2,000 OUs, 20 sites, 30 groups that filter, 20 WMI
 * filters.
 *
 *     lsasweep-policy-bench [COMPUTERS]
 *
 * Prints seconds and the most memory that it had, and a sum that both depend on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "report/directory/directory_json.h"
#include "report/directory/policy.h"
#include "report/facts/rights.h"

enum {
	COMPUTERS = 100000,
	GPOS = 500,
	OUS = 2000,
	SITES = 20,
	GROUPS = 30,
	FILTERS = 20,
	RIGHTS_A_GPO = 9,
	MEMBERS_A_LINE = 5000
};

#define DOMAIN_DN  "DC=corp,DC=example"
#define DOMAIN_SID "S-1-5-21-1-2-3"

static struct policy_store *store;
static unsigned seed = 1;

static unsigned draw(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % below;
}

static void take(char *line)
{
	char why[200];

	if (!line || policy_store_take(store, line, strlen(line), why, sizeof why) !=
			     POLICY_LINE_TAKEN) {
		fprintf(stderr, "%s\n", line ? why : "out of memory");
		exit(2);
	}
	free(line);
}

/* ---- a directory ---- */

static size_t add_link(char *links, size_t at, unsigned gpo, unsigned options)
{
	return at + (size_t)sprintf(links + at,
				    "[LDAP://cn={%u},cn=policies,cn=system," DOMAIN_DN
				    ";%u]",
				    gpo, options);
}

static void put_scope(enum directory_scope_type type, const char *dn, const char *links,
		      bool blocks)
{
	take(directory_scope_to_json(
		&(struct directory_scope){ .domain = "corp.example",
					   .dn = dn,
					   .gp_link = links,
					   .gp_options = blocks,
					   .gp_options_known = blocks,
					   .type = type }));
}

static void put_scopes(void)
{
	static char links[8192];
	char dn[200];
	size_t at = 0;

	for (unsigned i = 0; i < 20; i++)
		at = add_link(links, at, i, i % 10 == 0 ? 2 : 0);
	put_scope(SCOPE_DOMAIN, DOMAIN_DN, links, false);
	for (unsigned i = 0; i < SITES; i++) {
		sprintf(dn, "CN=Site%u,CN=Sites,CN=Configuration," DOMAIN_DN, i);
		add_link(links, 0, 20 + i, 0);
		put_scope(SCOPE_SITE, dn, links, false);
	}
	for (unsigned i = 0; i < OUS; i++) {
		sprintf(dn, i < 20 ? "OU=O%u," DOMAIN_DN : "OU=O%u,OU=O%u," DOMAIN_DN, i,
			i % 20);
		at = 0;
		links[0] = '\0';
		for (unsigned k = draw(i < 20 ? 10 : 4); k > 0; k--)
			at = add_link(links, at, 40 + draw(GPOS - 40), draw(20) == 0);
		put_scope(SCOPE_OU, dn, links, draw(50) == 0);
	}
}

static void put_gpo(unsigned i)
{
	struct directory_ace aces[] = { { "S-1-5-11", ACE_PLAIN, false, true, false },
					{ "S-1-5-11", ACE_OBJECT, false, false, true } };
	struct directory_declared rights[RIGHTS_A_GPO];
	struct directory_entry entry;
	char dn[100], id[20], sid[60], group[60], filter[60];
	struct directory_gpo g = {
		.domain = "corp.example",
		.dn = dn,
		.id = id,
		.name = id,
		.extensions = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]",
		.aces = aces,
		.ace_count = 2,
		.template = { .rights = rights,
			      .right_count = RIGHTS_A_GPO,
			      .state = TEMPLATE_READ },
		.version = 1,
		.functionality = 2,
		.dacl = DACL_PRESENT,
		.readable = true,
		.flags_known = true,
		.version_known = true,
		.functionality_known = true
	};

	sprintf(dn, "CN={%u},CN=Policies,CN=System," DOMAIN_DN, i);
	sprintf(id, "{%u}", i);
	sprintf(sid, DOMAIN_SID "-%u", 5000 + i);
	sprintf(group, DOMAIN_SID "-%u", 2000 + i % GROUPS);
	sprintf(filter, "[corp.example;{%u};0]", i % FILTERS);
	entry = (struct directory_entry){ sid, sid };
	if (i % 8 == 7)
		aces[1].sid = group;
	if (i % 8 == 3)
		g.wmi_filter = filter;
	for (unsigned k = 0; k < RIGHTS_A_GPO; k++)
		rights[k] = (struct directory_declared){
			rights_at((i * 7 + k * 5) % rights_count())->name, &entry, 1
		};
	take(directory_gpo_to_json(&g));
}

static void put_filters(void)
{
	static const char *const conditions[] = {
		"ProductType = 3", "Version LIKE '10.%'",
		"ProductType <> 2 AND Version LIKE '6.%'", "BuildNumber = 20348"
	};
	char id[20], query[200];

	for (unsigned i = 0; i < FILTERS; i++) {
		sprintf(id, "{%u}", i);
		sprintf(query,
			"1;3;10;9;WQL;root\\CIMv2;SELECT * FROM Win32_OperatingSystem "
			"WHERE "
			"%s;",
			conditions[i % 4]);
		take(directory_wmi_filter_to_json(
			&(struct directory_wmi_filter){ "corp.example", id, id, query }));
	}
}

static void put_group(const char *sid, const char **members, size_t count)
{
	take(directory_group_to_json(&(struct directory_group){ .sid = sid,
								.members = members,
								.member_count = count,
								.complete = true }));
}

/* One computer in ten is a member of each. */
static void put_groups(unsigned computers)
{
	static char texts[MEMBERS_A_LINE][40];
	const char *members[MEMBERS_A_LINE];
	char sid[60];

	for (unsigned g = 0; g < GROUPS; g++) {
		size_t count = 0;

		sprintf(sid, DOMAIN_SID "-%u", 2000 + g);
		for (unsigned c = draw(20); c < computers; c += 1 + draw(19)) {
			sprintf(texts[count], DOMAIN_SID "-%u", 100000 + c);
			members[count] = texts[count];
			if (++count == MEMBERS_A_LINE) {
				put_group(sid, members, count);
				count = 0;
			}
		}
		put_group(sid, members, count);
	}
}

/* ---- the questions ---- */

static void describe(unsigned i, struct policy_computer *c, char *dn, char *sid,
		     char *site)
{
	static const char *const versions[] = { "10.0.17763", "10.0.20348", "10.0.26100",
						"6.3.9600" };
	unsigned ou = i % OUS;

	sprintf(dn,
		ou < 20 ? "CN=C%u,OU=O%u," DOMAIN_DN : "CN=C%u,OU=O%u,OU=O%u," DOMAIN_DN,
		i, ou, ou % 20);
	sprintf(sid, DOMAIN_SID "-%u", 100000 + i);
	sprintf(site, "Site%u", ou % SITES);
	*c = (struct policy_computer){ .dn = dn,
				       .sid = sid,
				       .site = site,
				       .version = versions[i / OUS % 4],
				       .primary_group = 515,
				       .role = i / OUS % 3 ? ROLE_CLIENT
							   : ROLE_MEMBER_SERVER };
}

static unsigned long ask_all(unsigned computers)
{
	unsigned long defined = 0;

	for (unsigned i = 0; i < computers; i++) {
		char dn[200], sid[60], site[20];
		struct policy_computer c;
		struct policy_right other;
		const struct policy *p;

		describe(i, &c, dn, sid, site);
		p = policy_of(store, &c);
		if (!p)
			exit(2);
		for (size_t r = 0; r < rights_count(); r++)
			defined +=
				policy_find_right(p, rights_at(r)->name, &other)->state ==
				POLICY_RIGHT_DEFINED;
	}
	return defined;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned computers = argc > 1 ? (unsigned)atoi(argv[1]) : COMPUTERS;
	double begun = now(), sealed, done;
	unsigned long defined;
	struct rusage usage;

	store = policy_store_new();
	take(directory_policies_to_json(
		&(struct directory_policies){ .domain = "corp.example",
					      .scopes_complete = true,
					      .gpos_complete = true,
					      .filters_complete = true }));
	put_scopes();
	for (unsigned i = 0; i < GPOS; i++)
		put_gpo(i);
	put_filters();
	put_groups(computers);
	if (!policy_store_seal(store))
		return 2;
	sealed = now();
	defined = ask_all(computers);
	done = now();
	getrusage(RUSAGE_SELF, &usage);
	printf("%u computers, %zu rights, %d GPOs, %d OUs, %d groups: directory %.2f s, "
	       "answers %.2f s, at most %.1f MiB; %lu rights defined\n",
	       computers, rights_count(), GPOS, OUS, GROUPS, sealed - begun,
	       done - sealed, (double)usage.ru_maxrss / 1024, defined);
	policy_store_free(store);
	return 0;
}
