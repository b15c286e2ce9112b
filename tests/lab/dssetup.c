/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dssetup.c - [MS-DSSP] 3.2.5.1: what role a machine has.
 */
#include <string.h>

#include "tests/lab/ndr.h"

enum { ERROR_ACCESS_DENIED = 5, ERROR_INVALID_PARAMETER = 87 };
enum { FLAG_DS_RUNNING = 0x1, FLAG_DOMAIN_GUID = 0x01000000 };

static bool refuse(struct call *c, uint32_t win32)
{
	put_u32le(c->w, 0);
	put_u32le(c->w, win32);
	return true;
}

/* DSROLER_PRIMARY_DOMAIN_INFO_BASIC, [MS-DSSP] 2.2.3 */
static bool answer_basic(struct call *c)
{
	const struct host *h = c->pipe->host;
	bool joined = host_in_domain(h);

	ndr_pointer(c, true);
	put_u16le(c->w, 1);
	ndr_align(c, 4);
	put_u16le(c->w, host_dsrole(h));
	ndr_align(c, 4);
	put_u32le(c->w, (h->role == ROLE_DC ? FLAG_DS_RUNNING : 0u) |
				(joined ? FLAG_DOMAIN_GUID : 0u));
	ndr_pointer(c, true);
	ndr_pointer(c, joined);
	ndr_pointer(c, joined);
	put_zeros(c->w, 12);
	put_u32le(c->w, joined ? 0x1abc0de5 : 0);
	ndr_text(c, joined ? world.netbios : "WORKGROUP");
	if (joined) {
		ndr_text(c, world.dns);
		ndr_text(c, world.dns);
	}
	ndr_align(c, 4);
	put_u32le(c->w, 0);
	return true;
}

bool dssetup_answer(struct call *c, bool *known)
{
	uint16_t level;

	*known = c->opnum == 0;
	if (!*known)
		return false;
	level = get_u16le(&c->in);
	if (c->in.bad)
		return false;
	if (c->armed == FAULT_DENIED)
		return refuse(c, ERROR_ACCESS_DENIED);
	return level == 1 ? answer_basic(c) : refuse(c, ERROR_INVALID_PARAMETER);
}
