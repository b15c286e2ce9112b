/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_key.h - what a security mechanism and a host agreed on; SMB's own keys are
 * derived from it (rpc/smb2/keys.h).  Wipe it after use.
 */
#ifndef RPC_WIRE_SESSION_KEY_H
#define RPC_WIRE_SESSION_KEY_H

#include <stddef.h>
#include <stdint.h>

enum { SESSION_KEY_MAX = 64 };

/* What a completed mechanism agreed on ([MS-SMB2] 3.2.5.3).  */
struct session_key {
	uint8_t bytes[SESSION_KEY_MAX];
	size_t len; /* 16 with NTLM, 16 or 32 with Kerberos; 0: no key */
};

#endif
