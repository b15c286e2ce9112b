/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/security_descriptor.h"

enum {
	CONTROL_DACL_PRESENT = 0x0004,
	CONTROL_SELF_RELATIVE = 0x8000,
	ACL_REVISION = 2,
	ACL_REVISION_DS = 4,
	ACL_HEADER = 8,
	ACE_HEADER = 4,
	OBJECT_TYPE_PRESENT = 1,
	INHERITED_OBJECT_TYPE_PRESENT = 2,
};

bool security_descriptor_dacl(struct bytes descriptor, bool *present, struct acl *acl)
{
	struct wire_in in = wire_in_bytes(descriptor), head, list;
	uint8_t revision = get_u8(&in), acl_revision;
	uint16_t control, size, count;
	uint32_t offset;

	get_skip(&in, 1);
	control = get_u16le(&in);
	get_skip(&in, 12); /* OffsetOwner, OffsetGroup, OffsetSacl */
	offset = get_u32le(&in);
	if (in.bad || revision != 1 || !(control & CONTROL_SELF_RELATIVE))
		return false;
	if (!(control & CONTROL_DACL_PRESENT) || !offset) {
		*present = false;
		*acl = (struct acl){ .left = 0 };
		return true;
	}
	head = get_range(&in, offset, ACL_HEADER);
	acl_revision = get_u8(&head);
	get_skip(&head, 1);
	size = get_u16le(&head);
	count = get_u16le(&head);
	list = get_range(&in, offset, size);
	get_skip(&list, ACL_HEADER);
	if (in.bad || list.bad ||
	    (acl_revision != ACL_REVISION && acl_revision != ACL_REVISION_DS))
		return false;
	*present = true;
	*acl = (struct acl){ .rest = list, .left = count };
	return true;
}

static bool is_known(uint8_t type)
{
	return type <= ACE_TYPE_DENIED ||
	       (type >= ACE_TYPE_ALLOWED_OBJECT && type <= ACE_TYPE_DENIED_OBJECT) ||
	       (type >= ACE_TYPE_ALLOWED_CALLBACK &&
		type <= ACE_TYPE_DENIED_CALLBACK_OBJECT);
}

static bool is_of_object(uint8_t type)
{
	return type == ACE_TYPE_ALLOWED_OBJECT || type == ACE_TYPE_DENIED_OBJECT ||
	       type == ACE_TYPE_ALLOWED_CALLBACK_OBJECT ||
	       type == ACE_TYPE_DENIED_CALLBACK_OBJECT;
}

/* 2.4.4.2, 2.4.4.3; what stands behind the SID is a condition's (2.4.4.6) or nothing. */
static struct ace get_body(struct wire_in *in, uint8_t type, uint8_t flags)
{
	struct ace ace = { .type = type, .flags = flags };
	uint32_t object_flags = 0;

	ace.mask = get_u32le(in);
	if (is_of_object(type))
		object_flags = get_u32le(in);
	ace.has_object_type = object_flags & OBJECT_TYPE_PRESENT;
	if (ace.has_object_type)
		get_copy(in, ace.object_type, sizeof ace.object_type);
	if (object_flags & INHERITED_OBJECT_TYPE_PRESENT)
		get_skip(in, GUID_SIZE);
	sid_get(in, &ace.sid);
	return ace;
}

/* The next entry's type and flags, and what stands behind its header. */
static struct wire_in get_entry(struct acl *acl, uint8_t *type, uint8_t *flags)
{
	uint16_t size;

	acl->left--;
	*type = get_u8(&acl->rest);
	*flags = get_u8(&acl->rest);
	size = get_u16le(&acl->rest);
	if (size < ACE_HEADER)
		acl->rest.bad = true;
	return get_window(&acl->rest, (size_t)size - ACE_HEADER);
}

bool acl_next(struct acl *acl, struct ace *ace)
{
	while (acl->left && !acl->rest.bad) {
		uint8_t type, flags;
		struct wire_in body = get_entry(acl, &type, &flags);
		struct ace found;

		if (acl->rest.bad || !is_known(type))
			continue;
		found = get_body(&body, type, flags);
		acl->rest.bad = body.bad;
		if (body.bad)
			return false;
		*ace = found;
		return true;
	}
	return false;
}

bool acl_is_bad(const struct acl *acl)
{
	return acl->rest.bad;
}
