/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that are made, refused, abandoned, or never answered. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "scanner/discover/dial.h"

enum { FILL_MAX = 64 };

/* A listener with room for one connection that nobody accepts, and those that fill it. */
static struct {
	int listener, filled[FILL_MAX];
	unsigned count;
	struct sockaddr_in at;
} full;

/* Once the queue is full the kernel answers no further SYN. */
static void fill(void)
{
	struct fault fault = { 0 };
	int fd;

	while (full.count < FILL_MAX &&
	       (fd = dial((struct sockaddr *)&full.at, 2000, NULL, &fault)) >= 0)
		full.filled[full.count++] = fd;
	assert_true(full.count > 0 && full.count < FILL_MAX);
	assert_int_equal(fault.reason, REASON_DIRECTORY_UNREACHABLE);
	assert_string_equal(fault.what, "no answer to the connection in time");
}

static void test_a_connection_nobody_answers_ends_in_time(void **state)
{
	(void)state;
	fill();
}

static void test_a_connection_that_was_given_up(void **state)
{
	struct fault fault = { 0 };
	atomic_bool abandon = true;

	(void)state;
	assert_int_equal(dial((struct sockaddr *)&full.at, 3600000, &abandon, &fault),
			 -1);
	assert_int_equal(fault.reason, REASON_RUN_ENDED);
}

static void test_addresses_nobody_listens_at(void **state)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_addr = IN6ADDR_LOOPBACK_INIT,
				   .sin6_port = htons(1) };
	struct sockaddr none = { .sa_family = 0x7f7f };
	struct fault fault = { 0 }, other = { 0 };

	(void)state;
	assert_int_equal(dial((struct sockaddr *)&at, 3600000, NULL, &fault), -1);
	assert_int_equal(fault.reason, REASON_DIRECTORY_UNREACHABLE);
	assert_int_equal(dial(&none, 3600000, NULL, &other), -1);
	assert_string_equal(other.what, strerror(EAFNOSUPPORT));
}

static int begin(void **state)
{
	socklen_t len = sizeof full.at;

	(void)state;
	full.at = (struct sockaddr_in){ .sin_family = AF_INET,
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	full.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return bind(full.listener, (struct sockaddr *)&full.at, len) ||
	       listen(full.listener, 0) ||
	       getsockname(full.listener, (struct sockaddr *)&full.at, &len);
}

static int end(void **state)
{
	(void)state;
	while (full.count)
		close(full.filled[--full.count]);
	return close(full.listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_connection_nobody_answers_ends_in_time),
		cmocka_unit_test(test_a_connection_that_was_given_up),
		cmocka_unit_test(test_addresses_nobody_listens_at),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
