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
	POLICY = 1 << COMMAND_POLICY,
	REPORT = 1 << COMMAND_REPORT,
	DIFF = 1 << COMMAND_DIFF,
	ASKING = SCAN | CHECK,
	LOGGING_ON = ASKING | DISCOVER | POLICY,
	READING = SCAN | DISCOVER,
	SEARCHING = READING | POLICY,
	ASSESSING = SCAN | REPORT,
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
	  GROUP_TARGETS, SCAN | REPORT, set_files, FIELD(target_files), 0, 0,
	  "Read targets, or the files of report, from FILE, one a line (\"-\": stdin); attributes may follow "
	  "each: role=ROLE tag=TAG user=SECTION; or a CSV file with a column of names" },
	{ "--skip-bad-lines", NULL, NULL, NULL,
	  GROUP_TARGETS, SCAN, set_flag, FIELD(skip_bad_lines), 0, 0,
	  "Go on without lines of lists that are no target; the sweep is incomplete" },
	{ "--exclude", NULL, "LIST", NULL,
	  GROUP_TARGETS, SCAN, set_list, FIELD(excludes), 0, 0,
	  "Never contact these: names, patterns with * or ?, addresses, networks, "
	  "ranges; exclusion always wins" },
	{ "--excludefile", NULL, "FILE", NULL,
	  GROUP_TARGETS, SCAN, set_files, FIELD(exclude_files), 0, 0,
	  "Read what to exclude from FILE" },
	{ "-sL", "--list", NULL, NULL,
	  GROUP_TARGETS, SCAN, set_flag, FIELD(list_only), 0, 0,
	  "List the targets, contact none of them" },
	{ "-p", "--port", "PORT", "445",
	  GROUP_TARGETS, ASKING, set_port, FIELD(port), 1, UINT16_MAX,
	  "Connect to PORT where a target names none" },
	{ "--shard", NULL, "I/N", NULL,
	  GROUP_TARGETS, SCAN, set_shard, FIELD(shard), 0, 0,
	  "Take part I of N, counted from 0; auto/N reads I from JOB_COMPLETION_INDEX "
	  "(Kubernetes) or SLURM_ARRAY_TASK_ID" },
	{ "--dns", NULL, "SERVER[:PORT]", NULL,
	  GROUP_TARGETS, LOGGING_ON, set_servers, FIELD(dns_servers), 0, 0,
	  "Ask this name server (repeatable) instead of those in resolv.conf" },

	{ "--domain", NULL, "D", NULL,
	  GROUP_DIRECTORY, SEARCHING, set_text, FIELD(domain), 0, 0,
	  "Read domain D, a DNS name: its computers are targets; discover: by default "
	  "the domain of the ticket or of USER@REALM" },
	{ "--forest", NULL, NULL, NULL,
	  GROUP_DIRECTORY, SEARCHING, set_flag, FIELD(forest), 0, 0,
	  "Read every domain of the forest" },
	{ "--dc", NULL, "HOST", NULL,
	  GROUP_DIRECTORY, SEARCHING, set_list, FIELD(controllers), 0, 0,
	  "Ask this domain controller (repeatable) instead of those that DNS names" },
	{ "--ldaps", NULL, NULL, NULL,
	  GROUP_DIRECTORY, SEARCHING, set_flag, FIELD(ldaps), 0, 0,
	  "Read the directory by LDAP over TLS (port 636), the login bound to the "
	  "certificate; otherwise the login encrypts (port 389)" },
	{ "--ca", NULL, "FILE", NULL,
	  GROUP_DIRECTORY, SEARCHING, set_file, FIELD(ca_file), 0, 0,
	  "Trust the certificate authorities in FILE (PEM) instead of the system's; "
	  "for --ldaps" },
	{ "--base", NULL, "DN", NULL,
	  GROUP_DIRECTORY, READING, set_list, FIELD(bases), 0, 0,
	  "Read only computers below this DN (repeatable)" },
	{ "--ldap-filter", NULL, "FILTER", NULL,
	  GROUP_DIRECTORY, READING, set_text, FIELD(ldap_filter), 0, 0,
	  "Read only computers that also match this LDAP filter" },
	{ "--no-policy", NULL, NULL, NULL,
	  GROUP_DIRECTORY, DISCOVER, set_flag, FIELD(no_policy), 0, 0,
	  "Leave Group Policy and SYSVOL (port 445) out of -o directory" },
	{ "--directory", NULL, "FILE", NULL,
	  GROUP_DIRECTORY, SCAN | POLICY, set_file, FIELD(directory), 0, 0,
	  "Use a recorded directory (discover -o directory=FILE) instead of asking one" },
	{ "--what-if", NULL, "CHANGE", NULL,
	  GROUP_DIRECTORY, POLICY, set_list, FIELD(what_if), 0, 0,
	  "Say which rights would change (repeatable): template:GPO=FILE, "
	  "link-off:GPO@DN, link-on:GPO@DN, move:COMPUTER=DN; without a COMPUTER on all" },
	{ "--stale-days", NULL, "N", "60",
	  GROUP_DIRECTORY, READING, set_number, FIELD(stale_days), 0, STALE_DAYS_MAX,
	  "Leave out computers whose last logon and password change are both older "
	  "than N days; 0 keeps all" },
	{ "--include", NULL, "KINDS", NULL,
	  GROUP_DIRECTORY, READING, set_reasons, FIELD(included), 0, 0,
	  "Keep computers that are left out by default: {}" },

	{ "-k", "--kerberos", NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.kerberos), 0, 0,
	  "Use Kerberos with the credential cache; the default when it holds a ticket "
	  "and no user is named" },
	{ "--keytab", NULL, "FILE", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_file, FIELD(credentials.keytab), 0, 0,
	  "Use Kerberos with a keytab; needs --principal" },
	{ "--principal", NULL, "P", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_text, FIELD(credentials.principal), 0, 0,
	  "Use this principal of the keytab, such as scan@CORP.EXAMPLE" },
	{ "-U", "--user", "USER", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_text, FIELD(credentials.user), 0, 0,
	  "Log on as [DOMAIN\\]USER or USER@REALM; the password comes from -A, "
	  "LSASWEEP_PASSWORD, $CREDENTIALS_DIRECTORY/password or a prompt, never from "
	  "an option" },
	{ "-A", "--authentication-file", "FILE", NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_file, FIELD(credentials.auth_file), 0, 0,
	  "Read username=, password= and domain= lines from FILE (smbclient's format); "
	  "[section]s serve user=" },
	{ "--no-ntlm", NULL, NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.no_ntlm), 0, 0,
	  "Use Kerberos only, for literal addresses too" },
	{ "--ntlm-fallback", NULL, NULL, NULL,
	  GROUP_CREDENTIALS, LOGGING_ON, set_flag, FIELD(credentials.ntlm_fallback), 0, 0,
	  "Use NTLM where the KDC does not know the host or no KDC answers; for "
	  "USER@REALM" },

	{ "--insist", NULL, NULL, NULL,
	  GROUP_CREDENTIALS, ASKING, set_flag, FIELD(settings.insist), 0, 0,
	  "Log on by NTLM outside of the credential's domain, too; otherwise such hosts "
	  "are foreign" },
	{ "--canary", NULL, "HOST", NULL,
	  GROUP_CREDENTIALS, SCAN, set_host, FIELD(canary), 0, 0,
	  "Make the first login at HOST, which gives a quick verdict on the password: a "
	  "domain controller" },

	{ "--require-encryption", NULL, NULL, NULL,
	  GROUP_COLLECTION, ASKING, set_flag, FIELD(settings.require_encryption), 0, 0,
	  "Refuse hosts without SMB 3 encryption" },
	{ "--smb", NULL, "VERSION", "2.0.2-3.1.1",
	  GROUP_COLLECTION, ASKING, set_dialects, 0, 0, 0,
	  "Speak only this SMB dialect, or a range of them: {}" },

	{ "--no-version-probe", NULL, NULL, NULL,
	  GROUP_COLLECTION, ASKING, set_flag, FIELD(no_version_probe), 0, 0,
	  "Do not ask hosts for their build by NTLM after a login by Kerberos" },

	{ "-r", "--right", "RIGHTS", "SeImpersonatePrivilege",
	  GROUP_COLLECTION, ASKING, set_rights, FIELD(rights), 0, 0,
	  "Ask for these rights (repeatable): names, patterns or \"all\", separated by "
	  "commas" },

	{ "-c", "--in-flight", "N", "256",
	  GROUP_PERFORMANCE, SCAN, set_number, FIELD(settings.in_flight), 1, SETTINGS_IN_FLIGHT_MAX,
	  "Ask N hosts at the same time" },
	{ "--rate", NULL, "N", NULL,
	  GROUP_PERFORMANCE, SCAN, set_number, FIELD(settings.rate), 1, 1000000,
	  "Open at most N new connections a second" },
	{ "--per-subnet", NULL, "N", NULL,
	  GROUP_PERFORMANCE, SCAN, set_number, FIELD(settings.per_subnet), 1, SETTINGS_IN_FLIGHT_MAX,
	  "Ask at most N hosts of one /24 (IPv6: /64) at the same time" },
	{ "--connect-timeout", NULL, "D", "4s",
	  GROUP_PERFORMANCE, LOGGING_ON, set_duration, FIELD(settings.connect_ms), 1, HOUR,
	  "Limit one TCP connection" },
	{ "--login-timeout", NULL, "D", "30s",
	  GROUP_PERFORMANCE, LOGGING_ON, set_duration, FIELD(settings.login_ms), 1, HOUR,
	  "Limit the answer to one login; Windows may take 10s to refuse one" },
	{ "--timeout", NULL, "D", "10s",
	  GROUP_PERFORMANCE, LOGGING_ON, set_duration, FIELD(settings.request_ms), 1, HOUR,
	  "Limit one request on an open connection" },
	{ "--host-timeout", NULL, "D", "60s",
	  GROUP_PERFORMANCE, ASKING, set_duration, FIELD(settings.host_ms), 1, DAY,
	  "Limit one host, total" },
	{ "--max-runtime", NULL, "D", NULL,
	  GROUP_PERFORMANCE, SCAN, set_duration, FIELD(settings.runtime_ms), 1, WEEK,
	  "Limit the sweep; hosts not asked by then are not_asked" },
	{ "--retries", NULL, "N", "1",
	  GROUP_PERFORMANCE, SCAN, set_number, FIELD(settings.retries), 0, 10,
	  "Try again N times after timeout, disconnected or stalled; never after a "
	  "refused login" },
	{ "--max-logon-failures", NULL, "N", "1",
	  GROUP_PERFORMANCE, SCAN, set_number, FIELD(settings.max_logon_failures), 1, 1000,
	  "Stop the sweep after N refused logins" },

	{ "--journal", NULL, "FILE", NULL,
	  GROUP_JOURNAL, SCAN, set_text, FIELD(journal), 0, 0,
	  "Write what each host reported to FILE, one JSON line per host" },
	{ "--resume", NULL, "FILE", NULL,
	  GROUP_JOURNAL, SCAN, set_text, FIELD(resume), 0, 0,
	  "Continue the journal FILE, or start it: hosts with a final record are not "
	  "asked again, except for new rights or where another account was refused" },
	{ "--retry", NULL, "OUTCOMES", NULL,
	  GROUP_JOURNAL, SCAN, set_outcomes, FIELD(retry), 0, 0,
	  "Ask hosts with these outcomes again, such as timeout,unreachable; needs "
	  "--resume" },

	{ "--baseline", NULL, "NAME|FILE", "microsoft",
	  GROUP_ASSESSMENT, ASSESSING | CHECK, set_baselines, FIELD(baselines), 0, 0,
	  "Compare with this baseline (repeatable; the first decides): {} or a file" },
	{ "--waivers", NULL, "FILE", NULL,
	  GROUP_ASSESSMENT, ASSESSING | CHECK, set_files, FIELD(waivers), 0, 0,
	  "Do not count the findings that FILE waives, each with a reason and its last "
	  "day (repeatable)" },
	{ "-o", "--output", "FORMAT[=FILE]", "text",
	  GROUP_OUTPUT, ASSESSING | DIFF | DISCOVER | POLICY, set_output, FIELD(outputs), 0, 0,
	  "Write a report (repeatable): {}" },
	{ "--full", NULL, NULL, NULL,
	  GROUP_OUTPUT, ASSESSING, set_flag, FIELD(full), 0, 0,
	  "text: print every host and finding, also of more than 50 hosts" },
	{ "--fail-on", NULL, "WHAT", "incomplete",
	  GROUP_ASSESSMENT, ASSESSING | CHECK, set_fail_on, FIELD(fail_on), 0, 0,
	  "Exit with an error code on: {} (violations, too)" },

	{ "-q", "--quiet", NULL, NULL,
	  GROUP_OUTPUT, EVERY, set_flag, FIELD(settings.quiet), 0, 0,
	  "Print errors only: no progress, no notes" },
	{ "-v", "--verbose", NULL, NULL,
	  GROUP_OUTPUT, ASKING, set_flag, FIELD(settings.verbose), 0, 0,
	  "Print every step of every host" },
	{ "--stats-every", NULL, "D", "10s",
	  GROUP_OUTPUT, SCAN, set_duration, FIELD(settings.stats_ms), 100, DAY,
	  "Print a progress line every D when stderr is no terminal" },
	{ "-h", "--help", NULL, NULL,
	  GROUP_MISCELLANEOUS, EVERY, NULL, 0, 0, 0,
	  "Print this help" },
	{ "-V", "--version", NULL, NULL,
	  GROUP_MISCELLANEOUS, EVERY, NULL, 0, 0, 0,
	  "Print name and version" },
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
	return row->set == set_list || row->set == set_baselines ||
	       row->set == set_rights || row->set == set_output;
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
