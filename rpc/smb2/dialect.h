/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dialect.h - the dialects of SMB 2 and 3 that are spoken, and their names for people
 * ([MS-SMB2] 1.7, 2.2.3).  SMB1 never is.
 */
#ifndef RPC_SMB2_DIALECT_H
#define RPC_SMB2_DIALECT_H

#include <stdint.h>

/* Ascending. */
#define SMB_DIALECTS(X)               \
	X(SMB_2_0_2, 0x0202, "2.0.2") \
	X(SMB_2_1, 0x0210, "2.1")     \
	X(SMB_3_0, 0x0300, "3.0")     \
	X(SMB_3_0_2, 0x0302, "3.0.2") \
	X(SMB_3_1_1, 0x0311, "3.1.1")

enum smb_dialect {
#define X(constant, value, name) constant = value,
	SMB_DIALECTS(X)
#undef X
};

#define X(constant, value, name) +1
enum { SMB_DIALECT_COUNT = 0 SMB_DIALECTS(X) };
#undef X

extern const struct smb_dialect_row {
	uint16_t value;
	const char *name;
} smb_dialects[SMB_DIALECT_COUNT];

/* "3.1.1" for 0x0311; "AES-128-GCM" for cipher 2; "" for what is unknown. */
const char *smb_dialect_name(uint16_t dialect);
const char *smb_cipher_name(uint16_t cipher);

#endif
