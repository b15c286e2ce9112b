/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One host, from a name to its answers.
 *
 *     resolve -> connect -> converse { authenticate, ask } -> leave
 *
 * Read it downwards: every callback stands below the call that arms it.  The dialogue in
 * the middle is host_talk.c.
 */
#include "scanner/host/host.h"

#include <stdlib.h>
#include <string.h>

#include "report/facts/directory_fact.h"
#include "scanner/host/budget.h"
#include "scanner/host/host_internal.h"
#include "scanner/host/outcome.h"

static void resolve(struct host *h);
static void on_resolved(enum resolve_outcome outcome,
			const struct host_addresses *addresses, const char *why,
			void *arg);
static void on_turn_to_connect(struct turn_work *work);
static void connect_next(struct host *h);
static void connect_to(struct host *h, const struct sockaddr *address);
static void on_connected(uv_connect_t *request, int status);
static void connect_failed(struct host *h, enum host_outcome outcome, int uv_error);
static void on_reconnect(uv_handle_t *tcp);
static void set_deadline(struct host *h);
static void on_deadline(uv_timer_t *timer);
static void on_closed(uv_handle_t *handle);
static void on_released(struct authenticator *authenticator);
static void on_turn_to_finish(struct turn_work *work);

struct host *host_scan(const struct host_context *context,
		       const struct host_target *target, host_done_fn done, void *arg)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->context = context;
	h->settings = context->settings;
	h->done = done;
	h->arg = arg;
	facts_init(&h->facts);
	h->facts.host = facts_text(&h->facts, target->name);
	h->facts.port = target->port;
	h->facts.sweep = context->sweep_id;
	h->facts.attempts = target->attempt;
	h->facts.hint_known = target->hint_known;
	h->facts.hint = target->hint;
	h->facts.tag_count = target->tag_count;
	if (target->tag_count)
		h->facts.tags = facts_take(&h->facts, target->tag_count, sizeof(char *));
	for (size_t i = 0; h->facts.tags && i < target->tag_count; i++)
		h->facts.tags[i] = facts_text(&h->facts, target->tags[i]);
	directory_fact_set(&h->facts, target->directory);
	if (h->facts.out_of_memory) {
		host_free(h);
		return NULL;
	}
	h->guard = target->guard;
	h->account = target->account;
	h->domain = target->domain;
	h->seat.told = host_on_told;
	h->seat.checks = h->login_only = target->login_only;
	authenticator_init(&h->authenticator, context->workers, context->logins,
			   target->provider, h->facts.host,
			   host_on_authenticator_started);
	h->began_at = uv_now(context->loop);
	h->give_up_at = context->settings->host_ms
				? h->began_at + context->settings->host_ms
				: UINT64_MAX;
	h->dialogue.pot = context->pot;
	h->started = uv_hrtime();
	uv_timer_init(context->loop, &h->deadline);
	if (target->addresses)
		h->addresses = *target->addresses;
	resolve(h);
	return h;
}

/* ---- find it ---- */

/* A literal address never waits for a name server; what is known already is not asked
 * again. */
static void resolve(struct host *h)
{
	union host_address literal;

	if (!h->addresses.count &&
	    (uv_ip4_addr(h->facts.host, h->facts.port, &literal.v4) == 0 ||
	     uv_ip6_addr(h->facts.host, h->facts.port, &literal.v6) == 0)) {
		h->addresses.at[0] = literal;
		h->addresses.count = 1;
	}
	if (h->addresses.count) {
		connect_next(h);
		return;
	}
	host_begin(h, "resolve", 0);
	h->lookup = resolve_name(h->context->resolver, h->facts.host, h->facts.port,
				 on_resolved, h);
	if (h->lookup)
		h->owed++;
	else
		host_leave_for(h, HOST_LOCAL_ERROR, REASON_OUT_OF_MEMORY);
}

static void on_resolved(enum resolve_outcome outcome,
			const struct host_addresses *addresses, const char *why,
			void *arg)
{
	struct host *h = arg;

	h->lookup = NULL;
	h->facts.timing.resolve = (double)(uv_hrtime() - h->started) / 1e6;
	if (h->leaving) {
		host_settle(h);
		return;
	}
	if (outcome == RESOLVED) {
		h->addresses = *addresses;
		host_trace(h, "resolve", "%u address%s", addresses->count,
			   addresses->count == 1 ? "" : "es");
		h->in_line = true;
		host_do(h, on_turn_to_connect);
		return;
	}
	h->unanswered = outcome == RESOLVE_NO_ANSWER;
	host_leave_with(h,
			outcome == RESOLVE_STARVED ? HOST_LOCAL_ERROR : HOST_UNRESOLVABLE,
			why);
	if (h->unanswered)
		h->facts.error.reason = fault_reason_word(REASON_NO_NAME_SERVER_ANSWERED);
	host_settle(h);
}

/* A name server may answer for many hosts at once. */
static void on_turn_to_connect(struct turn_work *work)
{
	struct host *h = container_of(work, struct host, work);

	h->in_line = false;
	if (!h->leaving)
		connect_next(h);
	host_settle(h);
}

/* ---- reach it ---- */

static void connect_next(struct host *h)
{
	while (h->next < h->addresses.count) {
		const struct sockaddr *address = &h->addresses.at[h->next].any;
		enum host_admission admission = ADMIT_YES;

		if (h->context->admit)
			admission = h->context->admit(address, h->arg);
		h->next++;
		if (admission == ADMIT_YES) {
			connect_to(h, address);
			return;
		}
		if (admission == ADMIT_LATER) {
			h->put_off = PUT_OFF_SUBNET;
			host_leave(h);
			return;
		}
		host_begin(h, "connect", 0);
		host_trace(h, "connect", "an excluded address is passed over");
	}
	if (h->facts.outcome == HOST_NOT_ASKED)
		host_leave_with(h, HOST_NOT_ASKED, "its address is excluded");
	else
		host_leave(h); /* what the best address came to is noted */
}

static void connect_to(struct host *h, const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	int err;

	host_begin(h, "connect", h->settings->connect_ms);
	uv_ip_name(address, text, sizeof(text));
	h->facts.address = facts_text(&h->facts, text);
	h->connected = uv_hrtime();
	host_spend(h, TURN_START);
	uv_tcp_init(h->context->loop, &h->tcp);
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
			host_trace(h, "connect", "%s port %u", h->facts.address,
				   h->facts.port);
			host_talk(h);
		}
	}
	host_settle(h);
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
	host_trace(h, "connect", "%s: %s", h->facts.address, uv_strerror(uv_error));
	if (outcome_is_exhaustion(uv_error)) {
		h->put_off = PUT_OFF_DESCRIPTORS;
		host_leave_for_socket(h, uv_error);
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
	host_settle(h);
}

bool host_try_multi_protocol(struct host *h, int uv_error)
{
	if (h->multi_protocol || outcome_of_socket(uv_error) != HOST_DISCONNECTED ||
	    session_peer(h->session)->dialect != 0)
		return false;
	host_trace(h, "negotiate",
		   "the host closed the connection; once more by SMB1's NEGOTIATE");
	h->multi_protocol = true;
	h->next--;
	session_free(h->session);
	h->session = NULL;
	h->tcp_open = false;
	h->owed++;
	uv_close((uv_handle_t *)&h->tcp, on_reconnect);
	return true;
}

/* ---- time ---- */

/* How long this process has kept its hosts waiting so far. */
static uint64_t late_by_now(const struct host *h)
{
	return h->context->late_ms ? *h->context->late_ms : 0;
}

void host_begin(struct host *h, const char *step, uint64_t limit_ms)
{
	uint64_t now = uv_now(h->context->loop);
	uint64_t left = h->give_up_at > now ? h->give_up_at - now : 0;

	h->facts.step = step;
	if (h->leaving)
		return;
	if (limit_ms && limit_ms < left)
		left = limit_ms;
	h->due = left < UINT64_MAX / 2 ? now + left : UINT64_MAX;
	h->late = late_by_now(h);
	if (!uv_is_active((uv_handle_t *)&h->deadline) || h->due < h->rings_at)
		set_deadline(h);
}

/* Steps mostly end long before their time, so the timer is left to ring for a step that
 * is over, and is then set for the one that is not; only one that comes sooner moves it.
 */
static void set_deadline(struct host *h)
{
	uint64_t now = uv_now(h->context->loop);

	h->rings_at = h->due;
	if (h->due == UINT64_MAX)
		uv_timer_stop(&h->deadline);
	else
		uv_timer_start(&h->deadline, on_deadline, h->due > now ? h->due - now : 0,
			       0);
}

/* While we were busy with others nobody heard what it said: that time is ours. */
static bool was_kept_waiting(struct host *h)
{
	uint64_t waited = late_by_now(h) - h->late;

	h->late += waited;
	h->due += waited;
	h->give_up_at += h->give_up_at < UINT64_MAX / 2 ? waited : 0;
	return waited > 0;
}

static void on_deadline(uv_timer_t *timer)
{
	struct host *h = container_of(timer, struct host, deadline);

	if (uv_now(h->context->loop) < h->due || was_kept_waiting(h)) {
		set_deadline(h);
	} else if (h->in_line) {
		h->due = uv_now(h->context->loop) + 1;
		set_deadline(h);
	} else if (h->seat.waiting) {
		h->put_off = PUT_OFF_CREDENTIAL;
		host_leave(h);
	} else if (h->lookup) {
		host_leave_for(h, HOST_UNRESOLVABLE, REASON_NO_NAME_SERVER_ANSWERED);
	} else if (!h->session) {
		connect_failed(h, HOST_TIMEOUT, UV_ETIMEDOUT);
	} else if (authenticator_busy(&h->authenticator)) {
		host_leave_for(h, HOST_KERBEROS_FAILED, REASON_NO_KDC_ANSWERED);
	} else {
		host_leave_with(h, HOST_STALLED, "no answer in time");
	}
}

/* ---- leave: every way out comes through here, once ---- */

void host_abandon(struct host *h, const char *why)
{
	if (authenticator_crashed(&h->authenticator))
		host_leave_for(h, HOST_LOCAL_ERROR, REASON_LOGIN_CRASHED);
	else
		host_leave_with(h, HOST_NOT_ASKED, why);
}

void host_leave_with(struct host *h, enum host_outcome outcome, const char *why)
{
	if (h->leaving)
		return;
	outcome_note(&h->facts, outcome, why);
	host_leave(h);
}

void host_leave_for(struct host *h, enum host_outcome outcome, enum fault_reason reason)
{
	if (h->leaving)
		return;
	outcome_note_reason(&h->facts, outcome, reason);
	host_leave(h);
}

void host_leave_for_socket(struct host *h, int uv_error)
{
	if (h->leaving)
		return;
	outcome_note_socket(&h->facts, outcome_of_socket(uv_error), uv_error);
	host_leave(h);
}

/* What silence, or the end of the connection, came for an answer to. */
static enum fault_reason reason_of_silence(const struct host *h)
{
	if (!session_peer(h->session)->dialect)
		return REASON_OPENING_UNANSWERED;
	if (h->proof_sent)
		return REASON_NO_VERDICT;
	if (!h->token_sent)
		return REASON_NONE;
	return h->authenticator.mechanism == AUTH_KERBEROS ? REASON_TICKET_UNANSWERED
							   : REASON_LOGIN_UNANSWERED;
}

/* It has causes of its own before we are logged on. */
static void explain_silence(struct host *h)
{
	enum host_outcome outcome = h->facts.outcome;

	if ((outcome == HOST_STALLED || outcome == HOST_DISCONNECTED) && h->session &&
	    !h->proved && !h->facts.error.reason && h->facts.error.text)
		h->facts.error.reason = fault_reason_word(reason_of_silence(h));
}

void host_leave(struct host *h)
{
	if (h->leaving)
		return;
	h->leaving = true;
	explain_silence(h);
	guard_leave(&h->seat);
	if (h->lookup)
		resolve_cancel(h->lookup);
	h->owed++;
	uv_close((uv_handle_t *)&h->deadline, on_closed);
	if (!authenticator_busy(&h->authenticator))
		host_release_mechanism(h);
	else if (authenticator_cancel(&h->authenticator))
		h->owed--;
	if (!h->tcp_open)
		return;
	h->owed++;
	uv_close((uv_handle_t *)&h->tcp, on_closed);
}

static void on_closed(uv_handle_t *handle)
{
	host_settle(handle->type == UV_TIMER ? container_of(handle, struct host, deadline)
					     : container_of(handle, struct host, tcp));
}

void host_release_mechanism(struct host *h)
{
	if (authenticator_end(&h->authenticator, on_released))
		h->owed++;
}

static void on_released(struct authenticator *authenticator)
{
	host_settle(container_of(authenticator, struct host, authenticator));
}

void host_settle(struct host *h)
{
	if (--h->owed == 0 && h->leaving)
		host_do(h, on_turn_to_finish);
}

/* A record that is too large to become a line at once costs no more than one that is. */
static void on_turn_to_finish(struct turn_work *work)
{
	struct host *h = container_of(work, struct host, work);
	size_t size = pool_size(&h->facts.memory);

	host_spend(h,
		   TURN_RECORD + (size < BUDGET_HOST_SHARE ? size : BUDGET_HOST_SHARE) /
					 TURN_RECORD_BYTES);
	if (h->put_off == PUT_OFF_NOT)
		host_conclude(h);
	h->done(h, h->arg);
}

void host_free(struct host *h)
{
	if (!h)
		return;
	survey_free(h->survey);
	session_free(h->session);
	budget_return(&h->dialogue);
	free((void *)h->saying.at);
	facts_free(&h->facts);
	free(h);
}
