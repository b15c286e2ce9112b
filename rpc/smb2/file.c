/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE, READ and CLOSE of a file on a disk share; pipe.c reads their common answers. */
#include "rpc/smb2/smb2.h"

enum {
	IMPERSONATION = 2,
	/* FILE_READ_DATA, FILE_READ_EA, FILE_READ_ATTRIBUTES, READ_CONTROL, SYNCHRONIZE
	 */
	READ_ACCESS = 0x00120089,
	SHARE_ALL = 7, /* whoever edits the file is not kept from it */
	FILE_OPEN = 1,
	NON_DIRECTORY_FILE = 0x40,
	POSTQUERY_ATTRIB = 1,
	READ_PADDING = 0x50, /* where the data is to start in the answer */
};

void smb2_put_open(struct wire_out *w, struct bytes name_utf16)
{
	put_u16le(w, 57);
	put_u16le(w, 0); /* SecurityFlags, RequestedOplockLevel */
	put_u32le(w, IMPERSONATION);
	put_zeros(w, 16); /* SmbCreateFlags, Reserved */
	put_u32le(w, READ_ACCESS);
	put_u32le(w, 0); /* FileAttributes */
	put_u32le(w, SHARE_ALL);
	put_u32le(w, FILE_OPEN);
	put_u32le(w, NON_DIRECTORY_FILE);
	put_u16le(w, SMB2_HEADER_SIZE + 56);
	put_u16le(w, (uint16_t)name_utf16.len);
	put_zeros(w, 8); /* no create contexts */
	put_bytes(w, name_utf16.at, name_utf16.len);
}

/* CREATE and CLOSE answer with the same attributes in the same order. */
static struct smb2_attributes get_attributes(struct wire_in *in)
{
	struct smb2_attributes a = { 0 };

	get_skip(in, 16); /* CreationTime, LastAccessTime */
	a.last_write_time = get_u64le(in);
	get_skip(in, 16); /* ChangeTime, AllocationSize */
	a.end_of_file = get_u64le(in);
	a.file_attributes = get_u32le(in);
	return a;
}

bool smb2_get_open(struct bytes message, struct smb2_opened *opened)
{
	struct wire_in in = wire_in_bytes(message);
	struct smb2_opened o = { 0 };

	get_skip(&in, SMB2_HEADER_SIZE + 8); /* OplockLevel, Flags, CreateAction */
	o.attributes = get_attributes(&in);
	get_skip(&in, 4);
	get_copy(&in, o.file.id, sizeof o.file.id);
	get_skip(&in, 8); /* create contexts */
	if (in.bad)
		return false;
	*opened = o;
	return true;
}

void smb2_put_read_at(struct wire_out *w, const struct smb2_file *file, uint64_t offset,
		      uint32_t length)
{
	put_u16le(w, 49);
	put_u8(w, READ_PADDING);
	put_u8(w, 0); /* Flags */
	put_u32le(w, length);
	put_u64le(w, offset);
	put_bytes(w, file->id, sizeof file->id);
	put_zeros(w, 16); /* MinimumCount, Channel, RemainingBytes, ReadChannelInfo */
	put_u8(w, 0);     /* the buffer must have at least one byte */
}

void smb2_put_close(struct wire_out *w, const struct smb2_file *file)
{
	put_u16le(w, 24);
	put_u16le(w, POSTQUERY_ATTRIB);
	put_u32le(w, 0);
	put_bytes(w, file->id, sizeof file->id);
}

bool smb2_get_close(struct bytes message, struct smb2_closed *closed)
{
	struct wire_in in = wire_in_bytes(message);
	struct smb2_closed c = { 0 };

	get_skip(&in, SMB2_HEADER_SIZE + 2);
	c.known = get_u16le(&in) & POSTQUERY_ATTRIB;
	get_skip(&in, 4);
	c.attributes = get_attributes(&in);
	if (in.bad)
		return false;
	*closed = c;
	return true;
}
