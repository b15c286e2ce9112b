/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/smb2/smb2.h"

void smb2_put_setup(struct wire_out *w, uint16_t security_mode, struct bytes token)
{
	if (token.len > UINT16_MAX) {
		w->bad = true;
		return;
	}
	put_u16le(w, 25);
	put_u8(w, 0); /* no binding to another session */
	put_u8(w, (uint8_t)security_mode);
	put_u32le(w, 0); /* Capabilities */
	put_u32le(w, 0); /* Channel */
	put_u16le(w, SMB2_HEADER_SIZE + 24);
	put_u16le(w, (uint16_t)token.len);
	put_u64le(w, 0); /* PreviousSessionId */
	put_bytes(w, token.at, token.len);
}

bool smb2_get_setup(struct bytes message, struct smb2_setup *setup)
{
	struct wire_in in = wire_in_bytes(message), token;
	uint16_t session_flags, offset, length;

	get_skip(&in, SMB2_HEADER_SIZE + 2);
	session_flags = get_u16le(&in);
	offset = get_u16le(&in);
	length = get_u16le(&in);
	token = get_range(&in, length ? offset : 0, length);
	if (in.bad)
		return false;
	setup->session_flags = session_flags;
	setup->token = get_bytes(&token, length);
	return true;
}

void smb2_put_logoff(struct wire_out *w)
{
	put_u16le(w, 4);
	put_u16le(w, 0);
}
