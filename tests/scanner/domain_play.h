/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain_play.h - what whole sweeps are tested with: a thread that plays hosts behind one
 * listener, 127.x.KIND.x by kind, and a mechanism of three tokens.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_DOMAIN_PLAY_H
#define SCANNER_DOMAIN_PLAY_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "rpc/auth/auth.h"
#include "rpc/calls/dssetup.h"
#include "rpc/calls/lsa.h"
#include "tests/hex.h"
#include "tests/rpc/golden_lsa.h"
#undef RIGHT_NOBODY /* a stub there, an outcome here */
#include "tests/rpc/golden_ntlm.h"
#include "tests/rpc/smb_peer.h"

/* The third number of an address. */
enum kind {
	GOOD = 1,
	HANGS_UP,
	HANGS,
	REFUSES_LOGON,
	SLOW,
	ANSWERS,
	OPEN_TO_ALL,
	OF_WORKGROUP,
	OF_SVV,
	KINDS
};
enum { SLOW_MS = 25 };

/* ---- the hosts, on their own thread ---- */

struct client {
	uv_tcp_t tcp;
	uv_timer_t pause;
	struct peer peer;
	enum kind kind;
	unsigned open;
};

static struct {
	uv_thread_t thread;
	uv_loop_t loop;
	uv_tcp_t listener;
	uv_async_t stop;
	uint16_t port;
	struct bytes challenges[KINDS]; /* those that offer NTLM */
	/* what was seen; read when no sweep runs */
	unsigned connected[KINDS], logons;
} domain;

static void on_gone(uv_handle_t *handle)
{
	struct client *c = handle->data;

	if (--c->open)
		return;
	peer_drop(&c->peer);
	free(c);
}

static void hang_up(struct client *c)
{
	if (uv_is_closing((uv_handle_t *)&c->tcp))
		return;
	uv_close((uv_handle_t *)&c->tcp, on_gone);
	uv_close((uv_handle_t *)&c->pause, on_gone);
}

static void send_answer(struct client *c)
{
	struct bytes b = wire_written(&c->peer.saying);
	uv_buf_t out = uv_buf_init((char *)(uintptr_t)b.at, (unsigned)b.len);

	uv_try_write((uv_stream_t *)&c->tcp, &out, 1);
}

static void on_pause(uv_timer_t *timer)
{
	send_answer(timer->data);
}

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	static char shared[1 << 16];

	(void)handle;
	(void)hint;
	*room = uv_buf_init(shared, sizeof shared);
}

static void on_question(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	if (n < 0 || c->kind == HANGS_UP) {
		hang_up(c);
		return;
	}
	if (n == 0 || c->kind == HANGS)
		return;
	domain.logons += n > 17 && buf->base[16] == SMB2_SESSION_SETUP &&
			 c->peer.rounds == 1;
	wire_reset(&c->peer.saying);
	peer_hear(&c->peer, (struct bytes){ (uint8_t *)buf->base, (size_t)n });
	if (c->kind == SLOW)
		uv_timer_start(&c->pause, on_pause, SLOW_MS, 0);
	else
		send_answer(c);
}

/* ---- what a host that answers says: Samba's own words, as a member server ---- */

static void put_hex(struct wire_out *stub, const char *text)
{
	struct bytes b = unhex(text);

	put_bytes(stub, b.at, b.len);
	hex_free(b);
}

static void put_role(struct wire_out *stub)
{
	put_u32le(stub, 0x20000);
	put_u16le(stub, 1);
	put_u16le(stub, 0);
	put_u16le(stub, DSROLE_MEMBER_SERVER);
	put_u16le(stub, 0);
	put_u32le(stub, 0);
	put_zeros(stub, 12 + 16);
	put_u32le(stub, 0);
}

/* Everyone, S-1-1-0. */
#define RIGHT_EVERYONE             \
	"010000000800020001000000" \
	"0c000200"                 \
	"01000000"                 \
	"010100000000000100000000" \
	"00000000"

static void answer_call(struct peer *p, uint16_t opnum, const char *holders,
			struct wire_out *stub)
{
	switch (opnum) {
	case DSSETUP_GET_PRIMARY_DOMAIN_INFORMATION:
		put_role(stub);
		break;
	case LSA_OPEN_POLICY2:
		put_hex(stub, OPEN_REPLY);
		break;
	case LSA_QUERY_INFORMATION_POLICY2:
		put_hex(stub, p->received.at[20] == POLICY_DNS_DOMAIN
				      ? DNS_DOMAIN_SAMBA
				      : ACCOUNT_DOMAIN_2003);
		break;
	case LSA_ENUMERATE_ACCOUNTS_WITH_USER_RIGHT:
		put_hex(stub, holders);
		break;
	default:
		break;
	}
}

static void answer_well(struct peer *p, uint16_t context, uint16_t opnum,
			struct wire_out *stub)
{
	(void)context;
	answer_call(p, opnum, RIGHT_ONE, stub);
}

static void answer_everyone(struct peer *p, uint16_t context, uint16_t opnum,
			    struct wire_out *stub)
{
	(void)context;
	answer_call(p, opnum, RIGHT_EVERYONE, stub);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct client *c = calloc(1, sizeof *c);
	struct peer_plan plan = { .rpc_fault = 5 };
	struct sockaddr_in a;
	int len = sizeof a;

	(void)status;
	uv_tcp_init(&domain.loop, &c->tcp);
	uv_timer_init(&domain.loop, &c->pause);
	c->tcp.data = c->pause.data = c;
	c->open = 2;
	uv_accept(listener, (uv_stream_t *)&c->tcp);
	uv_tcp_getsockname(&c->tcp, (struct sockaddr *)&a, &len);
	c->kind = (enum kind)(ntohl(a.sin_addr.s_addr) >> 8 & 0xFF) % KINDS;
	if (c->kind == REFUSES_LOGON) {
		plan.command = SMB2_SESSION_SETUP;
		plan.nth = 1;
		plan.status = 0xC000006D;
	}
	if (c->kind >= ANSWERS) {
		plan.rpc_fault = 0;
		plan.call = c->kind == OPEN_TO_ALL ? answer_everyone : answer_well;
	}
	plan.challenge = domain.challenges[c->kind];
	plan.ntlm = plan.challenge.len > 0;
	peer_init(&c->peer, &plan);
	domain.connected[c->kind]++;
	uv_read_start((uv_stream_t *)&c->tcp, on_room, on_question);
}

static void close_one(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (handle->data && handle->type == UV_TCP)
		hang_up(handle->data);
	else if (!uv_is_closing(handle) && !handle->data)
		uv_close(handle, NULL);
}

static void on_stop(uv_async_t *async)
{
	uv_walk(async->loop, close_one, NULL);
}

static void play(void *arg)
{
	(void)arg;
	uv_run(&domain.loop, UV_RUN_DEFAULT);
}

static int begin_domain(void **state)
{
	struct sockaddr_in a;
	int len = sizeof a;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	memset(&domain, 0, sizeof domain);
	domain.challenges[OF_WORKGROUP] = unhex(WORKGROUP_10);
	domain.challenges[OF_SVV] = unhex(SERVER_2019);
	uv_loop_init(&domain.loop);
	uv_ip4_addr("0.0.0.0", 0, &a);
	uv_tcp_init(&domain.loop, &domain.listener);
	uv_async_init(&domain.loop, &domain.stop, on_stop);
	uv_tcp_bind(&domain.listener, (struct sockaddr *)&a, 0);
	uv_listen((uv_stream_t *)&domain.listener, 512, on_connection);
	uv_tcp_getsockname(&domain.listener, (struct sockaddr *)&a, &len);
	domain.port = ntohs(a.sin_port);
	return uv_thread_create(&domain.thread, play, NULL);
}

static void stop_domain(void)
{
	if (!domain.port)
		return;
	domain.port = 0;
	uv_async_send(&domain.stop);
	uv_thread_join(&domain.thread);
	uv_loop_close(&domain.loop);
	for (int k = 0; k < KINDS; k++)
		hex_free(domain.challenges[k]);
}

static int end_domain(void **state)
{
	(void)state;
	stop_domain();
	return 0;
}

/* ---- who we are ---- */

struct auth {
	unsigned steps;
};

static struct auth *begin_auth(const struct auth_provider *p, const char *host,
			       struct fault *fault)
{
	(void)p;
	(void)host;
	(void)fault;
	return calloc(1, sizeof(struct auth));
}

static bool step_auth(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	static const char *const proofs[] = { "proof one", "proof two", "" };

	(void)in;
	(void)fault;
	*out = (struct bytes){ (const uint8_t *)proofs[a->steps],
			       strlen(proofs[a->steps]) };
	*complete = a->steps++ == 2;
	return true;
}

static bool key_auth(struct auth *a, struct session_key *key, struct fault *fault)
{
	(void)a;
	(void)fault;
	*key = (struct session_key){ .bytes = "0123456789abcdef", .len = 16 };
	return true;
}

static enum auth_mechanism mechanism_auth(const struct auth *a)
{
	(void)a;
	return AUTH_NTLM;
}

static void end_auth(struct auth *a)
{
	free(a);
}

static const struct auth_provider provider = { .begin = begin_auth,
					       .step = step_auth,
					       .key = key_auth,
					       .mechanism = mechanism_auth,
					       .end = end_auth };

/* ---- signals ---- */

struct signals {
	int number;
	bool status_first; /* SIGUSR1 before each */
	atomic_bool ended;
};

/* One after the other until the sweep has ended. */
static inline void send_signals(void *arg)
{
	struct signals *s = arg;

	while (!atomic_load(&s->ended)) {
		usleep(50000);
		if (s->status_first)
			kill(getpid(), SIGUSR1);
		kill(getpid(), s->number);
	}
}

static inline void ignore(uv_signal_t *handle, int number)
{
	(void)handle;
	(void)number;
}

/* A signal that comes before or after the sweep listens must not end the test. */
static inline void keep_listening(bool on)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGUSR1 };
	static uv_loop_t loop;
	static uv_signal_t handles[3];

	if (on)
		uv_loop_init(&loop);
	for (int i = 0; i < 3; i++)
		if (on) {
			uv_signal_init(&loop, &handles[i]);
			uv_signal_start(&handles[i], ignore, numbers[i]);
		} else {
			uv_close((uv_handle_t *)&handles[i], NULL);
		}
	if (on)
		return;
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
}

#endif
