/* SPDX-License-Identifier: Apache-2.0 */
/* Two stores of one record, one of them changed, asked for one computer after another. */
#include "scanner/cli/policy_what_if.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "report/directory/policy_change.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/policy_source.h"

enum { WHY_MAX = 600 };

struct simulation {
	struct policy_source before, after;
	const struct options *options;
	struct policy_outputs *outputs;
	struct policy_change *changes;
	size_t *found; /* computers that each change, or each argument, names */
	size_t change_count, computers, changed;
	char why[WHY_MAX];
};

/* ---- changes ---- */

static bool change_template(struct simulation *s, const struct policy_change *change)
{
	FILE *file = fopen(change->to, "re");
	char *bytes = file ? malloc(LIMIT_TEMPLATE_BYTES + 1) : NULL;
	size_t len = bytes ? fread(bytes, 1, LIMIT_TEMPLATE_BYTES + 1, file) : 0;
	bool good = false;

	if (!bytes || ferror(file))
		snprintf(s->why, sizeof s->why, "%s: cannot be read: %s", change->to,
			 strerror(errno));
	else
		good = policy_change_template(s->after.store, change, bytes, len, s->why,
					      sizeof s->why);
	free(bytes);
	if (file)
		fclose(file);
	return good;
}

static bool change_store(struct simulation *s)
{
	for (size_t i = 0; i < s->change_count; i++) {
		const struct policy_change *c = &s->changes[i];

		if (c->kind == CHANGE_TEMPLATE && !change_template(s, c))
			return false;
		if ((c->kind == CHANGE_LINK_ON || c->kind == CHANGE_LINK_OFF) &&
		    !policy_change_link(s->after.store, c, s->why, sizeof s->why))
			return false;
	}
	return policy_source_ready(&s->after, s->why, sizeof s->why);
}

static bool parse_changes(struct simulation *s)
{
	const struct option_list *texts = &s->options->what_if;
	size_t names = s->options->arguments.count;

	s->changes = calloc(texts->count + 1, sizeof *s->changes);
	s->found = calloc(texts->count + names + 1, sizeof *s->found);
	if (!s->changes || !s->found) {
		snprintf(s->why, sizeof s->why, "out of memory");
		return false;
	}
	for (size_t i = 0; i < texts->count; i++)
		if (!policy_change_parse(texts->at[i], &s->changes[i], s->why,
					 sizeof s->why))
			return false;
	s->change_count = texts->count;
	return true;
}

/* ---- computers ---- */

static bool is_named(const struct directory_computer *c, const char *name, size_t len)
{
	char copy[COMPUTER_NAME_MAX];

	if (len >= sizeof copy)
		return false;
	memcpy(copy, name, len);
	copy[len] = '\0';
	return policy_source_is_named(c, copy);
}

/* Without arguments every computer is asked for. */
static bool is_asked_for(struct simulation *s, const struct directory_computer *c)
{
	const struct option_list *names = &s->options->arguments;
	bool asked = names->count == 0;

	for (size_t i = 0; i < names->count; i++)
		if (is_named(c, names->at[i], strlen(names->at[i]))) {
			s->found[s->change_count + i]++;
			asked = true;
		}
	return asked;
}

/* "CN=SRV1" in front of where it is moved to; false: it stays. */
static bool moved(struct simulation *s, const struct directory_computer *c, char *dn,
		  size_t size)
{
	const char *parent = dn_parent(c->dn);
	bool is_moved = false;
	int own;

	for (size_t i = 0; i < s->change_count; i++) {
		const struct policy_change *change = &s->changes[i];

		if (change->kind != CHANGE_MOVE ||
		    !is_named(c, change->what, change->what_len))
			continue;
		s->found[i]++;
		own = parent ? (int)(parent - c->dn) : 0;
		while (own > 0 && (c->dn[own - 1] == ' ' || c->dn[own - 1] == ','))
			own--;
		is_moved = (size_t)snprintf(dn, size, "%.*s,%s", own, c->dn, change->to) <
			   size;
	}
	return is_moved;
}

static void write_change(struct simulation *s, const struct policy_view *before,
			 const struct policy_view *after)
{
	bool changed = false;

	for (size_t i = 0; i < s->outputs->count; i++) {
		FILE *out = s->outputs->at[i].file.stream;

		changed = s->outputs->at[i].form == POLICY_JSON
				  ? policy_change_write_json(out, before, after)
				  : policy_change_write_text(out, before, after);
	}
	s->changed += changed;
}

static bool on_computer(const struct directory_computer *c, void *arg)
{
	struct simulation *s = arg;
	struct policy_subject before, after;
	struct directory_computer there = *c;
	char dn[4096];
	bool is_moved = moved(s, c, dn, sizeof dn);

	if (!is_asked_for(s, c))
		return true;
	if (is_moved)
		there.dn = dn;
	s->computers++;
	if (!policy_subject_make(&before, s->before.store, c) ||
	    !policy_subject_make(&after, s->after.store, &there))
		return false;
	write_change(s, &before.view, &after.view);
	return true;
}

/* ---- the run ---- */

static bool say_missing(const struct simulation *s)
{
	const struct option_list *names = &s->options->arguments;
	bool missing = false;

	for (size_t i = 0; i < s->change_count; i++) {
		const struct policy_change *c = &s->changes[i];

		if (c->kind != CHANGE_MOVE || s->found[i])
			continue;
		command_fails("\"%.*s\": no such computer in the directory",
			      (int)(c->what_len < 200 ? c->what_len : 200), c->what);
		missing = true;
	}
	for (size_t i = 0; i < names->count; i++) {
		if (s->found[s->change_count + i])
			continue;
		command_fails("\"%.200s\": no such computer in the directory",
			      names->at[i]);
		missing = true;
	}
	return missing;
}

static void say_sum(const struct simulation *s)
{
	for (size_t i = 0; i < s->outputs->count; i++)
		if (s->outputs->at[i].form == POLICY_TEXT)
			fprintf(s->outputs->at[i].file.stream,
				"%srights change on %zu of %zu computer%s\n",
				s->changed ? "\n" : "", s->changed, s->computers,
				s->computers == 1 ? "" : "s");
}

static bool run(struct simulation *s)
{
	const char *path = s->options->directory;

	return parse_changes(s) &&
	       policy_source_open(&s->before, path, NULL, 0, s->why, sizeof s->why) &&
	       policy_source_read(&s->after, path, NULL, 0, s->why, sizeof s->why) &&
	       change_store(s) &&
	       policy_source_each(path, on_computer, s, s->why, sizeof s->why);
}

int policy_what_if(const struct options *o, struct policy_outputs *outputs)
{
	struct simulation s = { .options = o, .outputs = outputs };
	int code = EXIT_USAGE;

	if (!run(&s)) {
		command_fails("%s", s.why[0] ? s.why : "out of memory");
	} else {
		say_sum(&s);
		code = say_missing(&s) || !s.before.whole ? EXIT_INCOMPLETE
		       : s.changed                        ? EXIT_VIOLATIONS
							  : EXIT_COMPLIANT;
	}
	policy_source_close(&s.before);
	policy_source_close(&s.after);
	free(s.changes);
	free(s.found);
	return code;
}
