/* SPDX-License-Identifier: Apache-2.0 */
#include "report/journal/journal_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/inf.h"

/* A part of a path. */
struct part {
	const char *at;
	size_t len;
};

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* The part that ends before `end`; of no length where there is none. */
static struct part part_before(const char *path, const char *end)
{
	const char *start;

	while (end > path && is_slash(end[-1]))
		end--;
	for (start = end; start > path && !is_slash(start[-1]);)
		start--;
	return (struct part){ start, (size_t)(end - start) };
}

static bool is_word(struct part p, const char *word)
{
	return p.len == strlen(word) && strncasecmp(p.at, word, p.len) == 0;
}

static bool is_guid(struct part p)
{
	return p.len == 38 && p.at[0] == '{' && p.at[37] == '}';
}

/* The folders between a policy's own and its template. */
static bool is_inside_of_policy(struct part p)
{
	static const char *const words[] = { "SecEdit",     "Windows NT", "Microsoft",
					     "Machine",     "GPO",        "DomainSysvol",
					     "GptTmpl.inf", ".",          ".." };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(p, words[i]))
			return true;
	return false;
}

/* The innermost GUID, else the innermost folder that is the policy's. */
static struct part policy_part(const char *path)
{
	struct part own = { path, 0 }, p;
	const char *end = path + strlen(path);

	for (p = part_before(path, end); p.len > 0; p = part_before(path, p.at)) {
		if (is_guid(p))
			return p;
		if (own.len == 0 && !is_inside_of_policy(p))
			own = p;
	}
	return own.len > 0 ? own : part_before(path, end);
}

static struct part own_part(const char *path)
{
	struct part p;
	size_t len;

	if (inf_is_policy(path))
		return policy_part(path);
	p = part_before(path, path + strlen(path));
	len = p.len;
	while (len > 0 && p.at[len - 1] != '.')
		len--;
	if (len > 1)
		p.len = len - 1;
	return p;
}

/* The folder before it; a domain's is that above its "Policies". */
static struct part folder_part(const char *path, struct part own)
{
	struct part p = part_before(path, own.at);

	if (is_word(p, "Policies") && part_before(path, p.at).len > 0)
		p = part_before(path, p.at);
	return is_word(p, ".") ? (struct part){ path, 0 } : p;
}

static char *name_of(const char *path, bool with_folder)
{
	struct part own = own_part(path), folder = { path, 0 };
	size_t room;
	char *name;

	if (with_folder)
		folder = folder_part(path, own);
	room = own.len + folder.len + 2;
	name = malloc(room);
	if (name)
		snprintf(name, room, "%.*s%s%.*s", (int)folder.len, folder.at,
			 folder.len ? "/" : "", (int)own.len, own.at);
	return name;
}

static int compare(const void *a, const void *b)
{
	return strcasecmp(**(char **const *)a, **(char **const *)b);
}

/* Names that occur twice get their folders. */
static bool tell_apart(const char *const *paths, size_t count, char **names)
{
	char ***sorted = malloc((count + 1) * sizeof(*sorted));
	bool *twice = calloc(count + 1, sizeof(*twice)), ok = sorted && twice;

	for (size_t i = 0; ok && i < count; i++)
		sorted[i] = &names[i];
	if (ok && count > 1)
		qsort(sorted, count, sizeof(*sorted), compare);
	for (size_t i = 1; ok && i < count; i++)
		if (strcasecmp(*sorted[i - 1], *sorted[i]) == 0)
			twice[sorted[i - 1] - names] = twice[sorted[i] - names] = true;
	for (size_t i = 0; ok && i < count; i++) {
		if (!twice[i])
			continue;
		free(names[i]);
		names[i] = name_of(paths[i], true);
		ok = names[i] != NULL;
	}
	free(sorted);
	free(twice);
	return ok;
}

bool journal_identities(const char *const *paths, size_t count, char **names)
{
	bool ok = true;

	memset(names, 0, count * sizeof(*names));
	for (size_t i = 0; ok && i < count; i++) {
		names[i] = name_of(paths[i], false);
		ok = names[i] != NULL;
	}
	if (ok && tell_apart(paths, count, names))
		return true;
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	return false;
}
