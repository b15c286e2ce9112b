/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/derived_sid.h"

#include <openssl/evp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A service has at most 256 characters in its name, an application pool 64. */
enum { NAME_MAX_CHARS = 256, SHA1_BYTES = 20 };

static const struct {
	const char *domain;
	unsigned family;
	bool upper;
} families[] = {
	{ "NT SERVICE\\", 80, true },
	{ "IIS APPPOOL\\", 82, false },
};

/* The case of ASCII alone: <ctype.h> goes by the locale. */
static char in_case(char c, bool upper)
{
	if (upper && c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if (!upper && c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

static bool hash(const char *name, bool upper, uint8_t digest[static SHA1_BYTES])
{
	uint8_t wide[NAME_MAX_CHARS * 2];
	size_t len = strlen(name);
	unsigned size = SHA1_BYTES;

	if (len == 0 || len > NAME_MAX_CHARS)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < 0x20 || (unsigned char)name[i] > 0x7E)
			return false;
		wide[2 * i] = (uint8_t)in_case(name[i], upper);
		wide[2 * i + 1] = 0;
	}
	return EVP_Digest(wide, len * 2, digest, &size, EVP_sha1(), NULL) == 1;
}

static uint32_t number_at(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

bool derived_sid(const char *name, char sid[static DERIVED_SID_MAX])
{
	uint8_t d[SHA1_BYTES];

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		size_t len = strlen(families[i].domain);

		if (strncasecmp(name, families[i].domain, len) != 0)
			continue;
		if (!hash(name + len, families[i].upper, d))
			return false;
		snprintf(sid, DERIVED_SID_MAX, "S-1-5-%u-%u-%u-%u-%u-%u",
			 families[i].family, (unsigned)number_at(d),
			 (unsigned)number_at(d + 4), (unsigned)number_at(d + 8),
			 (unsigned)number_at(d + 12), (unsigned)number_at(d + 16));
		return true;
	}
	return false;
}
