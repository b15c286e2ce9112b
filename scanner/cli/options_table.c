/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_table.c - every option of every command: one row each.
 *
 * The defaults are the `fallback` texts, taken by the same setters as a user's values.
 */
#include "scanner/cli/options_table.h"

#include <string.h>

#include "scanner/cli/options_set.h"

enum {
	SCAN = 1 << COMMAND_SCAN,
	CHECK = 1 << COMMAND_CHECK,
	DISCOVER = 1 << COMMAND_DISCOVER,
	REPORT = 1 << COMMAND_REPORT,
	DIFF = 1 << COMMAND_DIFF,
	ASKING = SCAN | CHECK,
	LOGGING_ON = ASKING | DISCOVER,
	JUDGING = SCAN | REPORT,
	EVERY = (1 << COMMAND_COUNT) - 1,
	HOUR = 3600000,
	DAY = 24 * HOUR,
	WEEK = 7 * DAY,
};

#define FIELD(name) offsetof(struct options, name)

/* A row: spellings, argument, default; who takes it, how, where to, limits; help. */
/* clang-format off */
static const struct option_row rows[] = {
	{ "-iL", "--input-list", "FILE", NULL,
	  GROUP_TARGETS, SCAN, set_files, FIELD(target_files), 0, 0,
	  "targets from a list, one a line (\"-\": stdin); words after a target: "
	  "role=ROLE tag=TAG user=SECTION" },
	{ "--exclude", NULL, "LIST", NULL,
	  GROUP_TARGETS, SCAN, set_list, FIELD(excludes), 0, 0,
	  "never ask these: names, *, ?, addresses, networks, ranges; exclusion wins" },
	{ "--excludefile", NULL, "FILE", NULL,
	  GROUP_TARGETS, SCAN, set_files, FIELD(exclude_files), 0, 0,
	  "the same from a file" },
	{ "-sL", "--list", NULL, NULL,
	  GROUP_TARGETS, SCAN, set_flag, FIELD(list_only), 0, 0,
	  "list what would be asked, and stop" },
	{ "-p", "--port", "PORT", "445",
	  GROUP_TARGETS, ASKING, set_port, FIELD(port), 1, UINT16_MAX,
	  "where a target names none" },
	{ "--shard", NULL, "I/N", NULL,
	  GROUP_TARGETS, SCAN, set_shard, FIELD(shard), 0, 0,
	  "the I-th of N parts, counted from 0; auto/N: I from JOB_COMPLETION_INDEX "
	  "(Kubernetes) or SLURM_ARRAY_TASK_ID" },
	{ "--dns", NULL, "SERVER[:PORT]", NULL,
	  GROUP_TARGETS, LOGGING_ON, set_servers, FIELD(dns_servers), 0, 0,
	  "ask this name server (repeatable) and not those of resolv.conf" },

	{ "--domain", NULL, "D", NULL,
	  GROUP_DIRECTORY, DISCOVER, set_text, FIELD(domain), 0, 0,
	  "read this domain, by its DNS name; else that of the ticket or of USER@REALM" },
	{ "--forest", NULL, NULL, NULL,
	  GROUP_DIRECTORY, DISCOVER, set_flag, FIELD(forest), 0, 0,
	  "read every domain of the forest" },
	{ "--dc", NULL, "HOST", NULL,
	  GROUP_DIRECTORY, DISCOVER, set_list, FIELD(controllers), 0, 0,
	  "ask this domain controller (repeatable) and not those that DNS names" },
	{ "--base", NULL, "DN", NULL,
	  GROUP_DIRECTORY, DISCOVER, set_list, FIELD(bases), 0, 0,
	  "read only computers below this name (repeatable)" },
	{ "--ldap-filter", NULL, "FILTER", NULL,
	  GROUP_DIRECTORY, DISCOVER, set_text, FIELD(ldap_filter), 0, 0,
	  "read only computers that this LDAP filter finds, too" },
	{ "--stale-days", NULL, "N", "60",
	  GROUP_DIRECTORY, DISCOVER, set_number, FIELD(stale_days), 0, STALE_DAYS_MAX,
	  "leave out computers whose last logon and password are both older; 0 keeps "
	  "all" },
	{ "--include", NULL, "KINDS", NULL,
	  GROUP_DIRECTORY, DISCOVER, set_reasons, FIELD(included), 0, 0,
	  "keep what is left out otherwise: disabled, stale, prestaged, cluster, "
	  "not-windows or all" },

	{ "-k", "--kerberos", NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.kerberos), 0, 0,
	  "Kerberos from the credential cache; the default when there is a ticket and no "
	  "user is named" },
	{ "--keytab", NULL, "FILE", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_file, FIELD(credentials.keytab), 0, 0,
	  "Kerberos from a keytab; needs --principal" },
	{ "--principal", NULL, "P", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_text, FIELD(credentials.principal), 0, 0,
	  "whose key of the keytab, such as scan@CORP.EXAMPLE" },
	{ "-U", "--user", "USER", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_text, FIELD(credentials.user), 0, 0,
	  "[DOMAIN\\]USER or USER@REALM; the password comes from -A, LSASWEEP_PASSWORD, "
	  "$CREDENTIALS_DIRECTORY/password or a prompt, never from a flag" },
	{ "-A", "--authentication-file", "FILE", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_file, FIELD(credentials.auth_file), 0, 0,
	  "username=, password=, domain= lines as of smbclient; [section]s for user=" },
	{ "--no-ntlm", NULL, NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.no_ntlm), 0, 0,
	  "Kerberos alone, for literal addresses too" },
	{ "--ntlm-fallback", NULL, NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.ntlm_fallback), 0, 0,
	  "of USER@REALM: use NTLM where the KDC does not know the host, or no KDC answers" },

	{ "--require-encryption", NULL, NULL, NULL,
	  GROUP_PROTECTION, ASKING, set_flag, FIELD(settings.require_encryption), 0, 0,
	  "refuse hosts without SMB3 encryption" },
	{ "--smb", NULL, "VERSION", "2.0.2-3.1.1",
	  GROUP_PROTECTION, ASKING, set_dialects, 0, 0, 0,
	  "speak this dialect alone, or a span of them: 2.0.2, 2.1, 3.0, 3.0.2, 3.1.1" },

	{ "-r", "--right", "RIGHTS", "SeImpersonatePrivilege",
	  GROUP_QUESTIONS, ASKING, set_rights, FIELD(rights), 0, 0,
	  "names, globs or \"all\", separated by commas (repeatable)" },

	{ "-c", "--in-flight", "N", "256",
	  GROUP_ENGINE, SCAN, set_number, FIELD(settings.in_flight), 1, SETTINGS_IN_FLIGHT_MAX,
	  "hosts in flight" },
	{ "--rate", NULL, "N", NULL,
	  GROUP_ENGINE, SCAN, set_number, FIELD(settings.rate), 1, 1000000,
	  "new connections a second" },
	{ "--per-subnet", NULL, "N", NULL,
	  GROUP_ENGINE, SCAN, set_number, FIELD(settings.per_subnet), 1, SETTINGS_IN_FLIGHT_MAX,
	  "hosts in flight in one /24 (IPv6: /64)" },
	{ "--connect-timeout", NULL, "D", "4s",
	  GROUP_ENGINE, LOGGING_ON, set_duration, FIELD(settings.connect_ms), 1, HOUR,
	  "one TCP connection" },
	{ "--login-timeout", NULL, "D", "30s",
	  GROUP_ENGINE, LOGGING_ON, set_duration, FIELD(settings.login_ms), 1, HOUR,
	  "the answer to a login by NTLM: a refusal may take 10s" },
	{ "--timeout", NULL, "D", "10s",
	  GROUP_ENGINE, LOGGING_ON, set_duration, FIELD(settings.request_ms), 1, HOUR,
	  "one request on an open connection" },
	{ "--host-timeout", NULL, "D", "60s",
	  GROUP_ENGINE, ASKING, set_duration, FIELD(settings.host_ms), 1, DAY,
	  "one host, all told" },
	{ "--max-runtime", NULL, "D", NULL,
	  GROUP_ENGINE, SCAN, set_duration, FIELD(settings.runtime_ms), 1, WEEK,
	  "the sweep; what is not asked by then is not_asked" },
	{ "--retries", NULL, "N", "1",
	  GROUP_ENGINE, SCAN, set_number, FIELD(settings.retries), 0, 10,
	  "again after timeout, disconnected, stalled; never after a refused login" },
	{ "--max-logon-failures", NULL, "N", "1",
	  GROUP_ENGINE, SCAN, set_number, FIELD(settings.max_logon_failures), 1, 1000,
	  "refused logins that stop the sweep" },

	{ "--journal", NULL, "FILE", NULL,
	  GROUP_JOURNAL, SCAN, set_text, FIELD(journal), 0, 0,
	  "keep what each host said, one JSON line a host" },
	{ "--resume", NULL, "FILE", NULL,
	  GROUP_JOURNAL, SCAN, set_text, FIELD(resume), 0, 0,
	  "go on with a journal, or start it: hosts with a final record are not asked "
	  "again, but for rights they were not asked for" },
	{ "--retry", NULL, "OUTCOMES", NULL,
	  GROUP_JOURNAL, SCAN, set_outcomes, FIELD(retry), 0, 0,
	  "with --resume: ask again where this was the outcome, such as "
	  "timeout,unreachable" },

	{ "--baseline", NULL, "NAME|FILE", "microsoft",
	  GROUP_JUDGEMENT, JUDGING, set_list, FIELD(baselines), 0, 0,
	  "hold hosts against it (repeatable; the first decides): microsoft, cis, stig, "
	  "windows-default or a file" },
	{ "-o", "--output", "FORMAT[=FILE]", "text",
	  GROUP_JUDGEMENT, JUDGING | DIFF | DISCOVER, set_output, FIELD(outputs), 0, 0,
	  "write a report (repeatable): text, json, ndjson, csv, html, prometheus, junit, "
	  "ocsf, gpo-inf; diff: text, json; "
	  "discover: text, json, targets, directory" },
	{ "--fail-on", NULL, "WHAT", "incomplete",
	  GROUP_JUDGEMENT, JUDGING, set_fail_on, FIELD(fail_on), 0, 0,
	  "exit other than 0 at: none, violation, incomplete (and violation)" },

	{ "-q", "--quiet", NULL, NULL,
	  GROUP_TALK, EVERY, set_flag, FIELD(settings.quiet), 0, 0,
	  "no progress, no notes; errors only" },
	{ "-v", "--verbose", NULL, NULL,
	  GROUP_TALK, ASKING, set_flag, FIELD(settings.verbose), 0, 0,
	  "every step of every host" },
	{ "--stats-every", NULL, "D", "10s",
	  GROUP_TALK, SCAN, set_duration, FIELD(settings.stats_ms), 100, DAY,
	  "a progress line so often, off a terminal" },
	{ "-h", "--help", NULL, NULL,
	  GROUP_TALK, EVERY, NULL, 0, 0, 0,
	  "this text" },
	{ "-V", "--version", NULL, NULL,
	  GROUP_TALK, EVERY, NULL, 0, 0, 0,
	  "name and version" },
};
/* clang-format on */

size_t option_count(void)
{
	return sizeof rows / sizeof *rows;
}

const struct option_row *option_at(size_t i)
{
	return &rows[i];
}

static bool spells(const char *spelling, const char *name, size_t len)
{
	return spelling && strlen(spelling) == len && memcmp(spelling, name, len) == 0;
}

const struct option_row *option_find(const char *name, size_t len)
{
	for (size_t i = 0; i < option_count(); i++)
		if (spells(rows[i].name, name, len) || spells(rows[i].other, name, len))
			return &rows[i];
	return NULL;
}

static bool is_list(const struct option_row *row)
{
	return row->set == set_list || row->set == set_rights || row->set == set_output;
}

void options_defaults(struct options *o)
{
	char why[80];

	memset(o, 0, sizeof *o);
	for (size_t i = 0; i < option_count(); i++)
		if (rows[i].fallback && !is_list(&rows[i]))
			rows[i].set(o, &rows[i], rows[i].fallback, why, sizeof why);
}

bool options_default_lists(struct options *o)
{
	char why[80];

	for (size_t i = 0; i < option_count(); i++) {
		struct option_list *list = (struct option_list *)((char *)o +
								  rows[i].field);

		if (!is_list(&rows[i]) || !rows[i].fallback || list->count > 0)
			continue;
		if (!rows[i].set(o, &rows[i], rows[i].fallback, why, sizeof why))
			return false;
	}
	return true;
}

enum { NEAR_MAX = 2, WORD_MAX = 40 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters to change, add, take away or leave out between the two. */
static size_t distance(const char *a, size_t a_len, const char *b)
{
	size_t b_len = strlen(b), row[WORD_MAX + 1];

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t changed = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = least(changed, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_len];
}

static void nearer(const char *spelling, const char *name, size_t len, size_t *best,
		   const char **found)
{
	size_t d = spelling ? distance(name, len, spelling) : WORD_MAX;

	if (d < *best) {
		*best = d;
		*found = spelling;
	}
}

const char *option_near(const char *name, size_t len, enum command command)
{
	size_t best = NEAR_MAX + 1;
	const char *found = NULL;

	if (len < 4) /* every short option is near to every other */
		return NULL;
	for (size_t i = 0; i < option_count(); i++) {
		if (!(rows[i].commands & 1u << command))
			continue;
		nearer(rows[i].name, name, len, &best, &found);
		nearer(rows[i].other, name, len, &best, &found);
	}
	return found;
}

const char *command_near(const char *word)
{
	size_t best = NEAR_MAX + 1;
	const char *found = NULL;

#define X(constant, name, arguments, what) \
	nearer(name, word, strlen(word), &best, &found);
	COMMANDS(X)
#undef X
	return found;
}
