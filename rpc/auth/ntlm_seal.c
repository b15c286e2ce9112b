/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of both directions, and the signatures and streams made with them. */
#include "rpc/auth/ntlm_seal.h"

#include <string.h>

enum { SIGNATURE_BYTES = 16, CHECKSUM_BYTES = 8, SIGNATURE_VERSION = 1 };

/* 3.4.5.2 and 3.4.5.3: MD5 of the session key and a sentence with its NUL. */
static bool derive(const struct session_key *key, const char *sentence,
		   uint8_t derived[static NTLM_KEY_BYTES])
{
	struct wire_out text = wire_out(256);
	bool good;

	put_bytes(&text, key->bytes, NTLM_KEY_BYTES);
	put_bytes(&text, sentence, strlen(sentence) + 1);
	good = !text.bad && ntlm_md5(wire_written(&text), derived);
	wire_wipe(&text);
	return good;
}

static bool begin_direction(struct ntlm_sealing *s, const struct session_key *key,
			    const char *signing, const char *sealing)
{
	uint8_t sealing_key[NTLM_KEY_BYTES];
	bool good = derive(key, signing, s->signing_key) &&
		    derive(key, sealing, sealing_key);

	if (good)
		ntlm_rc4_begin(&s->stream, sealing_key);
	s->number = 0;
	explicit_bzero(sealing_key, sizeof sealing_key);
	return good;
}

bool ntlm_seal_begin(struct ntlm_seal *seal, const struct session_key *key)
{
	return begin_direction(
		       &seal->ours, key,
		       "session key to client-to-server signing key magic constant",
		       "session key to client-to-server sealing key magic constant") &&
	       begin_direction(
		       &seal->theirs, key,
		       "session key to server-to-client signing key magic constant",
		       "session key to server-to-client sealing key magic constant");
}

/* 3.4.4.2: over the number and the text in clear, and then encrypted itself. */
static bool put_signature(struct ntlm_sealing *s, struct bytes text, struct wire_out *out)
{
	struct wire_out numbered = wire_out(NTLM_SEALED_MAX + 4);
	uint8_t mac[NTLM_KEY_BYTES];
	bool good;

	put_u32le(&numbered, s->number);
	put_bytes(&numbered, text.at, text.len);
	good = !numbered.bad &&
	       ntlm_hmac_md5(s->signing_key, wire_written(&numbered), mac);
	ntlm_rc4_next(&s->stream, mac, CHECKSUM_BYTES, mac);
	put_u32le(out, SIGNATURE_VERSION);
	put_bytes(out, mac, CHECKSUM_BYTES);
	put_u32le(out, s->number++);
	wire_wipe(&numbered);
	return good && !out->bad;
}

/* The text goes through the stream first, its checksum behind it. */
bool ntlm_seal_message(struct ntlm_seal *seal, struct bytes text, struct wire_out *out)
{
	struct wire_out signature = wire_out(SIGNATURE_BYTES);
	struct bytes made;
	size_t hole;
	bool good = false;

	wire_reset(out);
	hole = put_hole(out, SIGNATURE_BYTES);
	put_bytes(out, text.at, text.len);
	if (!out->bad) {
		ntlm_rc4_next(&seal->ours.stream, text.at, text.len,
			      out->at + SIGNATURE_BYTES);
		good = put_signature(&seal->ours, text, &signature);
	}
	made = wire_written(&signature);
	if (good)
		fill_bytes(out, hole, made.at, made.len);
	wire_drop(&signature);
	return good && !out->bad;
}

bool ntlm_unseal_message(struct ntlm_seal *seal, struct bytes message,
			 struct wire_out *out)
{
	struct wire_in in = wire_in_bytes(message);
	struct bytes theirs = get_bytes(&in, SIGNATURE_BYTES), made;
	struct wire_out signature = wire_out(SIGNATURE_BYTES);
	bool good;

	wire_reset(out);
	put_bytes(out, in.at, in.left);
	if (in.bad || out->bad)
		return false;
	ntlm_rc4_next(&seal->theirs.stream, in.at, in.left, out->at);
	good = put_signature(&seal->theirs, wire_written(out), &signature);
	made = wire_written(&signature);
	good = good && memcmp(made.at, theirs.at, SIGNATURE_BYTES) == 0;
	wire_drop(&signature);
	return good;
}
