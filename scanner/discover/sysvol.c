/* SPDX-License-Identifier: Apache-2.0 */
/* The socket and the login around a session of rpc/session that reads files. */
#include "scanner/discover/sysvol.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "scanner/discover/dial.h"

enum {
	CHANGED_TRIES = 3, /* of a file that is written to while it is read */
	CHUNK = 1 << 16,
};

struct sysvol {
	struct sysvol_options options;
	struct session *session;
	struct auth *auth;
	struct fault *fault; /* of the call that is under way */
	struct fault of_leave;
	enum auth_mechanism mechanism;
	enum want want;
	int fd;
	bool opening_sent, token_sent, complete;
	bool proof_sent; /* what a password can be guessed from */
	bool refused;    /* by the KDC, or by the controller that got the proof */
	uint8_t chunk[CHUNK];
};

static bool converse(struct sysvol *v, enum want until);
static bool prove(struct sysvol *v);

/* ---- open and close ---- */

static struct session *begin_session(const struct sysvol_options *o)
{
	struct session_options options = {
		.server = o->host,
		.share = "SYSVOL",
		.require_encryption = o->require_encryption,
		.dialect_min = o->dialect_min,
		.dialect_max = o->dialect_max,
	};

	if (uv_random(NULL, NULL, options.salt, sizeof options.salt, 0, NULL) != 0 ||
	    uv_random(NULL, NULL, options.client_guid, sizeof options.client_guid, 0,
		      NULL) != 0)
		return NULL;
	return session_new(&options);
}

static enum ldap_login login_of(const struct sysvol *v)
{
	if (v->session && session_step(v->session) > STEP_AUTHENTICATE)
		return LDAP_ACCEPTED;
	if (v->refused)
		return LDAP_REFUSED_LOGIN;
	return v->proof_sent ? LDAP_NO_VERDICT : LDAP_NOT_TRIED;
}

struct sysvol *sysvol_open(const struct sysvol_options *options, enum ldap_login *login,
			   struct fault *fault)
{
	struct sysvol *v = calloc(1, sizeof *v);
	bool good;

	*login = LDAP_NOT_TRIED;
	if (!v) {
		fault_set(fault, "connect", REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	v->options = *options;
	v->fault = fault;
	v->fd = dial(options->address, options->connect_ms, options->abandon, fault);
	if (v->fd >= 0)
		v->session = begin_session(options);
	if (v->fd >= 0 && !v->session)
		fault_set(fault, "connect", REASON_OUT_OF_MEMORY, CODE_NONE, 0);
	if (v->session)
		v->want = session_open(v->session);
	good = v->session && converse(v, WANT_CALL);
	*login = login_of(v);
	if (good)
		return v;
	sysvol_close(v);
	return NULL;
}

/* Leave is taken where the session is whole; how it is answered is of no interest. */
void sysvol_close(struct sysvol *v)
{
	if (!v)
		return;
	if (v->session && v->want == WANT_CALL) {
		v->fault = &v->of_leave;
		v->want = session_bye(v->session);
		converse(v, WANT_NOTHING);
	}
	if (v->auth)
		v->options.provider->end(v->auth);
	session_free(v->session);
	if (v->fd >= 0)
		close(v->fd);
	explicit_bzero(v->chunk, sizeof v->chunk);
	free(v);
}

enum auth_mechanism sysvol_mechanism(const struct sysvol *v)
{
	return v->mechanism;
}

const struct session_peer *sysvol_peer(const struct sysvol *v)
{
	return session_peer(v->session);
}

/* ---- the conversation ---- */

static bool fail(struct sysvol *v, enum fault_reason reason, const char *what)
{
	fault_set_words(v->fault, session_step_name(session_step(v->session)), reason,
			CODE_NONE, 0, "%s", what);
	return false;
}

/* Until the socket is ready for `events`. */
static bool wait_ready(struct sysvol *v, short events, uint64_t deadline)
{
	struct pollfd wait = { .fd = v->fd, .events = events };

	while (poll(&wait, 1, DIAL_SLICE_MS) == 0) {
		const char *step = session_step_name(session_step(v->session));

		if (dial_abandoned(v->options.abandon, step, v->fault))
			return false;
		if (dial_now() >= deadline)
			return fail(v, REASON_DIRECTORY_BUSY,
				    "connected, then no answer in time");
	}
	return true;
}

static bool send_all(struct sysvol *v, struct bytes out, uint64_t deadline)
{
	size_t sent = 0;

	while (sent < out.len) {
		ssize_t n = send(v->fd, out.at + sent, out.len - sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(v, REASON_DIRECTORY_CLOSED, strerror(errno));
		if (n > 0)
			sent += (size_t)n;
		else if (!wait_ready(v, POLLOUT, deadline))
			return false;
	}
	return true;
}

static bool say(struct sysvol *v, uint64_t deadline)
{
	struct bytes out = session_take_outgoing(v->session);
	bool good = send_all(v, out, deadline);

	free((void *)out.at);
	return good;
}

/* One answer; a part of it earns no extra time. */
static bool hear(struct sysvol *v, uint64_t deadline)
{
	do {
		ssize_t n;

		if (!wait_ready(v, POLLIN, deadline))
			return false;
		n = recv(v->fd, v->chunk, sizeof v->chunk, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return fail(v, REASON_DIRECTORY_CLOSED,
				    n ? strerror(errno)
				      : "the domain controller closed the connection");
		v->want = session_hear(v->session, v->chunk, (size_t)n);
		if (v->want == WANT_MORE && dial_now() >= deadline)
			return fail(v, REASON_DIRECTORY_BUSY,
				    "an answer does not come to its end in time");
	} while (v->want == WANT_MORE);
	return true;
}

static bool exchange(struct sysvol *v)
{
	bool proving = v->proof_sent && session_step(v->session) == STEP_AUTHENTICATE;
	uint64_t deadline = dial_now() +
			    (proving ? v->options.login_ms : v->options.request_ms);

	return say(v, deadline) && hear(v, deadline);
}

/* Talk until the session is where it is to be. */
static bool converse(struct sysvol *v, enum want until)
{
	while (v->want != until) {
		bool good = false;

		if (v->want == WANT_REPLY)
			good = exchange(v);
		else if (v->want == WANT_TOKEN)
			good = prove(v);
		else if (session_fault(v->session))
			*v->fault = *session_fault(v->session);
		if (!good) {
			v->refused |= v->proof_sent &&
				      v->fault->kind == FAULT_LOGON_REFUSED;
			v->want = WANT_ABORT;
			return false;
		}
	}
	return true;
}

/* ---- the login ---- */

/* The provider's next token, given to the session.  What the controller says before our
 * first token is no answer to it. */
static bool step(struct sysvol *v, struct bytes in)
{
	const struct auth_provider *p = v->options.provider;
	struct session_key key = { .len = 0 };
	struct bytes out = { 0 };

	if (!p->step(v->auth, in, &out, &v->complete, v->fault))
		return false;
	v->mechanism = p->mechanism(v->auth);
	if (v->complete && !p->key(v->auth, &key, v->fault))
		return false;
	/* Any token of NTLM but the first proves the password. */
	if ((v->token_sent || v->complete) && v->mechanism != AUTH_KERBEROS)
		v->proof_sent = true;
	v->token_sent = true;
	v->want = session_token(v->session, out, v->complete ? &key : NULL);
	explicit_bzero(&key, sizeof key);
	return true;
}

static bool prove(struct sysvol *v)
{
	const struct auth_provider *p = v->options.provider;
	struct bytes in = session_peer_token(v->session);

	if (!v->token_sent && p->opening.len) {
		v->token_sent = v->opening_sent = true;
		v->want = session_token(v->session, p->opening, NULL);
		return true;
	}
	if (v->complete)
		return fail(v, REASON_ENDLESS_LOGIN, "the login does not come to an end");
	if (!v->auth) {
		if (!v->opening_sent)
			in = (struct bytes){ 0 };
		v->auth = p->begin(p, v->options.host, v->fault);
	}
	if (v->auth && step(v, in))
		return true;
	v->refused |= v->fault->kind == FAULT_LOGON_REFUSED;
	return false;
}

/* ---- files ---- */

bool sysvol_read(struct sysvol *v, const char *path, uint32_t limit,
		 struct session_file *file, struct fault *fault)
{
	v->fault = fault;
	for (int tries = 0; tries < CHANGED_TRIES; tries++) {
		v->want = session_read(v->session, path, limit);
		if (!converse(v, WANT_CALL))
			return false;
		*file = session_file(v->session);
		if (file->outcome != FILE_CHANGED)
			break;
	}
	return true;
}
