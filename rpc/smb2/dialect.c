/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of dialects and ciphers.
 */
#include "rpc/smb2/dialect.h"

#include "rpc/smb2/smb2.h"

const char *smb_dialect_name(uint16_t dialect)
{
	switch (dialect) {
	case SMB_2_0_2:
		return "2.0.2";
	case SMB_2_1:
		return "2.1";
	case SMB_3_0:
		return "3.0";
	case SMB_3_0_2:
		return "3.0.2";
	case SMB_3_1_1:
		return "3.1.1";
	default:
		return "";
	}
}

const char *smb_cipher_name(uint16_t cipher)
{
	static const char *const names[] = { "", "AES-128-CCM", "AES-128-GCM",
					     "AES-256-CCM", "AES-256-GCM" };

	return cipher < sizeof names / sizeof names[0] ? names[cipher] : "";
}
