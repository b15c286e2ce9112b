/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/smb2/keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/smb2/dialect.h"

enum {
	SIGNATURE_AT = 48, /* in the header; 16 bytes */
	MESSAGE_ID_AT = 24,
	COMMAND_AT = 12,
	FLAGS_AT = 16,
	HEADER_SIZE = 64,
	FROM_SERVER = 0x1, /* header flag, and bit 0 of the GMAC nonce */
	CANCEL = 12,
	GCM_NONCE_SIZE = 12,
	CCM_NONCE_SIZE = 11,
};

static const struct cipher_row {
	const char *name;
	size_t key_len, nonce_len;
	bool ccm;
} cipher_rows[] = {
	[SMB2_AES_128_CCM] = { "AES-128-CCM", 16, CCM_NONCE_SIZE, true },
	[SMB2_AES_128_GCM] = { "AES-128-GCM", 16, GCM_NONCE_SIZE, false },
	[SMB2_AES_256_CCM] = { "AES-256-CCM", 32, CCM_NONCE_SIZE, true },
	[SMB2_AES_256_GCM] = { "AES-256-GCM", 32, GCM_NONCE_SIZE, false },
};
enum { CIPHER_ROWS = sizeof cipher_rows / sizeof cipher_rows[0] };

/* Fetching an algorithm costs more than using it, so it is done once.  Nothing here
 * changes afterwards; contexts are copied from the two templates. */
static struct {
	CRYPTO_ONCE once;
	bool ready;
	EVP_MD *sha512;
	EVP_MAC_CTX *hmac, *cmac;
	EVP_CIPHER *ciphers[CIPHER_ROWS];
} crypto = { .once = CRYPTO_ONCE_STATIC_INIT };

struct smb2_keys {
	struct smb2_derived derived;
	uint16_t signing, cipher;
	bool as_server, failed;
	EVP_MAC_CTX *mac;      /* HMAC and CMAC */
	EVP_CIPHER_CTX *gmac;  /* GMAC */
	EVP_CIPHER_CTX *seals; /* made when first needed */
	EVP_CIPHER_CTX *opens;
};

/* ---- the algorithms, once ---- */

static EVP_MAC_CTX *mac_template(const char *mac_name, const char *parameter,
				 const char *algorithm)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, mac_name, NULL);
	EVP_MAC_CTX *template = mac ? EVP_MAC_CTX_new(mac) : NULL;
	char value[16];
	OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };

	EVP_MAC_free(mac);
	memcpy(value, algorithm, strlen(algorithm) + 1);
	params[0] = OSSL_PARAM_construct_utf8_string(parameter, value, 0);
	if (template && EVP_MAC_CTX_set_params(template, params) == 1)
		return template;
	EVP_MAC_CTX_free(template);
	return NULL;
}

static void fetch_algorithms(void)
{
	static const uint8_t no_key[16];
	bool ready;

	crypto.sha512 = EVP_MD_fetch(NULL, "SHA2-512", NULL);
	crypto.hmac = mac_template("HMAC", OSSL_MAC_PARAM_DIGEST, "SHA2-256");
	crypto.cmac = mac_template("CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC");
	/* A CMAC context without any key cannot be copied. */
	ready = crypto.sha512 && crypto.hmac && crypto.cmac &&
		EVP_MAC_init(crypto.cmac, no_key, sizeof no_key, NULL) == 1;
	for (size_t i = SMB2_AES_128_CCM; i < CIPHER_ROWS; i++) {
		crypto.ciphers[i] = EVP_CIPHER_fetch(NULL, cipher_rows[i].name, NULL);
		ready = ready && crypto.ciphers[i];
	}
	crypto.ready = ready;
}

static bool crypto_ready(void)
{
	return CRYPTO_THREAD_run_once(&crypto.once, fetch_algorithms) == 1 &&
	       crypto.ready;
}

/* ---- pre-authentication hash ---- */

bool smb2_hash_add(uint8_t hash[static SMB2_HASH_SIZE], struct bytes message)
{
	EVP_MD_CTX *context = crypto_ready() ? EVP_MD_CTX_new() : NULL;
	bool ok = context && EVP_DigestInit_ex2(context, crypto.sha512, NULL) == 1 &&
		  EVP_DigestUpdate(context, hash, SMB2_HASH_SIZE) == 1 &&
		  EVP_DigestUpdate(context, message.at, message.len) == 1 &&
		  EVP_DigestFinal_ex(context, hash, NULL) == 1;

	EVP_MD_CTX_free(context);
	return ok;
}

/* ---- key derivation: SP800-108 in counter mode, one block ---- */

/* A label or a context counts its own terminating NUL; the separator comes on top. */
struct purpose {
	const char *label;
	size_t label_len;
	const char *context;
	size_t context_len; /* 0: the pre-authentication hash */
};

#define TEXT(literal) literal, sizeof literal

static const struct purposes {
	struct purpose signing, to_server, to_client;
} purposes_3_0 = {
	.signing = { TEXT("SMB2AESCMAC"), TEXT("SmbSign") },
	.to_server = { TEXT("SMB2AESCCM"), TEXT("ServerIn ") },
	.to_client = { TEXT("SMB2AESCCM"), TEXT("ServerOut") },
}, purposes_3_1_1 = {
	.signing = { TEXT("SMBSigningKey"), NULL, 0 },
	.to_server = { TEXT("SMBC2SCipherKey"), NULL, 0 },
	.to_client = { TEXT("SMBS2CCipherKey"), NULL, 0 },
};

static bool mac_add(EVP_MAC_CTX *mac, const void *at, size_t len)
{
	return EVP_MAC_update(mac, at, len) == 1;
}

/* K(1) = HMAC-SHA256(key, 1 || label || 0 || context || bits), cut to `len` bytes. */
static bool derive_one(EVP_MAC_CTX *hmac, const uint8_t *key, size_t key_len,
		       const struct purpose *purpose, const uint8_t *preauth,
		       uint8_t *out, size_t len)
{
	const void *context = purpose->context_len ? (const void *)purpose->context
						   : preauth;
	size_t context_len = purpose->context_len ? purpose->context_len : SMB2_HASH_SIZE;
	uint8_t bits[4] = { 0, 0, (uint8_t)(len * 8 >> 8), (uint8_t)(len * 8) };
	uint8_t block[32];
	size_t block_len = 0;
	bool ok = EVP_MAC_init(hmac, key, key_len, NULL) == 1 &&
		  mac_add(hmac, "\0\0\0\1", 4) &&
		  mac_add(hmac, purpose->label, purpose->label_len) &&
		  mac_add(hmac, "\0", 1) && mac_add(hmac, context, context_len) &&
		  mac_add(hmac, bits, sizeof bits) &&
		  EVP_MAC_final(hmac, block, &block_len, sizeof block) == 1 &&
		  block_len == sizeof block;

	if (ok)
		memcpy(out, block, len);
	OPENSSL_cleanse(block, sizeof block);
	return ok;
}

static bool derive_all(const struct smb2_agreed *agreed, const struct session_key *key,
		       const uint8_t first16[static 16], struct smb2_derived *d)
{
	const struct purposes *p = agreed->dialect == SMB_3_1_1 ? &purposes_3_1_1
								: &purposes_3_0;
	/* AES-256 keys come from the full session key, all others from 16 bytes. */
	bool full = d->cipher_len == 32;
	const uint8_t *cipher_key = full ? key->bytes : first16;
	size_t cipher_key_len = full ? key->len : 16;
	EVP_MAC_CTX *hmac = EVP_MAC_CTX_dup(crypto.hmac);
	bool ok = hmac && derive_one(hmac, first16, 16, &p->signing, agreed->preauth,
				     d->signing, sizeof d->signing);

	if (ok && d->cipher_len)
		ok = derive_one(hmac, cipher_key, cipher_key_len, &p->to_server,
				agreed->preauth, d->to_server, d->cipher_len) &&
		     derive_one(hmac, cipher_key, cipher_key_len, &p->to_client,
				agreed->preauth, d->to_client, d->cipher_len);
	EVP_MAC_CTX_free(hmac);
	return ok;
}

bool smb2_derive(const struct smb2_agreed *agreed, const struct session_key *key,
		 struct smb2_derived *derived)
{
	struct smb2_derived d = { 0 };
	uint8_t first16[16] = { 0 };
	bool ok = true;

	if (!key->len || key->len > sizeof key->bytes || agreed->cipher >= CIPHER_ROWS ||
	    !crypto_ready())
		return false;
	memcpy(first16, key->bytes, key->len < 16 ? key->len : 16);
	if (agreed->dialect < SMB_3_0) {
		memcpy(d.signing, first16, sizeof d.signing);
	} else {
		d.cipher_len = cipher_rows[agreed->cipher].key_len;
		ok = derive_all(agreed, key, first16, &d);
	}
	if (ok)
		*derived = d;
	OPENSSL_cleanse(&d, sizeof d);
	OPENSSL_cleanse(first16, sizeof first16);
	return ok;
}

/* ---- keys ready for use ---- */

static bool make_signer(struct smb2_keys *k)
{
	const EVP_CIPHER *gcm = crypto.ciphers[SMB2_AES_128_GCM];

	if (k->signing == SMB2_AES_128_GMAC) {
		k->gmac = EVP_CIPHER_CTX_new();
		return k->gmac && EVP_EncryptInit_ex2(k->gmac, gcm, k->derived.signing,
						      NULL, NULL) == 1;
	}
	k->mac = EVP_MAC_CTX_dup(k->signing == SMB2_AES_128_CMAC ? crypto.cmac
								 : crypto.hmac);
	return k->mac && EVP_MAC_init(k->mac, k->derived.signing,
				      sizeof k->derived.signing, NULL) == 1;
}

struct smb2_keys *smb2_keys_from(const struct smb2_derived *derived, uint16_t signing,
				 uint16_t cipher, bool as_server)
{
	struct smb2_keys *k = calloc(1, sizeof *k);

	if (!k)
		return NULL;
	k->derived = *derived;
	k->signing = signing;
	k->cipher = cipher;
	k->as_server = as_server;
	if (signing <= SMB2_AES_128_GMAC && cipher < CIPHER_ROWS && crypto_ready() &&
	    make_signer(k))
		return k;
	smb2_keys_free(k);
	return NULL;
}

struct smb2_keys *smb2_keys_new(const struct smb2_agreed *agreed,
				const struct session_key *key, bool as_server)
{
	uint16_t signing = agreed->signing;
	struct smb2_derived derived;
	struct smb2_keys *k;

	if (!smb2_derive(agreed, key, &derived))
		return NULL;
	if (agreed->dialect < SMB_3_1_1)
		signing = agreed->dialect < SMB_3_0 ? SMB2_HMAC_SHA256
						    : SMB2_AES_128_CMAC;
	k = smb2_keys_from(&derived, signing, agreed->cipher, as_server);
	OPENSSL_cleanse(&derived, sizeof derived);
	return k;
}

void smb2_keys_free(struct smb2_keys *k)
{
	if (!k)
		return;
	EVP_MAC_CTX_free(k->mac);
	EVP_CIPHER_CTX_free(k->gmac);
	EVP_CIPHER_CTX_free(k->seals);
	EVP_CIPHER_CTX_free(k->opens);
	OPENSSL_cleanse(k, sizeof *k);
	free(k);
}

/* ---- signatures ---- */

/* A message as its signature sees it: around the signature field, which counts as
 * zeros. */
struct signed_parts {
	struct bytes head, tail;
	uint8_t nonce[GCM_NONCE_SIZE];
};

static bool take_apart(struct bytes message, struct signed_parts *parts)
{
	struct wire_in in = wire_in_bytes(message);
	struct wire_in fields = in;
	uint16_t command;
	uint32_t flags;

	parts->head = get_bytes(&in, SIGNATURE_AT);
	get_skip(&in, SMB2_SIGNATURE_SIZE);
	parts->tail = get_bytes(&in, in.left);
	get_skip(&fields, COMMAND_AT);
	command = get_u16le(&fields);
	get_skip(&fields, FLAGS_AT - COMMAND_AT - 2);
	flags = get_u32le(&fields);
	get_skip(&fields, MESSAGE_ID_AT - FLAGS_AT - 4);
	memset(parts->nonce, 0, sizeof parts->nonce);
	get_copy(&fields, parts->nonce, 8);
	parts->nonce[8] = (uint8_t)((flags & FROM_SERVER) | (command == CANCEL ? 2 : 0));
	return !in.bad && !fields.bad;
}

static const uint8_t no_signature[SMB2_SIGNATURE_SIZE];

static bool sign_by_mac(EVP_MAC_CTX *mac, const struct signed_parts *parts,
			uint8_t signature[static SMB2_SIGNATURE_SIZE])
{
	uint8_t whole[32];
	size_t len = 0;

	if (EVP_MAC_init(mac, NULL, 0, NULL) != 1 ||
	    !mac_add(mac, parts->head.at, parts->head.len) ||
	    !mac_add(mac, no_signature, sizeof no_signature) ||
	    !mac_add(mac, parts->tail.at, parts->tail.len) ||
	    EVP_MAC_final(mac, whole, &len, sizeof whole) != 1 ||
	    len < SMB2_SIGNATURE_SIZE)
		return false;
	memcpy(signature, whole, SMB2_SIGNATURE_SIZE);
	return true;
}

static bool add_associated(EVP_CIPHER_CTX *context, const void *at, size_t len)
{
	int ignored;

	return len <= INT32_MAX &&
	       EVP_CipherUpdate(context, NULL, &ignored, at, (int)len) == 1;
}

/* GMAC is GCM without a text: the message is associated data, the tag its signature. */
static bool sign_by_gmac(EVP_CIPHER_CTX *gmac, const struct signed_parts *parts,
			 uint8_t signature[static SMB2_SIGNATURE_SIZE])
{
	uint8_t none[16];
	int ignored;

	return EVP_EncryptInit_ex2(gmac, NULL, NULL, parts->nonce, NULL) == 1 &&
	       add_associated(gmac, parts->head.at, parts->head.len) &&
	       add_associated(gmac, no_signature, sizeof no_signature) &&
	       add_associated(gmac, parts->tail.at, parts->tail.len) &&
	       EVP_EncryptFinal_ex(gmac, none, &ignored) == 1 &&
	       EVP_CIPHER_CTX_ctrl(gmac, EVP_CTRL_AEAD_GET_TAG, SMB2_SIGNATURE_SIZE,
				   signature) == 1;
}

bool smb2_sign(struct smb2_keys *k, struct bytes message,
	       uint8_t signature[static SMB2_SIGNATURE_SIZE])
{
	struct signed_parts parts;
	bool made;

	if (message.len < HEADER_SIZE || !take_apart(message, &parts))
		return false;
	made = k->gmac ? sign_by_gmac(k->gmac, &parts, signature)
		       : sign_by_mac(k->mac, &parts, signature);
	k->failed |= !made;
	return made;
}

bool smb2_verify(struct smb2_keys *k, struct bytes message)
{
	uint8_t due[SMB2_SIGNATURE_SIZE], carried[SMB2_SIGNATURE_SIZE];
	struct wire_in in = wire_in_bytes(message);

	get_skip(&in, SIGNATURE_AT);
	get_copy(&in, carried, sizeof carried);
	return !in.bad && smb2_sign(k, message, due) &&
	       CRYPTO_memcmp(due, carried, sizeof due) == 0;
}

bool smb2_crypto_failed(const struct smb2_keys *k)
{
	return k->failed;
}

/* ---- encryption ---- */

/* One direction's context, made when first needed: most sessions never seal. */
static EVP_CIPHER_CTX *cipher_context(struct smb2_keys *k, bool sealing)
{
	EVP_CIPHER_CTX **slot = sealing ? &k->seals : &k->opens;
	bool to_server = sealing != k->as_server;
	const uint8_t *key = to_server ? k->derived.to_server : k->derived.to_client;
	const struct cipher_row *row = &cipher_rows[k->cipher];
	EVP_CIPHER_CTX *c;

	if (*slot || k->cipher == SMB2_NO_CIPHER || !k->derived.cipher_len)
		return *slot;
	c = EVP_CIPHER_CTX_new();
	if (c &&
	    EVP_CipherInit_ex2(c, crypto.ciphers[k->cipher], NULL, NULL, sealing, NULL) ==
		    1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, (int)row->nonce_len, NULL) ==
		    1 &&
	    (!row->ccm || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG,
					      SMB2_SIGNATURE_SIZE, NULL) == 1) &&
	    EVP_CipherInit_ex2(c, NULL, key, NULL, sealing, NULL) == 1)
		return *slot = c;
	EVP_CIPHER_CTX_free(c);
	return NULL;
}

bool smb2_can_seal(struct smb2_keys *k)
{
	return cipher_context(k, true) && cipher_context(k, false);
}

/* CCM wants to know the text's length before the associated data. */
static bool announce(const struct smb2_keys *k, EVP_CIPHER_CTX *c, size_t len)
{
	int ignored;

	return len <= INT32_MAX &&
	       (!cipher_rows[k->cipher].ccm ||
		EVP_CipherUpdate(c, NULL, &ignored, NULL, (int)len) == 1);
}

bool smb2_seal(struct smb2_keys *k, const uint8_t nonce[static SMB2_NONCE_SIZE],
	       struct bytes associated, uint8_t *text, size_t len,
	       uint8_t tag[static SMB2_SIGNATURE_SIZE])
{
	EVP_CIPHER_CTX *c = cipher_context(k, true);
	uint8_t none[16];
	int n;

	return c && EVP_EncryptInit_ex2(c, NULL, NULL, nonce, NULL) == 1 &&
	       announce(k, c, len) && add_associated(c, associated.at, associated.len) &&
	       EVP_EncryptUpdate(c, text, &n, text, (int)len) == 1 && n == (int)len &&
	       EVP_EncryptFinal_ex(c, none, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, SMB2_SIGNATURE_SIZE, tag) ==
		       1;
}

bool smb2_open(struct smb2_keys *k, const uint8_t nonce[static SMB2_NONCE_SIZE],
	       struct bytes associated, struct bytes sealed,
	       const uint8_t tag[static SMB2_SIGNATURE_SIZE], uint8_t *text)
{
	EVP_CIPHER_CTX *c = cipher_context(k, false);
	uint8_t due[SMB2_SIGNATURE_SIZE], none[16];
	int n;

	if (k->cipher == SMB2_NO_CIPHER)
		return false;
	memcpy(due, tag, sizeof due);
	if (!c || EVP_DecryptInit_ex2(c, NULL, NULL, nonce, NULL) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, sizeof due, due) != 1 ||
	    !announce(k, c, sealed.len) ||
	    !add_associated(c, associated.at, associated.len)) {
		k->failed = true;
		return false;
	}
	/* With CCM the update itself fails on a wrong tag, with GCM the final. */
	return EVP_DecryptUpdate(c, text, &n, sealed.at, (int)sealed.len) == 1 &&
	       n == (int)sealed.len &&
	       (cipher_rows[k->cipher].ccm || EVP_DecryptFinal_ex(c, none, &n) == 1);
}

void smb2_wipe(void *at, size_t len)
{
	OPENSSL_cleanse(at, len);
}
