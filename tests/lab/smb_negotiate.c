/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/smb.h"
#include "tests/lab/stats.h"

#include <string.h>
#include <time.h>

#include "tests/lab/status.h"

/* [MS-SMB2] 2.2.3.1 */
enum { CONTEXT_PREAUTH = 1, CONTEXT_ENCRYPTION = 2, CONTEXT_SIGNING = 8 };

enum { CAP_LARGE_MTU = 0x4, CAP_ENCRYPTION = 0x40 };

/* What the client likes, best first, cut to what a list can hold. */
struct offer {
	uint16_t ids[16];
	size_t count;
};

struct negotiate {
	struct offer ciphers, signings;
	bool preauth, signing_context, encryption_context;
};

static struct offer get_offer(struct wire_in *w)
{
	struct offer offer = { .count = get_u16le(w) };

	if (offer.count > 16)
		w->bad = true;
	for (size_t i = 0; i < offer.count && !w->bad; i++)
		offer.ids[i] = get_u16le(w);
	return offer;
}

static void get_contexts(struct wire_in *w, size_t count, struct negotiate *n)
{
	for (size_t i = 0; i < count && !w->bad; i++) {
		uint16_t type, len;
		struct wire_in data;

		get_align(w, 8);
		type = get_u16le(w);
		len = get_u16le(w);
		get_skip(w, 4);
		data = get_window(w, len);
		if (type == CONTEXT_PREAUTH) {
			uint16_t algorithms = get_u16le(&data), salt = get_u16le(&data);

			n->preauth = algorithms >= 1 && salt >= 1 &&
				     get_u16le(&data) == 1;
		} else if (type == CONTEXT_ENCRYPTION) {
			n->ciphers = get_offer(&data);
			n->encryption_context = true;
		} else if (type == CONTEXT_SIGNING) {
			n->signings = get_offer(&data);
			n->signing_context = true;
		}
		w->bad |= data.bad;
	}
}

static bool get_negotiate(struct smb *s, const struct request *r, struct negotiate *n)
{
	struct wire_in in = wire_in_bytes(r->at), contexts;
	uint32_t offset;
	uint16_t count;

	get_skip(&in, SMB_HEADER_LEN);
	if (get_u16le(&in) != 36)
		return false;
	s->dialect_count = get_u16le(&in);
	s->client_mode = get_u16le(&in);
	get_skip(&in, 2);
	s->capabilities = get_u32le(&in);
	get_copy(&in, s->client_guid, 16);
	stats_note_guid(s->client_guid);
	offset = get_u32le(&in);
	count = get_u16le(&in);
	get_skip(&in, 2);
	if (s->dialect_count == 0 || s->dialect_count > DIALECTS_MAX)
		return false;
	for (size_t i = 0; i < s->dialect_count; i++) {
		s->dialects[i] = get_u16le(&in);
		if (s->dialects[i] <= s->host->manner.dialect &&
		    s->dialects[i] != 0x2ff && s->dialects[i] > s->dialect)
			s->dialect = s->dialects[i];
	}
	if (s->dialect < 0x311)
		return !in.bad;
	contexts = get_range(&in, offset, r->at.len - (offset < r->at.len ? offset : 0));
	get_contexts(&contexts, count, n);
	return !in.bad && !contexts.bad && n->preauth;
}

/* The client's best that the host knows too. */
static void choose(struct smb *s, const struct negotiate *n)
{
	uint8_t pinned = s->host->manner.cipher;

	s->signing = s->dialect < 0x300 ? SIGN_HMAC : SIGN_CMAC;
	for (size_t i = 0; i < n->signings.count; i++)
		if (n->signings.ids[i] <= SIGN_GMAC &&
		    (s->host->manner.signing == SIGNING_ANY ||
		     s->host->manner.signing == n->signings.ids[i])) {
			s->signing = (uint8_t)n->signings.ids[i];
			break;
		}
	s->cipher = CIPHER_NONE;
	if (s->dialect >= 0x300 && s->dialect < 0x311 &&
	    s->capabilities & CAP_ENCRYPTION &&
	    (pinned == CIPHER_ANY || pinned == CIPHER_128_CCM))
		s->cipher = CIPHER_128_CCM;
	for (size_t i = 0; i < n->ciphers.count && s->cipher == CIPHER_NONE; i++)
		if (n->ciphers.ids[i] >= 1 && n->ciphers.ids[i] <= 4 &&
		    (pinned == CIPHER_ANY || pinned == n->ciphers.ids[i]))
			s->cipher = (uint8_t)n->ciphers.ids[i];
}

static void put_context(struct wire_out *w, size_t start, uint16_t type, uint16_t len)
{
	put_align(w, start, 8);
	put_u16le(w, type);
	put_u16le(w, len);
	put_u32le(w, 0);
}

/* Returns how many. */
static uint16_t put_contexts(struct smb *s, const struct negotiate *n, struct wire_out *w,
			     size_t start)
{
	uint8_t salt[32];
	uint16_t count = 1;

	crypt_random(salt, sizeof(salt));
	put_context(w, start, CONTEXT_PREAUTH, 38);
	put_u16le(w, 1);
	put_u16le(w, 32);
	put_u16le(w, 1);
	put_bytes(w, salt, 32);
	if (n->encryption_context) {
		put_context(w, start, CONTEXT_ENCRYPTION, 4);
		put_u16le(w, 1);
		put_u16le(w, s->cipher);
		count++;
	}
	/* Hosts older than Server 2022 and Windows 11 do not know this one. */
	if (n->signing_context && s->host->manner.build >= 20348) {
		put_context(w, start, CONTEXT_SIGNING, 4);
		put_u16le(w, 1);
		put_u16le(w, s->signing);
		count++;
	}
	return count;
}

static uint64_t filetime_now(void)
{
	return ((uint64_t)time(NULL) + 11644473600u) * 10000000u;
}

static uint16_t security_mode(const struct smb *s)
{
	return s->host->manner.signing_required ? 3 : 1;
}

static void server_guid(const struct smb *s, uint8_t guid[static 16])
{
	memset(guid, 0x5a, 16);
	memcpy(guid, &s->host->number, 4);
}

static uint32_t capabilities(const struct smb *s)
{
	bool encryption = s->dialect >= 0x300 && s->dialect < 0x311 && s->cipher;

	return (s->dialect >= 0x210 ? CAP_LARGE_MTU : 0u) |
	       (encryption ? CAP_ENCRYPTION : 0u);
}

/* [MS-SMB2] 2.2.4 */
static void put_negotiated(struct smb *s, const struct negotiate *n, uint16_t dialect,
			   struct wire_out *w)
{
	size_t start = w->len - SMB_HEADER_LEN, count, security, contexts;
	uint32_t transfer = dialect >= 0x300   ? 8u << 20
			    : dialect == 0x210 ? 1u << 20
					       : 1u << 16;
	uint8_t guid[16];

	server_guid(s, guid);
	put_u16le(w, 65);
	put_u16le(w, security_mode(s));
	put_u16le(w, dialect);
	count = put_hole(w, 2);
	put_bytes(w, guid, 16);
	put_u32le(w, capabilities(s));
	put_u32le(w, transfer);
	put_u32le(w, transfer);
	put_u32le(w, transfer);
	put_u64le(w, filetime_now());
	put_u64le(w, 0);
	put_u16le(w, 128);
	security = put_hole(w, 2);
	contexts = put_hole(w, 4);
	spnego_put_hint(w, host_in_domain(s->host));
	fill_u16le(w, security, (uint16_t)(w->len - start - 128));
	if (dialect != 0x311)
		return;
	put_align(w, start, 8);
	fill_u32le(w, contexts, (uint32_t)(w->len - start));
	fill_u16le(w, count, put_contexts(s, n, w, start));
}

uint32_t smb_negotiate(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct negotiate n = { 0 };

	if (s->dialect) {
		s->hang_up = true;
		return STATUS_INVALID_PARAMETER;
	}
	if (!get_negotiate(s, r, &n))
		return STATUS_INVALID_PARAMETER;
	if (s->dialect < s->host->manner.dialect_min)
		return STATUS_NOT_SUPPORTED;
	choose(s, &n);
	if (s->dialect == 0x311 && s->host->manner.build < 20348)
		s->signing = SIGN_CMAC;
	put_negotiated(s, &n, s->dialect, w);
	return STATUS_SUCCESS;
}

void smb_put_validation(const struct smb *s, struct wire_out *w)
{
	uint8_t guid[16];

	server_guid(s, guid);
	put_u32le(w, capabilities(s));
	put_bytes(w, guid, 16);
	put_u16le(w, security_mode(s));
	put_u16le(w, s->dialect);
}

/* True when an SMB1 NEGOTIATE lists "SMB 2.???" or "SMB 2.002". */
static bool offers_smb2(struct bytes frame, bool *wildcard)
{
	*wildcard = memmem(frame.at, frame.len, "\002SMB 2.???", 11) != NULL;
	return *wildcard || memmem(frame.at, frame.len, "\002SMB 2.002", 11) != NULL;
}

bool smb_multi_protocol(struct smb *s, struct bytes frame, struct wire_out *out)
{
	struct negotiate none = { 0 };
	bool wildcard;
	size_t length;

	if (frame.len < 36 || frame.at[4] != 0x72 || s->dialect || s->multi_protocol ||
	    !offers_smb2(frame, &wildcard))
		return false;
	s->multi_protocol = true;
	s->granted = 2;
	s->low = 1;
	length = put_hole(out, 4);
	put_bytes(out, "\xfeSMB", 4);
	put_u16le(out, 64);
	put_zeros(out, 8);
	put_u16le(out, 1);
	put_u32le(out, SMB_FLAG_RESPONSE);
	put_zeros(out, 44);
	put_negotiated(s, &none, wildcard ? 0x2ff : 0x202, out);
	fill_u24be(out, length + 1, (uint32_t)(out->len - length - 4));
	if (!wildcard)
		s->dialect = 0x202;
	return true;
}
