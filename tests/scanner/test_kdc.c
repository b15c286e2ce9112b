/* SPDX-License-Identifier: Apache-2.0 */
/* What krb5.conf may call a KDC, and what one connection does with a reply. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/kdc/kdc_internal.h"

static const struct {
	const char *text, *host; /* NULL: cannot be asked */
	unsigned port;
	bool tcp, udp;
} names[] = {
	{ "dc1.corp.example", "dc1.corp.example", 88, true, true },
	{ "dc1.corp.example:750", "dc1.corp.example", 750, true, true },
	{ "tcp/dc1.corp.example", "dc1.corp.example", 88, true, false },
	{ "udp/dc1.corp.example:88", "dc1.corp.example", 88, false, true },
	{ "10.0.0.1:1", "10.0.0.1", 1, true, true },
	{ "2001:db8::1", "2001:db8::1", 88, true, true },
	{ "[2001:db8::1]", "2001:db8::1", 88, true, true },
	{ "tcp/[2001:db8::1]:65535", "2001:db8::1", 65535, true, false },
	{ "https://proxy.corp.example/KdcProxy", NULL, 0, false, false },
	{ "http/proxy.corp.example", NULL, 0, false, false },
	{ "/run/kdc.socket", NULL, 0, false, false },
	{ "dc1.corp.example:0", NULL, 0, false, false },
	{ "dc1.corp.example:65536", NULL, 0, false, false },
	{ "dc1.corp.example:kerberos", NULL, 0, false, false },
	{ "dc1.corp.example:", NULL, 0, false, false },
	{ "dc1.corp.example:-1", NULL, 0, false, false },
	{ "[2001:db8::1", NULL, 0, false, false },
	{ "[2001:db8::1]88", NULL, 0, false, false },
	{ "[]:88", NULL, 0, false, false },
	{ ":88", NULL, 0, false, false },
	{ "tcp/", NULL, 0, false, false },
	{ "", NULL, 0, false, false },
	{ "dc1 dc2", NULL, 0, false, false },
};

static void names_of_krb5_conf_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct kdc_name found = { .host = "" };
		bool good = kdc_name_parse(names[i].text, &found);

		if (good != (names[i].host != NULL))
			fail_msg("\"%s\"", names[i].text);
		if (!good)
			continue;
		assert_string_equal(found.host, names[i].host);
		assert_int_equal(found.port, names[i].port);
		assert_int_equal(found.tcp, names[i].tcp);
		assert_int_equal(found.udp, names[i].udp);
	}
}

static void a_name_that_is_too_long_is_refused(void **state)
{
	struct kdc_name found;
	char text[300];

	(void)state;
	memset(text, 'a', sizeof text);
	text[256] = '\0';
	assert_false(kdc_name_parse(text, &found));
	text[255] = '\0';
	assert_true(kdc_name_parse(text, &found));
}

/* ---- one request on a connection whose reply stands there already ---- */

struct pair {
	int ours, theirs;
};

static struct pair connected(const void *reply, size_t len)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	assert_int_equal(write(ends[1], reply, len), (ssize_t)len);
	return (struct pair){ ends[0], ends[1] };
}

static enum kdc_talk talk(const void *said, size_t len, bool end, struct bytes *reply)
{
	static const uint8_t request[] = "request";
	struct pair p = connected(said, len);
	enum kdc_talk outcome;
	uint8_t sent[4 + sizeof request];

	if (end)
		shutdown(p.theirs, SHUT_WR);
	outcome = kdc_talk(p.ours, false, (struct bytes){ request, sizeof request },
			   end ? 60000 : 0, reply);
	assert_int_equal(read(p.theirs, sent, sizeof sent), sizeof sent);
	assert_memory_equal(sent, "\0\0\0\x08request", sizeof sent);
	close(p.ours);
	close(p.theirs);
	return outcome;
}

static void a_reply_stands_behind_its_length(void **state)
{
	struct bytes reply = { 0 };

	(void)state;
	assert_int_equal(talk("\0\0\0\5hello", 9, true, &reply), KDC_TALK_DONE);
	assert_int_equal(reply.len, 5);
	assert_memory_equal(reply.at, "hello", 5);
	free((void *)(uintptr_t)reply.at);
}

static void a_reply_that_is_cut_or_too_long_is_none(void **state)
{
	struct bytes reply = { 0 };

	(void)state;
	assert_int_equal(talk("", 0, true, &reply), KDC_TALK_SILENT);
	assert_int_equal(talk("\0\0\0", 3, true, &reply), KDC_TALK_SILENT);
	assert_int_equal(talk("\0\0\0\5hell", 8, true, &reply), KDC_TALK_SILENT);
	assert_int_equal(talk("\0\0\0\0", 4, true, &reply), KDC_TALK_SILENT);
	assert_int_equal(talk("\0\4\0\1hello", 9, true, &reply), KDC_TALK_SILENT);
	assert_int_equal(talk("\xff\xff\xff\xffhello", 9, true, &reply), KDC_TALK_SILENT);
	assert_null(reply.at);
}

static void silence_ends_with_its_time(void **state)
{
	struct bytes reply = { 0 };

	(void)state;
	assert_int_equal(talk("\0\0", 2, false, &reply), KDC_TALK_SILENT);
}

/* Nobody reads at the other end any more: no byte has left. */
static void a_connection_that_is_gone_has_sent_nothing(void **state)
{
	struct pair p = connected("", 0);
	struct bytes reply = { 0 };

	(void)state;
	close(p.theirs);
	assert_int_equal(kdc_talk(p.ours, false,
				  (struct bytes){ (const uint8_t *)"x", 1 }, 60000,
				  &reply),
			 KDC_TALK_NOT_SENT);
	close(p.ours);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_krb5_conf_are_read),
		cmocka_unit_test(a_name_that_is_too_long_is_refused),
		cmocka_unit_test(a_reply_stands_behind_its_length),
		cmocka_unit_test(a_reply_that_is_cut_or_too_long_is_none),
		cmocka_unit_test(silence_ends_with_its_time),
		cmocka_unit_test(a_connection_that_is_gone_has_sent_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
