/* SPDX-License-Identifier: Apache-2.0 */
/* Which KDC gets a question, and how often: KDCs on threads, named by hand or by DNS. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "scanner/kdc/kdc.h"
#include "tests/hex.h"
#include "tests/scanner/dns_play.h"

/* KRB-ERROR 24, which is an answer, and 52, which asks to come by TCP. */
#define PREAUTH_FAILED                                                               \
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa5030201" \
	"01a603020118a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b034c" \
	"4142"
#define RESPONSE_TOO_BIG                                                             \
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa5030201" \
	"01a603020134a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b034c" \
	"4142"

/* ---- KDCs ---- */

enum behaviour { ANSWERS, HANGS_UP, NONSENSE, TOO_BIG };

struct play {
	enum behaviour behaviour;
	bool udp;
	int socket;
	uint16_t port;
	unsigned requests; /* read when it has ended */
	pthread_t thread;
	char name[40]; /* "tcp/127.0.0.1:PORT" */
};

static void say(int fd, struct bytes b, bool udp, const struct sockaddr_in *to)
{
	uint8_t length[4] = { 0, 0, 0, (uint8_t)b.len };

	if (udp) {
		(void)!sendto(fd, b.at, b.len, 0, (const struct sockaddr *)to,
			      sizeof *to);
		return;
	}
	(void)!write(fd, length, 4);
	(void)!write(fd, b.at, b.len);
}

static void answer(const struct play *p, int fd, const struct sockaddr_in *to)
{
	struct bytes b = unhex(p->behaviour == ANSWERS   ? PREAUTH_FAILED
			       : p->behaviour == TOO_BIG ? RESPONSE_TOO_BIG
							 : "deadbeef");

	if (p->behaviour != HANGS_UP)
		say(fd, b, p->udp, to);
	hex_free(b);
}

/* A request "end" ends it. */
static void *serve(void *arg)
{
	struct play *p = arg;
	struct sockaddr_in from = { 0 };
	socklen_t len = sizeof from;
	char heard[64];
	ssize_t n = 0;

	for (;;) {
		int fd = p->udp ? p->socket : accept(p->socket, NULL, NULL);

		if (p->udp)
			n = recvfrom(fd, heard, sizeof heard, 0, (struct sockaddr *)&from,
				     &len);
		else
			for (n = 0; n < 7;) {
				ssize_t more = read(fd, heard + n,
						    sizeof heard - (size_t)n);

				if (more <= 0)
					break;
				n += more;
			}
		if (n >= 3 && memcmp(heard + n - 3, "end", 3) == 0) {
			if (!p->udp)
				close(fd);
			return NULL;
		}
		p->requests += n > 0;
		if (n > 0)
			answer(p, fd, &from);
		if (!p->udp)
			close(fd);
	}
}

static void play(struct play *p, enum behaviour behaviour, bool udp)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;

	*p = (struct play){ .behaviour = behaviour, .udp = udp };
	p->socket = socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(p->socket, (struct sockaddr *)&at, len), 0);
	if (!udp)
		assert_int_equal(listen(p->socket, 8), 0);
	assert_int_equal(getsockname(p->socket, (struct sockaddr *)&at, &len), 0);
	p->port = ntohs(at.sin_port);
	snprintf(p->name, sizeof p->name, "%s/127.0.0.1:%u", udp ? "udp" : "tcp",
		 p->port);
	assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static unsigned ended(struct play *p)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(p->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, (p->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(write(fd, "....end", 7), 7);
	pthread_join(p->thread, NULL);
	close(fd);
	close(p->socket);
	return p->requests;
}

/* Nobody listens there. */
static void closed_name(char name[40])
{
	struct play p;

	play(&p, ANSWERS, false);
	snprintf(name, 40, "%s", p.name);
	ended(&p);
}

/* ---- one question ---- */

static struct kdc_link *link_to_kdcs;

static int open_link(void **state)
{
	static const char *servers[2];
	static struct kdc_options options = { servers, 5000 };

	(void)state;
	servers[0] = dns.server[0] ? dns.server : NULL;
	link_to_kdcs = kdc_link_new(&options);
	return link_to_kdcs ? 0 : -1;
}

static int close_link(void **state)
{
	(void)state;
	kdc_link_free(link_to_kdcs);
	return 0;
}

static enum kdc_outcome ask(char *const *configured, const char *realm, bool proof,
			    size_t *reply_len)
{
	struct kdc_question q = { .realm = realm,
				  .configured = configured,
				  .dns = !configured,
				  .request = { (const uint8_t *)"request", 7 },
				  .proof = proof };
	struct bytes reply = { 0 };
	enum kdc_outcome outcome = link_to_kdcs->ask(link_to_kdcs, &q, &reply);

	*reply_len = reply.len;
	free((void *)(uintptr_t)reply.at);
	return outcome;
}

static void a_question_goes_on_to_a_kdc_that_answers(void **state)
{
	struct play silent, odd, good, unasked;
	char closed[40];
	char *names[] = { closed, silent.name, odd.name, good.name, unasked.name, NULL };
	size_t len;

	(void)state;
	closed_name(closed);
	play(&silent, HANGS_UP, false);
	play(&odd, NONSENSE, false);
	play(&good, ANSWERS, false);
	play(&unasked, ANSWERS, false);
	assert_int_equal(ask(names, "CORP", false, &len), KDC_ANSWERED);
	assert_int_equal(len, 76);
	/* Who answered is asked first the next time. */
	assert_int_equal(ask(names, "CORP", false, &len), KDC_ANSWERED);
	assert_int_equal(ended(&silent), 1);
	assert_int_equal(ended(&odd), 1);
	assert_int_equal(ended(&good), 2);
	assert_int_equal(ended(&unasked), 0);
}

static void a_proof_goes_to_one_kdc_once(void **state)
{
	enum behaviour wrong[] = { HANGS_UP, NONSENSE, TOO_BIG };

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct play first, second;
		char realm[16], closed[40];
		char *names[] = { closed, first.name, second.name, NULL };
		size_t len;

		closed_name(closed);
		play(&first, wrong[i], false);
		play(&second, ANSWERS, false);
		snprintf(realm, sizeof realm, "CORP%zu", i);
		assert_int_equal(ask(names, realm, true, &len), KDC_NO_VERDICT);
		assert_int_equal(len, 0);
		assert_int_equal(ended(&first), 1);
		assert_int_equal(ended(&second), 0);
	}
}

static void datagrams_are_for_kdcs_that_tcp_does_not_reach(void **state)
{
	struct play by_udp, too_big;
	char closed[40];
	char *names[] = { too_big.name, by_udp.name, closed, NULL };
	size_t len;

	(void)state;
	closed_name(closed);
	play(&by_udp, ANSWERS, true);
	play(&too_big, TOO_BIG, true);
	assert_int_equal(ask(names, "CORP", false, &len), KDC_ANSWERED);
	assert_int_equal(len, 76);
	assert_int_equal(ask(names, "CORP", true, &len), KDC_ANSWERED);
	assert_int_equal(ended(&too_big), 1);
	assert_int_equal(ended(&by_udp), 2);
}

static void no_kdc_is_not_the_same_as_none_that_answers(void **state)
{
	char closed[40];
	char *names[] = { closed, NULL }, *proxy[] = { "https://kdc.corp/", NULL };
	size_t len;

	(void)state;
	closed_name(closed);
	assert_int_equal(ask(names, "CORP", true, &len), KDC_NONE_ANSWERED);
	assert_int_equal(ask(proxy, "PROXY", true, &len), KDC_NONE_KNOWN);
}

static void kdcs_are_found_by_dns(void **state)
{
	struct play by_tcp, by_udp;
	struct dns_service services[] = { { "_kerberos._tcp.tcp", "local.play x.play",
					    0 },
					  { "_kerberos._udp.udp", "local.play", 0 },
					  { NULL, NULL, 0 } };
	size_t len;

	play(&by_tcp, ANSWERS, false);
	play(&by_udp, ANSWERS, true);
	services[0].port = by_tcp.port;
	services[1].port = by_udp.port;
	dns_begin(services);
	assert_int_equal(open_link(state), 0);
	assert_int_equal(ask(NULL, "tcp.play", true, &len), KDC_ANSWERED);
	assert_int_equal(ask(NULL, "udp.play", true, &len), KDC_ANSWERED);
	assert_int_equal(len, 76);
	assert_int_equal(ask(NULL, "none.play", false, &len), KDC_NONE_KNOWN);
	assert_int_equal(ask(NULL, "no/name", false, &len), KDC_NONE_KNOWN);
	close_link(state);
	dns_end();
	assert_int_equal(ended(&by_tcp), 1);
	assert_int_equal(ended(&by_udp), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_link, close_link)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_goes_on_to_a_kdc_that_answers),
		TEST(a_proof_goes_to_one_kdc_once),
		TEST(datagrams_are_for_kdcs_that_tcp_does_not_reach),
		TEST(no_kdc_is_not_the_same_as_none_that_answers),
		cmocka_unit_test(kdcs_are_found_by_dns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
