/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/policy_live.h"

#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/discover_setup.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/scan_setup.h"
#include "scanner/discover/ldap_link.h"

enum { WHY_MAX = 600 };

struct reading {
	struct policy_source *source;
	bool missing; /* some of Group Policy was not read */
	bool failed;  /* a record could not be kept */
	char why[WHY_MAX];
};

static void keep(struct reading *r, char *line)
{
	if (!line ||
	    !policy_source_take(r->source, line, strlen(line), r->why, sizeof r->why))
		r->failed = true;
	free(line);
}

static void on_scope(const struct directory_scope *s, void *arg)
{
	keep(arg, directory_scope_to_json(s));
}

static void on_gpo(const struct directory_gpo *g, void *arg)
{
	keep(arg, directory_gpo_to_json(g));
}

static void on_wmi_filter(const struct directory_wmi_filter *f, void *arg)
{
	keep(arg, directory_wmi_filter_to_json(f));
}

static void on_group(const struct directory_group *g, void *arg)
{
	keep(arg, directory_group_to_json(g));
}

static void on_policies(const struct directory_policies *p, void *arg)
{
	struct reading *r = arg;

	keep(r, directory_policies_to_json(p));
	if (!p->error)
		return;
	r->missing = true;
	command_fails("%s: Group Policy was not read to its end: %s", p->domain,
		      p->error);
}

static void on_computer(const struct directory_computer *c, bool in_scope,
			enum computer_reason reason, void *arg)
{
	struct reading *r = arg;

	(void)in_scope;
	(void)reason;
	r->failed |= !policy_source_note(r->source, c);
}

static void on_domain(const struct directory_domain *domain,
		      const struct directory_counts *counts, void *arg)
{
	(void)domain;
	(void)counts;
	(void)arg;
}

/* Sites are told by their scopes. */
static void on_lines(char *lines, void *arg)
{
	struct reading *r = arg;

	r->failed |= !lines;
	free(lines);
}

static enum discover_end read_directory(struct reading *r, const struct options *o,
					const struct scan_setup *setup)
{
	const struct policy_events policies = { on_scope, on_gpo,      on_wmi_filter,
						on_group, on_policies, r };
	struct discover_options options;

	if (!setup->identities.at[0].provider) {
		snprintf(r->why, sizeof r->why, "the credential was refused");
		return DISCOVER_GUARDED;
	}
	if (!discover_setup(&options, o, &setup->identities, r->why, sizeof r->why))
		return DISCOVER_FAILED;
	options.events = (struct discover_events){
		.domain = on_domain, .lines = on_lines, .computer = on_computer, .arg = r
	};
	options.policies = &policies;
	discover_setup_sandbox(o);
	return discover(&options, r->why, sizeof r->why);
}

/* What was read, be it a part of it. */
static int conclude(struct reading *r, enum discover_end end, bool *ready)
{
	if (end != DISCOVER_DONE)
		command_fails("%s", r->why);
	if (end == DISCOVER_GUARDED)
		return EXIT_GUARDED;
	if (end == DISCOVER_FAILED)
		return EXIT_INCOMPLETE;
	if (r->failed)
		return command_fails("%s", r->why[0] ? r->why : "out of memory");
	if (!policy_source_ready(r->source, r->why, sizeof r->why)) {
		command_fails("%s", r->why);
		return EXIT_INCOMPLETE;
	}
	*ready = true;
	r->source->whole = end == DISCOVER_DONE && !r->missing;
	return r->source->whole ? EXIT_COMPLIANT : EXIT_INCOMPLETE;
}

int policy_live_read(struct policy_source *s, const struct options *o, bool *ready)
{
	struct reading r = { .source = s };
	struct credentials *credentials;
	struct scan_setup setup = { 0 };
	int code = EXIT_USAGE;

	*ready = false;
	ldap_link_prepare_process();
	credentials = credentials_open(&o->credentials, r.why, sizeof r.why);
	if (!credentials)
		return command_fails("%s", r.why);
	if (scan_setup_open(&setup, o, credentials)) {
		r.why[0] = '\0';
		code = conclude(&r, read_directory(&r, o, &setup), ready);
	}
	scan_setup_close(&setup);
	credentials_close(credentials);
	return code;
}
