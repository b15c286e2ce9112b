/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/policy_change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"
#include "report/directory/gplink.h"
#include "report/directory/policy_internal.h"
#include "report/directory/template.h"

static const struct {
	const char *word, *parts;
	char separator;
} kinds[] = {
#define X(constant, word, separator, parts) { word, parts, separator },
	POLICY_CHANGES(X)
#undef X
};

static bool parse_parts(const char *text, enum policy_change_kind kind,
			struct policy_change *change, char *why, size_t why_size)
{
	const char *middle = strchr(text, kinds[kind].separator);

	if (!middle || middle == text || !middle[1]) {
		snprintf(why, why_size, "\"%.100s\": expected %s:%s", text,
			 kinds[kind].word, kinds[kind].parts);
		return false;
	}
	*change = (struct policy_change){ text, (size_t)(middle - text), middle + 1,
					  kind };
	if (kind == CHANGE_TEMPLATE || dn_is_valid(change->to))
		return true;
	snprintf(why, why_size, "\"%.100s\": expected a distinguished name", change->to);
	return false;
}

bool policy_change_parse(const char *text, struct policy_change *change, char *why,
			 size_t why_size)
{
	for (unsigned i = 0; i < POLICY_CHANGE_COUNT; i++) {
		size_t len = strlen(kinds[i].word);

		if (strncmp(text, kinds[i].word, len) == 0 && text[len] == ':')
			return parse_parts(text + len + 1, (enum policy_change_kind)i,
					   change, why, why_size);
	}
	snprintf(why, why_size,
		 "\"%.100s\": expected template:GPO=FILE, link-off:GPO@DN, "
		 "link-on:GPO@DN or move:COMPUTER=DN",
		 text);
	return false;
}

/* ---- GPOs ---- */

static bool is_called(const char *name, const struct policy_change *change)
{
	return name && strlen(name) == change->what_len &&
	       strncasecmp(name, change->what, change->what_len) == 0;
}

static struct policy_object *find_gpo(struct policy_store *s,
				      const struct policy_change *change, char *why,
				      size_t why_size)
{
	struct policy_object *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < s->object_count; i++) {
		const struct directory_gpo *g = s->objects[i].gpo;

		if (!is_called(g->id, change) && !is_called(g->name, change))
			continue;
		found = &s->objects[i];
		count++;
	}
	if (count == 1)
		return found;
	snprintf(why, why_size,
		 count ? "\"%.*s\": several GPOs are called so, expected an id"
		       : "\"%.*s\": no such GPO",
		 (int)(change->what_len < 100 ? change->what_len : 100), change->what);
	return NULL;
}

/* ---- links ---- */

enum { OFF = 1, ENFORCED = 2 };

static void put_link(FILE *out, const char *dn, size_t len, unsigned options)
{
	fprintf(out, "[LDAP://%.*s;%u]", (int)len, dn, options);
}

static bool is_of(const struct gplink *link, const char *dn)
{
	char copy[POLICY_KEY_MAX];

	if (link->dn_len >= sizeof(copy))
		return false;
	memcpy(copy, link->dn, link->dn_len);
	copy[link->dn_len] = '\0';
	return dn_equal(copy, dn);
}

/* The links of `text` with those of `dn` switched; how many these are. */
static size_t switch_links(FILE *out, const char *text, const char *dn, bool on)
{
	struct gplink link;
	size_t count = 0;

	while (text && gplink_next(&text, &link) == GPLINK_ONE) {
		unsigned options = (link.disabled ? OFF : 0) |
				   (link.enforced ? ENFORCED : 0);

		if (is_of(&link, dn)) {
			options = on ? options & ~(unsigned)OFF : options | OFF;
			count++;
		}
		put_link(out, link.dn, link.dn_len, options);
	}
	if (text)
		fputs(text, out);
	return count;
}

/* A link that is made stands in front of the others: it is applied before them. */
static char *changed_links(const char *text, const char *dn, bool on, bool *found)
{
	char *links = NULL, *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&links, &size);
	bool good;

	if (!out)
		return NULL;
	*found = switch_links(out, text, dn, on) > 0;
	good = !ferror(out);
	if (fclose(out) || !good) {
		free(links);
		return NULL;
	}
	if (*found || !on)
		return links;
	if (asprintf(&all, "[LDAP://%s;0]%s", dn, links) < 0)
		all = NULL;
	free(links);
	return all;
}

static bool fails(char *why, size_t why_size, const char *what, const char *name)
{
	snprintf(why, why_size, "\"%.200s\": %s", name, what);
	return false;
}

bool policy_change_link(struct policy_store *s, const struct policy_change *change,
			char *why, size_t why_size)
{
	const struct policy_object *o = find_gpo(s, change, why, why_size);
	struct directory_scope *copy;
	bool on = change->kind == CHANGE_LINK_ON, found;
	uint32_t index;
	char *links;

	if (!o)
		return false;
	if (!policy_find_dn(&s->scope_of, change->to, strlen(change->to), &index))
		return fails(why, why_size, "no such place in the directory", change->to);
	links = changed_links(s->scopes[index].scope->gp_link, o->gpo->dn, on, &found);
	copy = links ? pool_take(&s->pool, 1, sizeof(*copy)) : NULL;
	if (copy) {
		*copy = *s->scopes[index].scope;
		copy->gp_link = pool_text(&s->pool, links, strlen(links));
	}
	free(links);
	if (!copy || !copy->gp_link)
		return fails(why, why_size, "out of memory", change->to);
	if (!found && !on)
		return fails(why, why_size, "the GPO is not linked there", change->to);
	s->scopes[index].scope = copy;
	return true;
}

/* ---- templates ---- */

static const char security_extension[] =
	"[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]";

enum { GUID_LEN = 38 };

static bool lists_extension(const char *names)
{
	char guid[GUID_LEN + 1];

	memcpy(guid, security_extension + 1, GUID_LEN);
	guid[GUID_LEN] = '\0';
	return names && strcasestr(names, guid);
}

bool policy_change_template(struct policy_store *s, const struct policy_change *change,
			    const void *bytes, size_t len, char *why, size_t why_size)
{
	struct policy_object *o = find_gpo(s, change, why, why_size);
	struct directory_gpo *copy;

	if (!o)
		return false;
	copy = pool_take(&s->pool, 1, sizeof(*copy));
	if (!copy)
		return fails(why, why_size, "out of memory", change->to);
	*copy = *o->gpo;
	template_read(bytes, len, NULL, &s->pool, &copy->template);
	if (copy->template.error)
		return fails(why, why_size, copy->template.error, change->to);
	if (!lists_extension(copy->extensions))
		copy->extensions = security_extension;
	if (!(copy->version & 0xffff))
		copy->version++;
	copy->version_known = true;
	o->gpo = copy;
	return true;
}

/* ---- what differs ---- */

static bool holds(const struct directory_declared *d, const struct directory_entry *e)
{
	const char *wanted = e->sid ? e->sid : e->text;

	for (size_t i = 0; i < d->entry_count; i++)
		if (strcasecmp(d->entries[i].sid ? d->entries[i].sid : d->entries[i].text,
			       wanted) == 0)
			return true;
	return false;
}

static bool all_in(const struct directory_declared *a, const struct directory_declared *b)
{
	for (size_t i = 0; i < a->entry_count; i++)
		if (!holds(b, &a->entries[i]))
			return false;
	return true;
}

bool policy_same_list(const struct directory_declared *a,
		      const struct directory_declared *b)
{
	return a == b || (a && b && all_in(a, b) && all_in(b, a));
}

bool policy_right_differs(const struct policy_right *a, const struct policy_right *b)
{
	return a->state != b->state || !policy_same_list(a->declared, b->declared);
}
