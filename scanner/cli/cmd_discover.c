/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_discover.c - Active Directory read and written: a target list, the record of the
 * directory, JSON, or a summary for people.  No other host is contacted.
 */
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "report/files/output_file.h"
#include "report/text/escape.h"
#include "report/text/json_write.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/discover_setup.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/options_values.h"
#include "scanner/cli/scan_setup.h"
#include "scanner/console/log.h"
#include "scanner/discover/discover.h"
#include "scanner/discover/ldap_link.h"

enum { WHY_MAX = 600, OUTPUTS_MAX = 8 };

struct output {
	enum discover_format form;
	struct output_file file;
	struct json json;
};

struct discovering {
	const struct options *options;
	struct output outputs[OUTPUTS_MAX];
	size_t output_count;
	struct directory_counts all;
	bool out_of_memory;
	bool policies_missing; /* some of them */
};

/* ---- outputs ---- */

static bool open_output(struct discovering *d, const char *text)
{
	size_t len = strcspn(text, "=");
	const struct option_row *row = option_find("-o", 2);
	struct output *o = &d->outputs[d->output_count];
	char why[WHY_MAX], known[80];

	if (d->output_count == OUTPUTS_MAX) {
		command_fails("-o: more than %d outputs", OUTPUTS_MAX);
		return false;
	}
	o->form = (enum discover_format)option_value_find(row, COMMAND_DISCOVER, text,
							  len);
	if (o->form >= DISCOVER_FORMAT_COUNT) {
		option_values_text(row, COMMAND_DISCOVER, known, sizeof known);
		command_fails("-o: \"%.60s\": expected one of: %s", text, known);
		return false;
	}
	if (!output_file_open(&o->file, text[len] ? text + len + 1 : NULL, 0600, why,
			      sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	d->output_count++;
	if (o->form == DISCOVER_JSON) {
		o->json = (struct json){ .out = o->file.stream };
		json_open(&o->json, NULL, '{');
		json_text(&o->json, "schema", "lsasweep.discover/1");
		json_open(&o->json, "domains", '[');
	}
	return true;
}

static void put_line(struct discovering *d, FILE *out, char *line)
{
	if (line)
		fprintf(out, "%s\n", line);
	d->out_of_memory = d->out_of_memory || !line;
	free(line);
}

/* The role is a hint: it counts where the host does not answer the question itself. */
static void put_target(FILE *out, const struct directory_computer *c)
{
	char name[COMPUTER_NAME_MAX];
	enum role role;
	bool guessed;

	if (!computer_host_name(c, name, &guessed))
		return;
	fputs(name, out);
	if (computer_role_hint(c, &role))
		fprintf(out, " role=%s", role_word(role));
	fputc('\n', out);
}

static void on_computer(const struct directory_computer *c, bool in_scope,
			enum computer_reason reason, void *arg)
{
	struct discovering *d = arg;

	(void)reason;
	for (size_t i = 0; i < d->output_count; i++) {
		FILE *out = d->outputs[i].file.stream;

		if (d->outputs[i].form == DISCOVER_DIRECTORY)
			put_line(d, out, directory_computer_to_json(c));
		else if (d->outputs[i].form == DISCOVER_TARGETS && in_scope)
			put_target(out, c);
	}
}

static void put_json_domain(struct json *j, const struct directory_domain *domain,
			    const struct directory_counts *counts)
{
	json_open(j, NULL, '{');
	json_text(j, "dns_name", domain->dns_name);
	json_text(j, "netbios_name", domain->netbios_name);
	json_text(j, "dn", domain->dn);
	json_text(j, "sid", domain->sid);
	json_text(j, "forest", domain->forest);
	json_text(j, "controller", domain->controller);
	json_text(j, "read_at", domain->read_at);
	json_text(j, "error", domain->error);
	directory_counts_json(j, counts);
	json_close(j, '}');
}

static void put_text_domain(FILE *out, const struct directory_domain *domain,
			    const struct directory_counts *counts)
{
	char text[DIRECTORY_COUNTS_TEXT];

	escape_terminal(out, domain->dns_name);
	fprintf(out, ": %s\n", directory_counts_write(counts, text, sizeof text));
	if (domain->error) {
		fputs("  not read to its end: ", out);
		escape_terminal(out, domain->error);
		fputc('\n', out);
	}
}

static void on_domain(const struct directory_domain *domain,
		      const struct directory_counts *counts, void *arg)
{
	struct discovering *d = arg;

	discover_say_proof(domain);
	directory_counts_add(&d->all, counts);
	for (size_t i = 0; i < d->output_count; i++) {
		struct output *o = &d->outputs[i];

		if (o->form == DISCOVER_DIRECTORY)
			put_line(d, o->file.stream,
				 directory_domain_to_json(domain, counts));
		else if (o->form == DISCOVER_JSON)
			put_json_domain(&o->json, domain, counts);
		else if (o->form == DISCOVER_TEXT)
			put_text_domain(o->file.stream, domain, counts);
	}
}

static void on_lines(char *lines, void *arg)
{
	struct discovering *d = arg;

	for (size_t i = 0; lines && i < d->output_count; i++)
		if (d->outputs[i].form == DISCOVER_DIRECTORY)
			fprintf(d->outputs[i].file.stream, "%s\n", lines);
	d->out_of_memory = d->out_of_memory || !lines;
	free(lines);
}

/* ---- Group Policy, which the record alone holds ---- */

static void on_scope(const struct directory_scope *s, void *arg)
{
	on_lines(directory_scope_to_json(s), arg);
}

static void on_gpo(const struct directory_gpo *g, void *arg)
{
	on_lines(directory_gpo_to_json(g), arg);
}

static void on_wmi_filter(const struct directory_wmi_filter *f, void *arg)
{
	on_lines(directory_wmi_filter_to_json(f), arg);
}

static void on_group(const struct directory_group *g, void *arg)
{
	on_lines(directory_group_to_json(g), arg);
}

static void on_policies(const struct directory_policies *p, void *arg)
{
	struct discovering *d = arg;

	on_lines(directory_policies_to_json(p), d);
	if (!p->error)
		return;
	d->policies_missing = true;
	log_say(LOG_ERRORS, p->domain, NULL, "Group Policy was not read to its end: %s",
		p->error);
}

static bool writes_policies(const struct discovering *d)
{
	for (size_t i = 0; i < d->output_count; i++)
		if (d->outputs[i].form == DISCOVER_DIRECTORY)
			return !d->options->no_policy;
	return false;
}

/* What was begun is closed: nobody gets half a document, not even of a failure. */
static void close_json(struct discovering *d, struct output *o)
{
	if (o->form != DISCOVER_JSON)
		return;
	json_close(&o->json, ']');
	directory_counts_json(&o->json, &d->all);
	json_close(&o->json, '}');
	fputc('\n', o->file.stream);
}

/* A record has its last line only when every domain was read to its end. */
static bool commit(struct discovering *d, bool whole)
{
	bool good = !d->out_of_memory;
	char why[WHY_MAX];

	for (size_t i = 0; i < d->output_count; i++) {
		struct output *o = &d->outputs[i];

		if (o->form == DISCOVER_DIRECTORY && whole)
			put_line(d, o->file.stream, directory_end_to_json());
		close_json(d, o);
		if (!output_file_commit(&o->file, why, sizeof why)) {
			command_fails("%s", why);
			good = false;
		}
	}
	d->output_count = 0;
	return good;
}

/* ---- the run ---- */

static enum discover_end run(struct discovering *d, const struct scan_setup *setup,
			     char *why, size_t why_size)
{
	const struct policy_events policies = { on_scope, on_gpo,      on_wmi_filter,
						on_group, on_policies, d };
	struct discover_options options;

	if (!setup->identities.at[0].provider) {
		snprintf(why, why_size, "the credential was refused");
		return DISCOVER_GUARDED;
	}
	if (!discover_setup(&options, d->options, &setup->identities, why, why_size))
		return DISCOVER_FAILED;
	options.events = (struct discover_events){
		.domain = on_domain, .lines = on_lines, .computer = on_computer, .arg = d
	};
	if (writes_policies(d))
		options.policies = &policies;
	discover_setup_sandbox(d->options);
	return discover(&options, why, why_size);
}

int command_discover(const struct options *o)
{
	static const int codes[] = { [DISCOVER_DONE] = EXIT_COMPLIANT,
				     [DISCOVER_INCOMPLETE] = EXIT_INCOMPLETE,
				     [DISCOVER_GUARDED] = EXIT_GUARDED,
				     [DISCOVER_FAILED] = EXIT_INCOMPLETE };
	struct discovering d = { .options = o };
	struct credentials *credentials;
	struct scan_setup setup = { 0 };
	enum discover_end end = DISCOVER_FAILED;
	char why[WHY_MAX] = "";
	int code = EXIT_USAGE;

	ldap_link_prepare_process();
	credentials = credentials_open(&o->credentials, why, sizeof why);
	if (!credentials)
		return command_fails("%s", why);
	for (size_t i = 0; i < o->outputs.count; i++)
		if (!open_output(&d, o->outputs.at[i]))
			goto out;
	if (!scan_setup_open(&setup, o, credentials))
		goto out;
	why[0] = '\0';
	end = run(&d, &setup, why, sizeof why);
	if (end != DISCOVER_DONE)
		command_fails("%s", why);
	code = end == DISCOVER_DONE && d.policies_missing ? EXIT_INCOMPLETE : codes[end];
	if (code == EXIT_INCOMPLETE)
		exit_code_means("incomplete: the directory was not read to its end");
	if (end != DISCOVER_FAILED && end != DISCOVER_GUARDED &&
	    !commit(&d, end == DISCOVER_DONE))
		code = EXIT_USAGE;
out:
	for (size_t i = 0; i < d.output_count; i++) {
		close_json(&d, &d.outputs[i]);
		output_file_abandon(&d.outputs[i].file);
	}
	scan_setup_close(&setup);
	credentials_close(credentials);
	return code;
}
