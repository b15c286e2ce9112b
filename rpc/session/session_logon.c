/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the dialogue that proves who we are and takes up the keys: SESSION_SETUP
 * round by round, then signatures, then encryption where it is due.  The probe, which
 * only seems to log on, is here as well.
 */
#include "rpc/session/session_internal.h"

#include <string.h>

#include "rpc/wire/ntstatus.h"

enum { ROUNDS_MAX = 16 }; /* of SESSION_SETUP; Kerberos takes 1 or 2, NTLM 2 */

static enum want enter(struct session *s);

enum want session_token(struct session *s, struct bytes token,
			const struct session_key *key)
{
	if (s->line.fault.kind != FAULT_NONE)
		return WANT_ABORT;
	if (key)
		s->key = *key;
	if (s->accepted && token.len)
		return session_fail(s, REASON_ACCEPTED_WITHOUT_PROOF);
	if (s->accepted)
		return enter(s);
	s->token = token;
	return session_speak(s, STEP_AUTHENTICATE);
}

bool say_setup(struct session *s)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_SESSION_SETUP);

	smb2_put_setup(w, s->offer.security_mode, s->token);
	s->token = (struct bytes){ NULL, 0 };
	return smb2_say(&s->line) && smb2_hash_add(s->preauth, smb2_said(&s->line));
}

/* Guests and nobody are not who we are: what they may see says nothing. */
static enum want hear_acceptance(struct session *s, const struct smb2_answer *a,
				 const struct smb2_setup *setup)
{
	if (setup->session_flags & SMB2_SESSION_GUEST)
		return session_fail(s, REASON_GUEST_SESSION);
	if (setup->session_flags & SMB2_SESSION_NULL)
		return session_fail(s, REASON_ANONYMOUS_SESSION);
	s->accepted = true;
	s->session_flags = setup->session_flags;
	put_bytes(&s->acceptance, a->message.at, a->message.len);
	if (s->acceptance.bad)
		return session_fail(s, REASON_OUT_OF_MEMORY);
	return s->key.len ? enter(s) : WANT_TOKEN;
}

enum want hear_setup(struct session *s, const struct smb2_answer *a)
{
	struct smb2_setup setup;

	if (!smb2_get_setup(a->message, &setup) || !a->header.session_id)
		return session_fail(s, REASON_MALFORMED_ANSWER);
	s->line.session_id = a->header.session_id;
	wire_reset(&s->peer_token);
	put_bytes(&s->peer_token, setup.token.at, setup.token.len);
	if (s->peer_token.bad)
		return session_fail(s, REASON_OUT_OF_MEMORY);
	if (a->header.status == STATUS_SUCCESS)
		return hear_acceptance(s, a, &setup);
	if (++s->rounds > ROUNDS_MAX)
		return session_fail(s, REASON_ENDLESS_LOGIN);
	s->challenged |= ntlm_challenge_read(wire_written(&s->peer_token), &s->told,
					     &s->challenge);
	if (!smb2_hash_add(s->preauth, a->message))
		return session_fail(s, REASON_CRYPTO_FAILED);
	return WANT_TOKEN;
}

/* 3.2.5.3.1: the answer that accepted us must carry a signature by the key that only
 * the host and we can know; with 3.1.1 that proves NEGOTIATE, too. */
static bool acceptance_is_signed(struct session *s)
{
	struct bytes message = wire_written(&s->acceptance);
	struct smb2_header header;

	return smb2_get_header(message, &header) && header.flags & SMB2_FLAG_SIGNED &&
	       smb2_verify(s->line.keys, message);
}

static bool take_keys(struct session *s)
{
	struct smb2_agreed agreed = {
		.dialect = s->negotiated.dialect,
		.signing = s->negotiated.signing,
		.cipher = s->negotiated.cipher,
	};

	memcpy(agreed.preauth, s->preauth, sizeof agreed.preauth);
	s->line.keys = smb2_keys_new(&agreed, &s->key, false);
	smb2_wipe(&s->key, sizeof s->key);
	return s->line.keys;
}

bool session_seal(struct session *s)
{
	if (s->negotiated.cipher == SMB2_NO_CIPHER)
		session_fail(s, REASON_NO_CIPHER);
	else if (!smb2_can_seal(s->line.keys))
		session_fail(s, REASON_CRYPTO_FAILED);
	s->line.sealing = s->line.fault.kind == FAULT_NONE;
	s->peer.cipher = s->negotiated.cipher;
	return s->line.sealing;
}

static const char *or_empty(const char *name)
{
	return name ? name : "";
}

/* With NTLM the host introduces itself, long before it can prove a word.  3.1.1 proves
 * the whole logon by its keys; below, a challenge that tells the time obliges both sides
 * to a checksum over it ([MS-NLMP] 3.1.5.1.2), and one that lost its time on the way
 * proves nothing. */
static bool logon_proves_challenge(const struct session *s)
{
	return s->challenged &&
	       (s->negotiated.dialect >= SMB_3_1_1 || s->challenge.has_time);
}

/* Samba gives a version, too, of no meaning and without a build. */
static void note_challenge(struct session *s)
{
	const struct ntlm_challenge *c = &s->challenge;
	struct session_peer *peer = &s->peer;

	peer->netbios_name = or_empty(c->netbios_computer);
	peer->netbios_domain = or_empty(c->netbios_domain);
	peer->dns_name = or_empty(c->dns_computer);
	peer->dns_domain = or_empty(c->dns_domain);
	peer->dns_forest = or_empty(c->dns_forest);
	peer->os_known = c->has_version && c->build;
	peer->os_major = peer->os_known ? c->major : 0;
	peer->os_minor = peer->os_known ? c->minor : 0;
	peer->os_build = peer->os_known ? c->build : 0;
}

static enum want refuse_acceptance(struct session *s)
{
	if (smb2_crypto_failed(s->line.keys))
		return session_fail(s, REASON_CRYPTO_FAILED);
	return session_fail_words(s, REASON_BAD_SIGNATURE,
				  "the answer to the login is unsigned or wrongly "
				  "signed");
}

static enum want enter(struct session *s)
{
	bool due = s->session_flags & SMB2_SESSION_ENCRYPT ||
		   s->options.require_encryption;

	if (!s->key.len)
		return session_fail(s, REASON_NO_SESSION_KEY);
	if (!take_keys(s))
		return session_fail(s, REASON_CRYPTO_FAILED);
	if (!acceptance_is_signed(s))
		return refuse_acceptance(s);
	if (logon_proves_challenge(s))
		note_challenge(s);
	wire_wipe(&s->acceptance);
	wire_wipe(&s->peer_token);
	if (due && !session_seal(s))
		return WANT_ABORT;
	s->peer.sealed = s->line.sealing;
	return session_speak(s, s->options.share ? STEP_SHARE : STEP_TREE);
}

/* ---- probe: who are you, at the end of a logon that did not tell ---- */

/* As if to log on anew to the session there is (3.2.4.2.3, 3.3.5.5.2), so that its keys
 * protect question and answer.  Hosts may leave the first answer of a logon unsigned, but
 * what came in an envelope they answer in one: it is used where there is a cipher. */
bool say_probe(struct session *s)
{
	struct wire_out *w;

	if (s->negotiated.cipher != SMB2_NO_CIPHER && smb2_can_seal(s->line.keys))
		s->line.sealing = true;
	w = smb2_begin(&s->line, SMB2_SESSION_SETUP);
	smb2_put_setup(w, s->offer.security_mode, ntlm_challenge_question());
	return smb2_say(&s->line);
}

/* By the host's own policy, or by its domain's: [MS-NLMP] 3.2.5.1.1. */
static bool means_no_ntlm(uint32_t status)
{
	return status == STATUS_NOT_SUPPORTED || status == STATUS_NTLM_BLOCKED;
}

/* Whatever the answer, that logon is never gone on with, and nothing more can be said in
 * this session: it ends with the connection (3.3.7.1). */
enum want hear_probe(struct session *s, const struct smb2_answer *a)
{
	struct smb2_setup setup;

	if (a->is_error) {
		s->peer.refuses_ntlm = a->proved && means_no_ntlm(a->header.status);
		return WANT_NOTHING;
	}
	if (!smb2_get_setup(a->message, &setup))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (a->proved && ntlm_challenge_read(setup.token, &s->told, &s->challenge))
		note_challenge(s);
	return WANT_NOTHING;
}
