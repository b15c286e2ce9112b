/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/smb2/smb2.h"

#include <string.h>

enum {
	IMPERSONATION = 2, /* LSA acts as the caller: less makes its calls fail */
	PIPE_ACCESS = 0x0012019F,
	SHARE_READ_WRITE = 3,
	FILE_OPEN = 1,
	IS_FSCTL = 1,
	READ_PADDING = 0x50, /* where the data is to start in the answer */
};

void smb2_put_create(struct wire_out *w, struct bytes name_utf16)
{
	put_u16le(w, 57);
	put_u16le(w, 0); /* SecurityFlags, RequestedOplockLevel */
	put_u32le(w, IMPERSONATION);
	put_zeros(w, 16); /* SmbCreateFlags, Reserved */
	put_u32le(w, PIPE_ACCESS);
	put_u32le(w, 0); /* FileAttributes */
	put_u32le(w, SHARE_READ_WRITE);
	put_u32le(w, FILE_OPEN);
	put_u32le(w, 0); /* CreateOptions */
	put_u16le(w, SMB2_HEADER_SIZE + 56);
	put_u16le(w, (uint16_t)name_utf16.len);
	put_zeros(w, 8); /* no create contexts */
	put_bytes(w, name_utf16.at, name_utf16.len);
}

bool smb2_get_create(struct bytes message, struct smb2_file *file)
{
	struct wire_in in = wire_in_bytes(message);
	struct smb2_file f = { 0 };

	/* Oplock, flags, CreateAction, times, sizes, attributes: not for a pipe. */
	get_skip(&in, SMB2_HEADER_SIZE + 64);
	get_copy(&in, f.id, sizeof f.id);
	get_skip(&in, 8); /* create contexts */
	if (in.bad)
		return false;
	*file = f;
	return true;
}

void smb2_put_ioctl(struct wire_out *w, uint32_t code, const struct smb2_file *file,
		    struct bytes input, uint32_t max_output)
{
	put_u16le(w, 57);
	put_u16le(w, 0);
	put_u32le(w, code);
	put_bytes(w, file->id, sizeof file->id);
	put_u32le(w, SMB2_HEADER_SIZE + 56);
	put_u32le(w, (uint32_t)input.len);
	put_u32le(w, 0); /* MaxInputResponse */
	put_u32le(w, 0); /* OutputOffset */
	put_u32le(w, 0); /* OutputCount */
	put_u32le(w, max_output);
	put_u32le(w, IS_FSCTL);
	put_u32le(w, 0);
	put_bytes(w, input.at, input.len);
}

bool smb2_get_ioctl(struct bytes message, uint32_t code, const struct smb2_file *file,
		    struct bytes *output)
{
	struct wire_in in = wire_in_bytes(message), data;
	uint32_t answered, offset, count;
	struct smb2_file f = { 0 };

	get_skip(&in, SMB2_HEADER_SIZE + 4);
	answered = get_u32le(&in);
	get_copy(&in, f.id, sizeof f.id);
	get_skip(&in, 8); /* InputOffset, InputCount */
	offset = get_u32le(&in);
	count = get_u32le(&in);
	get_skip(&in, 8); /* Flags, Reserved2 */
	data = get_range(&in, count ? offset : 0, count);
	if (in.bad || answered != code)
		return false;
	if (file && memcmp(f.id, file->id, sizeof f.id) != 0)
		return false;
	*output = get_bytes(&data, count);
	return true;
}

void smb2_put_read(struct wire_out *w, const struct smb2_file *file, uint32_t length)
{
	put_u16le(w, 49);
	put_u8(w, READ_PADDING);
	put_u8(w, 0); /* Flags */
	put_u32le(w, length);
	put_u64le(w, 0); /* Offset */
	put_bytes(w, file->id, sizeof file->id);
	put_zeros(w, 16); /* MinimumCount, Channel, RemainingBytes, ReadChannelInfo */
	put_u8(w, 0);     /* the buffer must have at least one byte */
}

bool smb2_get_read(struct bytes message, struct bytes *data)
{
	struct wire_in in = wire_in_bytes(message), window;
	uint8_t offset;
	uint32_t length;

	get_skip(&in, SMB2_HEADER_SIZE + 2);
	offset = get_u8(&in);
	get_skip(&in, 1);
	length = get_u32le(&in);
	get_skip(&in, 8); /* DataRemaining, Reserved2 */
	window = get_range(&in, length ? offset : 0, length);
	if (in.bad)
		return false;
	*data = get_bytes(&window, length);
	return true;
}

void smb2_put_write(struct wire_out *w, const struct smb2_file *file, struct bytes data)
{
	put_u16le(w, 49);
	put_u16le(w, SMB2_HEADER_SIZE + 48);
	put_u32le(w, (uint32_t)data.len);
	put_u64le(w, 0); /* Offset */
	put_bytes(w, file->id, sizeof file->id);
	put_zeros(w, 16); /* Channel, RemainingBytes, WriteChannelInfo, Flags */
	put_bytes(w, data.at, data.len);
}

bool smb2_get_write(struct bytes message, uint32_t *count)
{
	struct wire_in in = wire_in_bytes(message);
	uint32_t written;

	get_skip(&in, SMB2_HEADER_SIZE + 4);
	written = get_u32le(&in);
	get_skip(&in, 8); /* Remaining, WriteChannelInfo */
	if (in.bad)
		return false;
	*count = written;
	return true;
}
