/* SPDX-License-Identifier: Apache-2.0 */
/* AUTHENTICATE and what it proves: the NTLMv2 response, the session key and the MIC. */
#include "rpc/auth/ntlm_client.h"

#include <string.h>

#include "rpc/auth/ntlm_message.h"
#include "rpc/auth/ntlm_upcase.h"
#include "rpc/wire/utf16.h"

enum {
	TEXT_MAX = 4096, /* bytes of a name or a password in UTF-16 */
	RESPONSE_MAX = 3 * NTLM_OFFER_MAX,
	MESSAGES_MAX = 8 * NTLM_OFFER_MAX, /* all three */
	LM_RESPONSE_BYTES = 24,
	MIC_BYTES = 16,
};

/* 2.2.2.10: Windows 10 or later, of no build; NTLM revision 15.  Nobody acts on it. */
#define VERSION 10, 0, 0, 0, 0, 0, 0, 15

/* ---- NEGOTIATE ---- */

/* What all logons ask for, but SIGN and SEAL, which stand in the lowest byte. */
#define FLAGS                                                                \
	(NTLM_UNICODE | NTLM_REQUEST_TARGET | NTLM_NTLM | NTLM_ALWAYS_SIGN | \
	 NTLM_EXTENDED_SECURITY | NTLM_VERSION | NTLM_128 | NTLM_KEY_EXCHANGE | NTLM_56)

static uint32_t flags_of(enum ntlm_use use)
{
	static const uint32_t flags[] = {
		[NTLM_USE_SIGN] = FLAGS | NTLM_SIGN,
		[NTLM_USE_SEAL] = FLAGS | NTLM_SIGN | NTLM_SEAL,
		[NTLM_USE_NONE] = FLAGS,
	};

	return flags[use];
}

#define BYTE(value, n) (uint8_t)((value) >> 8 * (n))
#define NEGOTIATE(flags)                                                        \
	{                                                                       \
		'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, NTLM_NEGOTIATE, 0, 0, 0,  \
			BYTE(flags, 0), BYTE(flags, 1), BYTE(flags, 2),         \
			BYTE(flags, 3), /* no domain, no workstation */         \
			0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, VERSION \
	}

struct bytes ntlm_negotiate(enum ntlm_use use)
{
	static const uint8_t messages[][40] = {
		[NTLM_USE_SIGN] = NEGOTIATE(FLAGS | NTLM_SIGN),
		[NTLM_USE_SEAL] = NEGOTIATE(FLAGS | NTLM_SIGN | NTLM_SEAL),
		[NTLM_USE_NONE] = NEGOTIATE(FLAGS),
	};

	return (struct bytes){ messages[use], sizeof messages[use] };
}

bool ntlm_offers_sealing(const struct ntlm_offer *offer)
{
	static const uint32_t needed = NTLM_SIGN | NTLM_SEAL | NTLM_KEY_EXCHANGE;

	return (offer->flags & needed) == needed;
}

/* ---- keys ---- */

bool ntlm_hash_password(const char *password, uint8_t hash[static NTLM_KEY_BYTES])
{
	struct wire_out text = wire_out(TEXT_MAX);
	bool good;

	memset(hash, 0, NTLM_KEY_BYTES);
	put_utf16(&text, password);
	good = !text.bad;
	if (good)
		ntlm_md4(wire_written(&text), hash);
	wire_wipe(&text);
	return good;
}

static void put_capitals(struct wire_out *w, const char *name)
{
	struct wire_out text = wire_out(TEXT_MAX);
	struct wire_in units;

	put_utf16(&text, name);
	w->bad |= text.bad;
	units = wire_in_bytes(wire_written(&text));
	while (units.left)
		put_u16le(w, ntlm_upcase(get_u16le(&units)));
	wire_drop(&text);
}

/* 3.3.2, NTOWFv2 of the user and the domain: ResponseKeyNT. */
static bool make_response_key(const struct ntlm_identity *who,
			      uint8_t key[static NTLM_KEY_BYTES])
{
	struct wire_out name = wire_out((size_t)2 * TEXT_MAX);
	bool good;

	put_capitals(&name, who->user);
	put_utf16(&name, who->domain);
	good = !name.bad && ntlm_hmac_md5(who->nt_hash, wire_written(&name), key);
	wire_drop(&name);
	return good;
}

bool ntlm_bind_channel(struct bytes application_data,
		       uint8_t binding[static NTLM_KEY_BYTES])
{
	struct wire_out w = wire_out(TEXT_MAX);
	bool good;

	put_zeros(&w, 16); /* no addresses: two types, two lengths */
	put_u32le(&w, (uint32_t)application_data.len);
	put_bytes(&w, application_data.at, application_data.len);
	good = !w.bad && ntlm_md5(wire_written(&w), binding);
	wire_drop(&w);
	return good;
}

/* ---- the NTLMv2 response ---- */

static void put_av_bytes(struct wire_out *w, enum ntlm_av_id id, const void *at,
			 size_t len)
{
	put_u16le(w, (uint16_t)id);
	put_u16le(w, (uint16_t)len);
	put_bytes(w, at, len);
}

static void put_av_text(struct wire_out *w, enum ntlm_av_id id, const char *text)
{
	struct wire_out units = wire_out(TEXT_MAX);
	struct bytes written;

	put_utf16(&units, text);
	w->bad |= units.bad;
	written = wire_written(&units);
	put_av_bytes(w, id, written.at, written.len);
	wire_drop(&units);
}

/* The host's own list comes back as it was, its flags with the MIC's among them, and
 * behind it what binds the answer to this host and this channel. */
static void put_info(struct wire_out *w, const struct ntlm_logon *logon)
{
	struct wire_in list = wire_in_bytes(logon->offer->info);
	struct ntlm_av_pair pair;
	struct bytes value;

	while (list.left) {
		pair = ntlm_get_av_pair(&list);
		value = get_bytes(&pair.value, pair.value.left);
		if (pair.id != NTLM_AV_FLAGS)
			put_av_bytes(w, pair.id, value.at, value.len);
	}
	put_u16le(w, NTLM_AV_FLAGS);
	put_u16le(w, 4);
	put_u32le(w, logon->offer->av_flags | NTLM_AV_FLAG_MIC);
	put_av_bytes(w, NTLM_AV_CHANNEL_BINDINGS, logon->channel_bindings,
		     sizeof logon->channel_bindings);
	put_av_text(w, NTLM_AV_TARGET_NAME, logon->service);
	put_u32le(w, NTLM_AV_END);
}

/* 2.2.2.7, NTLMv2_CLIENT_CHALLENGE, and four zeros behind it (3.3.2, temp). */
static void put_client_challenge(struct wire_out *w, const struct ntlm_logon *logon)
{
	put_u8(w, 1); /* RespType */
	put_u8(w, 1); /* HiRespType */
	put_zeros(w, 6);
	put_u64le(w, logon->offer->has_time ? logon->offer->time : logon->now);
	put_bytes(w, logon->nonce, sizeof logon->nonce);
	put_zeros(w, 4);
	put_info(w, logon);
	put_zeros(w, 4);
}

/* The response, and the SessionBaseKey that both sides can make of it. */
static bool put_response(struct wire_out *w, const struct ntlm_identity *who,
			 const struct ntlm_logon *logon,
			 uint8_t base_key[static NTLM_KEY_BYTES])
{
	struct wire_out text = wire_out(RESPONSE_MAX);
	uint8_t key[NTLM_KEY_BYTES], proof[NTLM_KEY_BYTES];
	struct bytes written;
	bool good = make_response_key(who, key);

	put_bytes(&text, logon->offer->nonce, sizeof logon->offer->nonce);
	put_client_challenge(&text, logon);
	good = good && !text.bad && ntlm_hmac_md5(key, wire_written(&text), proof) &&
	       ntlm_hmac_md5(key, (struct bytes){ proof, sizeof proof }, base_key);
	if (good) {
		put_bytes(w, proof, sizeof proof);
		wire_consume(&text, sizeof logon->offer->nonce);
		written = wire_written(&text);
		put_bytes(w, written.at, written.len);
	}
	w->bad |= !good;
	explicit_bzero(key, sizeof key);
	wire_drop(&text);
	return good;
}

/* 3.1.5.1.2: with key exchange the session key is ours, sent under the base key. */
static struct bytes agree_on_key(const struct ntlm_logon *logon,
				 uint8_t base_key[static NTLM_KEY_BYTES],
				 struct session_key *key)
{
	struct ntlm_rc4 stream;

	key->len = NTLM_KEY_BYTES;
	if (!(logon->offer->flags & NTLM_KEY_EXCHANGE)) {
		memcpy(key->bytes, base_key, NTLM_KEY_BYTES);
		return (struct bytes){ NULL, 0 };
	}
	memcpy(key->bytes, logon->random_key, NTLM_KEY_BYTES);
	ntlm_rc4_begin(&stream, base_key);
	ntlm_rc4_next(&stream, logon->random_key, NTLM_KEY_BYTES, base_key);
	explicit_bzero(&stream, sizeof stream);
	return (struct bytes){ base_key, NTLM_KEY_BYTES };
}

/* ---- AUTHENTICATE ---- */

/* In the order of the header (2.2.1.3). */
enum { LM, NT, DOMAIN, USER, WORKSTATION, ENCRYPTED_KEY, FIELDS };

struct authenticate {
	size_t fields[FIELDS]; /* holes of Len, MaxLen and BufferOffset */
	size_t mic;
};

static struct authenticate put_header(struct wire_out *w, uint32_t flags)
{
	static const uint8_t version[NTLM_VERSION_BYTES] = { VERSION };
	struct authenticate a;

	put_bytes(w, "NTLMSSP", NTLM_SIGNATURE_BYTES);
	put_u32le(w, NTLM_AUTHENTICATE);
	for (unsigned i = 0; i < FIELDS; i++)
		a.fields[i] = put_hole(w, NTLM_FIELD_BYTES);
	put_u32le(w, flags);
	put_bytes(w, version, sizeof version);
	a.mic = put_hole(w, MIC_BYTES);
	return a;
}

/* The payload since `from` is the field's. */
static void fill_field(struct wire_out *w, size_t hole, size_t from)
{
	size_t len = w->len - from;

	w->bad |= len > UINT16_MAX;
	fill_u16le(w, hole, (uint16_t)len);
	fill_u16le(w, hole + 2, (uint16_t)len);
	fill_u32le(w, hole + 4, (uint32_t)from);
}

static void put_name(struct wire_out *w, size_t hole, const char *name)
{
	size_t from = w->len;

	put_utf16(w, name);
	fill_field(w, hole, from);
}

static void put_field(struct wire_out *w, size_t hole, struct bytes value)
{
	size_t from = w->len;

	put_bytes(w, value.at, value.len);
	fill_field(w, hole, from);
}

/* 3.1.5.1.2: over the three messages, its own place taken as zeros. */
static bool fill_mic(struct wire_out *w, size_t hole, const struct ntlm_logon *logon,
		     const struct session_key *key)
{
	struct wire_out all = wire_out(MESSAGES_MAX);
	struct bytes ours = wire_written(w), opening = ntlm_negotiate(logon->use);
	uint8_t mic[MIC_BYTES];
	bool good;

	put_bytes(&all, opening.at, opening.len);
	put_bytes(&all, logon->offer->message.at, logon->offer->message.len);
	put_bytes(&all, ours.at, ours.len);
	good = !w->bad && !all.bad && ntlm_hmac_md5(key->bytes, wire_written(&all), mic);
	if (good)
		fill_bytes(w, hole, mic, sizeof mic);
	w->bad |= !good;
	wire_drop(&all);
	return good;
}

/* What both sides offer. */
static uint32_t agreed_flags(const struct ntlm_logon *logon)
{
	return logon->offer->flags & (flags_of(logon->use) | NTLM_TARGET_INFO);
}

bool ntlm_put_authenticate(struct wire_out *w, const struct ntlm_identity *who,
			   const struct ntlm_logon *logon, struct session_key *key)
{
	static const uint8_t no_lm_response[LM_RESPONSE_BYTES];
	struct authenticate a = put_header(w, agreed_flags(logon));
	uint8_t base_key[NTLM_KEY_BYTES] = { 0 };
	size_t from;

	put_name(w, a.fields[DOMAIN], who->domain);
	put_name(w, a.fields[USER], who->user);
	put_name(w, a.fields[WORKSTATION], who->workstation);
	put_field(w, a.fields[LM],
		  (struct bytes){ no_lm_response, sizeof no_lm_response });
	from = w->len;
	if (put_response(w, who, logon, base_key)) {
		fill_field(w, a.fields[NT], from);
		put_field(w, a.fields[ENCRYPTED_KEY], agree_on_key(logon, base_key, key));
		fill_mic(w, a.mic, logon, key);
	}
	explicit_bzero(base_key, sizeof base_key);
	if (w->bad)
		explicit_bzero(key, sizeof *key);
	return !w->bad;
}
