/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/smb2/smb2.h"

void smb2_put_tree_connect(struct wire_out *w, struct bytes path_utf16)
{
	put_u16le(w, 9);
	put_u16le(w, 0); /* Flags */
	put_u16le(w, SMB2_HEADER_SIZE + 8);
	put_u16le(w, (uint16_t)path_utf16.len);
	put_bytes(w, path_utf16.at, path_utf16.len);
}

bool smb2_get_tree_connect(struct bytes message, struct smb2_tree *tree)
{
	struct wire_in in = wire_in_bytes(message);
	struct smb2_tree t;

	get_skip(&in, SMB2_HEADER_SIZE + 2);
	t.share_type = get_u8(&in);
	get_skip(&in, 1);
	t.share_flags = get_u32le(&in);
	get_skip(&in, 8); /* Capabilities, MaximalAccess */
	if (in.bad)
		return false;
	*tree = t;
	return true;
}
