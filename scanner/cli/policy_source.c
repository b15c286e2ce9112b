/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/policy_source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/directory_json.h"
#include "report/facts/limits.h"
#include "report/text/line_reader.h"

/* ---- lines ---- */

/* Called for each line of a file; false with its `why` stops. */
typedef bool (*line_fn)(const char *line, size_t len, void *arg, char *why,
			size_t why_size);

static bool read_lines(struct line_reader *reader, const char *path, line_fn fn,
		       void *arg, char *why, size_t why_size)
{
	char reason[300] = "";
	unsigned long number = 0;

	while (line_reader_next(reader)) {
		size_t len = (size_t)reader->length;

		number++;
		if (reader->too_long)
			snprintf(reason, sizeof reason, "a line of %llu bytes",
				 (unsigned long long)reader->length);
		else if (len && reader->line[len - 1] == '\n')
			len--;
		if (reader->too_long ||
		    !fn(reader->line, len, arg, reason, sizeof reason)) {
			snprintf(why, why_size, "%s:%lu: %s", path, number, reason);
			return false;
		}
	}
	if (reader->failed)
		snprintf(why, why_size, "%s: cannot be read: %s", path, strerror(errno));
	else if (!number)
		snprintf(why, why_size,
			 "%s: empty, expected a recorded directory (discover -o "
			 "directory=FILE)",
			 path);
	return !reader->failed && number;
}

static bool read_file(const char *path, line_fn fn, void *arg, char *why, size_t why_size)
{
	bool is_stdin = strcmp(path, "-") == 0, good;
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	struct line_reader *reader = malloc(sizeof *reader);

	if (!file || !reader) {
		snprintf(why, why_size, "%s: cannot be read: %s", path, strerror(errno));
		if (file && !is_stdin)
			fclose(file);
		free(reader);
		return false;
	}
	line_reader_open(reader, file, LIMIT_LINE_READ_BYTES);
	good = read_lines(reader, path, fn, arg, why, why_size);
	line_reader_close(reader);
	free(reader);
	if (!is_stdin)
		fclose(file);
	return good;
}

/* ---- what was asked for ---- */

bool policy_source_is_named(const struct directory_computer *c, const char *name)
{
	char host[COMPUTER_NAME_MAX];
	size_t len = strlen(name);
	bool guessed;

	if (c->account && strcasecmp(c->account, name) == 0)
		return true;
	if (c->account && strncasecmp(c->account, name, len) == 0 &&
	    strcmp(c->account + len, "$") == 0)
		return true;
	return computer_host_name(c, host, &guessed) && strcasecmp(host, name) == 0;
}

/* A copy, by way of its line: its texts are then the pool's. */
static struct directory_computer *keep(struct policy_source *s,
				       const struct directory_computer *c)
{
	struct directory_computer *kept = pool_take(&s->pool, 1, sizeof *kept);
	char *line = directory_computer_to_json(c);
	struct directory_line copy;
	char why[200];
	bool good = kept && line &&
		    directory_from_json(line, strlen(line), &s->pool, &copy, why,
					sizeof why);

	free(line);
	if (!good)
		return NULL;
	*kept = copy.computer;
	return kept;
}

bool policy_source_note(struct policy_source *s, const struct directory_computer *c)
{
	struct directory_computer *kept = NULL;

	for (size_t i = 0; i < s->wanted_count; i++) {
		if (!policy_source_is_named(c, s->wanted[i].name))
			continue;
		if (!kept)
			kept = keep(s, c);
		if (!kept)
			return false;
		s->wanted[i].found++;
		s->wanted[i].computer = kept;
	}
	return true;
}

/* ---- the record ---- */

static bool out_of_memory(char *why, size_t why_size)
{
	snprintf(why, why_size, "out of memory");
	return false;
}

bool policy_source_begin(struct policy_source *s, const char *const *names, size_t count)
{
	*s = (struct policy_source){ .store = policy_store_new() };
	s->wanted = pool_take(&s->pool, count, sizeof *s->wanted);
	if (!s->store || !s->wanted)
		return false;
	s->wanted_count = count;
	for (size_t i = 0; i < count; i++)
		s->wanted[i].name = names[i];
	return true;
}

bool policy_source_take(struct policy_source *s, const char *line, size_t len, char *why,
			size_t why_size)
{
	struct directory_line read;

	switch (policy_store_take(s->store, line, len, why, why_size)) {
	case POLICY_LINE_TAKEN:
		return true;
	case POLICY_LINE_REFUSED:
	case POLICY_LINE_NO_MEMORY:
		return false;
	case POLICY_LINE_OTHER:
		break;
	}
	pool_clear(&s->line_pool);
	if (!directory_from_json(line, len, &s->line_pool, &read, why, why_size))
		return false;
	s->whole |= read.kind == DIRECTORY_END;
	return read.kind != DIRECTORY_COMPUTER || policy_source_note(s, &read.computer) ||
	       out_of_memory(why, why_size);
}

bool policy_source_ready(struct policy_source *s, char *why, size_t why_size)
{
	if (!policy_store_is_empty(s->store))
		return policy_store_seal(s->store) || out_of_memory(why, why_size);
	snprintf(why, why_size, "the directory holds no Group Policy");
	return false;
}

static bool take_line(const char *line, size_t len, void *arg, char *why, size_t why_size)
{
	return policy_source_take(arg, line, len, why, why_size);
}

bool policy_source_read(struct policy_source *s, const char *path,
			const char *const *names, size_t count, char *why,
			size_t why_size)
{
	if (!policy_source_begin(s, names, count))
		return out_of_memory(why, why_size);
	return read_file(path, take_line, s, why, why_size);
}

bool policy_source_open(struct policy_source *s, const char *path,
			const char *const *names, size_t count, char *why,
			size_t why_size)
{
	char reason[200] = "";

	if (!policy_source_read(s, path, names, count, why, why_size))
		return false;
	if (policy_source_ready(s, reason, sizeof reason))
		return true;
	snprintf(why, why_size, "%s: %s", path, reason);
	return false;
}

void policy_source_close(struct policy_source *s)
{
	policy_store_free(s->store);
	pool_free(&s->line_pool);
	pool_free(&s->pool);
}

/* ---- every computer ---- */

struct each {
	policy_computer_fn fn;
	void *arg;
	struct pool scratch;
};

static bool each_line(const char *line, size_t len, void *arg, char *why, size_t why_size)
{
	struct each *e = arg;
	struct directory_line read;

	pool_clear(&e->scratch);
	if (!directory_from_json(line, len, &e->scratch, &read, why, why_size))
		return false;
	return read.kind != DIRECTORY_COMPUTER || e->fn(&read.computer, e->arg) ||
	       out_of_memory(why, why_size);
}

bool policy_source_each(const char *path, policy_computer_fn fn, void *arg, char *why,
			size_t why_size)
{
	struct each e = { .fn = fn, .arg = arg };
	bool good = read_file(path, each_line, &e, why, why_size);

	pool_free(&e.scratch);
	return good;
}

/* ---- an account as policy.h wants it ---- */

static enum policy_site_source source_of(const char *evidence)
{
	if (evidence && strcmp(evidence, SITE_BY_SERVER_OBJECT) == 0)
		return SITE_OF_SERVER_OBJECT;
	return evidence && strcmp(evidence, SITE_BY_SUBNET) == 0 ? SITE_OF_SUBNET
								 : SITE_ONLY_ONE;
}

static void set_site(struct policy_subject *subject, const struct policy_store *store,
		     const struct directory_computer *c)
{
	struct policy_view *v = &subject->view;

	v->site = c->site;
	v->site_source = SITE_UNKNOWN;
	if (c->site) {
		v->site_source = source_of(c->site_evidence);
	} else if (policy_only_site(store, subject->site, sizeof subject->site)) {
		v->site = subject->site;
		v->site_source = SITE_ONLY_ONE;
	}
}

bool policy_subject_make(struct policy_subject *subject, struct policy_store *store,
			 const struct directory_computer *c)
{
	struct policy_computer computer = { .dn = c->dn,
					    .sid = c->sid,
					    .primary_group = c->primary_group,
					    .role = ROLE_UNKNOWN };
	struct policy_view *v = &subject->view;
	bool guessed;

	*v = (struct policy_view){ .computer = c->account ? c->account : c->dn,
				   .dn = c->dn };
	set_site(subject, store, c);
	computer.site = v->site;
	if (computer_build(c, subject->version, sizeof subject->version))
		computer.version = subject->version;
	if (!computer_role_hint(c, &computer.role))
		computer.role = ROLE_UNKNOWN;
	if (computer_host_name(c, subject->name, &guessed))
		v->computer = subject->name;
	v->policy = policy_of(store, &computer);
	return v->policy != NULL;
}
