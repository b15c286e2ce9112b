/* SPDX-License-Identifier: Apache-2.0 */
/* The checks that an NTLM CHALLENGE passes before a login answers it. */
#include "rpc/auth/ntlm_offer.h"

#include <string.h>

#include "rpc/auth/ntlm_message.h"

enum { AV_FLAGS_BYTES = 4, AV_TIME_BYTES = 8 };

struct field {
	uint16_t len;
	uint32_t offset;
};

static struct field get_field(struct wire_in *w)
{
	struct field field;

	field.len = get_u16le(w);
	get_skip(w, 2); /* MaxLen: [MS-NLMP] 2.2.1.2 has it ignored */
	field.offset = get_u32le(w);
	return field;
}

/* ---- the message ---- */

static const char *read_header(struct wire_in *w, struct ntlm_offer *offer,
			       struct field *name, struct field *info)
{
	struct bytes signature = get_bytes(w, NTLM_SIGNATURE_BYTES);
	uint32_t type = get_u32le(w);

	*name = get_field(w);
	offer->flags = get_u32le(w);
	get_copy(w, offer->nonce, sizeof offer->nonce);
	get_skip(w, 8); /* Reserved */
	*info = get_field(w);
	if (w->bad)
		return "it is cut short";
	if (memcmp(signature.at, "NTLMSSP", NTLM_SIGNATURE_BYTES) != 0 ||
	    type != NTLM_CHALLENGE)
		return "it is another message";
	return NULL;
}

static const char *check_flags(uint32_t flags)
{
	if (!(flags & NTLM_UNICODE))
		return "it offers no Unicode";
	if (!(flags & NTLM_EXTENDED_SECURITY))
		return "it offers no extended session security";
	if (!(flags & NTLM_128))
		return "it offers no 128-bit keys";
	if (!(flags & NTLM_TARGET_INFO))
		return "it offers no target information, which NTLMv2 needs";
	return NULL;
}

static bool is_within(const struct field *field, size_t message_len)
{
	return field->offset >= NTLM_CHALLENGE_HEADER && field->offset <= message_len &&
	       field->len <= message_len - field->offset;
}

static bool overlap(const struct field *a, const struct field *b)
{
	return a->offset < (uint64_t)b->offset + b->len &&
	       b->offset < (uint64_t)a->offset + a->len;
}

static const char *check_fields(const struct field *name, const struct field *info,
				size_t message_len)
{
	if (name->len == 0)
		return "its target name is empty";
	if (info->len == 0)
		return "its target information is empty";
	if (name->len % 2 != 0)
		return "its target name has half a character";
	if (!is_within(name, message_len) || !is_within(info, message_len))
		return "a field lies outside of it";
	if (overlap(name, info))
		return "its fields overlap";
	return NULL;
}

/* ---- the target information ---- */

struct ntlm_av_pair ntlm_get_av_pair(struct wire_in *list)
{
	struct ntlm_av_pair pair;

	pair.id = get_u16le(list);
	pair.value = get_window(list, get_u16le(list));
	return pair;
}

static const char *check_value(const struct ntlm_av_pair *pair)
{
	size_t len = pair->value.left;

	switch (pair->id) {
	case NTLM_AV_NETBIOS_COMPUTER:
	case NTLM_AV_NETBIOS_DOMAIN:
	case NTLM_AV_DNS_COMPUTER:
	case NTLM_AV_DNS_DOMAIN:
	case NTLM_AV_DNS_FOREST:
		return len % 2 == 0 ? NULL : "a name in it has half a character";
	case NTLM_AV_FLAGS:
		return len == AV_FLAGS_BYTES ? NULL : "its flags have a wrong length";
	case NTLM_AV_TIMESTAMP:
		return len == AV_TIME_BYTES ? NULL : "its time has a wrong length";
	case NTLM_AV_SINGLE_HOST:
	case NTLM_AV_TARGET_NAME:
	case NTLM_AV_CHANNEL_BINDINGS:
		return "it says what only a client may say";
	default:
		return NULL;
	}
}

/* Ids are few: Windows knows ten.  Higher ones are passed on and may not be told twice
 * either; those that no bit is left for are refused. */
static const char *note_id(uint16_t id, uint64_t *seen)
{
	uint64_t bit = id < 64 ? (uint64_t)1 << id : 0;

	if (!bit)
		return "it says something unknown";
	if (*seen & bit)
		return "it says something twice";
	*seen |= bit;
	return NULL;
}

static const char *take_pair(struct ntlm_offer *offer, struct ntlm_av_pair *pair,
			     uint64_t *seen)
{
	const char *odd = check_value(pair);

	if (!odd)
		odd = note_id(pair->id, seen);
	if (odd)
		return odd;
	if (pair->id == NTLM_AV_FLAGS)
		offer->av_flags = get_u32le(&pair->value);
	if (pair->id == NTLM_AV_TIMESTAMP) {
		offer->has_time = true;
		offer->time = get_u64le(&pair->value);
	}
	return NULL;
}

static const char *read_info(struct wire_in list, struct ntlm_offer *offer)
{
	struct ntlm_av_pair pair = ntlm_get_av_pair(&list);
	const uint8_t *start = list.base;
	uint64_t seen = 0;
	const char *odd = NULL;

	while (!odd && !list.bad && pair.id != NTLM_AV_END) {
		offer->info = (struct bytes){ start, wire_in_offset(&list) };
		odd = take_pair(offer, &pair, &seen);
		pair = ntlm_get_av_pair(&list);
	}
	if (odd)
		return odd;
	if (list.bad)
		return "its target information has no end";
	if (pair.value.left || !wire_done(&list))
		return "its target information goes on behind its end";
	return NULL;
}

static const char *read_offer(struct bytes token, struct ntlm_offer *offer)
{
	struct wire_in w = wire_in_bytes(token);
	struct field name, info;
	const char *odd;

	if (token.len > NTLM_OFFER_MAX)
		return "it is too long";
	odd = read_header(&w, offer, &name, &info);
	if (!odd)
		odd = check_flags(offer->flags);
	if (!odd)
		odd = check_fields(&name, &info, token.len);
	if (!odd)
		odd = read_info(get_range(&w, info.offset, info.len), offer);
	return odd;
}

bool ntlm_offer_read(struct bytes token, struct ntlm_offer *offer, struct fault *fault)
{
	struct ntlm_offer found = { .message = token };
	const char *odd = read_offer(token, &found);

	if (odd)
		fault_set_words(fault, "authenticate", REASON_MALFORMED_TOKEN, CODE_NONE,
				0, "the host's NTLM challenge is not answered: %s", odd);
	else
		*offer = found;
	return !odd;
}
