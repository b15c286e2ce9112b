/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a host's refusals mean, as data.
 */
#include "rpc/session/session_internal.h"

enum { ANY = STEP_COUNT };

/* The first row that fits counts. */
static const struct {
	int step;
	uint32_t status; /* 0: any other */
	enum fault_kind kind;
	const char *what;
} refusals[] = {
	{ ANY, 0xC000009A, FAULT_BUSY, "the host is out of resources" },
	{ ANY, 0xC0000205, FAULT_BUSY, "the host is out of resources" },
	{ ANY, 0xC00000D0, FAULT_BUSY, "the host takes no more sessions" },
	{ ANY, 0xC00000AB, FAULT_BUSY, "all instances of the pipe are busy" },
	{ ANY, 0xC00000AC, FAULT_BUSY, "all instances of the pipe are busy" },
	{ ANY, 0xC00000AE, FAULT_BUSY, "the pipe is busy" },
	{ ANY, 0xC0000203, FAULT_REFUSED, "the host ended this session" },
	{ ANY, 0xC000035C, FAULT_REFUSED, "the host let this session expire" },
	{ STEP_NEGOTIATE, 0xC00000BB, FAULT_REFUSED,
	  "the host has none of the dialects offered" },
	{ STEP_NEGOTIATE, 0, FAULT_REFUSED, "the host refused to negotiate" },
	{ STEP_AUTHENTICATE, 0xC000000D, FAULT_REFUSED,
	  "the host took the logon for malformed" },
	{ STEP_AUTHENTICATE, 0xC0000133, FAULT_KERBEROS,
	  "the clocks of host and domain differ too much" },
	{ STEP_AUTHENTICATE, 0xC0000418, FAULT_LOGON_REFUSED,
	  "NTLM is blocked there: use Kerberos" },
	{ STEP_AUTHENTICATE, SMB2_STATUS_ACCESS_DENIED, FAULT_LOGON_REFUSED,
	  "the host lets this account log on only with other protections" },
	{ STEP_AUTHENTICATE, 0, FAULT_LOGON_REFUSED, "the host refused this logon" },
	{ STEP_TREE, 0xC00000CC, FAULT_REFUSED, "the host has no IPC$" },
	{ STEP_PIPE, 0xC0000034, FAULT_REFUSED, "the host has no pipe lsarpc" },
	/* 3.3.5.2.4: what is said of a wrong signature.  Who may not ask has heard so
	 * when the pipe was opened, or hears it from LSA. */
	{ STEP_BIND, SMB2_STATUS_ACCESS_DENIED, FAULT_INTEGRITY,
	  "the host takes a request for altered on the way" },
	{ STEP_CALL, SMB2_STATUS_ACCESS_DENIED, FAULT_INTEGRITY,
	  "the host takes a request for altered on the way" },
	{ ANY, SMB2_STATUS_ACCESS_DENIED, FAULT_ACCESS_DENIED, "the host denies access" },
	{ ANY, 0, FAULT_REFUSED, "the host answered with an error" },
};

enum want session_refused(struct session *s, uint32_t status)
{
	size_t i = 0;

	while ((refusals[i].step != ANY && refusals[i].step != (int)s->step) ||
	       (refusals[i].status && refusals[i].status != status))
		i++;
	fault_set(&s->line.fault, s->line.step, refusals[i].kind, CODE_NTSTATUS, status,
		  "%s", refusals[i].what);
	return WANT_ABORT;
}
