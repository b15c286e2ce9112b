/*
 * One host, from a name to its answers.
 *
 *     resolve -> connect -> converse { authenticate, ask } -> leave
 *
 * Read it downwards: every callback stands below the call that arms it.
 *
 * Lifetime.  libuv owes one callback for each request started and each handle closed, the
 * resolver one for each look-up.  `owed` counts them, and every counted callback ends
 * with settle().  A host that is leaving and is owed nothing is finished: the only place
 * `done` is called from.
 */
#include "scanner/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/role.h"
#include "rpc/session.h"
#include "scanner/guard.h"
#include "scanner/outcome.h"
#include "scanner/prover.h"
#include "scanner/resolve.h"
#include "scanner/survey.h"

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))

struct host {
	const struct host_options *options;
	struct facts facts;
	host_done_fn done;
	void *arg;

	unsigned owed; /* callbacks still to come */
	bool leaving;
	enum host_put_off put_off;
	uint64_t began_at, give_up_at;       /* loop time, ms */
	uint64_t started, connected, proved; /* uv_hrtime(), ns; 0: not yet */

	uv_timer_t deadline;
	struct lookup *lookup;
	struct host_addresses addresses;
	unsigned next; /* the address to try next */
	uv_tcp_t tcp;
	bool tcp_open, multi_protocol;
	uv_connect_t connecting;
	uv_write_t writing;
	struct bytes saying; /* owned while `writing` is in flight */

	struct session *session;
	struct guard *guard;
	struct guard_seat seat;
	struct prover prover;
	struct survey *survey;
	bool asking; /* an answer to survey_next() is awaited */
};

static void begin(struct host *h, const char *step, uint64_t limit_ms);
static void leave(struct host *h);
static void leave_with(struct host *h, enum host_outcome outcome, const char *why);
static void leave_for_socket(struct host *h, int uv_error);
static void settle(struct host *h);
static void trace(struct host *h, const char *step, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void resolve(struct host *h);
static void on_resolved(enum resolve_outcome outcome,
			const struct host_addresses *addresses, const char *why,
			void *arg);
static void connect_next(struct host *h);
static void connect_to(struct host *h, const struct sockaddr *address);
static void on_connected(uv_connect_t *request, int status);
static void connect_failed(struct host *h, enum host_outcome outcome, int uv_error);
static void on_reconnect(uv_handle_t *tcp);
static void open_session(struct host *h);
static void converse(struct host *h, enum want want);
static void say(struct host *h);
static void on_said(uv_write_t *request, int status);
static void on_room(uv_handle_t *tcp, size_t hint, uv_buf_t *room);
static void on_heard(uv_stream_t *tcp, ssize_t n, const uv_buf_t *heard);
static void prove(struct host *h);
static void on_told(struct guard_seat *seat, enum guard_answer answer);
static void on_prover_started(struct prover *prover);
static void on_proved(struct prover *prover);
static void ask_next(struct host *h);
static void on_deadline(uv_timer_t *timer);
static void on_closed(uv_handle_t *handle);
static void release_mechanism(struct host *h);
static void on_released(struct prover *prover);

struct host *host_scan(const struct host_options *options,
		       const struct host_target *target, host_done_fn done, void *arg)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->options = options;
	h->done = done;
	h->arg = arg;
	facts_init(&h->facts);
	h->facts.host = facts_text(&h->facts, target->name);
	h->facts.port = target->port;
	h->facts.sweep = options->sweep_id;
	h->facts.attempts = target->attempt;
	h->facts.hint_known = target->hint_known;
	h->facts.hint = target->hint;
	h->facts.tag_count = target->tag_count;
	if (target->tag_count)
		h->facts.tags = facts_take(&h->facts, target->tag_count, sizeof(char *));
	for (size_t i = 0; h->facts.tags && i < target->tag_count; i++)
		h->facts.tags[i] = facts_text(&h->facts, target->tags[i]);
	if (h->facts.out_of_memory) {
		host_free(h);
		return NULL;
	}
	h->guard = target->guard;
	h->seat.told = on_told;
	prover_init(&h->prover, options->loop, options->logins, target->provider,
		    h->facts.host, on_prover_started);
	h->began_at = uv_now(options->loop);
	h->give_up_at = options->host_ms ? h->began_at + options->host_ms : UINT64_MAX;
	h->started = uv_hrtime();
	uv_timer_init(options->loop, &h->deadline);
	if (target->addresses)
		h->addresses = *target->addresses;
	resolve(h);
	return h;
}

/* ---- find it ---- */

/* A literal address never waits for a name server. */
static void resolve(struct host *h)
{
	union host_address *first = &h->addresses.at[0];

	if (uv_ip4_addr(h->facts.host, h->facts.port, &first->v4) == 0 ||
	    uv_ip6_addr(h->facts.host, h->facts.port, &first->v6) == 0)
		h->addresses.count = 1;
	if (h->addresses.count) {
		connect_next(h);
		return;
	}
	begin(h, "resolve", 0);
	h->lookup = resolve_name(h->options->resolver, h->facts.host, h->facts.port,
				 on_resolved, h);
	if (h->lookup)
		h->owed++;
	else
		leave_with(h, HOST_LOCAL_ERROR, "out of memory");
}

static void on_resolved(enum resolve_outcome outcome,
			const struct host_addresses *addresses, const char *why,
			void *arg)
{
	struct host *h = arg;

	h->lookup = NULL;
	h->facts.timing.resolve = (double)(uv_hrtime() - h->started) / 1e6;
	if (h->leaving) {
		settle(h);
		return;
	}
	if (outcome == RESOLVED) {
		h->addresses = *addresses;
		trace(h, "resolve", "%u addresses", addresses->count);
		connect_next(h);
	} else {
		leave_with(h, HOST_UNRESOLVABLE, why);
	}
	settle(h);
}

/* ---- reach it ---- */

static void connect_next(struct host *h)
{
	while (h->next < h->addresses.count) {
		const struct sockaddr *address = &h->addresses.at[h->next].any;
		enum host_admission admission = ADMIT_YES;

		if (h->options->admit)
			admission = h->options->admit(address, h->arg);
		h->next++;
		if (admission == ADMIT_YES) {
			connect_to(h, address);
			return;
		}
		if (admission == ADMIT_LATER) {
			h->put_off = PUT_OFF_SUBNET;
			leave(h);
			return;
		}
		begin(h, "connect", 0);
		trace(h, "connect", "an excluded address is passed over");
	}
	if (h->facts.outcome == HOST_NOT_ASKED)
		leave_with(h, HOST_NOT_ASKED, "its address is excluded");
	else
		leave(h); /* what the best address came to is noted */
}

static void connect_to(struct host *h, const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	int err;

	begin(h, "connect", h->options->connect_ms);
	uv_ip_name(address, text, sizeof(text));
	h->facts.address = facts_text(&h->facts, text);
	h->connected = uv_hrtime();
	uv_tcp_init(h->options->loop, &h->tcp);
	h->tcp_open = true;
	err = uv_tcp_connect(&h->connecting, &h->tcp, address, on_connected);
	if (err == 0)
		h->owed++;
	else
		connect_failed(h, outcome_of_socket(err), err);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct host *h = container_of(request, struct host, connecting);

	if (!h->leaving && h->tcp_open && status != UV_ECANCELED) {
		if (status < 0) {
			connect_failed(h, outcome_of_socket(status), status);
		} else {
			trace(h, "connect", "%s port %u", h->facts.address,
			      h->facts.port);
			open_session(h);
		}
	}
	settle(h);
}

/* Which failure tells most about a host with several addresses: the later in this list.
 */
static int weight_of(enum host_outcome outcome)
{
	static const enum host_outcome by_weight[] = {
		HOST_NOT_ASKED, HOST_LOCAL_ERROR,  HOST_UNREACHABLE,
		HOST_TIMEOUT,   HOST_DISCONNECTED, HOST_REFUSED
	};
	int weight = 0;

	for (size_t i = 0; i < sizeof(by_weight) / sizeof(*by_weight); i++)
		if (by_weight[i] == outcome)
			weight = (int)i;
	return weight;
}

static void connect_failed(struct host *h, enum host_outcome outcome, int uv_error)
{
	trace(h, "connect", "%s: %s", h->facts.address, uv_strerror(uv_error));
	if (outcome_is_exhaustion(uv_error)) {
		h->put_off = PUT_OFF_DESCRIPTORS;
		leave_for_socket(h, uv_error);
		return;
	}
	if (weight_of(outcome) >= weight_of(h->facts.outcome))
		outcome_note_socket(&h->facts, outcome, uv_error);
	h->tcp_open = false;
	h->owed++;
	uv_close((uv_handle_t *)&h->tcp, on_reconnect);
}

static void on_reconnect(uv_handle_t *tcp)
{
	struct host *h = container_of(tcp, struct host, tcp);

	if (!h->leaving)
		connect_next(h);
	settle(h);
}

/* A host that hangs up on an SMB2 NEGOTIATE may speak SMB1 only: it is asked once more,
 * by the NEGOTIATE that both understand. */
static bool try_multi_protocol(struct host *h, int uv_error)
{
	if (h->multi_protocol || outcome_of_socket(uv_error) != HOST_DISCONNECTED ||
	    strcmp(h->facts.step, "negotiate") != 0)
		return false;
	trace(h, "negotiate", "the host hung up; once more by SMB1's NEGOTIATE");
	h->multi_protocol = true;
	h->next--;
	session_free(h->session);
	h->session = NULL;
	h->tcp_open = false;
	h->owed++;
	uv_close((uv_handle_t *)&h->tcp, on_reconnect);
	return true;
}

/* ---- converse: do whatever the session wants next ---- */

static void open_session(struct host *h)
{
	struct session_options options = {
		.server = h->facts.host,
		.require_encryption = h->options->require_encryption,
		.dialect_min = h->options->dialect_min,
		.dialect_max = h->options->dialect_max,
		.multi_protocol = h->multi_protocol,
	};
	uint64_t now = uv_hrtime();

	/* What earlier addresses came to is of no interest any more. */
	h->facts.outcome = HOST_NOT_ASKED;
	h->facts.error = (struct fact_error){ 0 };
	h->facts.timing.connect = (double)(now - h->connected) / 1e6;
	h->connected = now;
	memcpy(options.client_guid, h->options->client_guid, sizeof(options.client_guid));
	if (uv_random(NULL, NULL, options.salt, sizeof(options.salt), 0, NULL) == 0)
		h->session = session_new(&options);
	if (!h->session) {
		leave_with(h, HOST_LOCAL_ERROR, "out of memory or randomness");
		return;
	}
	uv_tcp_nodelay(&h->tcp, 1);
	uv_read_start((uv_stream_t *)&h->tcp, on_room, on_heard);
	converse(h, session_open(h->session));
}

/* The host has accepted us as soon as the dialogue goes beyond authentication. */
static void note_login(struct host *h)
{
	const char *step = session_step(h->session);
	uint64_t now;

	if (h->proved || !h->prover.begun || strcmp(step, "authenticate") == 0 ||
	    strcmp(step, "negotiate") == 0)
		return;
	now = h->proved = uv_hrtime();
	h->facts.timing.authenticate = (double)(now - h->connected) / 1e6;
	h->facts.mechanism = *h->prover.mechanism ? h->prover.mechanism : "unknown";
	outcome_note_peer(&h->facts, session_peer(h->session));
	trace(h, "authenticate", "accepted by %s, SMB %s%s%s", h->facts.mechanism,
	      h->facts.dialect ? h->facts.dialect : "?",
	      h->facts.encryption ? ", sealed with " : ", signed",
	      h->facts.encryption ? h->facts.encryption : "");
	guard_accepted(&h->seat);
}

static void leave_for_fault(struct host *h, const struct fault *fault)
{
	if (h->leaving)
		return;
	outcome_note_fault(&h->facts, fault);
	if (fault->kind == FAULT_LOGON_REFUSED)
		guard_refused(&h->seat, fault);
	leave(h);
}

/* A call is named by what it asks. */
static const char *step_name(const struct host *h)
{
	const char *step = session_step(h->session);

	return h->asking && strcmp(step, "call") == 0 ? survey_topic(h->survey) : step;
}

static void converse(struct host *h, enum want want)
{
	if (want == WANT_MORE)
		return; /* half an answer earns no extra time */
	if (want == WANT_ABORT) {
		h->facts.step = session_fault(h->session)->step;
		leave_for_fault(h, session_fault(h->session));
		return;
	}
	note_login(h);
	if (want != WANT_CALL)
		begin(h, step_name(h), h->options->request_ms);
	say(h);
	if (h->leaving)
		return;
	if (want == WANT_TOKEN)
		prove(h);
	else if (want == WANT_CALL)
		ask_next(h);
	else if (want == WANT_NOTHING)
		leave(h);
}

/* Most requests fit the socket's buffer and are gone at once; what does not is written by
 * the loop, one write at a time. */
static void say(struct host *h)
{
	struct bytes out;
	uv_buf_t rest;
	int n;

	if (h->saying.at || h->leaving)
		return;
	out = session_take_outgoing(h->session);
	if (!out.at)
		return;
	rest = uv_buf_init((char *)out.at, (unsigned)out.len);
	n = uv_try_write((uv_stream_t *)&h->tcp, &rest, 1);
	if (n >= 0 && (size_t)n == out.len) {
		free((void *)out.at);
		return;
	}
	if (n > 0)
		rest = uv_buf_init((char *)out.at + n, (unsigned)(out.len - (size_t)n));
	h->saying = out;
	if (n < 0 && n != UV_EAGAIN)
		leave_for_socket(h, n);
	else if ((n = uv_write(&h->writing, (uv_stream_t *)&h->tcp, &rest, 1, on_said)))
		leave_for_socket(h, n);
	else
		h->owed++;
}

static void on_said(uv_write_t *request, int status)
{
	struct host *h = container_of(request, struct host, writing);

	free((void *)h->saying.at);
	h->saying = (struct bytes){ 0 };
	if (status < 0)
		leave_for_socket(h, status);
	else
		say(h); /* the answer may have overtaken us */
	settle(h);
}

/* One buffer serves all hosts of a loop: libuv hands it back before it asks again, and
 * the session keeps what it needs of it. */
static void on_room(uv_handle_t *tcp, size_t hint, uv_buf_t *room)
{
	static _Thread_local char shared[1 << 16];

	(void)tcp;
	(void)hint;
	*room = uv_buf_init(shared, sizeof(shared));
}

static void on_heard(uv_stream_t *tcp, ssize_t n, const uv_buf_t *heard)
{
	struct host *h = container_of(tcp, struct host, tcp);

	if (h->leaving || !h->session || n == 0)
		return;
	if (h->seat.waiting || prover_in_line(&h->prover)) {
		h->put_off = PUT_OFF_CREDENTIAL; /* it grew tired before its turn */
		leave(h);
	} else if (n < 0) {
		if (!try_multi_protocol(h, (int)n))
			leave_for_socket(h, (int)n);
	} else if (prover_busy(&h->prover)) {
		leave_with(h, HOST_PROTOCOL_ERROR, "the host spoke out of turn");
	} else {
		converse(h, session_hear(h->session, heard->base, (size_t)n));
	}
}

/* ---- authenticate: security tokens are made off the loop ---- */

/* The first token waits for the guard; no later one is sent with a credential that was
 * stopped meanwhile. */
static void prove(struct host *h)
{
	enum guard_answer answer = GUARD_GO;

	if (h->guard && !h->seat.logging_on)
		answer = guard_ask(h->guard, &h->seat);
	else if (!guard_open(&h->seat))
		answer = GUARD_STOP;
	if (answer == GUARD_WAIT)
		begin(h, "authenticate", h->options->patience_ms);
	else
		on_told(&h->seat, answer);
}

static void on_told(struct guard_seat *seat, enum guard_answer answer)
{
	struct host *h = container_of(seat, struct host, seat);

	if (answer == GUARD_STOP) {
		leave_with(h, HOST_GUARDED, "the credential guard had stopped");
		return;
	}
	begin(h, "authenticate", h->prover.begun ? h->options->request_ms : 0);
	if (prover_step(&h->prover, session_peer_token(h->session), on_proved))
		h->owed++;
	else
		leave_with(h, HOST_PROTOCOL_ERROR, "the host asks for a token too many");
}

/* To stand in line for a login is not the host's fault: its time begins after it. */
static void on_prover_started(struct prover *prover)
{
	struct host *h = container_of(prover, struct host, prover);

	begin(h, "authenticate", h->options->request_ms);
}

static void on_proved(struct prover *prover)
{
	struct host *h = container_of(prover, struct host, prover);

	if (h->leaving)
		release_mechanism(h);
	else if (prover->failed)
		leave_for_fault(h, &prover->fault);
	else
		converse(h, session_token(h->session, prover->token,
					  prover->complete ? &prover->key : NULL));
	prover_wipe(prover);
	settle(h);
}

/* ---- ask ---- */

static void ask_next(struct host *h)
{
	struct session_reply reply;
	struct survey_call call;

	if (!h->survey)
		h->survey = survey_new(&h->facts, h->options->rights,
				       h->options->right_count);
	if (!h->survey) {
		leave_with(h, HOST_LOCAL_ERROR, "out of memory");
		return;
	}
	if (h->asking) {
		reply = session_reply(h->session);
		survey_hear(h->survey, &reply);
		if (*survey_told(h->survey))
			trace(h, survey_topic(h->survey), "%s", survey_told(h->survey));
	}
	h->asking = survey_next(h->survey, &call);
	if (h->asking)
		converse(h,
			 session_call(h->session, call.interface, call.opnum, call.stub));
	else
		converse(h, session_bye(h->session));
}

/* ---- time ---- */

/* Take up a step.  One timer serves the whole life: the step's limit or what is left of
 * the host's own, whichever is less; 0 is no limit of its own. */
static void begin(struct host *h, const char *step, uint64_t limit_ms)
{
	uint64_t now = uv_now(h->options->loop);
	uint64_t left = h->give_up_at > now ? h->give_up_at - now : 0;

	h->facts.step = step;
	if (h->leaving)
		return;
	if (limit_ms && limit_ms < left)
		left = limit_ms;
	if (left < UINT64_MAX / 2)
		uv_timer_start(&h->deadline, on_deadline, left, 0);
	else
		uv_timer_stop(&h->deadline);
}

static void on_deadline(uv_timer_t *timer)
{
	struct host *h = container_of(timer, struct host, deadline);

	if (h->seat.waiting) {
		h->put_off = PUT_OFF_CREDENTIAL;
		leave(h);
	} else if (h->lookup) {
		leave_with(h, HOST_UNRESOLVABLE, "no name server answered in time");
	} else if (!h->session) {
		connect_failed(h, HOST_TIMEOUT, UV_ETIMEDOUT);
	} else if (prover_busy(&h->prover)) {
		leave_with(h, HOST_KERBEROS_FAILED,
			   "no token in time: the key distribution center is silent or "
			   "this machine overloaded");
	} else {
		leave_with(h, HOST_STALLED, "no answer in time");
	}
}

/* ---- leave: every way out comes through here, once ---- */

void host_abandon(struct host *h, const char *why)
{
	leave_with(h, HOST_NOT_ASKED, why);
}

static void leave_with(struct host *h, enum host_outcome outcome, const char *why)
{
	if (h->leaving)
		return;
	outcome_note(&h->facts, outcome, why);
	leave(h);
}

static void leave_for_socket(struct host *h, int uv_error)
{
	if (h->leaving)
		return;
	outcome_note_socket(&h->facts, outcome_of_socket(uv_error), uv_error);
	leave(h);
}

static void leave(struct host *h)
{
	if (h->leaving)
		return;
	h->leaving = true;
	guard_leave(&h->seat);
	if (h->lookup)
		resolve_cancel(h->lookup);
	h->owed++;
	uv_close((uv_handle_t *)&h->deadline, on_closed);
	if (!prover_busy(&h->prover))
		release_mechanism(h);
	else if (prover_cancel(&h->prover))
		h->owed--;
	if (!h->tcp_open)
		return;
	h->owed++;
	uv_close((uv_handle_t *)&h->tcp, on_closed);
}

static void on_closed(uv_handle_t *handle)
{
	settle(handle->type == UV_TIMER ? container_of(handle, struct host, deadline)
					: container_of(handle, struct host, tcp));
}

static void release_mechanism(struct host *h)
{
	if (prover_end(&h->prover, on_released))
		h->owed++;
}

static void on_released(struct prover *prover)
{
	settle(container_of(prover, struct host, prover));
}

/* The record is made whole.  A dialogue that broke after every right was answered has
 * told all there is to tell, unless what broke was its integrity. */
static void conclude(struct host *h)
{
	struct facts *f = &h->facts;
	char now[OUTCOME_TIME_MAX];
	uint64_t ended = uv_hrtime();
	bool spoke = f->outcome == HOST_NOT_ASKED && !f->error.text;

	if (h->session && !h->proved)
		outcome_note_peer(f, session_peer(h->session));
	if (h->survey &&
	    (spoke || (survey_complete(h->survey) && outcome_may_retry(f->outcome)))) {
		f->error = (struct fact_error){ 0 };
		f->outcome = survey_answered(h->survey) ? HOST_ANSWERED
			     : survey_denied(h->survey) ? HOST_ACCESS_DENIED
							: HOST_PROTOCOL_ERROR;
		if (f->outcome != HOST_ANSWERED && f->right_count)
			f->error = f->rights[0].error;
	}
	if (h->proved)
		f->timing.ask = (double)(ended - h->proved) / 1e6;
	f->timing.total = (double)(ended - h->started) / 1e6;
	outcome_time(now);
	f->timestamp = facts_text(f, now);
	facts_conclude_role(f);
	if (h->guard && h->proved)
		guard_note_rights(h->guard,
				  f->right_count && f->rights[0].outcome == RIGHT_DENIED);
}

static void settle(struct host *h)
{
	if (--h->owed > 0 || !h->leaving)
		return;
	if (h->put_off == PUT_OFF_NOT)
		conclude(h);
	h->done(h, h->arg);
}

void host_free(struct host *h)
{
	if (!h)
		return;
	survey_free(h->survey);
	session_free(h->session);
	free((void *)h->saying.at);
	facts_free(&h->facts);
	free(h);
}

/* ---- what the outside may ask ---- */

static void trace(struct host *h, const char *step, const char *format, ...)
{
	char text[400];
	va_list args;

	if (!h->options->trace)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	h->options->trace(&h->facts, step, text, h->options->trace_arg);
}

bool host_on_worker(const struct host *h)
{
	return prover_busy(&h->prover);
}

struct facts *host_facts(struct host *h)
{
	return &h->facts;
}

enum host_put_off host_put_off(const struct host *h)
{
	return h->put_off;
}

bool host_may_retry(const struct host *h)
{
	return outcome_may_retry(h->facts.outcome);
}

const struct host_addresses *host_addresses(const struct host *h)
{
	return &h->addresses;
}

uint64_t host_age(const struct host *h)
{
	return uv_now(h->options->loop) - h->began_at;
}

void *host_arg(const struct host *h)
{
	return h->arg;
}
