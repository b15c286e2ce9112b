/* SPDX-License-Identifier: Apache-2.0 */
/* Group Policy of a recorded directory read back: each list held to its limit before
 * room is made for it. */
#include <string.h>

#include "report/directory/directory_json_internal.h"
#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "report/facts/principals.h"
#include "report/text/escape.h"

/* Bytes that it has when it is written again: what is no UTF-8 becomes U+FFFD. */
static size_t written_length(const char *text)
{
	size_t len = 0;

	while (*text) {
		uint32_t scalar;

		text = escape_next(text, &scalar);
		len += scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
	}
	return len;
}

/* A text of at most `max` bytes. */
static bool get_text(struct directory_reader *r, const char *key, size_t max,
		     const char **text)
{
	if (!directory_get_text(r, key, text))
		return false;
	return !*text || written_length(*text) <= max ||
	       directory_refuse(r, key, "a shorter text");
}

static bool need_text(struct directory_reader *r, const char *key, size_t max,
		      const char **text)
{
	return get_text(r, key, max, text) &&
	       ((*text && **text) || directory_refuse(r, key, "a text"));
}

static bool get_sid(struct directory_reader *r, const char *key, const char **sid)
{
	return get_text(r, key, LIMIT_TEXT_BYTES, sid) &&
	       (!*sid || principal_is_sid(*sid) || directory_refuse(r, key, "a SID"));
}

static bool need_sid(struct directory_reader *r, const char *key, const char **sid)
{
	return get_sid(r, key, sid) && (*sid || directory_refuse(r, key, "a SID"));
}

static bool need_dn(struct directory_reader *r, const char **dn)
{
	return need_text(r, "dn", LIMIT_ATTRIBUTE_BYTES, dn) &&
	       (dn_is_valid(*dn) || directory_refuse(r, "dn", "a distinguished name"));
}

static bool get_number(struct directory_reader *r, const char *key, bool *known,
		       uint32_t *value)
{
	double number;

	if (!directory_get_number(r, r->root, key, UINT32_MAX, known, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

/* A word of a closed list, as its ordinal. */
static bool get_word(struct directory_reader *r, const char *key,
		     const char *const *words, size_t count, size_t *value)
{
	const char *word;

	if (!directory_get_text(r, key, &word))
		return false;
	for (size_t i = 0; word && i < count; i++)
		if (strcmp(word, words[i]) == 0) {
			*value = i;
			return true;
		}
	return directory_refuse(r, key, "a word of its list");
}

/* The elements of an array, at most `max`; a member that is not there has none. */
static bool get_array(struct directory_reader *r, const char *key, size_t max,
		      const cJSON **first, size_t *count)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(r->root, key);

	*first = NULL;
	*count = 0;
	if (!array || cJSON_IsNull(array))
		return true;
	if (!cJSON_IsArray(array))
		return directory_refuse(r, key, "a list");
	*first = array->child;
	for (const cJSON *item = array->child; item; item = item->next)
		++*count;
	return *count <= max || directory_refuse(r, key, "a shorter list");
}

static bool take(struct directory_reader *r, const char *key, size_t count, size_t size,
		 void *array)
{
	void *memory = pool_take(r->pool, count, size);

	memcpy(array, &memory, sizeof(memory));
	return memory || directory_refuse(r, key, "more memory");
}

/* The reader of an element, which has to be an object. */
static bool enter(struct directory_reader *r, const char *key, const cJSON *item,
		  struct directory_reader *inside)
{
	*inside = *r;
	inside->root = item;
	return cJSON_IsObject(item) || directory_refuse(r, key, "objects");
}

/* ---- scopes ---- */

static bool read_policies(struct directory_reader *r, struct directory_policies *p)
{
	return need_text(r, "domain", LIMIT_TEXT_BYTES, &p->domain) &&
	       get_text(r, "controller", LIMIT_TEXT_BYTES, &p->controller) &&
	       get_text(r, "read_at", LIMIT_TEXT_BYTES, &p->read_at) &&
	       get_text(r, "error", LIMIT_TEXT_BYTES, &p->error) &&
	       directory_get_bool(r, "scopes_complete", &p->scopes_complete) &&
	       directory_get_bool(r, "gpos_complete", &p->gpos_complete) &&
	       directory_get_bool(r, "filters_complete", &p->filters_complete) &&
	       directory_get_bool(r, "server_authenticated", &p->server_authenticated);
}

static bool read_scope(struct directory_reader *r, struct directory_scope *s)
{
#define X(constant, word) word,
	static const char *const words[] = { DIRECTORY_SCOPES(X) };
#undef X
	size_t type = 0;

	if (!get_word(r, "type", words, SCOPE_TYPE_COUNT, &type))
		return false;
	s->type = (enum directory_scope_type)type;
	return need_text(r, "domain", LIMIT_TEXT_BYTES, &s->domain) &&
	       need_dn(r, &s->dn) &&
	       get_text(r, "gp_link", LIMIT_LINK_BYTES, &s->gp_link) &&
	       get_number(r, "gp_options", &s->gp_options_known, &s->gp_options) &&
	       directory_get_time(r, "changed", &s->changed);
}

/* ---- a GPO ---- */

static bool read_ace(struct directory_reader *r, struct directory_ace *a)
{
#define X(constant, word) word,
	static const char *const words[] = { DIRECTORY_ACE_FORMS(X) };
#undef X
	size_t form = 0;

	if (!get_word(r, "form", words, ACE_FORM_COUNT, &form))
		return false;
	a->form = (enum directory_ace_form)form;
	return need_sid(r, "sid", &a->sid) && directory_get_bool(r, "deny", &a->deny) &&
	       directory_get_bool(r, "read", &a->read) &&
	       directory_get_bool(r, "apply", &a->apply);
}

static bool read_aces(struct directory_reader *r, struct directory_gpo *g)
{
#define X(constant, word) word,
	static const char *const words[] = { DIRECTORY_DACLS(X) };
#undef X
	struct directory_reader inside;
	const cJSON *item;
	size_t count, i = 0, dacl = 0;

	if (!get_word(r, "dacl", words, DACL_COUNT, &dacl) ||
	    !get_array(r, "aces", LIMIT_ACES_A_GPO, &item, &count) ||
	    !take(r, "aces", count, sizeof(*g->aces), &g->aces))
		return false;
	for (; item; item = item->next)
		if (!enter(r, "aces", item, &inside) || !read_ace(&inside, &g->aces[i++]))
			return false;
	g->dacl = (enum directory_dacl)dacl;
	g->ace_count = count;
	return true;
}

static bool read_entry(struct directory_reader *r, struct directory_entry *e)
{
	return need_text(r, "text", LIMIT_TEXT_BYTES, &e->text) &&
	       get_sid(r, "sid", &e->sid);
}

/* `total`: of the whole template. */
static bool read_entries(struct directory_reader *r, struct directory_entry **entries,
			 size_t *count, size_t *total)
{
	struct directory_reader inside;
	const cJSON *item;
	size_t i = 0;

	if (!get_array(r, "entries", LIMIT_ENTRIES_A_RIGHT, &item, count))
		return false;
	*total += *count;
	if (*total > LIMIT_ENTRIES_A_TEMPLATE)
		return directory_refuse(r, "entries", "fewer of them in a template");
	if (!take(r, "entries", *count, sizeof(**entries), entries))
		return false;
	for (; item; item = item->next)
		if (!enter(r, "entries", item, &inside) ||
		    !read_entry(&inside, &(*entries)[i++]))
			return false;
	return true;
}

static bool read_rights(struct directory_reader *r, struct directory_template *t,
			size_t *total)
{
	struct directory_reader inside;
	const cJSON *item;
	size_t count;

	if (!get_array(r, "rights", LIMIT_DECLARED_RIGHTS, &item, &count) ||
	    !take(r, "rights", count, sizeof(*t->rights), &t->rights))
		return false;
	for (; item; item = item->next) {
		struct directory_declared *d = &t->rights[t->right_count++];

		if (!enter(r, "rights", item, &inside) ||
		    !need_text(&inside, "right", LIMIT_RIGHT_NAME_BYTES, &d->right) ||
		    !read_entries(&inside, &d->entries, &d->entry_count, total))
			return false;
	}
	return true;
}

static bool read_groups(struct directory_reader *r, struct directory_template *t,
			size_t *total)
{
	struct directory_reader inside;
	const cJSON *item;
	size_t count;

	if (!get_array(r, "groups", LIMIT_RESTRICTED_GROUPS, &item, &count) ||
	    !take(r, "groups", count, sizeof(*t->groups), &t->groups))
		return false;
	for (; item; item = item->next) {
		struct directory_restricted *g = &t->groups[t->group_count++];

		if (!enter(r, "groups", item, &inside) ||
		    !read_entry(&inside, &g->group) ||
		    !directory_get_bool(&inside, "member_of", &g->member_of) ||
		    !read_entries(&inside, &g->entries, &g->entry_count, total))
			return false;
	}
	return true;
}

static bool read_template(struct directory_reader *r, struct directory_template *t)
{
#define X(constant, word) word,
	static const char *const words[] = { DIRECTORY_TEMPLATES(X) };
#undef X
	struct directory_reader inside;
	size_t state = 0, total = 0;

	if (!enter(r, "template", cJSON_GetObjectItemCaseSensitive(r->root, "template"),
		   &inside) ||
	    !get_word(&inside, "state", words, TEMPLATE_STATE_COUNT, &state))
		return false;
	t->state = (enum directory_template_state)state;
	return get_text(&inside, "error", LIMIT_TEXT_BYTES, &t->error) &&
	       directory_get_time(&inside, "written", &t->written) &&
	       get_number(&inside, "gpt_version", &t->gpt_version_known,
			  &t->gpt_version) &&
	       read_rights(&inside, t, &total) && read_groups(&inside, t, &total);
}

static bool read_gpo(struct directory_reader *r, struct directory_gpo *g)
{
	return need_text(r, "domain", LIMIT_TEXT_BYTES, &g->domain) &&
	       need_dn(r, &g->dn) && get_text(r, "id", LIMIT_TEXT_BYTES, &g->id) &&
	       get_text(r, "name", LIMIT_TEXT_BYTES, &g->name) &&
	       get_text(r, "path", LIMIT_ATTRIBUTE_BYTES, &g->path) &&
	       get_number(r, "flags", &g->flags_known, &g->flags) &&
	       get_number(r, "version", &g->version_known, &g->version) &&
	       get_number(r, "functionality", &g->functionality_known,
			  &g->functionality) &&
	       get_text(r, "extensions", LIMIT_ATTRIBUTE_BYTES, &g->extensions) &&
	       get_text(r, "wmi_filter", LIMIT_ATTRIBUTE_BYTES, &g->wmi_filter) &&
	       directory_get_time(r, "changed", &g->changed) &&
	       directory_get_bool(r, "readable", &g->readable) &&
	       get_text(r, "error", LIMIT_TEXT_BYTES, &g->error) && read_aces(r, g) &&
	       read_template(r, &g->template);
}

/* ---- filters and groups ---- */

static bool read_wmi_filter(struct directory_reader *r, struct directory_wmi_filter *f)
{
	return need_text(r, "domain", LIMIT_TEXT_BYTES, &f->domain) &&
	       need_text(r, "id", LIMIT_TEXT_BYTES, &f->id) &&
	       get_text(r, "name", LIMIT_TEXT_BYTES, &f->name) &&
	       get_text(r, "query", LIMIT_WMI_BYTES, &f->query);
}

static bool read_members(struct directory_reader *r, struct directory_group *g)
{
	const cJSON *item;
	size_t count;

	if (!get_array(r, "members", LIMIT_MEMBERS_A_RECORD, &item, &count) ||
	    !take(r, "members", count, sizeof(*g->members), &g->members))
		return false;
	for (; item; item = item->next) {
		const char *sid = cJSON_GetStringValue(item);

		if (!sid || !principal_is_sid(sid))
			return directory_refuse(r, "members", "SIDs");
		sid = pool_text(r->pool, sid, strlen(sid));
		if (!sid)
			return directory_refuse(r, "members", "more memory");
		g->members[g->member_count++] = sid;
	}
	return true;
}

static bool read_group(struct directory_reader *r, struct directory_group *g)
{
	return need_sid(r, "sid", &g->sid) &&
	       get_text(r, "dn", LIMIT_ATTRIBUTE_BYTES, &g->dn) &&
	       get_text(r, "name", LIMIT_TEXT_BYTES, &g->name) &&
	       directory_get_time(r, "changed", &g->changed) &&
	       directory_get_bool(r, "complete", &g->complete) && read_members(r, g);
}

bool directory_read_policy(struct directory_reader *r, const char *kind,
			   struct directory_line *out, bool *ok)
{
	if (strcmp(kind, "policies") == 0) {
		out->kind = DIRECTORY_POLICIES;
		*ok = read_policies(r, &out->policies);
	} else if (strcmp(kind, "scope") == 0) {
		out->kind = DIRECTORY_SCOPE;
		*ok = read_scope(r, &out->scope);
	} else if (strcmp(kind, "gpo") == 0) {
		out->kind = DIRECTORY_GPO;
		*ok = read_gpo(r, &out->gpo);
	} else if (strcmp(kind, "wmi_filter") == 0) {
		out->kind = DIRECTORY_WMI_FILTER;
		*ok = read_wmi_filter(r, &out->wmi_filter);
	} else if (strcmp(kind, "group") == 0) {
		out->kind = DIRECTORY_GROUP;
		*ok = read_group(r, &out->group);
	} else {
		return false;
	}
	return true;
}
