/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_client.h - the client's two messages of NTLMv2: [MS-NLMP] 3.1.5.1 and 3.3.2.
 *
 * Bytes in, bytes out: the clock, the random numbers and the checks of the challenge are
 * the caller's.  NTLMv1 and LM answers are not here at all.  Every logon carries a MIC
 * over its three messages, also for a host that gives no time: the host must check it,
 * and who alters the negotiation on the way is found out.
 */
#ifndef RPC_AUTH_NTLM_CLIENT_H
#define RPC_AUTH_NTLM_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/auth/ntlm_crypto.h"
#include "rpc/auth/ntlm_offer.h"
#include "rpc/wire/session_key.h"
#include "rpc/wire/wire.h"

/* Who logs on.  Text is UTF-8 and borrowed; the hash is as good as the password. */
struct ntlm_identity {
	const char *user;
	const char *domain;      /* "" where the host is to choose */
	const char *workstation; /* this machine's name, for the host's event log */
	uint8_t nt_hash[NTLM_KEY_BYTES];
};

/* What the session key is to do after the logon. */
enum ntlm_use {
	NTLM_USE_SIGN, /* SMB signs by itself */
	NTLM_USE_SEAL, /* everything is sealed by NTLM (ntlm_seal.h) */
	NTLM_USE_NONE, /* a TLS channel protects it ([MS-ADTS] 5.1.2.1) */
};

/* One logon. */
struct ntlm_logon {
	enum ntlm_use use;
	const struct ntlm_offer *offer;
	const char *service; /* "cifs/srv1", as MsvAvTargetName */
	/* ntlm_bind_channel(); zeros where there is no channel below. */
	uint8_t channel_bindings[NTLM_KEY_BYTES];
	uint8_t nonce[NTLM_NONCE_BYTES];    /* ClientChallenge: random */
	uint8_t random_key[NTLM_KEY_BYTES]; /* becomes the session key */
	uint64_t now; /* FILETIME; unused where the host gives the time */
};

/* NEGOTIATE, the same for every host: it names nobody.  Static. */
struct bytes ntlm_negotiate(enum ntlm_use use);
/* Can what follows a logon for NTLM_USE_SEAL be sealed, as the host has it? */
bool ntlm_offers_sealing(const struct ntlm_offer *offer);
/* NTOWFv1, the hash that Windows keeps of a password.  False, with zeros in `hash`: the
 * password is not UTF-8, or memory is out. */
bool ntlm_hash_password(const char *password, uint8_t hash[static NTLM_KEY_BYTES]);
/* [MS-NLMP] 2.2.2.1, MsvAvChannelBindings: MD5 of a gss_channel_bindings_struct that
 * holds nothing but the channel's application data.  False: memory is out, or libcrypto
 * failed. */
bool ntlm_bind_channel(struct bytes application_data,
		       uint8_t binding[static NTLM_KEY_BYTES]);
/* Append AUTHENTICATE to `w`, which is empty; `key` is the ExportedSessionKey.  False,
 * with `w` bad: a name is not UTF-8, a field is longer than 65,535 bytes, memory is out,
 * or libcrypto failed.  Wipe both. */
bool ntlm_put_authenticate(struct wire_out *w, const struct ntlm_identity *who,
			   const struct ntlm_logon *logon, struct session_key *key);

#endif
