/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer may send before there are keys, cut anywhere: framing, headers, compounds.
 * The first byte says how the rest is cut, the second which command was asked.
 */
#include "rpc/smb2/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear_all(struct smb2_line *l, struct wire_in *in, size_t cut)
{
	while (in->left) {
		size_t len = cut && cut < in->left ? cut : in->left;
		struct wire_in piece = get_window(in, len);
		struct smb2_answer answer;
		enum smb2_heard heard;

		do
			heard = smb2_hear(l, &piece, &answer);
		while (heard == SMB2_HEARD_ANSWER && answer.message.len >= 64);
		if (heard == SMB2_HEARD_FAULT)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum smb2_command commands[] = { SMB2_NEGOTIATE, SMB2_SESSION_SETUP,
						      SMB2_CREATE, SMB2_IOCTL };
	struct wire_in in = wire_in(data, size);
	uint8_t cut = get_u8(&in);
	enum smb2_command command = commands[get_u8(&in) % 4];
	struct smb2_line l;

	if (in.bad)
		return 0;
	smb2_line_init(&l);
	l.step = "fuzz";
	l.credits = 3;
	for (int i = 0; i < 3; i++) {
		smb2_put_logoff(smb2_begin(&l, command));
		smb2_say(&l);
	}
	hear_all(&l, &in, cut);
	smb2_line_drop(&l);
	return 0;
}
