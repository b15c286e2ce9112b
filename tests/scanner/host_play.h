/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_play.h - what a host's life is tested with: peers on loopback that are wrong in
 * their own ways, a mechanism of three tokens, and one scan from its start to its end.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_HOST_PLAY_H
#define SCANNER_HOST_PLAY_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scanner/login/guard.h"
#include "scanner/host/host.h"
#include "scanner/dns/resolve.h"
#include "scanner/login/workers.h"
#include "tests/rpc/smb_peer.h"

/* ---- the other end ---- */

enum { NEVER = 0xFF };

static uint64_t late_ms;

struct fake {
	struct peer_plan plan;
	uint8_t hang_at, reset_at; /* SMB2 command, or NEVER */
	bool hang_up, garbage, twice;
	bool deaf_to_probe, cuts_probe; /* a SESSION_SETUP after the logon */
	unsigned drip_ms;               /* pause between single bytes; 0: all at once */
	unsigned late_ms; /* how long we are busy with others while it hangs */
	unsigned connections, probes;
	uint16_t port;
	uv_tcp_t listener;
};

struct client {
	uv_tcp_t tcp;
	uv_timer_t drip;
	struct fake *fake;
	struct peer peer;
	size_t dripped;
	unsigned open;
};

static uv_loop_t *loop;
static unsigned clients;

static void on_client_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;

	if (--c->open)
		return;
	peer_drop(&c->peer);
	free(c);
	clients--;
}

static void hang_up(struct client *c, bool reset)
{
	if (uv_is_closing((uv_handle_t *)&c->tcp))
		return;
	if (!reset || uv_tcp_close_reset(&c->tcp, (uv_close_cb)on_client_closed) != 0)
		uv_close((uv_handle_t *)&c->tcp, on_client_closed);
	uv_close((uv_handle_t *)&c->drip, on_client_closed);
}

static void send_bytes(struct client *c, struct bytes b)
{
	uv_buf_t out = uv_buf_init((char *)(uintptr_t)b.at, (unsigned)b.len);

	uv_try_write((uv_stream_t *)&c->tcp, &out, 1);
}

static void on_drip(uv_timer_t *timer)
{
	struct client *c = timer->data;
	struct bytes all = wire_written(&c->peer.saying);

	if (c->dripped < all.len)
		send_bytes(c, (struct bytes){ all.at + c->dripped++, 1 });
}

static void on_client_room(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	static char shared[1 << 16];

	(void)handle;
	(void)hint;
	*room = uv_buf_init(shared, sizeof shared);
}

static void answer(struct client *c, struct bytes question)
{
	uint8_t command = question.len > 17 ? question.at[16] : NEVER;

	if (command == c->fake->reset_at) {
		hang_up(c, !c->fake->hang_up);
		return;
	}
	c->fake->probes += command == 1 && c->peer.rounds == 2;
	if (command == 1 && c->peer.rounds == 2 && c->fake->cuts_probe) {
		hang_up(c, !c->fake->hang_up);
		return;
	}
	if (command == c->fake->hang_at)
		late_ms += c->fake->late_ms;
	if (command == c->fake->hang_at ||
	    (command == 1 && c->peer.rounds == 2 && c->fake->deaf_to_probe))
		return;
	if (!c->fake->drip_ms)
		wire_reset(&c->peer.saying);
	peer_hear(&c->peer, question);
	if (c->fake->drip_ms) {
		uv_timer_start(&c->drip, on_drip, c->fake->drip_ms, c->fake->drip_ms);
		return;
	}
	send_bytes(c, wire_written(&c->peer.saying));
	if (c->fake->twice && command == 1)
		send_bytes(c, wire_written(&c->peer.saying));
}

static void on_question(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;
	static const char junk[] =
		"220 mail.example ESMTP ready, what would you like?\r\n";

	if (n < 0)
		hang_up(c, false);
	else if (n > 0 && c->fake->garbage)
		send_bytes(c, (struct bytes){ (const uint8_t *)junk, sizeof junk - 1 });
	else if (n > 0)
		answer(c, (struct bytes){ (uint8_t *)buf->base, (size_t)n });
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct client *c = calloc(1, sizeof *c);

	assert_int_equal(status, 0);
	c->fake = listener->data;
	c->fake->connections++;
	peer_init(&c->peer, &c->fake->plan);
	uv_tcp_init(loop, &c->tcp);
	uv_timer_init(loop, &c->drip);
	c->tcp.data = c->drip.data = c;
	c->open = 2;
	clients++;
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&c->tcp), 0);
	uv_read_start((uv_stream_t *)&c->tcp, on_client_room, on_question);
}

static void listen_as(struct fake *fake)
{
	struct sockaddr_in a;
	int len = sizeof a;

	uv_ip4_addr("127.0.0.1", 0, &a);
	uv_tcp_init(loop, &fake->listener);
	fake->listener.data = fake;
	assert_int_equal(uv_tcp_bind(&fake->listener, (struct sockaddr *)&a, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)&fake->listener, 512, on_connection),
			 0);
	uv_tcp_getsockname(&fake->listener, (struct sockaddr *)&a, &len);
	fake->port = ntohs(a.sin_port);
}

/* ---- who we are: three tokens, then the peer's own key ---- */

struct auth {
	unsigned steps;
};

static unsigned auths, auths_begun, worker_pause_ms;
static uv_mutex_t auths_lock;

static struct auth *begin_auth(const struct auth_provider *p, const char *host,
			       struct fault *fault)
{
	(void)p;
	(void)host;
	(void)fault;
	uv_mutex_lock(&auths_lock);
	auths++;
	auths_begun++;
	uv_mutex_unlock(&auths_lock);
	return calloc(1, sizeof(struct auth));
}

static bool step_auth(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	static const char *const proofs[] = { "proof one", "proof two", "" };

	(void)in;
	(void)fault;
	if (worker_pause_ms)
		uv_sleep(worker_pause_ms);
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
	uv_mutex_lock(&auths_lock);
	auths -= a != NULL;
	uv_mutex_unlock(&auths_lock);
	free(a);
}

static const struct auth_provider provider = { .begin = begin_auth,
					       .step = step_auth,
					       .key = key_auth,
					       .mechanism = mechanism_auth,
					       .end = end_auth };

/* ---- one run ---- */

static const char *const rights[] = { "SeImpersonatePrivilege", "SeDebugPrivilege" };
static struct settings settings;
static struct host_context context;
static struct guard *guard;
static const struct auth_provider *login;

struct run {
	enum host_outcome outcome;
	enum host_put_off put_off;
	char step[32], code[48], reason[48], mechanism[16], address[48];
	enum right_outcome first_right;
	size_t right_count;
	double total_ms;
	unsigned dones;
	bool may_retry;
	struct host *host;
};

static int open_loop(void **state)
{
	char why[100];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	loop = calloc(1, sizeof *loop);
	uv_loop_init(loop);
	uv_mutex_init(&auths_lock);
	worker_pause_ms = auths_begun = 0;
	late_ms = 0;
	login = &provider;
	guard = guard_new("", 1);
	settings = (struct settings){
		.rights = rights,
		.right_count = 2,
		.connect_ms = 300,
		.login_ms = 400,
		.request_ms = 400,
		.host_ms = 3000,
	};
	context = (struct host_context){
		.settings = &settings,
		.loop = loop,
		.resolver = resolve_begin(loop, NULL, 0, why, sizeof why),
		.workers = workers_begin(loop, WORKERS_MOST, why, sizeof why),
		.patience_ms = 100,
		.late_ms = &late_ms,
		.sweep_id = "11111111-2222-4333-8444-555555555555",
	};
	return context.resolver && context.workers ? 0 : -1;
}

/* Everything must have gone: hosts, mechanisms, peers, handles. */
static int close_loop(void **state)
{
	int left;

	(void)state;
	resolve_end(context.resolver);
	workers_end(context.workers);
	uv_run(loop, UV_RUN_DEFAULT);
	left = uv_loop_close(loop) != 0 || auths != 0 || clients != 0;
	guard_free(guard);
	uv_mutex_destroy(&auths_lock);
	free(loop);
	return left ? -1 : 0;
}

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static void on_done(struct host *h, void *arg)
{
	struct run *r = arg;
	const struct facts *f = host_facts(h);

	r->dones++;
	r->outcome = f->outcome;
	r->put_off = host_put_off(h);
	copy_text(r->step, sizeof r->step, f->error.step ? f->error.step : f->step);
	copy_text(r->code, sizeof r->code, f->error.code);
	copy_text(r->reason, sizeof r->reason, f->error.reason);
	copy_text(r->address, sizeof r->address, f->address);
	copy_text(r->mechanism, sizeof r->mechanism, login_mechanism_word(f->mechanism));
	r->right_count = f->right_count;
	if (f->right_count)
		r->first_right = f->rights[0].outcome;
	r->total_ms = f->timing.total;
	r->may_retry = host_may_retry(h);
	r->host = NULL;
	host_free(h);
}

static void scan_at(struct run *r, const char *name, uint16_t port,
		    const struct host_addresses *addresses)
{
	struct host_target target = { .name = name,
				      .port = port,
				      .attempt = 1,
				      .addresses = addresses,
				      .provider = login,
				      .guard = guard };

	*r = (struct run){ 0 };
	r->host = host_scan(&context, &target, on_done, r);
	assert_non_null(r->host);
	assert_int_equal(r->dones, 0);
}

static void run_until_done(struct run *r)
{
	while (!r->dones)
		uv_run(loop, UV_RUN_ONCE);
}

static void scan(struct fake *fake, struct run *r)
{
	listen_as(fake);
	scan_at(r, "127.0.0.1", fake->port, NULL);
	run_until_done(r);
	uv_close((uv_handle_t *)&fake->listener, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	assert_int_equal(r->dones, 1);
}

#endif
