/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rpc/smb2/dialect.h"
#include "rpc/smb2/smb2.h"
#include "rpc/smb2/keys.h"

/* 2.2.3.1 */
enum context_type {
	CONTEXT_PREAUTH = 1,
	CONTEXT_ENCRYPTION = 2,
	CONTEXT_NETNAME = 5,
	CONTEXT_SIGNING = 8,
};

enum {
	HASH_SHA512 = 1,
	CONTEXTS_MAX = 32, /* far above what any server sends */
	VALIDATE_SIZE = 24,
};

/* Best first; what a host may choose from. */
static const uint16_t ciphers[] = { SMB2_AES_128_GCM, SMB2_AES_128_CCM, SMB2_AES_256_GCM,
				    SMB2_AES_256_CCM };
static const uint16_t signings[] = { SMB2_AES_128_GMAC, SMB2_AES_128_CMAC,
				     SMB2_HMAC_SHA256 };
enum {
	CIPHERS = sizeof ciphers / sizeof ciphers[0],
	SIGNINGS = sizeof signings / sizeof signings[0],
};

bool smb2_offer_dialects(struct smb2_offer *offer, uint16_t min, uint16_t max)
{
	offer->dialect_count = 0;
	offer->capabilities = 0;
	for (size_t i = 0; i < SMB_DIALECT_COUNT; i++) {
		uint16_t dialect = smb_dialects[i].value;

		if (dialect < min || (max && dialect > max))
			continue;
		offer->dialects[offer->dialect_count++] = dialect;
		if (dialect >= SMB_3_0)
			offer->capabilities = SMB2_CAP_LARGE_MTU | SMB2_CAP_ENCRYPTION;
	}
	return offer->dialect_count > 0;
}

static bool offered(const struct smb2_offer *offer, uint16_t dialect)
{
	for (size_t i = 0; i < offer->dialect_count; i++)
		if (offer->dialects[i] == dialect)
			return true;
	return false;
}

/* ---- the question ---- */

static size_t begin_context(struct wire_out *w, enum context_type type)
{
	size_t length;

	put_align(w, 0, 8);
	put_u16le(w, (uint16_t)type);
	length = put_hole(w, 2);
	put_u32le(w, 0);
	return length;
}

static void end_context(struct wire_out *w, size_t length)
{
	fill_u16le(w, length, (uint16_t)(w->len - length - 6));
}

static void put_choices(struct wire_out *w, enum context_type type, const uint16_t *best,
			uint16_t count)
{
	size_t length = begin_context(w, type);

	put_u16le(w, count);
	for (size_t i = 0; i < count; i++)
		put_u16le(w, best[i]);
	end_context(w, length);
}

static void put_preauth(struct wire_out *w, const struct smb2_offer *offer)
{
	size_t length = begin_context(w, CONTEXT_PREAUTH);

	put_u16le(w, 1);
	put_u16le(w, SMB2_SALT_SIZE);
	put_u16le(w, HASH_SHA512);
	put_bytes(w, offer->salt, SMB2_SALT_SIZE);
	end_context(w, length);
}

static uint16_t put_contexts(struct wire_out *w, const struct smb2_offer *offer)
{
	uint16_t count = 3;

	put_preauth(w, offer);
	put_choices(w, CONTEXT_ENCRYPTION, ciphers, CIPHERS);
	put_choices(w, CONTEXT_SIGNING, signings, SIGNINGS);
	if (offer->netname.len) {
		size_t length = begin_context(w, CONTEXT_NETNAME);

		put_bytes(w, offer->netname.at, offer->netname.len);
		end_context(w, length);
		count++;
	}
	return count;
}

void smb2_put_negotiate(struct wire_out *w, const struct smb2_offer *offer)
{
	size_t context_offset, context_count;

	put_u16le(w, 36);
	put_u16le(w, offer->dialect_count);
	put_u16le(w, offer->security_mode);
	put_u16le(w, 0);
	put_u32le(w, offer->capabilities);
	put_bytes(w, offer->client_guid, SMB2_GUID_SIZE);
	context_offset = put_hole(w, 4);
	context_count = put_hole(w, 2);
	put_u16le(w, 0);
	for (size_t i = 0; i < offer->dialect_count; i++)
		put_u16le(w, offer->dialects[i]);
	if (!offered(offer, SMB_3_1_1))
		return;
	put_align(w, 0, 8);
	fill_u32le(w, context_offset, (uint32_t)w->len);
	fill_u16le(w, context_count, put_contexts(w, offer));
}

void smb2_put_multi_protocol(struct wire_out *w, bool with_2_0_2)
{
	static const char header[32] = { '\xff', 'S', 'M', 'B',  0x72, 0,
					 0,      0,   0,   0x18, 0x53, '\xc8' };
	static const char nt_lm[] = "\2NT LM 0.12", smb_2_0_2[] = "\2SMB 2.002",
			  smb_2_any[] = "\2SMB 2.\?\?\?";
	size_t count, from;

	put_bytes(w, header, sizeof header);
	put_u8(w, 0); /* no parameter words */
	count = put_hole(w, 2);
	from = w->len;
	put_bytes(w, nt_lm, sizeof nt_lm);
	if (with_2_0_2)
		put_bytes(w, smb_2_0_2, sizeof smb_2_0_2);
	put_bytes(w, smb_2_any, sizeof smb_2_any);
	fill_u16le(w, count, (uint16_t)(w->len - from));
}

/* ---- the answer ---- */

static bool one_of(uint16_t value, const uint16_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* Which contexts were seen: a bit for each type below 16. */
static bool get_context(uint16_t type, struct wire_in data, unsigned *seen,
			struct smb2_negotiated *n)
{
	uint16_t value;

	if (type != CONTEXT_PREAUTH && type != CONTEXT_ENCRYPTION &&
	    type != CONTEXT_SIGNING)
		return true; /* unknown ones are to be skipped */
	if (*seen & 1u << type || get_u16le(&data) != 1)
		return false;
	*seen |= 1u << type;
	if (type == CONTEXT_PREAUTH)
		get_skip(&data, 2); /* length of the salt */
	value = get_u16le(&data);
	if (data.bad)
		return false;
	switch (type) {
	case CONTEXT_PREAUTH:
		return value == HASH_SHA512;
	case CONTEXT_ENCRYPTION:
		n->cipher = value;
		return value == SMB2_NO_CIPHER || one_of(value, ciphers, CIPHERS);
	default:
		n->signing = value;
		return one_of(value, signings, SIGNINGS);
	}
}

static bool get_contexts(struct bytes message, uint32_t offset, uint16_t count,
			 struct smb2_negotiated *n)
{
	struct wire_in in = wire_in_bytes(message);
	unsigned seen = 0;

	if (count > CONTEXTS_MAX || offset % 8 || offset < SMB2_HEADER_SIZE)
		return false;
	get_skip(&in, offset);
	for (uint16_t i = 0; i < count && !in.bad; i++) {
		uint16_t type, length;

		get_align(&in, 8);
		type = get_u16le(&in);
		length = get_u16le(&in);
		get_skip(&in, 4);
		if (!get_context(type, get_window(&in, length), &seen, n))
			return false;
	}
	return !in.bad && seen & 1u << CONTEXT_PREAUTH;
}

/* What follows from the dialect alone, before contexts have a say. */
static void assume(struct smb2_negotiated *n)
{
	bool may_seal = n->dialect == SMB_3_0 || n->dialect == SMB_3_0_2;

	n->signing = n->dialect < SMB_3_0 ? SMB2_HMAC_SHA256 : SMB2_AES_128_CMAC;
	n->cipher = may_seal && n->capabilities & SMB2_CAP_ENCRYPTION ? SMB2_AES_128_CCM
								      : SMB2_NO_CIPHER;
}

bool smb2_get_negotiate(struct bytes message, const struct smb2_offer *offer,
			struct smb2_negotiated *negotiated)
{
	struct wire_in in = wire_in_bytes(message), token;
	struct smb2_negotiated n = { 0 };
	uint16_t context_count, token_offset, token_length;
	uint32_t context_offset;

	get_skip(&in, SMB2_HEADER_SIZE + 2);
	n.security_mode = get_u16le(&in);
	n.dialect = get_u16le(&in);
	context_count = get_u16le(&in);
	get_copy(&in, n.server_guid, SMB2_GUID_SIZE);
	n.capabilities = get_u32le(&in);
	n.max_transact = get_u32le(&in);
	n.max_read = get_u32le(&in);
	n.max_write = get_u32le(&in);
	n.system_time = get_u64le(&in);
	get_skip(&in, 8); /* ServerStartTime */
	token_offset = get_u16le(&in);
	token_length = get_u16le(&in);
	context_offset = get_u32le(&in);
	token = get_range(&in, token_length ? token_offset : 0, token_length);
	n.token = get_bytes(&token, token_length);
	assume(&n);
	if (in.bad || (n.dialect != SMB2_DIALECT_ANY && !offered(offer, n.dialect)))
		return false;
	if (n.dialect == SMB_3_1_1 &&
	    !get_contexts(message, context_offset, context_count, &n))
		return false;
	*negotiated = n;
	return true;
}

/* ---- the same again, under a signature ---- */

void smb2_put_validate(struct wire_out *w, const struct smb2_offer *offer)
{
	put_u32le(w, offer->capabilities);
	put_bytes(w, offer->client_guid, SMB2_GUID_SIZE);
	put_u16le(w, offer->security_mode);
	put_u16le(w, offer->dialect_count);
	for (size_t i = 0; i < offer->dialect_count; i++)
		put_u16le(w, offer->dialects[i]);
}

bool smb2_same_negotiation(struct bytes output, const struct smb2_negotiated *n)
{
	struct wire_in in = wire_in_bytes(output);
	uint32_t capabilities = get_u32le(&in);
	uint8_t server_guid[SMB2_GUID_SIZE];
	uint16_t security_mode, dialect;

	get_copy(&in, server_guid, sizeof server_guid);
	security_mode = get_u16le(&in);
	dialect = get_u16le(&in);
	return !in.bad && output.len == VALIDATE_SIZE &&
	       capabilities == n->capabilities && security_mode == n->security_mode &&
	       dialect == n->dialect &&
	       memcmp(server_guid, n->server_guid, sizeof server_guid) == 0;
}
