/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/smb.h"

#include <string.h>

#define LABEL(text) ((struct bytes){ (const uint8_t *)(text), sizeof(text) })

enum { TRANSFORM_LEN = 52, AAD_AT = 20, AAD_LEN = 32 };

/* [MS-SMB2] 3.3.5.5.3; labels bring their NUL along. */
void smb_derive_keys(struct smb *s)
{
	struct bytes hash = { s->session_preauth, 64 };

	if (s->dialect < 0x300)
		memcpy(s->signing_key, s->key, 16);
	else if (s->dialect < 0x311)
		crypt_derive(s->key, LABEL("SMB2AESCMAC"), LABEL("SmbSign"), 128,
			     s->signing_key);
	else
		crypt_derive(s->key, LABEL("SMBSigningKey"), hash, 128, s->signing_key);
}

/* Only sessions that seal need these two. */
static void derive_seal_keys(struct smb *s)
{
	struct bytes hash = { s->session_preauth, 64 };
	unsigned bits = s->cipher >= CIPHER_256_CCM ? 256 : 128;

	if (s->seal_keys)
		return;
	s->seal_keys = true;
	if (s->dialect < 0x311) {
		crypt_derive(s->key, LABEL("SMB2AESCCM"), LABEL("ServerIn "), 128,
			     s->open_key);
		crypt_derive(s->key, LABEL("SMB2AESCCM"), LABEL("ServerOut"), 128,
			     s->seal_key);
		return;
	}
	crypt_derive(s->key, LABEL("SMBC2SCipherKey"), hash, bits, s->open_key);
	crypt_derive(s->key, LABEL("SMBS2CCipherKey"), hash, bits, s->seal_key);
}

/* [MS-SMB2] 2.2.41 */
struct bytes smb_open(struct smb *s, uint8_t *frame, size_t len)
{
	struct wire_in in = wire_in(frame, len);
	struct bytes none = { NULL, 0 };
	uint32_t size;
	uint64_t session;

	get_skip(&in, 36);
	size = get_u32le(&in);
	get_skip(&in, 4);
	session = get_u64le(&in);
	if (in.bad || size != in.left || !s->logged_on || session != s->session_id ||
	    s->cipher == CIPHER_NONE)
		return none;
	derive_seal_keys(s);
	if (!crypt_open((enum crypt_cipher)s->cipher, s->open_key, frame + AAD_AT,
			frame + TRANSFORM_LEN, size, frame + 4))
		return none;
	return (struct bytes){ frame + TRANSFORM_LEN, size };
}

void smb_seal(struct smb *s, struct bytes message, struct wire_out *out)
{
	size_t start;

	derive_seal_keys(s);
	put_u32be(out, (uint32_t)(TRANSFORM_LEN + message.len));
	start = out->len;
	put_bytes(out, "\xfdSMB", 4);
	put_zeros(out, 16);
	put_u64le(out, ++s->nonce);
	put_zeros(out, 8);
	put_u32le(out, (uint32_t)message.len);
	put_u16le(out, 0);
	put_u16le(out, 1);
	put_u64le(out, s->session_id);
	put_bytes(out, message.at, message.len);
	if (!out->bad)
		crypt_seal((enum crypt_cipher)s->cipher, s->seal_key,
			   out->at + start + AAD_AT, out->at + start + TRANSFORM_LEN,
			   message.len, out->at + start + 4);
}

bool smb_signature_right(const struct smb *s, struct bytes message)
{
	uint8_t signature[16];

	return crypt_sign((enum crypt_signing)s->signing, s->signing_key, message, false,
			  signature) &&
	       memcmp(signature, message.at + 48, 16) == 0;
}

void smb_sign(const struct smb *s, struct wire_out *w, size_t at, size_t len)
{
	uint8_t signature[16];

	if (w->bad)
		return;
	w->at[at + 16] |= SMB_FLAG_SIGNED;
	if (crypt_sign((enum crypt_signing)s->signing, s->signing_key,
		       (struct bytes){ w->at + at, len }, true, signature))
		fill_bytes(w, at + 48, signature, 16);
}
