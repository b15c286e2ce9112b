/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/host/outcome.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "rpc/wire/ntstatus.h"

/* One row a kind of rpc/wire/fault.h.  The array below is as long as that list; a kind
 * without a row here does not compile. */
#define OUTCOME_ROWS(X)                                \
	X(FAULT_NONE, HOST_LOCAL_ERROR)                \
	X(FAULT_NOT_SMB, HOST_NOT_SMB)                 \
	X(FAULT_SMB1_ONLY, HOST_SMB1_ONLY)             \
	X(FAULT_NO_ENCRYPTION, HOST_NO_ENCRYPTION)     \
	X(FAULT_LOGON_REFUSED, HOST_LOGON_REFUSED)     \
	X(FAULT_KERBEROS, HOST_KERBEROS_FAILED)        \
	X(FAULT_ACCESS_DENIED, HOST_ACCESS_DENIED)     \
	X(FAULT_INTEGRITY, HOST_INTEGRITY_FAILED)      \
	X(FAULT_PROTOCOL, HOST_PROTOCOL_ERROR)         \
	X(FAULT_REFUSED, HOST_PROTOCOL_ERROR)          \
	X(FAULT_BUSY, HOST_DISCONNECTED) /* no room */ \
	X(FAULT_LOCAL, HOST_LOCAL_ERROR)

#define X(kind, outcome) [kind] = outcome,
static const enum host_outcome outcomes[] = { OUTCOME_ROWS(X) };
#undef X

enum {
#define X(kind, words) KIND_##kind,
	FAULT_KINDS(X)
#undef X
		FAULT_KIND_COUNT
};
#define X(kind, outcome) +1
_Static_assert(OUTCOME_ROWS(X) == FAULT_KIND_COUNT, "each fault kind has one outcome");
#undef X
_Static_assert(sizeof(outcomes) / sizeof(outcomes[0]) == FAULT_KIND_COUNT,
	       "the rows name all kinds");

static const struct {
	int error;
	enum host_outcome outcome;
} socket_outcomes[] = {
	{ UV_ECONNREFUSED, HOST_REFUSED },
	{ UV_ETIMEDOUT, HOST_TIMEOUT },
	{ UV_EHOSTUNREACH, HOST_UNREACHABLE },
	{ UV_ENETUNREACH, HOST_UNREACHABLE },
	{ UV_ENETDOWN, HOST_UNREACHABLE },
	{ UV_EACCES, HOST_UNREACHABLE },
	{ UV_EPERM, HOST_UNREACHABLE },
	{ UV_EINVAL, HOST_UNREACHABLE },
	{ UV_EAFNOSUPPORT, HOST_UNREACHABLE },
	{ UV_EOF, HOST_DISCONNECTED },
	{ UV_ECONNRESET, HOST_DISCONNECTED },
	{ UV_ECONNABORTED, HOST_DISCONNECTED },
	{ UV_EPIPE, HOST_DISCONNECTED },
	{ UV_ENOTCONN, HOST_DISCONNECTED },
	/* No address of ours to connect from, as where IPv6 is switched off.  Linux uses
	 * a local port again for another destination, so ports do not run out in a sweep.
	 */
	{ UV_EADDRNOTAVAIL, HOST_UNREACHABLE },
};

enum host_outcome outcome_of_fault(enum fault_kind kind)
{
	return (unsigned)kind < (unsigned)FAULT_KIND_COUNT ? outcomes[kind]
							   : HOST_LOCAL_ERROR;
}

enum host_outcome outcome_of_socket(int uv_error)
{
	for (size_t i = 0; i < sizeof(socket_outcomes) / sizeof(*socket_outcomes); i++)
		if (socket_outcomes[i].error == uv_error)
			return socket_outcomes[i].outcome;
	return HOST_LOCAL_ERROR;
}

bool outcome_is_exhaustion(int uv_error)
{
	return uv_error == UV_EMFILE || uv_error == UV_ENFILE || uv_error == UV_ENOBUFS ||
	       uv_error == UV_ENOMEM;
}

bool outcome_may_retry(enum host_outcome outcome)
{
	return outcome == HOST_TIMEOUT || outcome == HOST_DISCONNECTED ||
	       outcome == HOST_STALLED;
}

void outcome_note_fault(struct facts *facts, const struct fault *fault)
{
	facts->outcome = outcome_of_fault(fault->kind);
	facts->error = (struct fact_error){
		.step = fault->step,
		.reason = fault_reason_word(fault->reason),
		.code = status_name(fault->space, fault->code),
		.text = facts_text(facts, fault->what),
		.has_value = fault->space != CODE_NONE,
		.value = fault->code,
	};
}

void outcome_note_socket(struct facts *facts, enum host_outcome outcome, int uv_error)
{
	facts->outcome = outcome;
	facts->error = (struct fact_error){
		.step = facts->step,
		.code = uv_error == UV_EOF ? NULL : uv_err_name(uv_error),
		.text = uv_error == UV_EOF ? "the host closed the connection"
					   : uv_strerror(uv_error),
	};
}

void outcome_note(struct facts *facts, enum host_outcome outcome, const char *text)
{
	facts->outcome = outcome;
	facts->error = (struct fact_error){ .step = facts->step, .text = text };
}

void outcome_note_reason(struct facts *facts, enum host_outcome outcome,
			 enum fault_reason reason)
{
	outcome_note(facts, outcome, fault_reason_words(reason));
	facts->error.reason = fault_reason_word(reason);
}

enum login_mechanism outcome_mechanism(enum auth_mechanism mechanism)
{
	switch (mechanism) {
	case AUTH_KERBEROS:
		return LOGIN_KERBEROS;
	case AUTH_NTLM:
		return LOGIN_NTLM;
	case AUTH_UNKNOWN:
		break;
	}
	return LOGIN_UNKNOWN;
}

static const char *told(struct facts *facts, const char *text)
{
	return text && *text ? facts_text(facts, text) : NULL;
}

/* The NTLM challenge's domain stands in only where nothing better told; a host outside of
 * any domain names itself there. */
static void note_challenge_domain(struct facts *facts, const struct session_peer *peer)
{
	if (facts->machine_role_known || facts->policy_known || !peer->netbios_domain ||
	    !peer->netbios_name || strcmp(peer->netbios_domain, peer->netbios_name) == 0)
		return;
	facts->domain = told(facts, peer->netbios_domain);
	facts->dns_domain = told(facts, peer->dns_domain);
	facts->forest = told(facts, peer->dns_forest);
}

void outcome_note_peer(struct facts *facts, const struct session_peer *peer)
{
	char version[32];

	if (peer->dialect) {
		facts->dialect = told(facts, smb_dialect_name(peer->dialect));
		facts->signing_required = peer->signing_required;
	}
	if (peer->cipher)
		facts->encryption = told(facts, smb_cipher_name(peer->cipher));
	if (peer->netbios_name && *peer->netbios_name)
		facts->netbios_name = facts_text(facts, peer->netbios_name);
	facts->dns_name = told(facts, peer->dns_name);
	note_challenge_domain(facts, peer);
	if (!peer->os_known)
		return;
	snprintf(version, sizeof(version), "%u.%u.%u", peer->os_major, peer->os_minor,
		 peer->os_build);
	facts->os_version = facts_text(facts, version);
	facts->os_version_of_ntlm = true;
}

void outcome_time(char text[static OUTCOME_TIME_MAX])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	timestamp_write((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, text);
}
