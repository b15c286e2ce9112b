/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/smb.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lab/stats.h"
#include "tests/lab/status.h"

enum { CHAIN_MAX = 8, WINDOW_MAX = 64, PLAIN_MAX = 2 << 20 };

/* The answers to one frame, before they are signed or sealed; one for all connections. */
static struct {
	struct wire_out plain;
	size_t starts[CHAIN_MAX + 1];
	bool sign[CHAIN_MAX];
	size_t count;
} answers;

void smb_begin(struct smb *s, const struct host *h)
{
	*s = (struct smb){ .host = h, .granted = 1 };
}

void smb_end(struct smb *s)
{
	if (s->login)
		ntlm_end(&s->login->ntlm);
	free(s->login);
	for (size_t i = 0; i < PIPES_MAX; i++)
		pipe_close(s->pipes[i]);
	smb_share_end(s);
}

static bool get_request(struct bytes at, struct request *r)
{
	struct wire_in in = wire_in_bytes(at);
	struct bytes magic = get_bytes(&in, 4);
	uint16_t size = get_u16le(&in);

	r->at = at;
	r->credit_charge = get_u16le(&in);
	get_skip(&in, 4);
	r->command = get_u16le(&in);
	r->credits = get_u16le(&in);
	r->flags = get_u32le(&in);
	r->next = get_u32le(&in);
	r->message_id = get_u64le(&in);
	get_skip(&in, 4);
	r->tree_id = get_u32le(&in);
	r->session_id = get_u64le(&in);
	get_skip(&in, 16);
	if (in.bad || memcmp(magic.at, "\xfeSMB", 4) != 0 || size != 64 ||
	    r->flags & SMB_FLAG_RESPONSE)
		return false;
	if (r->next && (r->next % 8 || r->next < SMB_HEADER_LEN || r->next > at.len))
		return false;
	if (r->next)
		r->at.len = r->next;
	return true;
}

/* [MS-SMB2] 3.3.5.2.3: an id outside the window or used before ends the connection. */
static bool take_message_id(struct smb *s, const struct request *r)
{
	uint64_t charge = r->credit_charge ? r->credit_charge : 1;

	if (r->command == SMB_CANCEL)
		return true;
	for (uint64_t id = r->message_id; id < r->message_id + charge; id++) {
		if (id < s->low || id >= s->granted || s->used >> (id - s->low) & 1)
			return false;
		s->used |= (uint64_t)1 << (id - s->low);
	}
	while (s->used & 1) {
		s->used >>= 1;
		s->low++;
	}
	return true;
}

static uint16_t grant(struct smb *s, const struct request *r)
{
	uint64_t open = s->granted - s->low, most = s->host->manner.credits;
	uint64_t asked = r->credits ? r->credits : 1;

	/* Before its step such a host gives just what it takes to get there. */
	if (s->host->manner.fault == FAULT_NO_CREDITS) {
		if (s->step >= s->host->manner.step)
			return 0;
		most = 1;
	}
	if (asked > most)
		asked = most;
	if (asked > WINDOW_MAX - open)
		asked = WINDOW_MAX - open;
	s->granted += asked;
	return (uint16_t)asked;
}

/* [MS-SMB2] 3.3.5.2.4: who may say this, and in what clothing. */
static uint32_t may_say(struct smb *s, const struct request *r)
{
	bool must_sign = s->host->manner.signing_required ||
			 (s->dialect == 0x311 && r->command == SMB_TREE_CONNECT);

	if (r->command == SMB_NEGOTIATE ||
	    (r->command == SMB_SESSION_SETUP && !s->logged_on))
		return STATUS_SUCCESS;
	if (!s->logged_on || s->gone || r->session_id != s->session_id)
		return STATUS_USER_SESSION_DELETED;
	if (!s->nameless && !r->sealed) {
		if (r->flags & SMB_FLAG_SIGNED && !smb_signature_right(s, r->at)) {
			stats.bad_signatures++;
			return STATUS_ACCESS_DENIED;
		}
		if (!(r->flags & SMB_FLAG_SIGNED))
			stats.unsigned_requests++;
		else
			stats.signed_requests++;
		if (s->seal_due || (must_sign && !(r->flags & SMB_FLAG_SIGNED)))
			return STATUS_ACCESS_DENIED;
	}
	if (r->command >= SMB_TREE_DISCONNECT && r->command != SMB_ECHO &&
	    (!s->tree_id || r->tree_id != s->tree_id))
		return STATUS_NETWORK_NAME_DELETED;
	return STATUS_SUCCESS;
}

/* A refusal by SMB itself; steps inside a pipe have their own way of refusing. */
static bool denied_here(const struct smb *s)
{
	return s->armed == FAULT_DENIED &&
	       (s->step == STEP_NEGOTIATE || s->step == STEP_TREE ||
		s->step == STEP_CREATE);
}

static uint32_t answer(struct smb *s, struct request *r, struct wire_out *w)
{
	uint32_t status = may_say(s, r);

	if (status || denied_here(s))
		return status ? status : STATUS_ACCESS_DENIED;
	switch (r->command) {
	case SMB_NEGOTIATE:
		return smb_negotiate(s, r, w);
	case SMB_SESSION_SETUP:
		return smb_session_setup(s, r, w);
	case SMB_LOGOFF:
		return smb_logoff(s, r, w);
	case SMB_TREE_CONNECT:
		return smb_tree_connect(s, r, w);
	case SMB_TREE_DISCONNECT:
		return smb_tree_disconnect(s, r, w);
	case SMB_CREATE:
		return s->on_share ? smb_share_create(s, r, w) : smb_create(s, r, w);
	case SMB_CLOSE:
		return s->on_share ? smb_share_close(s, r, w) : smb_close(s, r, w);
	case SMB_READ:
		return s->on_share ? smb_share_read(s, r, w) : smb_read(s, r, w);
	case SMB_WRITE:
		return smb_write(s, r, w);
	case SMB_IOCTL:
		return smb_ioctl(s, r, w);
	case SMB_ECHO:
		put_u16le(w, 4);
		put_u16le(w, 0);
		return STATUS_SUCCESS;
	default:
		return STATUS_NOT_SUPPORTED;
	}
}

/* [MS-SMB2] 2.2.1; the body follows. */
static void put_response_header(struct smb *s, const struct request *r, uint32_t status,
				bool async, uint16_t credits, struct wire_out *w)
{
	bool wrong_id = s->armed == FAULT_WRONG_MESSAGE_ID;
	bool wrong_session = s->armed == FAULT_WRONG_SESSION;
	bool wrong_tree = s->armed == FAULT_WRONG_TREE;
	uint32_t tree = r->command == SMB_TREE_CONNECT && !status ? s->tree_id
								  : r->tree_id;

	put_bytes(w, "\xfeSMB", 4);
	put_u16le(w, 64);
	put_u16le(w, r->credit_charge);
	put_u32le(w, status);
	put_u16le(w, s->armed == FAULT_WRONG_COMMAND ? r->command ^ 1 : r->command);
	put_u16le(w, credits);
	put_u32le(w, SMB_FLAG_RESPONSE | (async ? SMB_FLAG_ASYNC : 0u) |
			     (r->flags & SMB_FLAG_RELATED));
	put_u32le(w, 0);
	put_u64le(w, r->message_id + (wrong_id ? 7 : 0));
	if (async) {
		put_u64le(w, r->message_id + 0x1000);
	} else {
		put_u32le(w, 0);
		put_u32le(w, tree + (wrong_tree ? 1 : 0));
	}
	put_u64le(w, (r->command == SMB_NEGOTIATE ? 0 : s->session_id) +
			     (wrong_session ? 1 : 0));
	put_zeros(w, 16);
}

static void put_error(struct wire_out *w)
{
	put_u16le(w, 9);
	put_zeros(w, 7);
}

static bool is_error(uint32_t status)
{
	return (status >> 30 == 3 && status != STATUS_MORE_PROCESSING_REQUIRED) ||
	       status >> 16 == 0x8009; /* SEC_E_... */
}

/* The pre-auth integrity hash goes over what was said, faults aside: a man in the middle
 * would not be asked what to hash. */
static void hash_answer(struct smb *s, const struct request *r, uint32_t status,
			struct bytes message)
{
	if (s->dialect != 0x311)
		return;
	if (r->command == SMB_NEGOTIATE) {
		crypt_preauth(s->preauth, r->at);
		crypt_preauth(s->preauth, message);
	} else if (status == STATUS_MORE_PROCESSING_REQUIRED) {
		crypt_preauth(s->session_preauth, message);
	}
}

/* One answer, appended to `answers`. */
static void put_answer(struct smb *s, struct request *r, bool async)
{
	struct wire_out *w = &answers.plain;
	size_t start = w->len, header, body;
	uint32_t status;
	struct wire_out head = wire_out(SMB_HEADER_LEN);

	header = put_hole(w, SMB_HEADER_LEN);
	body = w->len;
	status = answer(s, r, w);
	if (w->len == body && is_error(status))
		put_error(w);
	put_response_header(s, r, status, async, async ? 0 : grant(s, r), &head);
	fill_bytes(w, header, head.at, SMB_HEADER_LEN);
	wire_drop(&head);
	hash_answer(s, r, status, (struct bytes){ w->at + start, w->len - start });
	smb_spoil(s, r->command, w, start);
	answers.sign[answers.count] = s->logged_on && !s->nameless &&
				      status != STATUS_PENDING &&
				      (r->flags & SMB_FLAG_SIGNED ||
				       r->command == SMB_SESSION_SETUP);
	answers.starts[answers.count++] = start;
	if (status == STATUS_PENDING && w->len == body) {
		/* A READ of nothing: promised, and never kept. */
		w->len = start;
		answers.count--;
	}
}

/* [MS-SMB2] 3.3.4.2: "later", in a frame of its own. */
static void put_interim(struct smb *s, const struct request *r, uint16_t credits,
			struct wire_out *out)
{
	struct wire_out w = wire_out(256);

	put_response_header(s, r, STATUS_PENDING, true, credits, &w);
	put_error(&w);
	if (r->sealed) {
		smb_seal(s, wire_written(&w), out);
	} else {
		put_u32be(out, (uint32_t)w.len);
		put_bytes(out, w.at, w.len);
	}
	wire_drop(&w);
}

/* Sign, chain, seal and frame what `answers` holds. */
static void send_answers(struct smb *s, bool sealed, struct wire_out *out)
{
	struct wire_out *w = &answers.plain;

	for (size_t i = 0; i < answers.count; i++) {
		size_t start = answers.starts[i];

		if (i + 1 < answers.count)
			fill_u32le(w, start + 20,
				   (uint32_t)(answers.starts[i + 1] - start));
	}
	answers.starts[answers.count] = w->len;
	for (size_t i = 0; i < answers.count && !sealed; i++)
		if (answers.sign[i] && s->armed != FAULT_UNSIGNED)
			smb_sign(s, w, answers.starts[i],
				 answers.starts[i + 1] - answers.starts[i]);
	if (s->armed == FAULT_BAD_SIGNATURE && !sealed)
		w->at[answers.starts[0] + 50] ^= 1;
	if (sealed && s->armed != FAULT_UNENCRYPTED) {
		size_t frame = out->len;

		smb_seal(s, wire_written(w), out);
		if (s->armed == FAULT_BAD_SIGNATURE)
			out->at[frame + 10] ^= 1;
		return;
	}
	put_u32be(out, (uint32_t)w->len);
	put_bytes(out, w->at, w->len);
}

/* The same answer for the question that comes next. */
static void send_early(struct smb *s, bool sealed, struct wire_out *out)
{
	struct wire_out *w = &answers.plain;
	struct wire_in in = wire_in(w->at, w->len);
	uint64_t id;

	get_skip(&in, 24);
	id = get_u64le(&in) + 1;
	fill_u32le(w, 24, (uint32_t)id);
	send_answers(s, sealed, out);
}

static bool is_call(const struct request *r)
{
	return r->command == SMB_IOCTL || r->command == SMB_READ;
}

/* One request of a frame; false: hang up. */
static bool hear_request(struct smb *s, struct request *r, struct wire_out *out)
{
	bool async;

	stats.requests++;
	if (r->sealed)
		stats.sealed_requests++;
	if (!take_message_id(s, r)) {
		stats.protocol_errors++;
		return false;
	}
	if (r->command == SMB_CANCEL)
		return true;
	s->step = smb_step(s, r);
	s->armed = s->step == s->host->manner.step ? (enum lab_fault)s->host->manner.fault
						   : FAULT_NONE;
	if (s->armed == FAULT_ENDLESS_PENDING) {
		s->pending_forever = true;
		s->pending_id = r->message_id;
		s->pending_command = r->command;
		put_interim(s, r, grant(s, r), out);
		return true;
	}
	async = s->host->manner.pending && is_call(r) && s->logged_on;
	if (async)
		put_interim(s, r, grant(s, r), out);
	put_answer(s, r, async);
	return !s->hang_up;
}

void smb_promise_again(struct smb *s, struct wire_out *out)
{
	struct request r = { .command = s->pending_command,
			     .message_id = s->pending_id,
			     .sealed = s->seal_due };

	put_interim(s, &r, 0, out);
}

/* Every message of a chain; later ones of a related chain inherit what came before. */
static bool hear_chain(struct smb *s, struct bytes chain, bool sealed,
		       struct wire_out *out)
{
	struct request r = { 0 }, before = { 0 };
	size_t at = 0;

	do {
		struct bytes rest = { chain.at + at, chain.len - at };

		r = (struct request){ .sealed = sealed };
		if (!get_request(rest, &r) || answers.count == CHAIN_MAX) {
			stats.protocol_errors++;
			return false;
		}
		if (r.flags & SMB_FLAG_RELATED) {
			r.session_id = before.session_id;
			r.tree_id = before.tree_id;
			memcpy(r.file_id, before.file_id, sizeof(r.file_id));
		}
		if (answers.count)
			put_align(&answers.plain, 0, 8);
		if (!hear_request(s, &r, out))
			return false;
		if (r.command == SMB_TREE_CONNECT)
			r.tree_id = s->tree_id;
		before = r;
		at += r.next;
	} while (r.next);
	return true;
}

bool smb_hear(struct smb *s, uint8_t *frame, size_t len, struct wire_out *out)
{
	struct bytes chain = { frame, len };
	bool sealed = len >= 4 && memcmp(frame, "\xfdSMB", 4) == 0, good;

	if (!answers.plain.max)
		answers.plain = wire_out(PLAIN_MAX);
	wire_reset(&answers.plain);
	answers.count = 0;
	if (len >= 4 && memcmp(frame, "\xffSMB", 4) == 0)
		return smb_multi_protocol(s, chain, out);
	if (sealed)
		chain = smb_open(s, frame, len);
	if (!chain.at) {
		stats.bad_signatures++;
		return false;
	}
	good = hear_chain(s, chain, sealed, out);
	if (answers.count) {
		send_answers(s, sealed, out);
		if (s->armed == FAULT_EARLY)
			send_early(s, sealed, out);
	}
	return good;
}
