/* SPDX-License-Identifier: Apache-2.0 */
/* GptTmpl.inf and gpt.ini: sections, lines, lists.  What the lists mean for a computer is
 * policy.h's. */
#include "report/directory/template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/directory_limits.h"
#include "report/facts/inf_text.h"
#include "report/facts/names.h"
#include "report/facts/principals.h"
#include "report/text/decode.h"

enum section { SECTION_OTHER, SECTION_RIGHTS, SECTION_GROUPS };

struct reading {
	struct directory_template *t;
	struct pool *pool;
	struct name_scope names;
	struct directory_entry *entries; /* scratch of one line */
	size_t entry_count, entry_room;
	size_t right_room, group_room;
	size_t all_entries, all_bytes; /* of the whole template */
	unsigned line;
	enum section section;
};

static bool refuse(struct reading *r, const char *problem, const char *found)
{
	char text[200];

	if (r->t->error)
		return false;
	if (found)
		snprintf(text, sizeof(text), "line %u: %s \"%.80s\"", r->line, problem,
			 found);
	else
		snprintf(text, sizeof(text), "line %u: %s", r->line, problem);
	r->t->error = pool_text(r->pool, text, strlen(text));
	if (!r->t->error)
		r->t->error = "out of memory";
	return false;
}

static const char *keep(struct reading *r, const char *text)
{
	size_t len = strlen(text);
	const char *kept = NULL;

	r->all_bytes += len + 1;
	if (r->all_bytes > LIMIT_TEMPLATE_TEXT_BYTES)
		refuse(r, "more text than any template has", NULL);
	else if (!(kept = pool_text(r->pool, text, len)))
		refuse(r, "out of memory", NULL);
	return kept;
}

/* ---- entries ---- */

/* The SID of an entry, written or known everywhere; NULL: neither. */
static const char *sid_of(const struct reading *r, const char *text,
			  char sid[static NAME_SID_MAX])
{
	const char *written = *text == '*' ? text + 1 + strspn(text + 1, " \t") : text;

	if (strncasecmp(written, "S-1-", 4) == 0) {
		snprintf(sid, NAME_SID_MAX, "S%s", written + 1);
		return strlen(written) < NAME_SID_MAX && principal_is_sid(sid) ? sid
									       : NULL;
	}
	return *text != '*' && name_to_sid(text, &r->names, sid) && principal_is_sid(sid)
		       ? sid
		       : NULL;
}

static bool make_entry(struct reading *r, char *word, struct directory_entry *e)
{
	char sid[NAME_SID_MAX];
	const char *known;

	if (strlen(word) > LIMIT_TEXT_BYTES)
		return refuse(r, "longer than any name:", word);
	known = sid_of(r, word, sid);
	e->text = keep(r, word);
	e->sid = known && e->text ? keep(r, known) : NULL;
	return e->text && (!known || e->sid);
}

static bool add_entry(struct reading *r, char *word)
{
	if (r->entry_count == LIMIT_ENTRIES_A_RIGHT ||
	    r->all_entries == LIMIT_ENTRIES_A_TEMPLATE)
		return refuse(r, "more entries than any right has, at", word);
	if (r->entry_count == r->entry_room) {
		size_t room = r->entry_room ? r->entry_room * 2 : 16;
		struct directory_entry *grown = realloc(r->entries,
							room * sizeof(*grown));

		if (!grown)
			return refuse(r, "out of memory", NULL);
		r->entries = grown;
		r->entry_room = room;
	}
	r->all_entries++;
	return make_entry(r, word, &r->entries[r->entry_count++]);
}

/* The entries of a list, in the pool. */
static bool read_list(struct reading *r, char *list, struct directory_entry **entries,
		      size_t *count)
{
	char *word;

	r->entry_count = 0;
	while ((word = inf_next_word(&list)) != NULL) {
		word = inf_unquote(word);
		if (*word && !add_entry(r, word))
			return false;
	}
	*entries = pool_take(r->pool, r->entry_count, sizeof(**entries));
	if (!*entries)
		return refuse(r, "out of memory", NULL);
	if (r->entry_count)
		memcpy(*entries, r->entries, r->entry_count * sizeof(**entries));
	*count = r->entry_count;
	return true;
}

/* ---- lines ---- */

/* Cuts a line at its `=`; NULL: there is none. */
static char *value_of(char *line)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return NULL;
	*equals = '\0';
	return inf_trim(equals + 1);
}

static struct directory_declared *place_for(struct reading *r, const char *right)
{
	struct directory_template *t = r->t;
	void *grown;

	for (size_t i = 0; i < t->right_count; i++)
		if (strcasecmp(t->rights[i].right, right) == 0)
			return &t->rights[i];
	if (t->right_count == LIMIT_DECLARED_RIGHTS) {
		refuse(r, "more rights than any Windows has, at", right);
		return NULL;
	}
	if (t->right_count == r->right_room) {
		grown = pool_grow(r->pool, t->rights, &r->right_room, sizeof(*t->rights));
		if (!grown) {
			refuse(r, "out of memory", NULL);
			return NULL;
		}
		t->rights = grown;
	}
	return &t->rights[t->right_count++];
}

static bool read_right(struct reading *r, char *line)
{
	char *list = value_of(line);
	struct directory_declared declared = { 0 }, *place;

	if (!list)
		return refuse(r, "expected RIGHT = HOLDERS, found", line);
	line = inf_trim(line);
	if (strncasecmp(line, "Se", 2) != 0 || strlen(line) > LIMIT_RIGHT_NAME_BYTES)
		return refuse(r, "expected the name of a right, found", line);
	declared.right = keep(r, line);
	if (!declared.right ||
	    !read_list(r, list, &declared.entries, &declared.entry_count))
		return false;
	place = place_for(r, line);
	if (!place)
		return false;
	*place = declared;
	return true;
}

/* True when `text` ends so, without regard to case; then it is cut off. */
static bool cut_ending(char *text, const char *ending)
{
	size_t len = strlen(text), cut = strlen(ending);

	if (len <= cut || strcasecmp(text + len - cut, ending) != 0)
		return false;
	text[len - cut] = '\0';
	return true;
}

static bool read_group(struct reading *r, char *line)
{
	struct directory_template *t = r->t;
	struct directory_restricted group = { 0 };
	char *list = value_of(line);
	void *grown;

	/* What has neither form declares nothing. */
	line = inf_trim(line);
	group.member_of = cut_ending(line, "__Memberof");
	if (!list || (!group.member_of && !cut_ending(line, "__Members")))
		return true;
	line = inf_unquote(inf_trim(line));
	if (!*line || t->group_count == LIMIT_RESTRICTED_GROUPS)
		return refuse(r, "not the name of a group, or one too many:", line);
	if (!make_entry(r, line, &group.group) ||
	    !read_list(r, list, &group.entries, &group.entry_count))
		return false;
	if (t->group_count == r->group_room) {
		grown = pool_grow(r->pool, t->groups, &r->group_room, sizeof(*t->groups));
		if (!grown)
			return refuse(r, "out of memory", NULL);
		t->groups = grown;
	}
	t->groups[t->group_count++] = group;
	return true;
}

static bool read_line(struct reading *r, char *line)
{
	char *comment;

	line = inf_trim(line);
	if (*line == '[') {
		comment = inf_comment(line);
		if (comment)
			*comment = '\0';
		line = inf_trim(line);
		r->section = strcasecmp(line, "[Privilege Rights]") == 0 ? SECTION_RIGHTS
			     : strcasecmp(line, "[Group Membership]") == 0
				     ? SECTION_GROUPS
				     : SECTION_OTHER;
		return true;
	}
	if (r->section == SECTION_OTHER)
		return true;
	comment = inf_comment(line);
	if (comment)
		*comment = '\0';
	line = inf_trim(line);
	if (!*line)
		return true;
	return r->section == SECTION_RIGHTS ? read_right(r, line) : read_group(r, line);
}

void template_read(const void *bytes, size_t len, const char *domain_sid,
		   struct pool *pool, struct directory_template *t)
{
	struct reading r = { .t = t,
			     .pool = pool,
			     .names = { .domain_sid = domain_sid } };
	char *text = NULL, *rest, *line;
	bool ok = true;

	t->error = NULL;
	t->rights = NULL;
	t->groups = NULL;
	t->right_count = t->group_count = 0;
	if (len > LIMIT_TEMPLATE_BYTES)
		t->error = "larger than any template";
	else if (!(text = decode_text(bytes, len, code_page_find("1252"), NULL, NULL)))
		t->error = "out of memory";
	rest = text;
	while (text && ok && (line = inf_next_line(&rest)) != NULL) {
		r.line++;
		ok = read_line(&r, line);
	}
	free(text);
	free(r.entries);
	t->state = t->error ? TEMPLATE_FAILED : TEMPLATE_READ;
}

/* ---- gpt.ini ---- */

static bool parse_version(const char *text, uint32_t *version)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end || errno || value > UINT32_MAX)
		return false;
	*version = (uint32_t)value;
	return true;
}

bool template_read_version(const void *bytes, size_t len, uint32_t *version)
{
	char *text = len > LIMIT_TEMPLATE_BYTES
			     ? NULL
			     : decode_text(bytes, len, code_page_find("1252"), NULL,
					   NULL);
	char *rest = text, *line;
	bool general = false, found = false;

	while ((line = inf_next_line(&rest)) != NULL) {
		char *value;

		line = inf_trim(line);
		if (*line == '[')
			general = strcasecmp(line, "[General]") == 0;
		value = general ? value_of(line) : NULL;
		if (value && strcasecmp(inf_trim(line), "Version") == 0)
			found = parse_version(value, version);
	}
	free(text);
	return found;
}
