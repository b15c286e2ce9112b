/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb_faults.c - answers that lie, by rows of faults.h that are about an answer's fields.
 */
#include "tests/lab/smb.h"

#include <string.h>

/* Lies about where an answer's data are, told in the fields that say so. */
static void make_absurd_data(const struct smb *s, uint16_t command, struct wire_out *w,
			     size_t start)
{
	static const struct {
		uint16_t command, offset_at, length_at;
		uint8_t width;
	} fields[] = { { SMB_NEGOTIATE, 120, 122, 2 },
		       { SMB_SESSION_SETUP, 68, 70, 2 },
		       { SMB_IOCTL, 96, 100, 4 },
		       { SMB_READ, 66, 68, 1 } };
	static const uint8_t absurd[] = { 0xf0, 0xff, 0xff, 0x7f };
	bool offset = s->armed == FAULT_ABSURD_OFFSET;

	if (!offset && s->armed != FAULT_ABSURD_LENGTH)
		return;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].command == command &&
		    w->len >= start + fields[i].length_at + fields[i].width)
			fill_bytes(w,
				   start + (offset ? fields[i].offset_at
						   : fields[i].length_at),
				   absurd, fields[i].width);
}

/* What a man in the middle would take out of a NEGOTIATE answer. */
static void downgrade(const struct smb *s, struct wire_out *w, size_t start)
{
	if (s->armed == FAULT_DOWNGRADE_SIGNING)
		w->at[start + 66] = 1;
	for (size_t i = start + 128;
	     s->armed == FAULT_DOWNGRADE_ENCRYPTION && i + 12 <= w->len; i++)
		if (memcmp(w->at + i, "\2\0\4\0\0\0\0\0\1\0", 10) == 0)
			w->at[i + 10] = 0;
}

void smb_spoil(const struct smb *s, uint16_t command, struct wire_out *w, size_t start)
{
	if (s->armed == FAULT_WRONG_FILE && command == SMB_IOCTL && w->len > start + 88)
		w->at[start + 72] ^= 1;
	if (command == SMB_NEGOTIATE)
		downgrade(s, w, start);
	make_absurd_data(s, command, w, start);
}
