/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interface.h - the RPC interfaces that are called, one row each: what it is called,
 * where, and by which UUID and version.
 */
#ifndef RPC_CALLS_INTERFACE_H
#define RPC_CALLS_INTERFACE_H

#include "rpc/dce/dcerpc.h"

/* clang-format off */
/*  constant          name       pipe     UUID, as text                           version */
#define RPC_INTERFACES(X) \
X(INTERFACE_LSARPC,  "lsarpc",  "lsarpc", "12345778-1234-abcd-ef00-0123456789ab", 0, 0) \
X(INTERFACE_DSSETUP, "dssetup", "lsarpc", "3919286a-b10c-11d0-9ba8-00c04fd92ef5", 0, 0)
/* clang-format on */

/* A session opens the pipe of the first one at once. */
enum interface {
#define X(constant, name, pipe, uuid, major, minor) constant,
	RPC_INTERFACES(X)
#undef X
		INTERFACE_COUNT
};

/* "lsarpc" */
const char *interface_name(enum interface i);
/* The pipe's name in IPC$, without "\PIPE\"; interfaces may share one. */
const char *interface_pipe(enum interface i);
struct dcerpc_syntax interface_syntax(enum interface i);

#endif
