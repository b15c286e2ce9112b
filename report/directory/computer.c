/* SPDX-License-Identifier: Apache-2.0 */
/* Sorting of computer accounts: each reason is one predicate, the table has their order.
 */
#include "report/directory/computer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DAY = 86400, MINUTE = 60 };
/* A computer that is joined sets its password within this long of its account. */
enum { PRESTAGED_WINDOW = 10 * MINUTE };

static bool begins_with(const char *text, const char *start)
{
	return text && strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_disabled(const struct directory_computer *c)
{
	return c->account_control_known && c->account_control & ACCOUNT_DISABLED;
}

/* pwdLastSet of an account that no machine used is the time it was made, or never. */
static bool is_prestaged(const struct directory_computer *c)
{
	int64_t apart = c->password_set - c->created;

	if (c->last_logon > 0 || (c->os && *c->os))
		return false;
	if (c->password_set == TIME_NEVER)
		return true;
	return c->password_set > 0 && c->created > 0 && apart <= PRESTAGED_WINDOW &&
	       apart >= -PRESTAGED_WINDOW;
}

/* What is not known to be old keeps a computer in scope; a logon that never was is as old
 * as the account. */
static bool is_stale(const struct directory_computer *c,
		     const struct computer_rules *rules)
{
	int64_t limit = rules->now - (int64_t)rules->stale_days * DAY;

	return rules->stale_days > 0 && c->last_logon < limit &&
	       c->password_set != TIME_NOT_GIVEN && c->password_set < limit &&
	       c->created != TIME_NOT_GIVEN && c->created < limit;
}

/* The account of seamless single sign-on, and the read-only controller that Entra
 * Kerberos keeps among the domain controllers. */
static bool is_entra(const struct directory_computer *c)
{
	if (!c->account)
		return false;
	return strcasecmp(c->account, "AZUREADSSOACC$") == 0 ||
	       (strcasecmp(c->account, "AzureADKerberos$") == 0 && !c->dns_name) ||
	       (strcasecmp(c->account, "AzureADKerberos") == 0 && !c->dns_name);
}

static bool is_not_windows(const struct directory_computer *c)
{
	return c->os && *c->os && !begins_with(c->os, "windows") &&
	       !begins_with(c->os, "hyper-v server");
}

computer_reasons computer_reasons_of(const struct directory_computer *c,
				     const struct computer_rules *rules)
{
	char name[COMPUTER_NAME_MAX];
	bool guessed;
	const bool found[COMPUTER_REASON_COUNT] = {
		[COMPUTER_DISABLED] = is_disabled(c),
		[COMPUTER_PRESTAGED] = is_prestaged(c),
		[COMPUTER_STALE] = is_stale(c, rules),
		[COMPUTER_CLUSTER] = c->cluster_name,
		[COMPUTER_ENTRA] = is_entra(c),
		[COMPUTER_SERVICE_ACCOUNT] = c->service_account,
		[COMPUTER_NOT_WINDOWS] = is_not_windows(c),
		[COMPUTER_NO_NAME] = !computer_host_name(c, name, &guessed),
	};
	computer_reasons reasons = 0;

	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		if (found[i])
			reasons |= COMPUTER_REASON_BIT(i);
	return reasons;
}

bool computer_left_out(computer_reasons reasons, const struct computer_rules *rules,
		       enum computer_reason *reason)
{
	computer_reasons left = reasons & ~rules->included;

	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		if (left & COMPUTER_REASON_BIT(i)) {
			*reason = (enum computer_reason)i;
			return true;
		}
	return false;
}

/* ---- its name ---- */

/* Letters beyond ASCII occur in names and resolve where DNS has them. */
static bool is_host_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= COMPUTER_NAME_MAX || name[0] == '.' || name[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c < 0x80 && !isalnum(c) && c != '-' && c != '_' && c != '.')
			return false;
		if (c == '.' && name[i + 1] == '.')
			return false;
	}
	return true;
}

bool computer_host_name(const struct directory_computer *c, char name[COMPUTER_NAME_MAX],
			bool *guessed)
{
	size_t len;
	int written;

	*guessed = !c->dns_name || !*c->dns_name;
	if (!*guessed) {
		len = strlen(c->dns_name);
		if (len >= COMPUTER_NAME_MAX)
			return false;
		memcpy(name, c->dns_name, len + 1);
		written = (int)len;
	} else {
		if (!c->account || !*c->account)
			return false;
		len = strlen(c->account);
		if (c->account[len - 1] == '$')
			len--;
		written = snprintf(name, COMPUTER_NAME_MAX, "%.*s.%s", (int)len,
				   c->account, c->domain);
	}
	if (written <= 0 || written >= COMPUTER_NAME_MAX)
		return false;
	if (name[written - 1] == '.')
		name[written - 1] = '\0';
	return is_host_name(name);
}

/* ---- what it suggests ---- */

bool computer_is_controller(const struct directory_computer *c)
{
	return (c->account_control_known &&
		c->account_control & (ACCOUNT_SERVER_TRUST | ACCOUNT_PARTIAL_SECRETS)) ||
	       c->primary_group == GROUP_DOMAIN_CONTROLLERS ||
	       c->primary_group == GROUP_READ_ONLY_CONTROLLERS;
}

bool computer_role_hint(const struct directory_computer *c, enum role *role)
{
	if (computer_is_controller(c))
		*role = ROLE_DOMAIN_CONTROLLER;
	else if (begins_with(c->os, "hyper-v server") ||
		 (begins_with(c->os, "windows") && strcasestr(c->os, "server")))
		*role = ROLE_MEMBER_SERVER;
	else if (begins_with(c->os, "windows"))
		*role = ROLE_CLIENT;
	else
		return false;
	return true;
}

bool computer_build(const struct directory_computer *c, char *version, size_t size)
{
	unsigned major, minor, build;
	int end = 0;

	if (!c->os_version ||
	    sscanf(c->os_version, "%4u.%4u (%6u)%n", &major, &minor, &build, &end) != 3 ||
	    !end || c->os_version[end])
		return false;
	return (size_t)snprintf(version, size, "%u.%u.%u", major, minor, build) < size;
}

/* ---- words ---- */

static const struct {
	const char *word;
	bool may_be_included;
} reasons_table[] = {
#define X(constant, word, sentence, may) [constant] = { word, may },
	COMPUTER_REASONS(X)
#undef X
};

const char *computer_reason_word(enum computer_reason r)
{
	return (unsigned)r < COMPUTER_REASON_COUNT ? reasons_table[r].word : "unknown";
}

static bool same_word(const char *typed, size_t len, const char *word)
{
	if (strlen(word) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (typed[i] != word[i] && !(typed[i] == '-' && word[i] == '_'))
			return false;
	return true;
}

static bool parse_one(const char *word, size_t len, computer_reasons *included)
{
	bool all = same_word(word, len, "all"), found = all;

	for (int i = 0; i < COMPUTER_REASON_COUNT; i++) {
		if (!reasons_table[i].may_be_included)
			continue;
		if (all || same_word(word, len, reasons_table[i].word)) {
			*included |= COMPUTER_REASON_BIT(i);
			found = true;
		}
	}
	return found;
}

static void refuse(const char *word, size_t len, char *why, size_t why_size)
{
	int n = snprintf(why, why_size, "\"%.*s\": expected", (int)(len > 60 ? 60 : len),
			 word);

	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		if (reasons_table[i].may_be_included && n > 0 && (size_t)n < why_size)
			n += snprintf(why + n, why_size - (size_t)n, " %s,",
				      reasons_table[i].word);
	if (n > 0 && (size_t)n < why_size)
		snprintf(why + n - 1, why_size - (size_t)n + 1, " or all");
}

bool computer_reasons_parse(const char *text, computer_reasons *included, char *why,
			    size_t why_size)
{
	computer_reasons set = 0;

	for (const char *word = text;; word++) {
		size_t len = strcspn(word, ",");

		if (!parse_one(word, len, &set)) {
			refuse(word, len, why, why_size);
			return false;
		}
		word += len;
		if (!*word)
			break;
	}
	*included |= set;
	return true;
}
