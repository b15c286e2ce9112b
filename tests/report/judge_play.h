/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_play.h - the rules that judgements are tested with, and hosts of one right.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef REPORT_JUDGE_PLAY_H
#define REPORT_JUDGE_PLAY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/judge/judge.h"

#define DOMAIN  "S-1-5-21-1-2-3"
#define OTHER   "S-1-5-21-9999-8888-7777"
#define MACHINE "S-1-5-21-7-8-9"
#define TODAY   "2026-06-15"
#define FOUR    "S-1-5-19 S-1-5-20 S-1-5-32-544 S-1-5-6"
#define SPOOLER "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229"
#define POOL    "S-1-5-82-1-2-3-4-5"
#define SQL     "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003"

/* The rules the rows are held against, by right. */
static const char rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"test\",\"version\":\"1\","
	"\"source\":\"test\",\"rights\":{"
	"\"SeImpersonatePrivilege\":{\"member_server\":{\"match\":\"exactly\","
	"\"principals\":[\"S-1-5-32-544\",\"S-1-5-6\",\"S-1-5-19\",\"S-1-5-20\"],"
	"\"allow\":[{\"principal\":\"S-1-5-32-568\",\"when\":{\"product\":\"iis\"},"
	"\"reason\":\"Web Server role\"},"
	"{\"principal\":\"" SPOOLER "\",\"when\":{\"min_build\":26100}}]},"
	"\"client\":{\"match\":\"at_most\","
	"\"principals\":[\"S-1-5-32-544\",\"S-1-5-6\",\"S-1-5-19\",\"S-1-5-20\"]}},"
	"\"SeDebugPrivilege\":{\"member_server\":{\"match\":\"at_most\","
	"\"principals\":[\"S-1-5-32-544\"]},"
	"\"domain_controller\":{\"match\":\"exactly\",\"principals\":[\"S-1-5-32-544\"]}}"
	","
	"\"SeTcbPrivilege\":{\"member_server\":{\"match\":\"none\"}},"
	"\"SeBackupPrivilege\":{\"member_server\":{\"match\":\"exactly\","
	"\"principals\":[\"S-1-5-32-544\",\"S-1-5-32-551\"]}},"
	"\"SeLockMemoryPrivilege\":{\"member_server\":{\"match\":\"none\","
	"\"generations\":{"
	"\"20348\":{\"match\":\"at_most\",\"principals\":[\"S-1-5-32-544\"]}}}},"
	"\"SeRelabelPrivilege\":{\"member_server\":{\"generations\":{\"20348\":{"
	"\"match\":\"none\"}}}},"
	"\"SeDenyNetworkLogonRight\":{\"member_server\":{\"match\":\"at_least\","
	"\"principals\":[\"S-1-5-32-546\"],\"domain_joined\":[\"DOMAIN-512\","
	"\"DOMAIN-519\"],\"any_of\":[[\"S-1-5-113\",\"S-1-5-114\"]]},"
	"\"standalone_server\":{\"match\":\"at_least\",\"principals\":["
	"\"S-1-5-32-546\"],\"domain_joined\":[\"DOMAIN-512\"]}},"
	"\"SeDenyBatchLogonRight\":{\"member_server\":{\"match\":\"exactly\","
	"\"principals\":[\"MACHINE-501\"]}},"
	"\"SeServiceLogonRight\":{\"member_server\":{\"match\":\"none\",\"allow\":["
	"{\"principal\":\"S-1-5-82-*\"},"
	"{\"principal\":\"CORP\\\\svc-*\",\"when\":{\"tag\":\"apps\"}}]}}},"
	"\"waivers\":["
	"{\"host\":\"srv*\",\"right\":\"SeDebug*\",\"principal\":\"CORP\\\\old\","
	"\"reason\":\"CHG-0\",\"owner\":\"ops\",\"expires\":\"2026-06-14\"},"
	"{\"host\":\"SRV*\",\"right\":\"SeTcbPrivilege\",\"principal\":\"CORP\\\\svc\","
	"\"reason\":\"CHG-1\",\"expires\":\"2026-06-15\"},"
	"{\"host\":\"other\",\"right\":\"*\",\"principal\":\"S-1-1-0\","
	"\"reason\":\"CHG-2\",\"expires\":\"2030-01-01\"},"
	"{\"host\":\"*\",\"right\":\"SeBackupPrivilege\",\"principal\":\"S-1-5-32-551\","
	"\"reason\":\"CHG-3\",\"expires\":\"2030-01-01\"}]}";

/* A host with one right; `holders` is "SID[=NAME] ...", `found` is what must come out:
 * "LABEL SID finding-id severity", missing ones behind holders. */
struct row {
	const char *name;
	enum role role;
	const char *os; /* NULL: not told */
	const char *tag;
	const char *right;
	enum right_outcome outcome;
	const char *holders;
	enum verdict verdict;
	enum finding_kind kind;
	enum right_state state;
	bool suspect;
	const char *found;
};

#define MEMBER ROLE_MEMBER_SERVER
#define WS2022 "10.0.20348"
#define SAMBA  "6.1.0"
#define HELD   RIGHT_HELD

static inline struct baseline *load_rules(void)
{
	char why[500] = "";
	struct baseline *b = baseline_parse("test", rules, sizeof(rules) - 1, why,
					    sizeof(why));

	if (!b)
		fail_msg("%s", why);
	return b;
}

/* "SID=NAME" words; an `!` behind a SID is an account that was deleted, a `?` one that
 * the host could not resolve. */
static inline void put_holders(struct facts *f, struct right_fact *right,
			       const char *words)
{
	right->holders = facts_take(f, 10, sizeof(*right->holders));
	while (*words) {
		size_t len = strcspn(words, " ");
		char *word = (char *)(uintptr_t)facts_text_len(f, words, len);
		char *name = strchr(word, '=');
		struct holder *h = &right->holders[right->holder_count++];

		if (name)
			*name++ = '\0';
		h->sid = word;
		h->name = name;
		if (word[strlen(word) - 1] == '!') {
			word[strlen(word) - 1] = '\0';
			h->kind = KIND_DELETED;
		} else if (word[strlen(word) - 1] == '?') {
			word[strlen(word) - 1] = '\0';
			h->kind = KIND_UNKNOWN;
		}
		words += len;
		words += strspn(words, " ");
	}
}

static inline void fill(struct facts *f, const struct row *row)
{
	const char **tags = NULL;

	facts_init(f);
	tags = facts_take(f, 1, sizeof(*tags));
	f->host = "srv1";
	f->outcome = HOST_ANSWERED;
	f->role = row->role;
	f->os_version = row->os;
	f->domain_sid = row->role == ROLE_STANDALONE_SERVER ? NULL : DOMAIN;
	f->machine_sid = row->role == ROLE_DOMAIN_CONTROLLER ? DOMAIN : MACHINE;
	f->tags = tags;
	tags[0] = row->tag;
	f->tag_count = row->tag != NULL;
	f->rights = facts_take(f, 1, sizeof(*f->rights));
	f->right_count = 1;
	f->rights[0].name = row->right;
	f->rights[0].outcome = row->outcome;
	put_holders(f, &f->rights[0], row->holders);
}

#endif
