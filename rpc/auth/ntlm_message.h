/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ntlm_message.h - numbers that the messages of NTLM share: [MS-NLMP] 2.2.2.1
 * and 2.2.2.5.
 */
#ifndef RPC_AUTH_NTLM_MESSAGE_H
#define RPC_AUTH_NTLM_MESSAGE_H

enum ntlm_message_type { NTLM_NEGOTIATE = 1, NTLM_CHALLENGE = 2, NTLM_AUTHENTICATE = 3 };

enum {
	NTLM_SIGNATURE_BYTES = 8, /* "NTLMSSP" and a NUL */
	NTLM_FIELD_BYTES = 8,     /* Len, MaxLen, BufferOffset */
	NTLM_VERSION_BYTES = 8,
	NTLM_CHALLENGE_HEADER = 48, /* up to and with TargetInfoFields */
};

/* 2.2.2.5, NegotiateFlags. */
enum {
	NTLM_UNICODE = 0x1,
	NTLM_OEM = 0x2,
	NTLM_REQUEST_TARGET = 0x4,
	NTLM_SIGN = 0x10,
	NTLM_SEAL = 0x20,
	NTLM_LM_KEY = 0x80,
	NTLM_NTLM = 0x200,
	NTLM_ALWAYS_SIGN = 0x8000,
	NTLM_TARGET_IS_DOMAIN = 0x10000, /* the host takes part in a domain */
	NTLM_TARGET_IS_SERVER = 0x20000, /* it does not */
	NTLM_EXTENDED_SECURITY = 0x80000,
	NTLM_TARGET_INFO = 0x800000,
	NTLM_VERSION = 0x2000000,
	NTLM_128 = 0x20000000,
	NTLM_KEY_EXCHANGE = 0x40000000,
};

#define NTLM_56 0x80000000u /* no int holds it */

/* 2.2.2.1, AvId. */
enum ntlm_av_id {
	NTLM_AV_END = 0,
	NTLM_AV_NETBIOS_COMPUTER = 1,
	NTLM_AV_NETBIOS_DOMAIN = 2,
	NTLM_AV_DNS_COMPUTER = 3,
	NTLM_AV_DNS_DOMAIN = 4,
	NTLM_AV_DNS_FOREST = 5,
	NTLM_AV_FLAGS = 6,
	NTLM_AV_TIMESTAMP = 7,
	NTLM_AV_SINGLE_HOST = 8,
	NTLM_AV_TARGET_NAME = 9,
	NTLM_AV_CHANNEL_BINDINGS = 10,
};

enum { NTLM_AV_FLAG_MIC = 2 }; /* of MsvAvFlags: there is a MIC */

#endif
