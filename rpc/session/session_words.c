/* SPDX-License-Identifier: Apache-2.0 */
/* What the error statuses of a host mean at each step of the dialogue, as data. */
#include "rpc/session/session_internal.h"

#include "rpc/wire/ntstatus.h"

enum { ANY = STEP_COUNT };

/* The first row that fits counts; 0 is any error. */
static const struct {
	int step;
	uint32_t status;
	enum fault_reason reason;
} refusals[] = {
	{ ANY, STATUS_INSUFFICIENT_RESOURCES, REASON_OUT_OF_RESOURCES },
	{ ANY, STATUS_INSUFF_SERVER_RESOURCES, REASON_OUT_OF_RESOURCES },
	{ ANY, STATUS_REQUEST_NOT_ACCEPTED, REASON_TOO_MANY_SESSIONS },
	{ ANY, STATUS_INSTANCE_NOT_AVAILABLE, REASON_PIPE_BUSY },
	{ ANY, STATUS_PIPE_NOT_AVAILABLE, REASON_PIPE_BUSY },
	{ ANY, STATUS_PIPE_BUSY, REASON_PIPE_BUSY },
	{ ANY, STATUS_USER_SESSION_DELETED, REASON_SESSION_ENDED },
	{ ANY, STATUS_NETWORK_SESSION_EXPIRED, REASON_SESSION_ENDED },
	{ STEP_NEGOTIATE, STATUS_NOT_SUPPORTED, REASON_NO_COMMON_DIALECT },
	{ STEP_NEGOTIATE, 0, REASON_NEGOTIATION_REFUSED },
	{ STEP_AUTHENTICATE, STATUS_INVALID_PARAMETER, REASON_LOGIN_MALFORMED },
	{ STEP_AUTHENTICATE, SEC_E_INVALID_TOKEN, REASON_LOGIN_MALFORMED },
	{ STEP_AUTHENTICATE, STATUS_TIME_DIFFERENCE_AT_DC, REASON_DOMAIN_CLOCK_SKEW },
	/* [MS-NLMP] 3.2.5.1.1: a host, or a controller for its domain, that denies NTLM
	 */
	{ STEP_AUTHENTICATE, STATUS_NTLM_BLOCKED, REASON_NTLM_REFUSED },
	{ STEP_AUTHENTICATE, STATUS_NOT_SUPPORTED, REASON_NTLM_REFUSED },
	{ STEP_AUTHENTICATE, STATUS_ACCESS_DENIED, REASON_LOGIN_NEEDS_PROTECTION },
	{ STEP_AUTHENTICATE, 0, REASON_LOGIN_REFUSED },
	{ STEP_TREE, STATUS_BAD_NETWORK_NAME, REASON_NO_SHARE },
	{ STEP_TREE, STATUS_ACCESS_DENIED, REASON_SHARE_DENIED },
	{ STEP_PIPE, STATUS_OBJECT_NAME_NOT_FOUND, REASON_NO_LSA_PIPE },
	{ STEP_PIPE, STATUS_ACCESS_DENIED, REASON_PIPE_DENIED },
	/* 3.3.5.2.4: the answer to a wrong signature.  An account that may not ask has
	 * learned so when the pipe was opened, or learns it from LSA. */
	{ STEP_BIND, STATUS_ACCESS_DENIED, REASON_REQUEST_ALTERED },
	{ STEP_CALL, STATUS_ACCESS_DENIED, REASON_REQUEST_ALTERED },
	{ ANY, STATUS_ACCESS_DENIED, REASON_ACCESS_DENIED },
	{ ANY, 0, REASON_HOST_ERROR },
};

enum want session_refused(struct session *s, uint32_t status)
{
	size_t i = 0;

	while ((refusals[i].step != ANY && refusals[i].step != (int)s->step) ||
	       (refusals[i].status && refusals[i].status != status))
		i++;
	fault_set(&s->line.fault, s->line.step, refusals[i].reason, CODE_NTSTATUS,
		  status);
	return WANT_ABORT;
}
