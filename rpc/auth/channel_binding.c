/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/auth/channel_binding.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>

static const char prefix[] = "tls-server-end-point:";

enum { PREFIX_LEN = sizeof prefix - 1 };

_Static_assert(PREFIX_LEN + EVP_MAX_MD_SIZE == CHANNEL_BINDING_MAX,
	       "the largest hash has its room");

/* NULL: the signature has no hash of its own. */
static const EVP_MD *hash_of(X509 *certificate)
{
	int hash = NID_undef;

	if (!X509_get_signature_info(certificate, &hash, NULL, NULL, NULL))
		return NULL;
	if (hash == NID_md5 || hash == NID_sha1)
		return EVP_sha256();
	return hash == NID_undef ? NULL : EVP_get_digestbynid(hash);
}

bool channel_binding_of(struct bytes certificate, struct channel_binding *binding)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	const uint8_t *at = certificate.at;
	const EVP_MD *hash;
	unsigned len = 0;
	X509 *read;

	if (!certificate.len || certificate.len > LONG_MAX)
		return false;
	read = d2i_X509(NULL, &at, (long)certificate.len);
	hash = read ? hash_of(read) : NULL;
	X509_free(read);
	if (!hash || at != certificate.at + certificate.len ||
	    !EVP_Digest(certificate.at, certificate.len, digest, &len, hash, NULL))
		return false;
	memcpy(binding->at, prefix, PREFIX_LEN);
	memcpy(binding->at + PREFIX_LEN, digest, len);
	binding->len = PREFIX_LEN + len;
	return true;
}
