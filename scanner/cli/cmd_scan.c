/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_scan.c - a sweep: targets, credentials, journal, reports, exit status.
 *
 * Read downwards: everything that can be wrong with the command line is found before the
 * first host is asked; then the sweep; then the reports, also when it was cut short.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/text/escape.h"
#include "report/facts/rights.h"
#include "report/journal/journal_read.h"
#include "scanner/cli/scan_directory.h"
#include "scanner/cli/scan_setup.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/journal/journal.h"
#include "scanner/console/log.h"
#include "scanner/host/outcome.h"
#include "scanner/login/crash.h"
#include "scanner/cli/report_setup.h"
#include "scanner/cli/scan_list.h"
#include "scanner/cli/scan_summary.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/targets/target_source.h"

enum { WHY_MAX = 1024 };

struct scan {
	const struct options *options;
	struct report_setup reporting;
	struct credentials *credentials;
	struct scan_directory directory;
	struct targets_options target_options;
	struct targets *targets;
	struct scan_setup setup;
	struct journal_set *done; /* what a resumed journal holds; NULL: nothing */
	uint64_t wanted;          /* the rights that are asked for now: rights_bit() */
	size_t fewer_rights; /* hosts of `done` that were not asked for all of them */
	size_t met;          /* hosts of `done` that are targets */
	struct journal *journal;
	const char *path;   /* of the journal */
	char scratch[4096]; /* the folder of a journal nobody asked for, or "" */
	char scratch_path[4200];
	int scratch_fd; /* of the same file once it has no name any more; 0: it has one */
	struct sweep_result result;
};

static bool prepare(struct scan *s);
static int list(struct scan *s);
static bool ask(struct scan *s);
static int judge(struct scan *s);
static void clean_up(struct scan *s);

int command_scan(const struct options *o)
{
	struct scan *s = calloc(1, sizeof *s);
	int code = EXIT_USAGE;

	if (!s)
		return command_fails("out of memory");
	s->options = o;
	log_set_level(o->settings.verbose ? LOG_STEPS
		      : o->settings.quiet ? LOG_ERRORS
					  : LOG_WARNINGS);
	if (prepare(s)) {
		if (o->list_only)
			code = list(s);
		else if (ask(s))
			code = judge(s);
	}
	clean_up(s);
	/* A thread inside a blocking call cannot be waited for, and uses what is here. */
	if (s->result.threads_busy)
		exit_at_once(code);
	free(s);
	return code;
}

/* What was refused to one account may not be to the one that is asked with now. */
static bool is_other_account(const struct scan *s, const char *recorded,
			     size_t credential)
{
	const char *now = s->setup.sweep.credentials[credential].account;

	return recorded && now && strcasecmp(recorded, now) != 0;
}

/* True when a resumed sweep need not ask that host again.  An answer to fewer rights than
 * are asked for now is none to the others. */
static bool is_done(const char *name, uint16_t port, size_t credential, void *arg)
{
	struct scan *s = arg;
	struct journal_outcome was;

	if (!s->done || !journal_set_outcome(s->done, name, port, &was))
		return false;
	s->met++;
	if (was.outcome == HOST_ANSWERED && s->wanted & ~was.rights) {
		s->fewer_rights++;
		return false;
	}
	if (was.outcome == HOST_FOREIGN && s->options->settings.insist)
		return false;
	if (was.outcome == HOST_LOGON_REFUSED && !was.settled)
		return false;
	if (is_other_account(s, was.account, credential))
		return false;
	return was.outcome != HOST_NOT_ASKED && was.outcome != HOST_GUARDED &&
	       !s->options->retry[was.outcome];
}

static bool open_targets(struct scan *s)
{
	const struct options *o = s->options;

	if (!scan_directory_open(&s->directory, o))
		return false;
	for (size_t i = 0; i < o->settings.right_count; i++)
		s->wanted |= rights_bit(o->settings.rights[i]);
	s->target_options = (struct targets_options){
		.specs = o->arguments.at,
		.spec_count = o->arguments.count,
		.files = o->target_files.at,
		.file_count = o->target_files.count,
		.excludes = o->excludes.at,
		.exclude_count = o->excludes.count,
		.exclude_files = o->exclude_files.at,
		.exclude_file_count = o->exclude_files.count,
		.sections = credentials_names(s->credentials),
		.section_count = credentials_count(s->credentials),
		.port = o->port,
		.shard = o->shard,
		.skip_bad_lines = o->skip_bad_lines,
		.note = o->settings.quiet ? NULL : report_setup_note,
		.passed = is_done,
		.passed_arg = s,
	};
	s->targets = targets_open(&s->target_options);
	if (s->targets && scan_directory_source(&s->directory))
		targets_add(s->targets, scan_directory_source(&s->directory));
	return s->targets != NULL;
}

static bool open_credentials(struct scan *s)
{
	char why[WHY_MAX];

	s->credentials = credentials_open(&s->options->credentials, why, sizeof why);
	if (!s->credentials)
		command_fails("%s", why);
	return s->credentials != NULL;
}

/* The default report gives way; one that was asked for could not be written. */
static bool check_outputs(const struct options *o)
{
	if (!scan_streams_facts(o) ||
	    (o->outputs.count == 1 && strcmp(o->outputs.at[0], "text") == 0))
		return true;
	command_fails(
		"-o: with --journal - the facts are on stdout and are not read again; "
		"expected --journal FILE, or a later lsasweep report");
	return false;
}

static bool check_journal(const struct options *o)
{
	const char *path = o->resume ? o->resume : o->journal;
	char why[WHY_MAX];

	if (!path || journal_check(path, o->resume, why, sizeof why))
		return true;
	command_fails("%s", why);
	return false;
}

static bool prepare(struct scan *s)
{
	if (!check_outputs(s->options))
		return false;
	if (!report_setup_open(&s->reporting, s->options))
		return false;
	return check_journal(s->options) && open_credentials(s) && open_targets(s);
}

/* Who we are, and where the targets come from by that. */
static bool open_setup(struct scan *s)
{
	if (!scan_setup_open(&s->setup, s->options, s->credentials) ||
	    !scan_directory_begin(&s->directory, &s->setup.identities))
		return false;
	s->setup.sweep.directory = s->directory.feed;
	return true;
}

static int list(struct scan *s)
{
	int code;

	if (s->directory.feed && !open_setup(s))
		return EXIT_USAGE;
	code = scan_list(s->options, s->targets, s->credentials, s->directory.feed);
	s->result.threads_busy = !scan_directory_end(&s->directory, false);
	if (s->directory.guarded)
		return EXIT_GUARDED;
	return code == EXIT_COMPLIANT && s->directory.part_missing ? EXIT_INCOMPLETE
								   : code;
}

/*
 * The sweep
 */

/* Without --journal the facts go to a file of our own, gone after the reports. */
static bool choose_path(struct scan *s)
{
	const struct options *o = s->options;
	const char *where = getenv("TMPDIR");

	s->path = o->resume ? o->resume : o->journal;
	if (s->path)
		return true;
	snprintf(s->scratch, sizeof s->scratch, "%s/lsasweep-XXXXXX",
		 where && *where ? where : "/tmp");
	if (!mkdtemp(s->scratch)) {
		command_fails("%s: %s", s->scratch, strerror(errno));
		s->scratch[0] = '\0';
		return false;
	}
	snprintf(s->scratch_path, sizeof s->scratch_path, "%s/facts.ndjson", s->scratch);
	s->path = s->scratch_path;
	return true;
}

static void remove_scratch(struct scan *s)
{
	if (!s->scratch[0])
		return;
	unlink(s->scratch_path);
	rmdir(s->scratch);
	s->scratch[0] = '\0';
}

/* A sweep that is killed shall leave nothing behind: the file loses its name at once, and
 * the reports read it through its descriptor. */
static void hide_scratch(struct scan *s)
{
	char through[64];
	int fd;

	if (!s->scratch[0])
		return;
	fd = open(s->scratch_path, O_RDONLY | O_CLOEXEC);
	snprintf(through, sizeof through, "/proc/self/fd/%d", fd);
	if (fd < 0 || access(through, R_OK) != 0) {
		if (fd >= 0)
			close(fd);
		return;
	}
	remove_scratch(s);
	s->scratch_fd = fd;
	snprintf(s->scratch_path, sizeof s->scratch_path, "%s", through);
}

static bool is_empty(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || st.st_size == 0;
}

static bool open_journal(struct scan *s)
{
	bool resume = s->options->resume != NULL, torn = false;
	char why[WHY_MAX];

	if (!choose_path(s))
		return false;
	s->journal = journal_open(s->path, resume, &torn, why, sizeof why);
	if (!s->journal) {
		command_fails("%s", why);
		return false;
	}
	hide_scratch(s);
	if (torn)
		log_say(LOG_WARNINGS, NULL, NULL, "%s: a torn last line was dropped",
			s->path);
	if (!resume || is_empty(s->path))
		return true;
	s->done = journal_set_open(&s->path, 1, NULL, NULL, why, sizeof why);
	if (!s->done)
		command_fails("%s", why);
	return s->done &&
	       scan_is_same_part(s->options, s->path, journal_set_info(s->done));
}

static bool begin_journal(struct scan *s)
{
	char now[OUTCOME_TIME_MAX], why[WHY_MAX];
	struct journal_header header = {
		.sweep = s->setup.sweep_id,
		.started = now,
		.version = LSASWEEP_VERSION,
		.rights = s->options->settings.rights,
		.right_count = s->options->settings.right_count,
		.part = s->options->shard.part,
		.parts = s->options->shard.parts,
	};

	outcome_time(now);
	header.targets_known = targets_total(s->targets, &header.targets);
	if (!journal_begin(s->journal, &header, why, sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	scan_directory_record(&s->directory, s->journal);
	return true;
}

static void finish_journal(struct scan *s)
{
	char now[OUTCOME_TIME_MAX], why[WHY_MAX];
	struct journal_trailer trailer = { .sweep = s->setup.sweep_id,
					   .finished = now,
					   .hosts = s->result.hosts,
					   .outcomes = s->result.outcomes,
					   .guard_stopped = s->result.guard_stopped };

	outcome_time(now);
	if (!journal_finish(s->journal, &trailer)) {
		s->result.journal_failed = true;
		if (journal_failed(s->journal, why, sizeof why))
			command_fails("%s", why);
	}
	journal_close(s->journal);
	s->journal = NULL;
	crash_survived();
}

/* Before the first thread and the first byte of a host. */
static void give_up_the_rest(const struct scan *s)
{
	const struct option_list *lists = &s->options->target_files;
	struct sandbox box;

	sandbox_begin(&box);
	for (size_t i = 0; i < lists->count; i++)
		sandbox_allow_read(&box, lists->at[i]);
	if (s->options->ca_file)
		sandbox_allow_read(&box, s->options->ca_file);
	if (s->scratch[0])
		sandbox_allow_scratch(&box, s->scratch);
	report_setup_allow(&s->reporting, &(struct journal_source){ .path = s->path }, 1,
			   &box);
	sandbox_enter(&box);
}

/* -v */
static void on_step(const struct facts *facts, const char *step, const char *text,
		    void *arg)
{
	(void)arg;
	log_say(LOG_STEPS, facts->host, step, "%s", text);
}

static bool ask(struct scan *s)
{
	bool asked;

	if (!open_journal(s) || !open_setup(s))
		return false;
	if (s->options->settings.verbose)
		s->setup.sweep.trace = on_step;
	give_up_the_rest(s);
	if (scan_streams_facts(s->options))
		journal_on_heavy(s->journal, report_setup_add_beside, &s->reporting);
	asked = begin_journal(s);
	if (asked)
		asked = sweep_run(&s->setup.sweep, s->targets, s->journal,
				  scan_streams_facts(s->options) ? report_setup_add
								 : NULL,
				  &s->reporting, &s->result);
	if (!scan_directory_end(&s->directory, s->result.signal || s->result.out_of_time))
		s->result.threads_busy = true;
	if (asked) {
		finish_journal(s);
		scan_say_skipped(s->targets);
	}
	if (asked && s->done)
		scan_say_left(s->path, &s->result, journal_set_hosts(s->done), s->met);
	scan_say_ntlm(s->options, s->result.by_ntlm);
	if (s->fewer_rights)
		log_say(LOG_WARNINGS, NULL, NULL,
			"%s: %zu %s answered for fewer rights than are asked for now, "
			"and %s "
			"asked again",
			s->path, s->fewer_rights,
			s->fewer_rights == 1 ? "host had" : "hosts had",
			s->fewer_rights == 1 ? "was" : "were");
	return asked;
}

/*
 * The reports
 */

/* A list that came out empty is no pass.  A part of one may be. */
static bool found_no_target(const struct scan *s)
{
	if (s->result.hosts || s->done || s->options->shard.parts > 1)
		return false;
	command_fails("no host was asked: the targets are empty, or all are excluded");
	return true;
}

static int judge(struct scan *s)
{
	const struct sweep_result *r = &s->result;
	int code;

	if (scan_streams_facts(s->options))
		code = report_setup_verdict(&s->reporting);
	else if (!report_setup_make(&s->reporting,
				    &(struct journal_source){ .path = s->path }, 1,
				    &code))
		return EXIT_USAGE;
	scan_summary(s->options, r, &s->reporting);
	if (r->signal)
		return 128 + r->signal;
	if (r->guard_stopped || s->directory.guarded)
		return EXIT_GUARDED;
	if (r->crashed || r->journal_failed || r->out_of_time ||
	    r->outcomes[HOST_NOT_ASKED] || targets_bad(s->targets) ||
	    found_no_target(s) || s->directory.part_missing)
		code = exit_code_incomplete(code);
	return exit_code_at(code, s->options->fail_on);
}

static void clean_up(struct scan *s)
{
	if (s->journal)
		journal_close(s->journal);
	remove_scratch(s);
	if (s->scratch_fd)
		close(s->scratch_fd);
	journal_set_free(s->done);
	targets_close(s->targets);
	/* A thread that is still inside a login uses its provider. */
	if (!s->result.threads_busy) {
		scan_directory_close(&s->directory);
		scan_setup_close(&s->setup);
	}
	credentials_close(s->credentials);
	report_setup_close(&s->reporting);
}
