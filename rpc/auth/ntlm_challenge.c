/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/auth/ntlm_challenge.h"

#include <string.h>

#include "rpc/wire/utf16.h"

enum { FILETIME_BYTES = 8 };

static const char signature[] = "NTLMSSP\0\2\0\0"; /* and a NUL: MessageType 2 */

/* [MS-NLMP] 2.2.1.1 inside [RFC 4178] 4.2.1, as Windows 8.1 says it. */
static const uint8_t question[] = {
	/* SPNEGO, of one mechanism, with its first token */
	0x60, 0x48, 0x06, 0x06, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x02, 0xa0, 0x3e, 0x30,
	0x3c, 0xa0, 0x0e, 0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
	0x37, 0x02, 0x02, 0x0a, 0xa2, 0x2a, 0x04, 0x28,
	/* signature, MessageType 1, flags */
	'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1, 0, 0, 0, 0x97, 0x82, 0x08, 0xe2,
	/* no domain, no workstation */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* version */
	6, 3, 0x80, 0x25, 0, 0, 0, 0x0f
};

struct bytes ntlm_challenge_question(void)
{
	return (struct bytes){ question, sizeof question };
}

/* SPNEGO is not parsed for it: its CHALLENGE is a whole, and the signature tells. */
static struct wire_in find_challenge(struct bytes token)
{
	const uint8_t *at = NULL;

	if (token.len)
		at = memmem(token.at, token.len, signature, sizeof(signature));
	return wire_in(at, at ? token.len - (size_t)(at - token.at) : 0);
}

/* Len, MaxLen and BufferOffset, which counts from the signature. */
struct field {
	uint16_t len;
	uint32_t offset;
};

static struct field get_field(struct wire_in *w)
{
	struct field field;

	field.len = get_u16le(w);
	get_skip(w, 2);
	field.offset = get_u32le(w);
	return field;
}

static struct bytes field_bytes(struct wire_in *w, struct field field)
{
	struct wire_in range;

	if (field.len == 0)
		return (struct bytes){ NULL, 0 };
	range = get_range(w, field.offset, field.len);
	return get_bytes(&range, range.left);
}

/* The first telling of a name counts. */
static void note_name(const char **name, struct wire_in *value, struct arena *a)
{
	if (!*name)
		*name = utf16_to_text(get_bytes(value, value->left), a);
}

static void get_av_pair(struct wire_in *list, uint16_t id, struct arena *a,
			struct ntlm_challenge *found)
{
	struct wire_in value = get_window(list, get_u16le(list));

	switch (id) {
	case NTLM_AV_NETBIOS_COMPUTER:
		note_name(&found->netbios_computer, &value, a);
		break;
	case NTLM_AV_NETBIOS_DOMAIN:
		note_name(&found->netbios_domain, &value, a);
		break;
	case NTLM_AV_DNS_COMPUTER:
		note_name(&found->dns_computer, &value, a);
		break;
	case NTLM_AV_DNS_DOMAIN:
		note_name(&found->dns_domain, &value, a);
		break;
	case NTLM_AV_DNS_FOREST:
		note_name(&found->dns_forest, &value, a);
		break;
	case NTLM_AV_TIMESTAMP:
		if (value.left != FILETIME_BYTES)
			list->bad = true;
		found->has_time = true;
		found->time = get_u64le(&value);
		break;
	}
}

/* A list without its NTLM_AV_END runs out of bytes and is bad by that. */
static void get_target_info(struct wire_in *w, struct field field, struct arena *a,
			    struct ntlm_challenge *found)
{
	struct wire_in list = wire_in_bytes(field_bytes(w, field));
	uint16_t id = get_u16le(&list);

	while (!list.bad && id != NTLM_AV_END) {
		get_av_pair(&list, id, a, found);
		id = get_u16le(&list);
	}
	w->bad |= list.bad;
}

/* The flag alone does not make room: old hosts start their payload at 48. */
static void get_version(struct wire_in *w, const struct field *name,
			const struct field *info, struct ntlm_challenge *found)
{
	enum { END = NTLM_CHALLENGE_HEADER + NTLM_VERSION_BYTES };

	if (!(found->flags & NTLM_VERSION) || w->left < NTLM_VERSION_BYTES ||
	    (name->len && name->offset < END) || (info->len && info->offset < END))
		return;
	found->has_version = true;
	found->major = get_u8(w);
	found->minor = get_u8(w);
	found->build = get_u16le(w);
}

bool ntlm_challenge_read(struct bytes token, struct arena *a,
			 struct ntlm_challenge *challenge)
{
	struct wire_in w = find_challenge(token);
	struct ntlm_challenge found = { 0 };
	struct field name, info = { 0 };
	struct bytes target;

	get_skip(&w, sizeof(signature));
	name = get_field(&w);
	found.flags = get_u32le(&w);
	get_skip(&w, 16); /* ServerChallenge, Reserved */
	if (found.flags & NTLM_TARGET_INFO)
		info = get_field(&w);
	get_version(&w, &name, &info, &found);
	target = field_bytes(&w, name);
	if (found.flags & NTLM_UNICODE && target.len) /* else of an unknown code page */
		found.target_name = utf16_to_text(target, a);
	if (info.len)
		get_target_info(&w, info, a, &found);
	if (w.bad || arena_bad(a))
		return false;
	*challenge = found;
	return true;
}
