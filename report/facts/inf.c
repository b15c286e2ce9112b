/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/inf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/role.h"
#include "report/text/decode.h"

/* A real template has a few dozen rights; a right at most a few hundred holders. */
#define RIGHT_CEILING  1024u
#define HOLDER_CEILING 20480u
#define SMB_PORT       445

struct template
{
	struct facts *facts;
	const char *path;
	unsigned line;
	bool in_rights, seen_rights;
	size_t right_room;
	struct holder *holders; /* scratch of one line */
	size_t holder_count, holder_room;
	char *why;
	size_t why_size;
};

static bool read_line(struct template *t, char *line);
static bool read_comment(struct template *t, char *words);
static bool read_right(struct template *t, char *line);
static bool read_holders(struct template *t, char *list);
static bool add_right(struct template *t, const char *name);
static void name_host(struct template *t);

static bool refuse(struct template *t, const char *problem, const char *found)
{
	snprintf(t->why, t->why_size, "%s:%u: %s \"%.80s\"", t->path, t->line, problem,
		 found);
	return false;
}

static bool out_of_memory(struct template *t)
{
	snprintf(t->why, t->why_size, "%s: out of memory", t->path);
	return false;
}

static bool read_lines(struct template *t, char *text)
{
	bool ok = true;

	for (char *line = text, *end; ok && line; line = end) {
		end = strpbrk(line, "\r\n");
		if (end && end[0] == '\r' && end[1] == '\n')
			*end++ = '\0';
		if (end)
			*end++ = '\0';
		t->line++;
		ok = read_line(t, line);
	}
	return ok;
}

bool inf_to_facts(const uint8_t *bytes, size_t length, const char *path, const char *when,
		  struct facts *f, char *why, size_t why_size)
{
	struct template t = {
		.facts = f, .path = path, .why = why, .why_size = why_size
	};
	char *text = decode_text(bytes, length, code_page_find("1252"), NULL, NULL);
	bool ok = text ? read_lines(&t, text) : out_of_memory(&t);

	free(text);
	free(t.holders);
	if (!ok)
		return false;
	if (!t.seen_rights) {
		snprintf(why, why_size, "%s: no [Privilege Rights] section, expected one",
			 path);
		return false;
	}
	name_host(&t);
	f->timestamp = facts_text(f, when);
	f->port = SMB_PORT;
	f->outcome = HOST_ANSWERED;
	f->step = facts_text(f, "file");
	f->attempts = 1;
	facts_conclude_role(f);
	return f->out_of_memory ? out_of_memory(&t) : true;
}

static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

static bool read_line(struct template *t, char *line)
{
	line = trim(line);
	if (*line == '\0')
		return true;
	if (*line == ';')
		return read_comment(t, line + 1);
	if (*line == '[') {
		if (line[strlen(line) - 1] != ']')
			return refuse(t, "expected a section as [NAME], found", line);
		t->in_rights = strcasecmp(line, "[Privilege Rights]") == 0;
		t->seen_rights |= t->in_rights;
		return true;
	}
	return t->in_rights ? read_right(t, line) : true;
}

static bool take_tag(struct template *t, const char *tag)
{
	struct facts *f = t->facts;
	const char **tags = facts_take(f, f->tag_count + 1, sizeof(*tags));

	if (!tags)
		return out_of_memory(t);
	for (size_t i = 0; i < f->tag_count; i++)
		tags[i] = f->tags[i];
	tags[f->tag_count] = facts_text(f, tag);
	f->tags = tags;
	f->tag_count++;
	return true;
}

static bool take_word(struct template *t, char *word)
{
	struct facts *f = t->facts;
	char *value = strchr(word, '=');

	if (!value)
		return refuse(t, "expected key=value, found", word);
	*value++ = '\0';
	if (strcmp(word, "host") == 0 && *value)
		f->host = facts_text(f, value);
	else if (strcmp(word, "os") == 0)
		f->os_version = facts_text(f, value);
	else if (strcmp(word, "tag") == 0)
		return f->tag_count < 64 ? take_tag(t, value)
					 : refuse(t, "more than 64 tags at", value);
	else if (strcmp(word, "role") == 0)
		f->hint_known = role_from_word(value, &f->hint) ||
				refuse(t, "expected a role, found", value);
	else
		return refuse(t, "expected host=, role=, os= or tag=, found", word);
	return strcmp(word, "role") != 0 || f->hint_known;
}

static bool read_comment(struct template *t, char *words)
{
	static const char mark[] = "lsasweep:";
	char *rest, *word;
	bool ok = true;

	words = trim(words);
	if (strncmp(words, mark, sizeof(mark) - 1) != 0)
		return true;
	words += sizeof(mark) - 1;
	while (ok && (word = strtok_r(words, " \t", &rest)) != NULL) {
		ok = take_word(t, word);
		words = NULL;
	}
	return ok;
}

static bool read_right(struct template *t, char *line)
{
	char *list = strchr(line, '=');

	if (!list)
		return refuse(t, "expected RIGHT = HOLDERS, found", line);
	*list++ = '\0';
	line = trim(line);
	if (strncasecmp(line, "Se", 2) != 0)
		return refuse(t, "expected the name of a right, found", line);
	return read_holders(t, trim(list)) && add_right(t, line);
}

static bool add_holder(struct template *t, char *word)
{
	struct facts *f = t->facts;
	struct holder *h;
	bool is_sid = *word == '*';

	if (t->holder_count == HOLDER_CEILING)
		return refuse(t, "more than 20480 holders at", word);
	if (t->holder_count == t->holder_room) {
		size_t room = t->holder_room ? t->holder_room * 2 : 16;
		h = realloc(t->holders, room * sizeof(*h));
		if (!h)
			return out_of_memory(t);
		t->holders = h;
		t->holder_room = room;
	}
	h = &t->holders[t->holder_count++];
	/* The star marks a SID; some tools write SIDs without it. */
	h->sid = facts_text(f, is_sid ? trim(word + 1) : word);
	h->name = is_sid || strncasecmp(word, "S-1-", 4) == 0 ? NULL : h->sid;
	h->kind = KIND_NOT_TOLD;
	return h->sid || out_of_memory(t);
}

static bool read_holders(struct template *t, char *list)
{
	bool ok = true;

	t->holder_count = 0;
	for (char *word = list, *comma; ok && word; word = comma ? comma + 1 : NULL) {
		comma = strchr(word, ',');
		if (comma)
			*comma = '\0';
		word = trim(word);
		if (*word == '"' && word[strlen(word) - 1] == '"' && word[1]) {
			word[strlen(word) - 1] = '\0';
			word++;
		}
		if (*word)
			ok = add_holder(t, word);
	}
	return ok;
}

/* The last line of a right counts, as it does for the security engine. */
static struct right_fact *place_for(struct template *t, const char *name)
{
	struct facts *f = t->facts;

	for (size_t i = 0; i < f->right_count; i++)
		if (strcasecmp(f->rights[i].name, name) == 0)
			return &f->rights[i];
	if (f->right_count == t->right_room) {
		size_t room = t->right_room ? t->right_room * 2 : 64;
		struct right_fact *grown;

		if (room > RIGHT_CEILING) {
			refuse(t, "more than 1024 rights at", name);
			return NULL;
		}
		grown = facts_take(f, room, sizeof(*grown));
		if (!grown) {
			out_of_memory(t);
			return NULL;
		}
		if (f->right_count)
			memcpy(grown, f->rights, f->right_count * sizeof(*grown));
		f->rights = grown;
		t->right_room = room;
	}
	return &f->rights[f->right_count++];
}

static bool add_right(struct template *t, const char *name)
{
	struct facts *f = t->facts;
	struct right_fact *right = place_for(t, name);

	if (!right)
		return false;
	memset(right, 0, sizeof(*right));
	right->name = facts_text(f, name);
	right->outcome = t->holder_count ? RIGHT_HELD : RIGHT_NOBODY;
	right->holder_count = t->holder_count;
	if (t->holder_count) {
		right->holders = facts_take(f, t->holder_count, sizeof(*right->holders));
		if (!right->holders)
			return out_of_memory(t);
		memcpy(right->holders, t->holders,
		       t->holder_count * sizeof(*right->holders));
	}
	return right->name || out_of_memory(t);
}

static const char *last_part(const char *path)
{
	for (const char *p = path; *p; p++)
		if ((*p == '/' || *p == '\\') && p[1])
			path = p + 1;
	return path;
}

/* The "{GUID}" folder of a policy, or NULL. */
static const char *policy_folder(struct facts *f, const char *path)
{
	const char *open = strrchr(path, '{');
	const char *close = open ? strchr(open, '}') : NULL;

	return close ? facts_text_len(f, open, (size_t)(close - open) + 1) : NULL;
}

static void name_host(struct template *t)
{
	struct facts *f = t->facts;
	const char *file = last_part(t->path);
	bool policy = strncasecmp(file, "GptTmpl", 7) == 0;
	const char *dot = strrchr(file, '.');

	f->source = facts_text(f, policy ? "gpttmpl" : "secedit");
	if (!f->host && policy)
		f->host = policy_folder(f, t->path);
	if (!f->host)
		f->host = facts_text_len(
			f, file, dot && dot > file ? (size_t)(dot - file) : strlen(file));
}
