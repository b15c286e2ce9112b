/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of dialects and ciphers.
 */
#include "rpc/smb2/dialect.h"

#include "rpc/smb2/smb2.h"

const struct smb_dialect_row smb_dialects[SMB_DIALECT_COUNT] = {
#define X(constant, value, name) { value, name },
	SMB_DIALECTS(X)
#undef X
};

const char *smb_dialect_name(uint16_t dialect)
{
	for (size_t i = 0; i < SMB_DIALECT_COUNT; i++)
		if (smb_dialects[i].value == dialect)
			return smb_dialects[i].name;
	return "";
}

const char *smb_cipher_name(uint16_t cipher)
{
	static const char *const names[] = { "", "AES-128-CCM", "AES-128-GCM",
					     "AES-256-CCM", "AES-256-GCM" };

	return cipher < sizeof names / sizeof names[0] ? names[cipher] : "";
}
