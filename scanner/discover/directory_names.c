/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/directory_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "report/text/json_text.h"
#include "rpc/wire/sid.h"

enum { NAME_BYTES = 600, SID_BYTES_MAX = 8 + 4 * SID_SUB_MAX };

static const char *keep(struct directory_names *n, const char *text)
{
	return text ? pool_text(&n->pool, text, strlen(text)) : NULL;
}

void directory_names_add(struct directory_names *n, const struct directory_domain *d,
			 struct ldap_link *link)
{
	struct directory_names_domain *at = &n->domains[n->count];

	if (n->count < NAMES_DOMAINS_MAX && d->sid && d->netbios_name && d->dn) {
		*at = (struct directory_names_domain){
			.sid = keep(n, d->sid),
			.netbios_name = keep(n, d->netbios_name),
			.dn = keep(n, d->dn),
			.link = link,
		};
		if (at->sid && at->netbios_name && at->dn) {
			n->count++;
			return;
		}
	}
	ldap_link_close(link);
}

static bool pass_over(const struct entry *e, void *arg)
{
	(void)e;
	(void)arg;
	return false;
}

void directory_names_keep_alive(struct directory_names *n)
{
	static const char *const attributes[] = { "dnsHostName", NULL };
	const struct ldap_query query = { .base = "",
					  .filter = "(objectClass=*)",
					  .scope = LDAP_THE_BASE,
					  .attributes = attributes,
					  .each = pass_over };

	for (size_t i = 0; i < n->count; i++) {
		struct fault ignored = { 0 };

		if (n->domains[i].link)
			ldap_link_search(n->domains[i].link, &query, &ignored);
	}
}

void directory_names_close(struct directory_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		ldap_link_close(n->domains[i].link);
	pool_free(&n->pool);
	*n = (struct directory_names){ 0 };
}

/* ---- what is asked ---- */

static bool put_sid(struct json_text *t, const char *text)
{
	struct wire_out packed = wire_out(SID_BYTES_MAX);
	char escaped[4];
	struct sid sid;
	bool good = sid_parse(text, &sid);

	if (good) {
		sid_put(&packed, &sid);
		json_put_raw(t, "(objectSid=");
		for (size_t i = 0; i < wire_written(&packed).len; i++) {
			snprintf(escaped, sizeof escaped, "\\%02x",
				 wire_written(&packed).at[i]);
			json_put_raw(t, escaped);
		}
		json_put_raw(t, ")");
	}
	wire_drop(&packed);
	return good;
}

char *directory_names_filter(char *const *sids, size_t count)
{
	struct json_text t;
	bool good = true;
	char *filter;

	json_text_begin(&t, 128 * count + 8);
	json_put_raw(&t, "(|");
	for (size_t i = 0; i < count && good; i++)
		good = put_sid(&t, sids[i]);
	json_put_raw(&t, ")");
	filter = json_text_take(&t);
	if (good)
		return filter;
	free(filter);
	return NULL;
}

/* ---- what is answered ---- */

enum holder_kind directory_names_kind(int64_t account_type)
{
	switch (account_type) {
	case 0x10000000: /* global or universal group, and not for security */
	case 0x10000001:
		return KIND_GROUP;
	case 0x20000000: /* domain local group, and not for security */
	case 0x20000001:
		return KIND_ALIAS;
	case 0x30000001:
		return KIND_COMPUTER;
	case 0x30000000:
	case 0x30000002: /* account of a trust */
		return KIND_USER;
	default:
		return KIND_NOT_TOLD;
	}
}

/* One search: the SIDs of one domain, and which of them were answered. */
struct naming {
	const struct directory_names_domain *domain;
	char *sids[NAMES_A_SEARCH];
	bool answered[NAMES_A_SEARCH];
	size_t count;
	struct json_text *lines;
	size_t named;
};

static void put_line(struct naming *g, const struct directory_name *name)
{
	char *line = directory_name_to_json(name);

	if (g->lines->len)
		json_put_raw(g->lines, "\n");
	if (line)
		json_put_raw(g->lines, line);
	g->lines->failed = g->lines->failed || !line;
	g->named++;
	free(line);
}

bool directory_names_of_entry(const struct entry *e, const char *netbios_name,
			      struct pool *pool, struct directory_name *name)
{
	const char *account = entry_text(e, "sAMAccountName", pool);
	char text[NAME_BYTES];
	int64_t type = 0;

	*name = (struct directory_name){ .sid = entry_sid(e, "objectSid", pool) };
	if (!name->sid)
		return false;
	if (!account)
		return true;
	snprintf(text, sizeof text, "%s\\%s", netbios_name, account);
	name->name = pool_text(pool, text, strlen(text));
	entry_number(e, "sAMAccountType", &type);
	name->kind = directory_names_kind(type);
	if (name->kind == KIND_NOT_TOLD)
		name->kind = KIND_USER;
	return name->name != NULL;
}

static bool on_account(const struct entry *e, void *arg)
{
	struct naming *g = arg;
	struct pool pool = { 0 };
	struct directory_name name;
	bool read = directory_names_of_entry(e, g->domain->netbios_name, &pool, &name);

	for (size_t i = 0; read && i < g->count; i++) {
		if (g->answered[i] || strcmp(g->sids[i], name.sid) != 0)
			continue;
		g->answered[i] = true;
		put_line(g, &name);
	}
	pool_free(&pool);
	return true;
}

/* What the search did not give is no account's. */
static void put_unknown(struct naming *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (!g->answered[i])
			put_line(g, &(struct directory_name){ .sid = g->sids[i],
							      .kind = KIND_UNKNOWN });
}

static void read_domain(struct directory_names_domain *d, struct naming *g,
			struct fault *fault)
{
	static const char *const attributes[] = { "objectSid", "sAMAccountName",
						  "sAMAccountType", NULL };
	char *filter = directory_names_filter(g->sids, g->count);
	const struct ldap_query query = { .base = d->dn,
					  .filter = filter,
					  .scope = LDAP_BELOW,
					  .attributes = attributes,
					  .paged = true,
					  .each = on_account,
					  .arg = g };

	if (!filter) {
		fault_set_words(fault, "names", REASON_OUT_OF_MEMORY, CODE_NONE, 0,
				"out of memory");
		return;
	}
	if (ldap_link_search(d->link, &query, fault)) {
		put_unknown(g);
	} else {
		ldap_link_close(d->link);
		d->link = NULL;
	}
	free(filter);
}

bool directory_names_holds(const char *domain, const char *sid)
{
	size_t len = strlen(domain);

	return strncmp(sid, domain, len) == 0 && sid[len] == '-' &&
	       !strchr(sid + len + 1, '-');
}

char *directory_names_read(struct directory_names *n, char *const *sids, size_t count,
			   size_t *named, struct fault *fault)
{
	struct json_text lines;

	json_text_begin(&lines, 128 * count);
	*named = 0;
	for (size_t i = 0; i < n->count; i++) {
		struct naming g = { .domain = &n->domains[i], .lines = &lines };

		for (size_t k = 0; k < count && g.count < NAMES_A_SEARCH; k++)
			if (directory_names_holds(n->domains[i].sid, sids[k]))
				g.sids[g.count++] = sids[k];
		if (g.count && n->domains[i].link)
			read_domain(&n->domains[i], &g, fault);
		*named += g.named;
	}
	if (*named)
		return json_text_take(&lines);
	free(json_text_take(&lines));
	return NULL;
}
