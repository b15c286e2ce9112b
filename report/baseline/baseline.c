/* SPDX-License-Identifier: Apache-2.0 */
#include "report/baseline/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "report/baseline/baseline_internal.h"
#include "report/text/decode.h"

#define X(name, word, meaning) [name] = word,
static const char *const matches[] = { MATCHES(X) };
#undef X

/* A baseline is text that people write; more is a mistake or an attack. */
enum { FILE_MAX = 4 << 20 };

const char *match_word(enum match m)
{
	return (size_t)m < MATCH_COUNT ? matches[m] : "";
}

const char *baseline_shipped(size_t i)
{
	return baseline_assets[i].name;
}

const char *baseline_shipped_text(const char *name, size_t *len)
{
	for (size_t i = 0; baseline_assets[i].name; i++) {
		if (strcmp(baseline_assets[i].name, name) == 0) {
			*len = baseline_assets[i].len;
			return (const char *)baseline_assets[i].text;
		}
	}
	return NULL;
}

static char *read_bytes(FILE *file, size_t *len)
{
	char *text = malloc(FILE_MAX + 1), *shrunk;

	if (!text)
		return NULL;
	*len = fread(text, 1, FILE_MAX + 1, file);
	shrunk = realloc(text, *len + 1);
	if (!shrunk)
		return text;
	return shrunk;
}

static char *decode(const char *path, const char *bytes, size_t *len, char *why,
		    size_t why_size)
{
	uint64_t replaced;
	char *text = decode_text(bytes, *len, NULL, len, &replaced);

	if (text && !replaced)
		return text;
	if (!text)
		snprintf(why, why_size, "%s: out of memory", path);
	else
		snprintf(why, why_size,
			 "%s: bytes that are not text; expected JSON in UTF-8 or UTF-16",
			 path);
	free(text);
	return NULL;
}

static char *read_text_of(FILE *file, const char *path, const char *expected, size_t *len,
			  char *why, size_t why_size)
{
	char *bytes = read_bytes(file, len), *text = NULL;

	if (!bytes || ferror(file))
		snprintf(why, why_size, "%s: cannot be read: %m", path);
	else if (*len > FILE_MAX)
		snprintf(why, why_size, "%s: found more than %d MiB, expected %s", path,
			 FILE_MAX >> 20, expected);
	else
		text = decode(path, bytes, len, why, why_size);
	free(bytes);
	return text;
}

char *baseline_read_file(const char *path, const char *expected, size_t *len, char *why,
			 size_t why_size)
{
	FILE *file = fopen(path, "re");
	char *text;

	if (!file) {
		snprintf(why, why_size, "%s: %m", path);
		return NULL;
	}
	text = read_text_of(file, path, expected, len, why, why_size);
	fclose(file);
	return text;
}

void baseline_shipped_names(char *out, size_t out_size)
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; baseline_assets[i].name && len < out_size; i++)
		len += (size_t)snprintf(out + len, out_size - len, "%s%s", i ? ", " : "",
					baseline_assets[i].name);
}

static struct baseline *load_file(const char *path, char *why, size_t why_size)
{
	struct baseline *b = NULL;
	char names[200];
	size_t len;
	char *text;

	if (access(path, F_OK) != 0) {
		baseline_shipped_names(names, sizeof names);
		snprintf(why, why_size,
			 "%s: %m; neither a file nor a shipped baseline (%s)", path,
			 names);
		return NULL;
	}
	text = baseline_read_file(path, "a baseline", &len, why, why_size);
	if (text)
		b = baseline_parse(path, text, len, why, why_size);
	free(text);
	return b;
}

struct baseline *baseline_load(const char *name, char *why, size_t why_size)
{
	size_t len;
	const char *text = baseline_shipped_text(name, &len);

	return text ? baseline_parse(name, text, len, why, why_size)
		    : load_file(name, why, why_size);
}

void baseline_free(struct baseline *b)
{
	struct pool memory;

	if (!b)
		return;
	baseline_free(b->base);
	memory = b->memory; /* the baseline itself lies in it */
	pool_free(&memory);
}

const struct baseline_rule *baseline_rules(const struct baseline *b, const char *right,
					   enum role role)
{
	if (role >= ROLE_UNKNOWN)
		return NULL;
	for (size_t i = 0; i < b->right_count; i++)
		if (strcasecmp(b->rights[i].right->name, right) == 0)
			return b->rights[i].rules[role];
	return NULL;
}

const struct baseline_rule *baseline_rule(const struct baseline *b, const char *right,
					  enum role role, uint32_t build)
{
	const struct baseline_rule *rule = baseline_rules(b, right, role);

	while (rule && rule->next && rule->next->min_build <= build)
		rule = rule->next;
	return rule && rule->min_build <= build ? rule : NULL;
}

bool facts_build(const struct facts *f, uint32_t *build)
{
	unsigned major, minor, number;

	if (!f->os_version ||
	    sscanf(f->os_version, "%5u.%5u.%9u", &major, &minor, &number) != 3)
		return false;
	*build = number;
	return true;
}

bool facts_joined(const struct facts *f, bool *joined)
{
	enum { MEMBER_WORKSTATION = 1 }; /* [MS-DSSP] 2.2.2 */

	*joined = true;
	if (f->role == ROLE_DOMAIN_CONTROLLER || f->role == ROLE_MEMBER_SERVER)
		return true;
	if (f->role == ROLE_STANDALONE_SERVER)
		*joined = false;
	else if (f->machine_role_known)
		*joined = f->machine_role == MEMBER_WORKSTATION;
	else if (f->policy_known)
		*joined = f->policy_domain_joined;
	else if (f->said_joined_known)
		*joined = f->said_joined;
	else
		return f->domain_sid != NULL;
	return true;
}
