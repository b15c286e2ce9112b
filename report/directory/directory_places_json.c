/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of the recorded directory that say where things are and who a SID is: sites,
 * subnets, servers and names, written and read. */
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json_internal.h"
#include "report/directory/dn.h"
#include "report/facts/principals.h"

char *directory_site_to_json(const struct directory_site *s)
{
	struct json_text t;

	directory_begin(&t, "site");
	directory_put_text(&t, ",\"forest\":", s->forest);
	directory_put_text(&t, ",\"name\":", s->name);
	directory_put_text(&t, ",\"dn\":", s->dn);
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

char *directory_subnet_to_json(const struct directory_subnet *s)
{
	struct json_text t;

	directory_begin(&t, "subnet");
	directory_put_text(&t, ",\"forest\":", s->forest);
	directory_put_text(&t, ",\"name\":", s->name);
	directory_put_text(&t, ",\"site\":", s->site);
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

char *directory_server_to_json(const struct directory_server *s)
{
	struct json_text t;

	directory_begin(&t, "server");
	directory_put_text(&t, ",\"forest\":", s->forest);
	directory_put_text(&t, ",\"site\":", s->site);
	directory_put_text(&t, ",\"computer\":", s->computer);
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

static void put_line(struct json_text *t, char *line)
{
	if (t->len)
		json_put_raw(t, "\n");
	if (line)
		json_put_raw(t, line);
	t->failed = t->failed || !line;
	free(line);
}

char *directory_sites_to_json(const struct directory_sites *s)
{
	struct json_text t;

	json_text_begin(&t, 4096);
	for (size_t i = 0; i < s->site_count; i++)
		put_line(&t, directory_site_to_json(&s->sites[i]));
	for (size_t i = 0; i < s->subnet_count; i++)
		put_line(&t, directory_subnet_to_json(&s->subnets[i]));
	for (size_t i = 0; i < s->server_count; i++)
		put_line(&t, directory_server_to_json(&s->servers[i]));
	return json_text_take(&t);
}

char *directory_name_to_json(const struct directory_name *n)
{
	struct json_text t;

	directory_begin(&t, "name");
	directory_put_text(&t, ",\"sid\":", n->sid);
	directory_put_text(&t, ",\"name\":", n->name);
	directory_put_text(&t, ",\"type\":", holder_kind_word(n->kind));
	json_put_raw(&t, "}");
	return json_text_take(&t);
}

/* ---- read ---- */

static bool need_text(struct directory_reader *r, const char *key, const char **text)
{
	return directory_get_text(r, key, text) &&
	       ((*text && **text) || directory_refuse(r, key, "a string"));
}

static bool read_site(struct directory_reader *r, struct directory_site *s)
{
	return directory_get_text(r, "forest", &s->forest) &&
	       need_text(r, "name", &s->name) && directory_get_text(r, "dn", &s->dn) &&
	       (!s->dn || dn_is_valid(s->dn) ||
		directory_refuse(r, "dn", "a distinguished name"));
}

static bool read_subnet(struct directory_reader *r, struct directory_subnet *s)
{
	return directory_get_text(r, "forest", &s->forest) &&
	       need_text(r, "name", &s->name) && directory_get_text(r, "site", &s->site);
}

static bool read_server(struct directory_reader *r, struct directory_server *s)
{
	return directory_get_text(r, "forest", &s->forest) &&
	       need_text(r, "site", &s->site) &&
	       directory_get_text(r, "computer", &s->computer) &&
	       (!s->computer || dn_is_valid(s->computer) ||
		directory_refuse(r, "computer", "a distinguished name"));
}

static bool read_name(struct directory_reader *r, struct directory_name *n)
{
	const char *type;

	if (!need_text(r, "sid", &n->sid) || !directory_get_text(r, "name", &n->name) ||
	    !need_text(r, "type", &type))
		return false;
	if (!principal_is_sid(n->sid))
		return directory_refuse(r, "sid", "a SID");
	return holder_kind_from_word(type, &n->kind) ||
	       directory_refuse(r, "type", "a word of the list of holders' types");
}

bool directory_read_place(struct directory_reader *r, const char *kind,
			  struct directory_line *out, bool *ok)
{
	if (strcmp(kind, "site") == 0) {
		out->kind = DIRECTORY_SITE;
		*ok = read_site(r, &out->site);
	} else if (strcmp(kind, "subnet") == 0) {
		out->kind = DIRECTORY_SUBNET;
		*ok = read_subnet(r, &out->subnet);
	} else if (strcmp(kind, "server") == 0) {
		out->kind = DIRECTORY_SERVER;
		*ok = read_server(r, &out->server);
	} else if (strcmp(kind, "name") == 0) {
		out->kind = DIRECTORY_NAME;
		*ok = read_name(r, &out->name);
	} else {
		return false;
	}
	return true;
}
