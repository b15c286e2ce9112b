/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/report_sources.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "report/facts/attributes.h"
#include "report/facts/inf.h"
#include "report/text/decode.h"
#include "scanner/cli/commands.h"

enum { SOURCES_MAX = 1000000, DEPTH_MAX = 16, LIST_BYTES_MAX = 64 << 20 };

static bool out_of_memory(void)
{
	command_fails("out of memory");
	return false;
}

/* ---- one file ---- */

static bool keep(struct report_sources *s, const char ***list, size_t *count,
		 const char *text)
{
	const char **grown = pool_take(&s->memory, *count + 1, sizeof(*grown));
	char *copy = pool_text(&s->memory, text, strlen(text));

	if (!grown || !copy)
		return out_of_memory();
	if (*count)
		memcpy(grown, *list, *count * sizeof(*grown));
	grown[(*count)++] = copy;
	*list = grown;
	return true;
}

static bool add_file(struct report_sources *s, const char *path)
{
	char *copy = pool_text(&s->memory, path, strlen(path));

	if (s->count == SOURCES_MAX) {
		command_fails("more than %d files", SOURCES_MAX);
		return false;
	}
	if (s->count == s->room) {
		size_t room = s->room ? s->room * 2 : 16;
		struct journal_source *grown = realloc(s->at, room * sizeof(*grown));

		if (!grown)
			return out_of_memory();
		s->at = grown;
		s->room = room;
	}
	if (!copy)
		return out_of_memory();
	s->at[s->count++] = (struct journal_source){ .path = copy };
	return true;
}

/* ---- folders ---- */

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* What secedit writes is called so by nearly everybody. */
static bool is_export(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcasecmp(dot, ".inf") == 0 || strcasecmp(dot, ".cfg") == 0);
}

static bool walk(struct report_sources *s, const char *folder, bool policies)
{
	char *roots[] = { (char *)(size_t)folder, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool ok = tree != NULL;
	FTSENT *e;

	while (ok && (e = fts_read(tree))) {
		if (e->fts_info == FTS_D && e->fts_level > DEPTH_MAX)
			fts_set(tree, e, FTS_SKIP);
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR) {
			command_fails("%s: cannot read: %s", e->fts_path,
				      strerror(e->fts_errno));
			ok = false;
		} else if (e->fts_info == FTS_F &&
			   (inf_is_policy(e->fts_name) ||
			    (!policies && is_export(e->fts_name)))) {
			ok = add_file(s, e->fts_path);
		}
	}
	if (tree)
		fts_close(tree);
	return ok;
}

/* Policies where there are any: a SYSVOL has other *.inf files, too. */
static bool add_folder(struct report_sources *s, const char *folder)
{
	size_t before = s->count;

	if (!walk(s, folder, true) || (s->count == before && !walk(s, folder, false)))
		return false;
	if (s->count > before)
		return true;
	command_fails(
		"%s: is a folder without a security template; expected GptTmpl.inf, "
		"*.inf or *.cfg below it",
		folder);
	return false;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- words ---- */

/* The attributes of the files from `from` on. */
static bool give_attributes(struct report_sources *s, size_t from,
			    const char *const *attributes, size_t count)
{
	const char **all = pool_take(&s->memory, s->common_count + count, sizeof(*all));

	if (!all)
		return out_of_memory();
	if (s->common_count)
		memcpy(all, s->common, s->common_count * sizeof(*all));
	if (count)
		memcpy(all + s->common_count, attributes, count * sizeof(*all));
	for (size_t i = from; i < s->count; i++) {
		s->at[i].attributes = all;
		s->at[i].attribute_count = s->common_count + count;
	}
	return true;
}

static bool check_attribute(const char *word, const char *place)
{
	struct facts f;
	char why[300];
	bool ok;

	facts_init(&f);
	ok = attribute_take(&f, word, why, sizeof(why));
	if (!ok)
		command_fails("%s%s", place, why);
	facts_free(&f);
	return ok;
}

static bool add_path(struct report_sources *s, const char *path,
		     const char *const *attributes, size_t count)
{
	size_t from = s->count;

	return (is_folder(path) ? add_folder(s, path) : add_file(s, path)) &&
	       give_attributes(s, from, attributes, count);
}

static bool add_words(struct report_sources *s, const char *const *words, size_t count)
{
	size_t i = 0;

	for (; i < count && attribute_is(words[i]); i++)
		if (!check_attribute(words[i], "") ||
		    !keep(s, &s->common, &s->common_count, words[i]))
			return false;
	while (i < count) {
		const char *path = words[i++];
		size_t first = i;

		for (; i < count && attribute_is(words[i]); i++)
			if (!check_attribute(words[i], ""))
				return false;
		if (!add_path(s, path, words + first, i - first))
			return false;
	}
	return true;
}

size_t report_sources_paths(const char *const *words, size_t count)
{
	size_t paths = 0;

	for (size_t i = 0; i < count; i++)
		paths += !attribute_is(words[i]);
	return paths;
}

/* ---- lists ---- */

/* The last word of `line`, cut off; NULL where there is but one. */
static char *cut_last_word(char *line)
{
	size_t len = strlen(line);
	char *space;

	while (len > 0 && strchr(" \t\r", line[len - 1]))
		line[--len] = '\0';
	space = line + len;
	while (space > line && !strchr(" \t", space[-1]))
		space--;
	return space > line ? space : NULL;
}

/* A path may have blanks in it: the attributes are the words at the end. */
static bool add_line(struct report_sources *s, char *line, const char *place)
{
	const char **attributes = NULL;
	size_t count = 0;
	char *word;

	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#' || *line == '\r')
		return true;
	while ((word = cut_last_word(line)) && attribute_is(word)) {
		if (!check_attribute(word, place) || !keep(s, &attributes, &count, word))
			return false;
		*word = '\0';
	}
	return add_path(s, line, attributes, count);
}

static char *read_list(const char *list)
{
	FILE *in = strcmp(list, "-") == 0 ? stdin : fopen(list, "re");
	char *bytes = in ? malloc(LIST_BYTES_MAX) : NULL, *text = NULL;
	size_t len;

	if (!bytes) {
		command_fails("-iL: %s: cannot read: %s", list, strerror(errno));
		if (in && in != stdin)
			fclose(in);
		return NULL;
	}
	len = fread(bytes, 1, LIST_BYTES_MAX, in);
	if (ferror(in) || len == LIST_BYTES_MAX)
		command_fails("-iL: %s: %s", list,
			      ferror(in) ? "cannot read" : "larger than 64 MiB");
	else if (!(text = decode_text(bytes, len, code_page_find("1252"), NULL, NULL)))
		out_of_memory();
	if (in != stdin)
		fclose(in);
	free(bytes);
	return text;
}

static bool add_list(struct report_sources *s, const char *list)
{
	char *text = read_list(list), *rest = NULL, place[300];
	bool ok = text != NULL;
	unsigned number = 0;

	for (char *line = text; ok && line; line = rest) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		snprintf(place, sizeof(place), "%.200s:%u: ", list, ++number);
		ok = add_line(s, line, place);
	}
	free(text);
	return ok;
}

bool report_sources_open(struct report_sources *s, const char *const *words, size_t count,
			 const char *const *lists, size_t list_count)
{
	*s = (struct report_sources){ 0 };
	if (!add_words(s, words, count))
		return false;
	for (size_t i = 0; i < list_count; i++)
		if (!add_list(s, lists[i]))
			return false;
	if (s->count > 0)
		return true;
	command_fails("expected a file");
	return false;
}

void report_sources_close(struct report_sources *s)
{
	free(s->at);
	pool_free(&s->memory);
	*s = (struct report_sources){ 0 };
}
