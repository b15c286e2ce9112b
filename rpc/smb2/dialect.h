/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dialect.h - the dialects of SMB 2 and 3 that are spoken, and their names for people
 * ([MS-SMB2] 1.7, 2.2.3).  SMB1 never is.
 */
#ifndef RPC_SMB2_DIALECT_H
#define RPC_SMB2_DIALECT_H

#include <stdint.h>

enum smb_dialect {
	SMB_2_0_2 = 0x0202,
	SMB_2_1 = 0x0210,
	SMB_3_0 = 0x0300,
	SMB_3_0_2 = 0x0302,
	SMB_3_1_1 = 0x0311,
};

/* "3.1.1" for 0x0311; "AES-128-GCM" for cipher 2; "" for what is unknown. */
const char *smb_dialect_name(uint16_t dialect);
const char *smb_cipher_name(uint16_t cipher);

#endif
