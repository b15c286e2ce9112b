/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_challenge.h - what a host tells of itself in an NTLM CHALLENGE.
 *
 * [MS-NLMP] 2.2.1.2 and 2.2.2.1.  The host says it before anybody has logged on: its
 * names, its version, its clock.  Nothing of it is proved by itself: whether the logon
 * that follows proves it, session_logon.c knows.  A login that answers it reads the same
 * message with stricter eyes: ntlm_offer.h.
 */
#ifndef RPC_AUTH_NTLM_CHALLENGE_H
#define RPC_AUTH_NTLM_CHALLENGE_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/auth/ntlm_message.h"
#include "rpc/wire/arena.h"
#include "rpc/wire/wire.h"

/* Names are UTF-8 in the arena, NULL when not told or no text. */
struct ntlm_challenge {
	uint32_t flags;
	const char *target_name; /* the domain, of a workgroup host the computer */
	const char *netbios_computer, *netbios_domain;
	const char *dns_computer, *dns_domain, *dns_forest;
	bool has_time;
	uint64_t time; /* FILETIME, the host's clock */
	bool has_version;
	uint8_t major, minor;
	uint16_t build; /* 0 from Samba, whose version means nothing */
};

/* What makes a host say it: an NTLM NEGOTIATE inside SPNEGO, the same for every host.
 * It begins a logon and names nobody: no account, password or hash is in it.  Static. */
struct bytes ntlm_challenge_question(void);

/* Find the CHALLENGE in a security token, bare or inside SPNEGO, and read it.  False, and
 * nothing stored: there is none, it is malformed (a field outside the token, a list of
 * names without its end), or the arena is at its end (arena_bad() tells). */
bool ntlm_challenge_read(struct bytes token, struct arena *a,
			 struct ntlm_challenge *challenge);

#endif
