/* SPDX-License-Identifier: Apache-2.0 */
/*
 * security_descriptor.h - the DACL of a self-relative security descriptor, entry by
 * entry in stored order ([MS-DTYP] 2.4.4 to 2.4.6).
 *
 * Says what stands there; what a right means, and who has it, is not known here.
 */
#ifndef RPC_WIRE_SECURITY_DESCRIPTOR_H
#define RPC_WIRE_SECURITY_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/sid.h"
#include "rpc/wire/wire.h"

/* 2.4.4.1, AceType; others are passed over by acl_next(). */
enum {
	ACE_TYPE_ALLOWED = 0,
	ACE_TYPE_DENIED = 1,
	ACE_TYPE_ALLOWED_OBJECT = 5,
	ACE_TYPE_DENIED_OBJECT = 6,
	ACE_TYPE_ALLOWED_CALLBACK = 9,
	ACE_TYPE_DENIED_CALLBACK = 10,
	ACE_TYPE_ALLOWED_CALLBACK_OBJECT = 11,
	ACE_TYPE_DENIED_CALLBACK_OBJECT = 12,
};

enum { ACE_FLAG_INHERIT_ONLY = 0x08, GUID_SIZE = 16 };

struct ace {
	uint8_t type, flags;
	bool has_object_type;
	uint8_t object_type[GUID_SIZE]; /* as on the wire */
	uint32_t mask;
	struct sid sid;
};

/* The entries that are left; `rest` is borrowed. */
struct acl {
	struct wire_in rest;
	uint16_t left;
};

/* False: malformed, and nothing is touched.  `*present` false: there is no DACL, which
 * grants everything to everybody; true with an empty `acl` grants nothing to anybody. */
bool security_descriptor_dacl(struct bytes descriptor, bool *present, struct acl *acl);
/* The next entry of the types above; false: there is none, or what follows is malformed,
 * which acl_is_bad() tells. */
bool acl_next(struct acl *acl, struct ace *ace);
bool acl_is_bad(const struct acl *acl);

#endif
