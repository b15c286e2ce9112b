/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encrypted answers: the input as an envelope, and the input sealed with the right key,
 * so that what is inside is reached, too.
 */
#include <string.h>

#include "rpc/session/session.h"
#include "rpc/smb2/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SESSION = 0x1234 };

static struct smb2_keys *make_keys(uint16_t cipher, bool as_server)
{
	struct smb2_agreed agreed = { .dialect = SMB_3_1_1, .cipher = cipher };
	struct session_key key = { .bytes = "fuzz fuzz fuzz..", .len = 16 };

	return smb2_keys_new(&agreed, &key, as_server);
}

static void hear(uint16_t cipher, struct bytes frame)
{
	struct wire_in in = wire_in_bytes(frame);
	struct smb2_answer answer;
	struct smb2_line l;

	smb2_line_init(&l);
	l.step = "fuzz";
	l.dialect = SMB_3_1_1;
	l.session_id = SESSION;
	l.keys = make_keys(cipher, false);
	l.sealing = true;
	smb2_put_logoff(smb2_begin(&l, SMB2_LOGOFF));
	smb2_say(&l);
	while (smb2_hear(&l, &in, &answer) == SMB2_HEARD_ANSWER)
		continue;
	smb2_line_drop(&l);
}

static void hear_sealed(uint16_t cipher, const uint8_t *data, size_t size)
{
	struct wire_out fields = wire_out(64), text = wire_out(1 << 17),
			w = wire_out(1 << 17);
	struct smb2_keys *keys = make_keys(cipher, true);
	uint8_t tag[SMB2_SIGNATURE_SIZE];

	put_u64le(&fields, 7);
	put_u64le(&fields, 0);
	put_u32le(&fields, (uint32_t)size);
	put_u32le(&fields, 1 << 16);
	put_u64le(&fields, SESSION);
	put_bytes(&text, data, size);
	smb2_seal(keys, fields.at, wire_written(&fields), text.at, size, tag);
	put_u32be(&w, (uint32_t)size + SMB2_TRANSFORM_SIZE);
	put_u32le(&w, SMB2_SEALED_MAGIC);
	put_bytes(&w, tag, sizeof tag);
	put_bytes(&w, fields.at, fields.len);
	put_bytes(&w, text.at, size);
	hear(cipher, wire_written(&w));
	smb2_keys_free(keys);
	wire_drop(&fields);
	wire_drop(&text);
	wire_drop(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes frame = { data, size };
	uint16_t cipher = size ? (uint16_t)(1 + data[size - 1] % 4) : 1;

	if (!size || size > 1 << 16)
		return 0;
	hear(cipher, frame);
	hear_sealed(cipher, data, size);
	return 0;
}
