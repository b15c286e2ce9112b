/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_check.c - one host, step by step, with the likely cause and the fix of what
 * went wrong.
 *
 * The steps come while they happen; what was learned and its verdict stand below.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"
#include "scanner/cli/advice.h"
#include "scanner/cli/report_setup.h"
#include "scanner/cli/scan_setup.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/console/log.h"
#include "scanner/sandbox/sandbox.h"

enum { WHY_MAX = 1024, WIDTH = 90, INDENT = 16 };

struct check {
	const struct options *options;
	struct credentials *credentials;
	struct targets_options target_options;
	struct targets *targets;
	struct scan_setup setup;
	struct sweep_result result;
	struct report_setup judging;
	unsigned steps; /* told so far */
};

static bool prepare(struct check *c);
static bool ask(struct check *c);
static void clean_up(struct check *c);

/* Of a host that was not asked there is no verdict. */
static int code_of(struct check *c)
{
	int code = report_setup_verdict(&c->judging);

	if (c->result.signal)
		return 128 + c->result.signal;
	if (c->result.guard_stopped)
		return EXIT_GUARDED;
	if (!c->judging.counts.hosts)
		code = exit_code_incomplete(code);
	return exit_code_at(code, c->options->fail_on);
}

int command_check(const struct options *o)
{
	struct check *c = calloc(1, sizeof *c);
	int code = EXIT_USAGE;

	if (!c)
		return command_fails("out of memory");
	c->options = o;
	log_set_level(LOG_ERRORS);
	if (prepare(c) && ask(c))
		code = code_of(c);
	clean_up(c);
	code = command_flushes(code);
	if (c->result.threads_busy)
		exit_at_once(code);
	free(c);
	return code;
}

static bool open_target(struct check *c)
{
	uint64_t total;

	c->target_options = (struct targets_options){
		.specs = c->options->arguments.at,
		.spec_count = 1,
		.sections = credentials_names(c->credentials),
		.section_count = credentials_count(c->credentials),
		.port = c->options->port,
	};
	c->targets = targets_open(&c->target_options);
	if (!c->targets)
		return false;
	if (targets_total(c->targets, &total) && total == 1 &&
	    !target_is_service(c->options->arguments.at[0]))
		return true;
	command_fails("\"%.80s\": expected one host; a network or service is for scan",
		      c->options->arguments.at[0]);
	return false;
}

static bool prepare(struct check *c)
{
	char why[WHY_MAX];

	if (!report_setup_open(&c->judging, c->options))
		return false;
	c->credentials = credentials_open(&c->options->credentials, why, sizeof why);
	if (!c->credentials) {
		command_fails("%s", why);
		return false;
	}
	return open_target(c);
}

static void clean_up(struct check *c)
{
	targets_close(c->targets);
	if (!c->result.threads_busy)
		scan_setup_close(&c->setup);
	credentials_close(c->credentials);
	report_setup_close(&c->judging);
}

static void on_step(const struct facts *facts, const char *step, const char *text,
		    void *arg);
static void on_host(const struct facts *facts, void *arg);

/* The principal of a cache is known only now that the cache is open. */
static void describe(const struct check *c, char *whom, size_t size)
{
	const struct credential *from = credentials_at(c->credentials, 0);
	const char *identity = identities_name(&c->setup.identities, 0);

	if (from->user || from->keytab || !identity)
		credentials_describe(c->credentials, 0, whom, size);
	else
		snprintf(whom, size, "%s, Kerberos from the credential cache", identity);
}

static bool ask(struct check *c)
{
	struct sweep_inputs *sweep;
	struct sandbox box;
	char whom[300];

	if (!scan_setup_open(&c->setup, c->options, c->credentials))
		return false;
	sandbox_begin(&box);
	sandbox_enter(&box);
	describe(c, whom, sizeof whom);
	escape_terminal(stdout, c->options->arguments.at[0]);
	fputs(", as ", stdout);
	escape_terminal(stdout, whom);
	fputs("\n\n", stdout);
	fflush(stdout);
	sweep = &c->setup.sweep;
	sweep->trace = on_step;
	sweep->trace_arg = c;
	return sweep_run(sweep, c->targets, NULL, on_host, c, &c->result);
}

/*
 * Steps, as they come
 */

static void on_step(const struct facts *facts, const char *step, const char *text,
		    void *arg)
{
	struct check *c = arg;

	(void)facts;
	c->steps++;
	printf("  %-14s ", step);
	escape_terminal(stdout, text);
	putchar('\n');
	fflush(stdout);
}

/*
 * What was learned
 */

/* "KEY     VALUE"; nothing where nothing was told. */
static void put_fact(const char *key, const char *value)
{
	if (!value || !*value)
		return;
	printf("  %-14s ", key);
	escape_terminal(stdout, value);
	putchar('\n');
}

/* Words from `column` on, broken at WIDTH and begun again at INDENT. */
static void put_words(int column, const char *text)
{
	char word[200];

	while (*text) {
		size_t len = strcspn(text, " ");

		if (len > sizeof word - 1)
			len = sizeof word - 1;
		if (column > INDENT && column + 1 + (int)len > WIDTH)
			column = printf("\n%*s", INDENT, "") - 1;
		snprintf(word, sizeof word, "%.*s", (int)len, text);
		putchar(' ');
		escape_terminal(stdout, word);
		column += 1 + (int)len;
		text += len;
		text += *text == ' ';
	}
	putchar('\n');
}

/* A sentence beside its key. */
static void put_sentence(const char *key, const char *text)
{
	put_words(printf("  %-14s", key), text);
}

/* "STEP: what (CODE)" */
static void put_error(const char *key, const struct fact_error *error)
{
	char said[700];

	if (!error->text)
		return;
	snprintf(said, sizeof said, "%s%s%s%s%s%s", error->step ? error->step : "",
		 error->step ? ": " : "", error->text, error->code ? " (" : "",
		 error->code ? error->code : "", error->code ? ")" : "");
	put_sentence(key, said);
}

static void put_outcome(const struct check *c, const struct facts *f)
{
	printf("%s%s: %s", c->steps ? "\n" : "", host_outcome_word(f->outcome),
	       host_outcome_sentence(f->outcome));
	if (f->timing.total >= 0)
		printf(", %.0f ms", f->timing.total);
	fputs("\n", stdout);
	put_error("error", &f->error);
}

static const char *source_of_role(enum role_evidence evidence)
{
	switch (evidence) {
	case EVIDENCE_NONE:
		return "nothing reported it";
	case EVIDENCE_HINT:
		return "role= of the target";
	case EVIDENCE_DIRECTORY:
		return "Active Directory";
	default:
		return "the host itself";
	}
}

static void put_machine(const struct facts *f)
{
	char text[256];

	put_fact("address", f->address);
	put_fact("computer", f->netbios_name);
	put_fact("name", f->dns_name);
	put_fact("domain", f->dns_domain ? f->dns_domain : f->domain);
	put_fact("Windows", f->os_version);
	if (f->role != ROLE_UNKNOWN || f->outcome == HOST_ANSWERED) {
		snprintf(text, sizeof text, "%s, source: %s (%s)", role_title(f->role),
			 role_evidence_word(f->evidence), source_of_role(f->evidence));
		put_fact("role", text);
	}
	put_fact("conflict", f->conflict);
	if (f->dialect) {
		snprintf(text, sizeof text, "SMB %s, signing %s there, %s%s", f->dialect,
			 f->signing_required ? "required" : "not required",
			 f->encryption ? "encrypted by " : "not encrypted",
			 f->encryption ? f->encryption : "");
		put_fact("protection", text);
	}
	put_fact("logged on by", login_mechanism_word(f->mechanism));
}

static void put_holder(const struct holder *h)
{
	fputs("      ", stdout);
	escape_terminal(stdout, h->name ? h->name : "(no name)");
	fputs("  ", stdout);
	escape_terminal(stdout, h->sid);
	putchar('\n');
}

static void put_right(const struct right_fact *r)
{
	fputs("    ", stdout);
	escape_terminal(stdout, r->name);
	printf(": %s", right_outcome_word(r->outcome));
	if (r->outcome != RIGHT_HELD)
		printf(", %s", right_outcome_sentence(r->outcome));
	putchar('\n');
	put_error("    error", &r->error);
	for (size_t i = 0; i < r->holder_count; i++)
		put_holder(&r->holders[i]);
}

static void put_advice(const struct advice *advice)
{
	putchar('\n');
	put_sentence("likely cause", advice->cause);
	put_sentence("fix", advice->remediation);
}

/*
 * The verdict
 */

/* "SEVERITY: RIGHT: what is wrong with whom", and the fix. */
static void put_finding(const struct right_judgement *r, const struct finding *f)
{
	char text[1000], fix[JUDGE_REMEDIATION_ROOM];

	if (f->kind == FINDING_NONE)
		return;
	snprintf(text, sizeof text, "%s: %s: %s: %s%s%s%s",
		 f->waived ? "waived" : severity_word(f->severity), r->fact->name,
		 finding_title(f->kind), f->name ? f->name : f->sid, f->name ? " (" : "",
		 f->name ? f->sid : "", f->name ? ")" : "");
	put_sentence("finding", text);
	if (f->waived)
		put_sentence("  why", f->reason);
	else
		put_sentence("  fix", judge_remediation(r, f, fix, sizeof fix));
}

static void put_right_verdict(const struct right_judgement *r)
{
	char text[600];

	if (r->verdict == VERDICT_UNKNOWN || r->collection_suspect) {
		snprintf(text, sizeof text, "%s: %s%s%s", r->fact->name,
			 finding_title(r->kind), r->reason ? ": " : "",
			 r->reason ? r->reason : "");
		put_sentence(r->collection_suspect ? "suspect" : "unknown", text);
	}
	for (size_t i = 0; i < r->holder_count; i++)
		put_finding(r, &r->holders[i]);
	for (size_t i = 0; i < r->missing_count; i++)
		put_finding(r, &r->missing[i]);
}

static void put_verdict(const struct report_setup *judging)
{
	const struct judgement *j = &judging->own.judgement;
	char text[600];

	if (judging->own.out_of_memory)
		return;
	snprintf(text, sizeof text, "%s, compared with %s%s%s", verdict_word(j->verdict),
		 j->baseline->name, j->reason ? ": " : "", j->reason ? j->reason : "");
	putchar('\n');
	put_sentence("verdict", text);
	for (size_t i = 0; i < j->right_count; i++)
		put_right_verdict(&j->rights[i]);
}

static void on_host(const struct facts *f, void *arg)
{
	struct check *c = arg;
	struct advice advice;

	put_outcome(c, f);
	put_machine(f);
	if (f->right_count)
		puts("  rights");
	for (size_t i = 0; i < f->right_count; i++)
		put_right(&f->rights[i]);
	report_setup_add(f, &c->judging);
	put_verdict(&c->judging);
	if (advice_for_host(f, &advice) || advice_for_rights(f, &advice))
		put_advice(&advice);
}
