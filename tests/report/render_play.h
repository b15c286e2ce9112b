/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render_play.h - a few hosts, two baselines, and what a format writes of them.
 *
 * The cast: one host a case, each named after it.  play() judges, adds up and renders as
 * report_make() does, but into memory.
 */
#ifndef TESTS_REPORT_RENDER_PLAY_H
#define TESTS_REPORT_RENDER_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/files/memory_stream.h"
#include "report/render/render.h"

#define PLAY_TODAY  "2026-06-15"
#define PLAY_DOMAIN "S-1-5-21-1-2-3"
#define PLAY_DEBUG  "SeDebugPrivilege"

enum { PLAY_HOSTS_MAX = 16, PLAY_RIGHTS_MAX = 2 };

/* SeDebugPrivilege, which has no holders that Windows never removes. */
static const char play_rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"rules\",\"version\":\"7\","
	"\"source\":\"the test\",\"rights\":{\"SeDebugPrivilege\":{"
	"\"member_server\":{\"match\":\"exactly\",\"rule\":\"2.2.16\","
	"\"principals\":[\"S-1-5-32-544\"],\"domain_joined\":[\"DOMAIN-512\"],"
	"\"any_of\":[[\"S-1-5-6\",\"S-1-5-20\"]],\"allow\":[{\"principal\":"
	"\"S-1-5-32-568\",\"reason\":\"the IIS role\",\"when\":{\"tag\":\"iis\"}}]},"
	"\"domain_controller\":{\"match\":\"at_least\",\"principals\":"
	"[\"S-1-5-32-544\",\"MACHINE-500\"]}}},"
	"\"waivers\":[{\"host\":\"*\",\"right\":\"*\",\"principal\":\"CORP\\\\ok\","
	"\"reason\":\"CHG-1\",\"expires\":\"2026-12-31\"}]}";

static const char play_other_rules[] =
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"lenient\",\"version\":\"1\","
	"\"source\":\"the test\",\"rights\":{\"SeDebugPrivilege\":{\"member_server\":"
	"{\"match\":\"at_least\",\"principals\":[\"S-1-5-32-544\"]}}}}";

/* One host and its right; `extra` holds it beside those that the rules want. */
struct play_host {
	const char *name;
	enum role role;
	enum host_outcome outcome;
	enum right_outcome right;
	bool lacks; /* those whom the rules want */
	struct holder extra[2];
	const char *conflict;
	uint16_t port; /* 0: 445 */
	const char *tags[2];
};

#define PLAY_SVC                                                \
	{                                                       \
		PLAY_DOMAIN "-1105", "CORP\\svc-web", KIND_USER \
	}
#define PLAY_OK                                            \
	{                                                  \
		PLAY_DOMAIN "-1106", "CORP\\ok", KIND_USER \
	}
#define PLAY_FORMULA                                                 \
	{                                                            \
		PLAY_DOMAIN "-1107", "=cmd|' /C calc'!A0", KIND_USER \
	}
#define PLAY_EVERYONE                                  \
	{                                              \
		"S-1-1-0", "Everyone", KIND_WELL_KNOWN \
	}
#define PLAY_IIS                                                 \
	{                                                        \
		"S-1-5-32-568", "BUILTIN\\IIS_IUSRS", KIND_ALIAS \
	}

static const struct play_host play_cast[] = {
	{ "compliant", ROLE_MEMBER_SERVER, .right = RIGHT_HELD },
	{ "conflict", ROLE_MEMBER_SERVER, .right = RIGHT_HELD,
	  .conflict = "two sources, two roles", .extra = { PLAY_SVC } },
	{ "denied", ROLE_MEMBER_SERVER, .right = RIGHT_DENIED },
	{ "failed", ROLE_MEMBER_SERVER, .right = RIGHT_FAILED },
	{ "formula", ROLE_MEMBER_SERVER, .right = RIGHT_HELD, .port = 4455,
	  .extra = { PLAY_FORMULA }, .tags = { "=1+1", "|x" } },
	{ "iis", ROLE_MEMBER_SERVER, .right = RIGHT_HELD, .extra = { PLAY_IIS },
	  .tags = { "iis" } },
	{ "lacks", ROLE_MEMBER_SERVER, .right = RIGHT_HELD, .lacks = true,
	  .extra = { PLAY_SVC } },
	{ "pc", ROLE_CLIENT, .right = RIGHT_HELD },
	{ "dc", ROLE_DOMAIN_CONTROLLER, .right = RIGHT_HELD, .lacks = true,
	  .extra = { PLAY_EVERYONE } },
	{ "silent", ROLE_UNKNOWN, .outcome = HOST_TIMEOUT },
	{ "waived", ROLE_MEMBER_SERVER, .right = RIGHT_HELD, .extra = { PLAY_OK } },
	{ "worst", ROLE_MEMBER_SERVER, .right = RIGHT_HELD,
	  .extra = { PLAY_EVERYONE, PLAY_SVC } },
};

enum { PLAY_CAST = sizeof(play_cast) / sizeof(play_cast[0]) };

struct play {
	struct baseline *rules, *other; /* `other` may be NULL */
	struct facts hosts[PLAY_HOSTS_MAX];
	struct right_fact rights[PLAY_HOSTS_MAX];
	struct holder holders[PLAY_HOSTS_MAX][8];
	size_t host_count;
	struct journal_info journal;
	size_t unrecorded;
	bool colour;
	enum role role; /* of a format of one file a role */
	size_t length;  /* of what the last one wrote */
	enum rendering_fault fault;
};

static struct baseline *play_baseline(const char *text)
{
	char why[300] = "";
	struct baseline *b = baseline_parse("t", text, strlen(text), why, sizeof(why));

	if (!b)
		fail_msg("%s", why);
	return b;
}

static size_t play_holders(const struct play_host *p, struct holder *list)
{
	static const struct holder wanted[] = {
		{ "S-1-5-32-544", "BUILTIN\\Administrators", KIND_ALIAS },
		{ PLAY_DOMAIN "-512", "CORP\\Domain Admins", KIND_GROUP },
		{ "S-1-5-6", "NT AUTHORITY\\SERVICE", KIND_WELL_KNOWN },
	};
	size_t count = 0;

	if (p->right != RIGHT_HELD)
		return 0;
	for (size_t i = 0; !p->lacks && i < 3; i++)
		list[count++] = wanted[i];
	for (size_t i = 0; i < 2 && p->extra[i].sid; i++)
		list[count++] = p->extra[i];
	return count;
}

static void play_add(struct play *p, const struct play_host *host)
{
	size_t n = p->host_count++;
	struct facts *f = &p->hosts[n];
	struct right_fact *right = &p->rights[n];

	assert_true(n < PLAY_HOSTS_MAX);
	*right = (struct right_fact){ .name = PLAY_DEBUG,
				      .outcome = host->right,
				      .holders = p->holders[n],
				      .holder_count = play_holders(host, p->holders[n]) };
	if (host->right == RIGHT_DENIED || host->right == RIGHT_FAILED)
		right->error = (struct fact_error){ .step = "ask",
						    .code = "STATUS_ACCESS_DENIED",
						    .text = "no",
						    .has_value = true,
						    .value = 0xC0000022 };
	*f = (struct facts){ .host = host->name,
			     .port = host->port ? host->port : 445,
			     .outcome = host->outcome,
			     .role = host->role,
			     .conflict = host->conflict,
			     .tags = (const char **)host->tags,
			     .tag_count = !!host->tags[0] + (size_t) !!host->tags[1],
			     .timestamp = "2026-01-02T03:04:05.678Z",
			     .sweep = "sweep-1" };
	if (host->outcome != HOST_ANSWERED) {
		f->error = (struct fact_error){ .step = "connect", .text = "no answer" };
		return;
	}
	f->os_version = "10.0.20348";
	f->domain_sid = PLAY_DOMAIN;
	f->machine_sid = "S-1-5-21-7-7-7";
	f->dns_domain = "corp.example";
	f->policy_known = f->policy_domain_joined = true;
	f->rights = right;
	f->right_count = 1;
}

static int play_set_up(void **state)
{
	struct play *p = calloc(1, sizeof(*p));

	*state = p;
	p->rules = play_baseline(play_rules);
	p->journal = (struct journal_info){ .sweep = "sweep-1",
					    .started = "2026-01-02T03:00:00.000Z",
					    .finished = "2026-01-02T03:10:00.500Z",
					    .version = "0.1.0",
					    .journals = 1 };
	for (size_t i = 0; i < PLAY_CAST; i++)
		play_add(p, &play_cast[i]);
	return 0;
}

static int play_tear_down(void **state)
{
	struct play *p = *state;

	baseline_free(p->rules);
	baseline_free(p->other);
	free(p);
	return 0;
}

static void play_judge(const struct play *p, const struct baseline *b, size_t host,
		       struct judgement *j)
{
	assert_true(judge_host(j, &p->hosts[host], b, PLAY_TODAY));
}

static struct scorecard *play_score(const struct play *p, const struct baseline *b)
{
	struct scorecard *s = scorecard_new(b);
	struct judgement j;

	judgement_init(&j);
	for (size_t i = 0; i < p->host_count; i++) {
		play_judge(p, b, i, &j);
		assert_true(scorecard_add(s, &j));
	}
	scorecard_finish(s);
	judgement_free(&j);
	return s;
}

static void play_each_host(const struct play *p, const struct renderer *renderer,
			   struct rendering *r)
{
	struct judgement j[2];

	judgement_init(&j[0]);
	judgement_init(&j[1]);
	for (size_t i = 0; renderer->host && i < p->host_count; i++) {
		play_judge(p, p->rules, i, &j[0]);
		if (p->other)
			play_judge(p, p->other, i, &j[1]);
		renderer->host(r, &j[0], &j[1]);
	}
	judgement_free(&j[0]);
	judgement_free(&j[1]);
}

/* What the format writes; free() it. */
static char *play(struct play *p, const char *format)
{
	const struct renderer *renderer = renderer_find(format);
	struct scorecard *score = play_score(p, p->rules);
	struct scorecard *other = p->other ? play_score(p, p->other) : NULL;
	struct render_context about = { .journal = &p->journal,
					.score = score,
					.compared = &other,
					.compared_count = other ? 1 : 0,
					.unrecorded = p->unrecorded };
	struct memory_stream text;
	struct rendering r = { .about = &about, .colour = p->colour, .role = p->role };

	assert_non_null(renderer);
	assert_true(memory_stream_open(&text));
	r.out = text.out;
	r.state = calloc(1, renderer->state_size + 1);
	if (renderer->begin)
		renderer->begin(&r);
	play_each_host(p, renderer, &r);
	if (renderer->end)
		renderer->end(&r);
	if (renderer->release)
		renderer->release(r.state);
	free(r.state);
	scorecard_free(score);
	scorecard_free(other);
	p->fault = r.fault;
	memory_stream_close(&text);
	p->length = text.length;
	return text.text;
}

/* The line (without its end) that has `word` in it, of those that begin with `begin`;
 * free() it. */
static inline char *play_line(const char *text, const char *begin, const char *word)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		char *copy = strndup(line, strcspn(line, "\n"));

		if (strncmp(copy, begin, strlen(begin)) == 0 && strstr(copy, word))
			return copy;
		free(copy);
		if (!line[strcspn(line, "\n")])
			break;
	}
	fail_msg("no line \"%s...%s\" in:\n%s", begin, word, text);
	return NULL;
}

static inline void play_has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static inline void play_has_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("\"%s\" is in:\n%s", words, text);
}

static inline size_t play_count(const char *text, const char *words)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, words)); at += strlen(words))
		n++;
	return n;
}

#define PLAY_TEST(name) cmocka_unit_test_setup_teardown(name, play_set_up, play_tear_down)

#endif
