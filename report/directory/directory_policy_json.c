/* SPDX-License-Identifier: Apache-2.0 */
/* Group Policy of the recorded directory written; directory_policy_read.c reads it. */
#include "report/directory/directory_json_internal.h"

#define X(constant, word) word,
static const char *const scope_words[] = { DIRECTORY_SCOPES(X) };
static const char *const form_words[] = { DIRECTORY_ACE_FORMS(X) };
static const char *const dacl_words[] = { DIRECTORY_DACLS(X) };
static const char *const template_words[] = { DIRECTORY_TEMPLATES(X) };
#undef X

const char *directory_scope_word(enum directory_scope_type t)
{
	return t < SCOPE_TYPE_COUNT ? scope_words[t] : "unknown";
}

const char *directory_ace_form_word(enum directory_ace_form f)
{
	return f < ACE_FORM_COUNT ? form_words[f] : "unknown";
}

const char *directory_dacl_word(enum directory_dacl d)
{
	return d < DACL_COUNT ? dacl_words[d] : "unknown";
}

const char *directory_template_word(enum directory_template_state s)
{
	return s < TEMPLATE_STATE_COUNT ? template_words[s] : "unknown";
}

static void put_bool(struct json_text *t, const char *key, bool value)
{
	json_put_raw(t, key);
	json_put_bool(t, value);
}

static char *end(struct json_text *t)
{
	json_put_raw(t, "}");
	return json_text_take(t);
}

char *directory_policies_to_json(const struct directory_policies *p)
{
	struct json_text t;

	directory_begin(&t, "policies");
	directory_put_text(&t, ",\"domain\":", p->domain);
	directory_put_text(&t, ",\"controller\":", p->controller);
	directory_put_text(&t, ",\"read_at\":", p->read_at);
	directory_put_text(&t, ",\"error\":", p->error);
	put_bool(&t, ",\"scopes_complete\":", p->scopes_complete);
	put_bool(&t, ",\"gpos_complete\":", p->gpos_complete);
	put_bool(&t, ",\"filters_complete\":", p->filters_complete);
	put_bool(&t, ",\"server_authenticated\":", p->server_authenticated);
	return end(&t);
}

char *directory_scope_to_json(const struct directory_scope *s)
{
	struct json_text t;

	directory_begin(&t, "scope");
	directory_put_text(&t, ",\"type\":", directory_scope_word(s->type));
	directory_put_text(&t, ",\"domain\":", s->domain);
	directory_put_text(&t, ",\"dn\":", s->dn);
	directory_put_text(&t, ",\"gp_link\":", s->gp_link);
	directory_put_number(&t, ",\"gp_options\":", s->gp_options_known, s->gp_options);
	directory_put_time(&t, ",\"changed\":", s->changed);
	return end(&t);
}

/* ---- a GPO ---- */

static void put_aces(struct json_text *t, const struct directory_gpo *g)
{
	json_put_raw(t, ",\"aces\":[");
	for (size_t i = 0; i < g->ace_count; i++) {
		const struct directory_ace *a = &g->aces[i];

		directory_put_text(t, i ? ",{\"sid\":" : "{\"sid\":", a->sid);
		directory_put_text(t, ",\"form\":", directory_ace_form_word(a->form));
		put_bool(t, ",\"deny\":", a->deny);
		put_bool(t, ",\"read\":", a->read);
		put_bool(t, ",\"apply\":", a->apply);
		json_put_raw(t, "}");
	}
	json_put_raw(t, "]");
}

static void put_entries(struct json_text *t, const struct directory_entry *entries,
			size_t count)
{
	json_put_raw(t, ",\"entries\":[");
	for (size_t i = 0; i < count; i++) {
		directory_put_text(t, i ? ",{\"text\":" : "{\"text\":", entries[i].text);
		directory_put_text(t, ",\"sid\":", entries[i].sid);
		json_put_raw(t, "}");
	}
	json_put_raw(t, "]}");
}

static void put_declarations(struct json_text *t, const struct directory_template *p)
{
	json_put_raw(t, ",\"rights\":[");
	for (size_t i = 0; i < p->right_count; i++) {
		const struct directory_declared *d = &p->rights[i];

		directory_put_text(t, i ? ",{\"right\":" : "{\"right\":", d->right);
		put_entries(t, d->entries, d->entry_count);
	}
	json_put_raw(t, "],\"groups\":[");
	for (size_t i = 0; i < p->group_count; i++) {
		const struct directory_restricted *g = &p->groups[i];

		directory_put_text(t, i ? ",{\"text\":" : "{\"text\":", g->group.text);
		directory_put_text(t, ",\"sid\":", g->group.sid);
		put_bool(t, ",\"member_of\":", g->member_of);
		put_entries(t, g->entries, g->entry_count);
	}
	json_put_raw(t, "]");
}

static void put_template(struct json_text *t, const struct directory_template *p)
{
	directory_put_text(
		t, ",\"template\":{\"state\":", directory_template_word(p->state));
	directory_put_text(t, ",\"error\":", p->error);
	directory_put_time(t, ",\"written\":", p->written);
	directory_put_number(t, ",\"gpt_version\":", p->gpt_version_known,
			     p->gpt_version);
	put_declarations(t, p);
	json_put_raw(t, "}");
}

char *directory_gpo_to_json(const struct directory_gpo *g)
{
	struct json_text t;

	directory_begin(&t, "gpo");
	directory_put_text(&t, ",\"domain\":", g->domain);
	directory_put_text(&t, ",\"dn\":", g->dn);
	directory_put_text(&t, ",\"id\":", g->id);
	directory_put_text(&t, ",\"name\":", g->name);
	directory_put_text(&t, ",\"path\":", g->path);
	directory_put_number(&t, ",\"flags\":", g->flags_known, g->flags);
	directory_put_number(&t, ",\"version\":", g->version_known, g->version);
	directory_put_number(&t, ",\"functionality\":", g->functionality_known,
			     g->functionality);
	directory_put_text(&t, ",\"extensions\":", g->extensions);
	directory_put_text(&t, ",\"wmi_filter\":", g->wmi_filter);
	directory_put_time(&t, ",\"changed\":", g->changed);
	put_bool(&t, ",\"readable\":", g->readable);
	directory_put_text(&t, ",\"error\":", g->error);
	directory_put_text(&t, ",\"dacl\":", directory_dacl_word(g->dacl));
	put_aces(&t, g);
	put_template(&t, &g->template);
	return end(&t);
}

/* ---- filters and groups ---- */

char *directory_wmi_filter_to_json(const struct directory_wmi_filter *f)
{
	struct json_text t;

	directory_begin(&t, "wmi_filter");
	directory_put_text(&t, ",\"domain\":", f->domain);
	directory_put_text(&t, ",\"id\":", f->id);
	directory_put_text(&t, ",\"name\":", f->name);
	directory_put_text(&t, ",\"query\":", f->query);
	return end(&t);
}

char *directory_group_to_json(const struct directory_group *g)
{
	struct json_text t;

	directory_begin(&t, "group");
	directory_put_text(&t, ",\"sid\":", g->sid);
	directory_put_text(&t, ",\"dn\":", g->dn);
	directory_put_text(&t, ",\"name\":", g->name);
	directory_put_time(&t, ",\"changed\":", g->changed);
	put_bool(&t, ",\"complete\":", g->complete);
	json_put_raw(&t, ",\"members\":[");
	for (size_t i = 0; i < g->member_count; i++) {
		json_put_raw(&t, i ? "," : "");
		json_put_string(&t, g->members[i]);
	}
	json_put_raw(&t, "]");
	return end(&t);
}
