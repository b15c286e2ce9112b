/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan says last. */
#include "scanner/cli/scan_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/cli/commands.h"
#include "scanner/cli/exit_code.h"
#include "scanner/cli/resume.h"
#include "scanner/console/log.h"

bool scan_streams_facts(const struct options *o)
{
	return o->journal && strcmp(o->journal, "-") == 0;
}

static const char *journal_of(const struct options *o)
{
	return o->resume ? o->resume : o->journal;
}

/* Before its end something stopped the sweep. */
static bool ended_early(const struct sweep_result *r)
{
	return r->signal || r->guard_stopped || r->journal_failed || r->out_of_time ||
	       r->outcomes[HOST_NOT_ASKED];
}

void scan_say_left(const char *journal, const struct sweep_result *result, size_t hosts,
		   size_t met)
{
	size_t left = hosts > met ? hosts - met : 0;

	/* Otherwise they may have been targets that were not met. */
	if (left == 0 || ended_early(result))
		return;
	log_say(LOG_WARNINGS, NULL, NULL,
		"%s: %zu host%s in it %s no target of this run; the reports have %s",
		journal, left, left == 1 ? "" : "s", left == 1 ? "is" : "are",
		left == 1 ? "it" : "them");
}

/* The reports are made from the journal, and have no more than it. */
static void tell_what_is_lost(const char *journal)
{
	if (journal)
		log_say(LOG_ERRORS, NULL, NULL,
			"lsasweep: journal: %s: not whole, writing failed; hosts that "
			"answered may be missing in it and in the reports",
			journal);
	else
		log_say(LOG_ERRORS, NULL, NULL,
			"lsasweep: writing failed; hosts that answered may be missing in "
			"the reports");
}

/* Behind the exit code, the last line of all. */
static void tell_how_to_resume(const struct options *o, bool journal_failed)
{
	char *command = resume_command(o->argv), *line = NULL;
	int len = -1;

	if (command && journal_failed)
		len = asprintf(&line,
			       "once %s can be written, this asks the hosts that are "
			       "missing in it: %s",
			       journal_of(o), command);
	else if (command)
		len = asprintf(&line, "to resume: %s", command);
	if (len >= 0)
		exit_code_then(line);
	free(command);
}

void scan_summary(const struct options *o, const struct sweep_result *r,
		  const struct report_setup *reporting)
{
	const char *journal = scan_streams_facts(o) ? NULL : journal_of(o);

	report_setup_summary(reporting, r->journal_failed ? NULL : journal_of(o));
	if (r->journal_failed)
		tell_what_is_lost(journal_of(o));
	if (!ended_early(r) || scan_streams_facts(o))
		return;
	if (journal)
		tell_how_to_resume(o, r->journal_failed);
	else
		log_say(LOG_WARNINGS, NULL, NULL,
			"lsasweep: nothing was kept of this sweep; with --journal FILE "
			"it could be resumed");
}

/* USER@REALM is Kerberos, but for literal addresses and where it was allowed. */
void scan_say_ntlm(const struct options *o, uint64_t hosts)
{
	const char *user = o->credentials.user;

	if (!hosts || !user || !strchr(user, '@'))
		return;
	log_say(LOG_WARNINGS, NULL, NULL,
		"%llu %s logged on to by NTLM and not by Kerberos: literal addresses, or "
		"--ntlm-fallback; each record has its mechanism",
		(unsigned long long)hosts, hosts == 1 ? "host was" : "hosts were");
}

bool scan_is_same_part(const struct options *o, const char *journal,
		       const struct journal_info *info)
{
	const struct shard *now = &o->shard;

	if (!info->parts || (now->parts == info->parts && now->part == info->part))
		return true;
	if (now->parts > 1)
		command_fails(
			"--resume: %s is of part %u/%u of a sweep, and --shard says "
			"%u/%u",
			journal, (unsigned)info->part, (unsigned)info->parts,
			(unsigned)now->part, (unsigned)now->parts);
	else
		command_fails(
			"--resume: %s is of part %u/%u of a sweep; expected --shard "
			"%u/%u",
			journal, (unsigned)info->part, (unsigned)info->parts,
			(unsigned)info->part, (unsigned)info->parts);
	return false;
}
