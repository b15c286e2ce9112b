/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_drift.c - what changed between two sweeps, and what is no change.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/judge/drift.h"

#define A          "S-1-5-32-544", "BUILTIN\\\\Administrators"
#define B          "S-1-5-21-1-2-3-1601", "CORP\\\\svc-web"
#define RIGHT(...) "{\"SeImpersonatePrivilege\":" __VA_ARGS__ "}"
#define HELD(...)  "{\"outcome\":\"held\",\"holders\":[" __VA_ARGS__ "]}"
#define NOBODY     "{\"outcome\":\"nobody\",\"holders\":[]}"
#define DENIED                                                                         \
	"{\"outcome\":\"denied\",\"holders\":[],\"error\":{\"step\":\"ask\",\"code\":" \
	"\"STATUS_ACCESS_DENIED\",\"value\":\"0xC0000022\",\"text\":\"no\"}}"
#define WHO_(sid, name) "{\"sid\":\"" sid "\",\"name\":\"" name "\",\"kind\":\"alias\"}"
#define WHO(who)        WHO_(who)

/* A journal under construction. */
struct sweep {
	char path[40];
	FILE *file;
};

static void sweep_begin(struct sweep *s)
{
	strcpy(s->path, "/tmp/lsasweep-drift.XXXXXX");
	s->file = fdopen(mkstemp(s->path), "w");
	assert_non_null(s->file);
	fputs("{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"started\":"
	      "\"2026-01-02T03:00:00.000Z\"}\n",
	      s->file);
}

static void sweep_host(struct sweep *s, const char *host, const char *role,
		       const char *outcome, const char *rights)
{
	fprintf(s->file,
		"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","
		"\"sweep\":\"s\",\"host\":\"%s\",\"port\":445,\"address\":null,\"tags\":["
		"],"
		"\"outcome\":\"%s\",\"step\":\"close\",\"error\":null,\"attempts\":1,"
		"\"role\":{\"value\":\"%s\",\"evidence\":\"dssetup\",\"conflict\":null},"
		"\"machine\":null,\"smb\":null,\"rights\":%s,\"timing_ms\":{}}\n",
		host, outcome, role, rights);
}

static struct journal_set *sweep_end(struct sweep *s)
{
	const char *path = s->path;
	char why[300] = "";
	struct journal_set *set;

	fclose(s->file);
	set = journal_set_open(&path, 1, NULL, NULL, why, sizeof(why));
	if (!set)
		fail_msg("%s", why);
	unlink(s->path);
	return set;
}

/* Compares `old` and `new` and expects this text or JSON. */
static void expect(struct sweep *old, struct sweep *new, enum drift_format format,
		   bool changes, const char *wanted)
{
	struct journal_set *before = sweep_end(old), *after = sweep_end(new);
	char *got = NULL, why[300];
	bool changed = !changes;
	size_t length = 0;
	FILE *out = open_memstream(&got, &length);

	assert_true(drift_report(before, after, format, false, out, &changed, why,
				 sizeof(why)));
	fclose(out);
	assert_string_equal(got, wanted);
	assert_int_equal(changed, changes);
	free(got);
	journal_set_free(before);
	journal_set_free(after);
}

static void the_same_facts_are_no_change(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "srv1", "member_server", "answered",
		   RIGHT(HELD(WHO(A) "," WHO(B))));
	sweep_host(&new, "SRV1", "member_server", "answered",
		   RIGHT(HELD(WHO(B) "," WHO(A))));
	expect(&old, &new, DRIFT_TEXT, false,
	       "1 host before, 1 after, 1 in both\nno change\n");
}

static void a_holder_that_is_told_twice_is_one(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "twice", "member_server", "answered",
		   RIGHT(HELD(WHO(A) "," WHO(B) "," WHO(A))));
	sweep_host(&new, "twice", "member_server", "answered",
		   RIGHT(HELD(WHO(B) "," WHO(A) "," WHO(B) "," WHO(B))));
	expect(&old, &new, DRIFT_TEXT, false,
	       "1 host before, 1 after, 1 in both\nno change\n");
}

static void gains_and_losses_name_host_right_and_principal(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "a", "client", "answered", RIGHT(HELD(WHO(A))));
	sweep_host(&new, "a", "client", "answered", RIGHT(HELD(WHO(B))));
	sweep_host(&old, "b", "domain_controller", "answered", RIGHT(HELD(WHO(A))));
	sweep_host(&new, "b", "domain_controller", "answered", RIGHT(NOBODY));
	expect(&old, &new, DRIFT_TEXT, true,
	       "a (client)\n"
	       "  + gained SeImpersonatePrivilege CORP\\svc-web\n"
	       "      S-1-5-21-1-2-3-1601\n"
	       "  - lost SeImpersonatePrivilege BUILTIN\\Administrators\n"
	       "      S-1-5-32-544\n"
	       "\n"
	       "b (domain controller)\n"
	       "  - lost SeImpersonatePrivilege BUILTIN\\Administrators\n"
	       "      S-1-5-32-544\n"
	       "\n"
	       "2 hosts before, 2 after, 2 in both\n"
	       "     1 holders gained\n"
	       "     2 holders lost\n");
}

static void what_is_no_longer_told_is_not_lost(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "a", "client", "answered", RIGHT(HELD(WHO(A))));
	sweep_host(&new, "a", "client", "answered", RIGHT(DENIED));
	sweep_host(&old, "b", "client", "answered", RIGHT(HELD(WHO(A))));
	sweep_host(&new, "b", "unknown", "timeout", "{}");
	sweep_host(&old, "c", "client", "answered", RIGHT(DENIED));
	sweep_host(&new, "c", "client", "answered", RIGHT(HELD(WHO(A))));
	expect(&old, &new, DRIFT_TEXT, true,
	       "a (client)\n"
	       "  ? became_unreadable SeImpersonatePrivilege: held -> denied\n"
	       "\n"
	       "b (client)\n"
	       "  ? became_unreadable: answered -> timeout\n"
	       "\n"
	       "c (client)\n"
	       "  ! became_readable SeImpersonatePrivilege: denied -> held\n"
	       "\n"
	       "3 hosts before, 3 after, 3 in both\n"
	       "     2 answers no longer given\n"
	       "     1 answers given for the first time\n");
}

static void hosts_and_roles_come_and_go(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "a", "client", "answered", "{}");
	sweep_host(&new, "b", "client", "answered", "{}");
	sweep_host(&old, "c", "member_server", "answered", "{}");
	sweep_host(&new, "c", "domain_controller", "answered", RIGHT(NOBODY));
	expect(&old, &new, DRIFT_JSON, true,
	       "{\"schema\":\"lsasweep.diff/1\",\n"
	       " \"old\":{\"id\":\"s\",\"started\":\"2026-01-02T03:00:00.000Z\","
	       "\"finished\":null,\"hosts\":2},\n"
	       " \"new\":{\"id\":\"s\",\"started\":\"2026-01-02T03:00:00.000Z\","
	       "\"finished\":null,\"hosts\":2},\n"
	       " \"changes\":[\n"
	       "  "
	       "{\"change\":\"host_gone\",\"host\":\"a\",\"port\":445,\"role\":"
	       "\"client\","
	       "\"before\":\"answered\"},\n"
	       "  "
	       "{\"change\":\"host_new\",\"host\":\"b\",\"port\":445,\"role\":\"client\","
	       "\"after\":\"answered\"},\n"
	       "  {\"change\":\"role_changed\",\"host\":\"c\",\"port\":445,"
	       "\"role\":\"domain_controller\",\"before\":\"member_server\","
	       "\"after\":\"domain_controller\"}\n"
	       " ],\n"
	       " \"summary\":{\"hosts_compared\":1,\"rights_not_compared\":1,"
	       "\"changes\":3,\"gained\":0,\"lost\":0,\"host_new\":1,\"host_gone\":1,"
	       "\"became_unreadable\":0,\"became_readable\":0,\"role_changed\":1}}\n");
}

static void hostile_names_are_harmless(void **state)
{
	struct sweep old, new;

	(void)state;
	sweep_begin(&old);
	sweep_begin(&new);
	sweep_host(&old, "a\\u001b[31m", "client", "answered", RIGHT(NOBODY));
	sweep_host(&new, "a\\u001b[31m", "client", "answered",
		   RIGHT(HELD(WHO_("S-1-5-21-9", "\\u202e\\n+ gained"))));
	expect(&old, &new, DRIFT_TEXT, true,
	       "a<U+001B>[31m (client)\n"
	       "  + gained SeImpersonatePrivilege <U+202E><U+000A>+ gained\n"
	       "      S-1-5-21-9\n"
	       "\n"
	       "1 host before, 1 after, 1 in both\n"
	       "     1 holders gained\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_facts_are_no_change),
		cmocka_unit_test(a_holder_that_is_told_twice_is_one),
		cmocka_unit_test(gains_and_losses_name_host_right_and_principal),
		cmocka_unit_test(what_is_no_longer_told_is_not_lost),
		cmocka_unit_test(hosts_and_roles_come_and_go),
		cmocka_unit_test(hostile_names_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
