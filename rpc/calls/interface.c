/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/calls/interface.h"

static const struct row {
	const char *name, *pipe, *uuid;
	uint16_t major, minor;
} rows[INTERFACE_COUNT] = {
#define X(constant, name, pipe, uuid, major, minor) \
	[constant] = { name, pipe, uuid, major, minor },
	RPC_INTERFACES(X)
#undef X
};

const char *interface_name(enum interface i)
{
	return rows[i].name;
}

const char *interface_pipe(enum interface i)
{
	return rows[i].pipe;
}

struct dcerpc_syntax interface_syntax(enum interface i)
{
	struct dcerpc_syntax s = { .major = rows[i].major, .minor = rows[i].minor };

	dcerpc_uuid(rows[i].uuid, s.uuid);
	return s;
}
