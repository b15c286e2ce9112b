/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dssetup.h - the one DSSETUP call that tells a machine's role.
 *
 * [MS-DSSP] 3.2.5.1, interface 3919286a-b10c-11d0-9ba8-00c04fd92ef5 v0.0.  The status is
 * a Win32 error, not an NTSTATUS.
 */
#ifndef RPC_CALLS_DSSETUP_H
#define RPC_CALLS_DSSETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/arena.h"
#include "rpc/wire/wire.h"

enum { DSSETUP_GET_PRIMARY_DOMAIN_INFORMATION = 0 }; /* opnum */

/* DSROLE_MACHINE_ROLE, [MS-DSSP] 2.2.2 */
enum dssetup_role {
	DSROLE_STANDALONE_WORKSTATION = 0,
	DSROLE_MEMBER_WORKSTATION = 1,
	DSROLE_STANDALONE_SERVER = 2,
	DSROLE_MEMBER_SERVER = 3,
	DSROLE_BACKUP_DC = 4,
	DSROLE_PRIMARY_DC = 5,
};

enum { DSROLE_READ_ONLY_DC = 0x8, DSROLE_DOMAIN_GUID_PRESENT = 0x01000000 };

/* DSROLER_PRIMARY_DOMAIN_INFO_BASIC; names are UTF-8 in the arena, NULL when absent or
 * when they are no UTF-16. */
struct dssetup_basic {
	uint16_t machine_role; /* as told; may be outside enum dssetup_role */
	uint32_t flags;
	const char *domain_flat, *domain_dns, *forest_dns;
};

void dssetup_put_basic(struct wire_out *w);
/* False: malformed, or the arena is at its end (arena_bad() tells).  True: `*win32`
 * tells; `info` is filled only when it is 0. */
bool dssetup_get_basic(struct bytes stub, struct arena *a, struct dssetup_basic *info,
		       uint32_t *win32);

#endif
