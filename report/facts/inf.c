/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/inf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/attributes.h"
#include "report/facts/inf_internal.h"
#include "report/facts/inf_text.h"
#include "report/facts/rights.h"
#include "report/facts/role.h"
#include "report/text/decode.h"

/* A real template has a few dozen rights. */
enum { RIGHTS_MAX = 1024, SMB_PORT = 445, WORD_WHY_MAX = 300 };

bool inf_refuse(struct inf_template *t, const char *problem, const char *found)
{
	snprintf(t->why, t->why_size, "%s:%u: %s \"%.80s\"", t->file->path, t->line,
		 problem, found);
	return false;
}

bool inf_out_of_memory(struct inf_template *t)
{
	snprintf(t->why, t->why_size, "%s: out of memory", t->file->path);
	return false;
}

/* ---- rights ---- */

/* The last line of a right counts, as it does for the security engine. */
static struct right_fact *place_for(struct inf_template *t, const char *name)
{
	struct facts *f = t->facts;

	for (size_t i = 0; i < f->right_count; i++)
		if (strcasecmp(f->rights[i].name, name) == 0)
			return &f->rights[i];
	if (f->right_count == t->right_room) {
		size_t room = t->right_room ? t->right_room * 2 : 64;
		struct right_fact *grown;

		if (room > RIGHTS_MAX) {
			inf_refuse(t, "more than 1024 rights at", name);
			return NULL;
		}
		grown = facts_take(f, room, sizeof(*grown));
		if (!grown) {
			inf_out_of_memory(t);
			return NULL;
		}
		if (f->right_count)
			memcpy(grown, f->rights, f->right_count * sizeof(*grown));
		f->rights = grown;
		t->right_room = room;
	}
	return &f->rights[f->right_count++];
}

/* Of the holders in the scratch of `t`. */
static bool add_right(struct inf_template *t, const char *name)
{
	struct facts *f = t->facts;
	struct right_fact *right = place_for(t, name);

	if (!right)
		return false;
	*right = (struct right_fact){
		.name = facts_text(f, name),
		.outcome = t->holder_count ? RIGHT_HELD : RIGHT_NOBODY,
		.holder_count = t->holder_count,
	};
	if (t->holder_count) {
		right->holders = facts_take(f, t->holder_count, sizeof(*right->holders));
		if (!right->holders)
			return inf_out_of_memory(t);
		memcpy(right->holders, t->holders,
		       t->holder_count * sizeof(*right->holders));
	}
	return right->name || inf_out_of_memory(t);
}

static bool read_right(struct inf_template *t, char *line)
{
	char *list = strchr(line, '=');

	if (!list)
		return inf_refuse(t, "expected RIGHT = HOLDERS, found", line);
	*list++ = '\0';
	line = inf_trim(line);
	if (strncasecmp(line, "Se", 2) != 0)
		return inf_refuse(t, "expected the name of a right, found", line);
	return inf_read_holders(t, inf_trim(list)) && add_right(t, line);
}

/* secedit writes no line for a right that nobody holds. */
static bool add_rights_of_nobody(struct inf_template *t)
{
	bool ok = true;

	t->holder_count = 0;
	for (size_t i = 0; ok && i < rights_count(); i++)
		if (!facts_right(t->facts, rights_at(i)->name))
			ok = add_right(t, rights_at(i)->name);
	return ok;
}

/* ---- lines ---- */

/* Of [System Access], what the built-in accounts are called. */
static bool read_access(struct inf_template *t, char *line)
{
	char *value = strchr(line, '=');
	size_t len;

	if (!value)
		return true;
	*value++ = '\0';
	line = inf_trim(line);
	value = inf_trim(value);
	len = strlen(value);
	if (len > 1 && *value == '"' && value[len - 1] == '"') {
		value[len - 1] = '\0';
		value++;
	}
	if (*value == '\0')
		return true;
	if (strcasecmp(line, "NewAdministratorName") == 0)
		t->administrator = facts_text(t->facts, value);
	else if (strcasecmp(line, "NewGuestName") == 0)
		t->guest = facts_text(t->facts, value);
	return true;
}

static bool take_attribute(struct inf_template *t, const char *word)
{
	char why[WORD_WHY_MAX];

	if (attribute_take(t->facts, word, why, sizeof(why)))
		return true;
	if (t->line > 0)
		snprintf(t->why, t->why_size, "%s:%u: %s", t->file->path, t->line, why);
	else
		snprintf(t->why, t->why_size, "%s: %s", t->file->path, why);
	return false;
}

static bool read_comment(struct inf_template *t, char *words)
{
	static const char mark[] = "lsasweep:";
	char *rest, *word;
	bool ok = true;

	words = inf_trim(words);
	if (strncmp(words, mark, sizeof(mark) - 1) != 0)
		return true;
	words += sizeof(mark) - 1;
	while (ok && (word = strtok_r(words, " \t", &rest)) != NULL) {
		ok = take_attribute(t, word);
		words = NULL;
	}
	return ok;
}

static bool read_section(struct inf_template *t, const char *line)
{
	if (line[strlen(line) - 1] != ']')
		return inf_refuse(t, "expected a section as [NAME], found", line);
	t->section = strcasecmp(line, "[Privilege Rights]") == 0 ? INF_RIGHTS
		     : strcasecmp(line, "[System Access]") == 0  ? INF_ACCESS
								 : INF_OTHER;
	t->seen_rights |= t->section == INF_RIGHTS;
	t->seen_frame |= strcasecmp(line, "[Unicode]") == 0 ||
			 strcasecmp(line, "[Version]") == 0;
	return true;
}

static bool read_line(struct inf_template *t, char *line)
{
	char *comment;

	line = inf_trim(line);
	/* The values of other sections may hold anything. */
	comment = t->section == INF_OTHER && *line != ';' && *line != '['
			  ? NULL
			  : inf_comment(line);
	if (comment) {
		*comment = '\0';
		if (!read_comment(t, comment + 1))
			return false;
	}
	line = inf_trim(line);
	if (*line == '\0')
		return true;
	if (*line == '[')
		return read_section(t, line);
	if (t->section == INF_RIGHTS)
		return read_right(t, line);
	return t->section != INF_ACCESS || read_access(t, line);
}

static bool read_lines(struct inf_template *t, char *text)
{
	bool ok = true;
	char *line;

	while (ok && (line = inf_next_line(&text)) != NULL) {
		t->line++;
		ok = read_line(t, line);
	}
	return ok;
}

/* ---- the file ---- */

static const char *last_part(const char *path)
{
	for (const char *p = path; *p; p++)
		if ((*p == '/' || *p == '\\') && p[1])
			path = p + 1;
	return path;
}

bool inf_is_policy(const char *path)
{
	return strcasecmp(last_part(path), "GptTmpl.inf") == 0;
}

static bool conclude(struct inf_template *t)
{
	struct facts *f = t->facts;

	f->timestamp = facts_text(f, t->file->when);
	f->port = SMB_PORT;
	f->outcome = HOST_ANSWERED;
	f->step = facts_text(f, "file");
	f->attempts = 1;
	facts_conclude_role(f);
	if (!inf_resolve_names(t))
		return false;
	if (t->seen_frame && !facts_is_policy(f) && !add_rights_of_nobody(t))
		return false;
	return !f->out_of_memory || inf_out_of_memory(t);
}

static bool take_attributes(struct inf_template *t)
{
	const struct inf_file *file = t->file;

	for (size_t i = 0; i < file->attribute_count; i++)
		if (!take_attribute(t, file->attributes[i]))
			return false;
	return true;
}

enum inf_result inf_to_facts(const uint8_t *bytes, size_t length,
			     const struct inf_file *file, struct facts *f, char *why,
			     size_t why_size)
{
	struct inf_template t = {
		.facts = f, .file = file, .why = why, .why_size = why_size
	};
	char *text = decode_text(bytes, length, code_page_find("1252"), NULL, NULL);
	bool ok;

	f->host = facts_text(f, file->host);
	f->source = inf_is_policy(file->path) ? SOURCE_POLICY : SOURCE_EXPORT;
	ok = text ? read_lines(&t, text) : inf_out_of_memory(&t);

	free(text);
	t.line = 0;
	if (ok && !t.seen_rights) {
		free(t.holders);
		snprintf(why, why_size, "%s: no [Privilege Rights] section, expected one",
			 file->path);
		return INF_NO_RIGHTS;
	}
	ok = ok && take_attributes(&t) && conclude(&t);
	free(t.holders);
	if (!ok)
		return INF_REFUSED;
	return t.seen_frame || facts_is_policy(f) ? INF_READ : INF_PART;
}
