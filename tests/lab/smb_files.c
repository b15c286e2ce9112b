/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb_files.c - CREATE, READ, WRITE, IOCTL and CLOSE, on named pipes alone.
 */
#include "tests/lab/smb.h"

#include <string.h>

#include "tests/lab/stats.h"
#include "tests/lab/status.h"

#define FSCTL_PIPE_TRANSCEIVE         0x0011c017u
#define FSCTL_VALIDATE_NEGOTIATE_INFO 0x00140204u

enum { FILE_ID_LEN = 16, TRANSFER_MAX = 1 << 20 };

static void make_file_id(const struct smb *s, unsigned slot, uint8_t id[static 16])
{
	memset(id, 0, FILE_ID_LEN);
	memcpy(id, &s->session_id, 4);
	id[8] = (uint8_t)(slot + 1);
	id[15] = 0x7f;
}

/* The pipe a file id stands for, its slot told; NULL: none. */
static struct pipe *pipe_of(const struct smb *s, const uint8_t id[static 16],
			    unsigned *slot)
{
	uint8_t ours[FILE_ID_LEN];

	for (unsigned i = 0; i < PIPES_MAX; i++) {
		make_file_id(s, i, ours);
		if (s->pipes[i] && memcmp(ours, id, FILE_ID_LEN) == 0) {
			*slot = i;
			return s->pipes[i];
		}
	}
	return NULL;
}

/* All ones stand for the file of the chain. */
static struct pipe *get_file(const struct smb *s, const struct request *r,
			     struct wire_in *in, unsigned *slot)
{
	static const uint8_t same[FILE_ID_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						   0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
						   0xff, 0xff, 0xff, 0xff };
	struct bytes id = get_bytes(in, FILE_ID_LEN);

	if (!id.at)
		return NULL;
	if (memcmp(id.at, same, FILE_ID_LEN) == 0 && r->flags & SMB_FLAG_RELATED)
		return pipe_of(s, r->file_id, slot);
	return pipe_of(s, id.at, slot);
}

static bool is_pipe_name(struct bytes name)
{
	static const char *const names[] = { "lsarpc", "lsass" };

	for (size_t n = 0; n < 2; n++) {
		size_t len = strlen(names[n]), same = 0;

		while (same < len && 2 * same + 1 < name.len &&
		       (name.at[2 * same] | 0x20) == names[n][same] &&
		       name.at[2 * same + 1] == 0)
			same++;
		if (same == len && name.len == 2 * len)
			return true;
	}
	return false;
}

/* [MS-SMB2] 2.2.13 and 2.2.14 */
uint32_t smb_create(struct smb *s, struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at), at;
	uint16_t offset, len;
	unsigned slot = 0;

	get_skip(&in, SMB_HEADER_LEN + 44);
	offset = get_u16le(&in);
	len = get_u16le(&in);
	at = get_range(&in, offset, len);
	if (in.bad)
		return STATUS_INVALID_PARAMETER;
	if (!is_pipe_name(get_bytes(&at, len)))
		return STATUS_OBJECT_NAME_NOT_FOUND;
	while (slot < PIPES_MAX && s->pipes[slot])
		slot++;
	if (slot == PIPES_MAX)
		return STATUS_PIPE_NOT_AVAILABLE;
	s->pipes[slot] = pipe_open(s->host, s->nameless ? NULL : s->account);
	make_file_id(s, slot, r->file_id);
	put_u16le(w, 89);
	put_u16le(w, 0);
	put_u32le(w, 1);
	put_zeros(w, 32);
	put_u64le(w, 4096);
	put_u64le(w, 0);
	put_u32le(w, 0x80);
	put_u32le(w, 0);
	put_bytes(w, r->file_id, FILE_ID_LEN);
	put_u64le(w, 0);
	return STATUS_SUCCESS;
}

uint32_t smb_close(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at);
	unsigned slot;

	get_skip(&in, SMB_HEADER_LEN + 8);
	if (!get_file(s, r, &in, &slot))
		return STATUS_FILE_CLOSED;
	pipe_close(s->pipes[slot]);
	s->pipes[slot] = NULL;
	put_u16le(w, 60);
	put_zeros(w, 58);
	return STATUS_SUCCESS;
}

uint32_t smb_read(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at);
	uint32_t len, status;
	struct pipe *p;
	size_t count, start;
	unsigned slot;

	get_skip(&in, SMB_HEADER_LEN + 4);
	len = get_u32le(&in);
	get_skip(&in, 8);
	p = get_file(s, r, &in, &slot);
	if (!p)
		return STATUS_FILE_CLOSED;
	start = w->len;
	put_u16le(w, 17);
	put_u16le(w, 80);
	count = put_hole(w, 4);
	put_u64le(w, 0);
	status = pipe_read(p, len < TRANSFER_MAX ? len : TRANSFER_MAX, w);
	fill_u32le(w, count, (uint32_t)(w->len - start - 16));
	if (status == STATUS_PENDING)
		stats.reads_of_nothing++;
	if (status != STATUS_SUCCESS && status != STATUS_BUFFER_OVERFLOW)
		w->len = start;
	return status;
}

uint32_t smb_write(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at), data;
	uint16_t offset;
	uint32_t len;
	struct pipe *p;
	unsigned slot;

	get_skip(&in, SMB_HEADER_LEN + 2);
	offset = get_u16le(&in);
	len = get_u32le(&in);
	get_skip(&in, 8);
	p = get_file(s, r, &in, &slot);
	data = get_range(&in, offset, len);
	if (in.bad)
		return STATUS_INVALID_PARAMETER;
	if (!p)
		return STATUS_FILE_CLOSED;
	pipe_write(p, get_bytes(&data, len), s->armed);
	put_u16le(w, 17);
	put_u16le(w, 0);
	put_u32le(w, len);
	put_u64le(w, 0);
	return STATUS_SUCCESS;
}

/* [MS-SMB2] 2.2.31, as far as both codes need it. */
struct ioctl {
	uint32_t code, max_output;
	struct bytes file_id, input;
};

static bool get_ioctl(const struct request *r, struct ioctl *io)
{
	struct wire_in in = wire_in_bytes(r->at), input;
	uint32_t offset, count;

	get_skip(&in, SMB_HEADER_LEN);
	if (get_u16le(&in) != 57)
		return false;
	get_skip(&in, 2);
	io->code = get_u32le(&in);
	io->file_id = get_bytes(&in, FILE_ID_LEN);
	offset = get_u32le(&in);
	count = get_u32le(&in);
	get_skip(&in, 12);
	io->max_output = get_u32le(&in);
	if (get_u32le(&in) != 1)
		return false;
	input = get_range(&in, count ? offset : 0, count);
	io->input = get_bytes(&input, count);
	return !in.bad;
}

/* The fixed part of an answer; returns the hole of its count. */
static size_t put_ioctl(struct wire_out *w, const struct ioctl *io)
{
	size_t count;

	put_u16le(w, 49);
	put_u16le(w, 0);
	put_u32le(w, io->code);
	put_bytes(w, io->file_id.at, FILE_ID_LEN);
	put_u32le(w, 112);
	put_u32le(w, 0);
	put_u32le(w, 112);
	count = put_hole(w, 4);
	put_u64le(w, 0);
	return count;
}

/* [MS-SMB2] 3.3.5.15.12: a client that sees something else than we said is between a man
 * in the middle and us, and is hung up on. */
static uint32_t validate_negotiate(struct smb *s, const struct ioctl *io,
				   struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(io->input);
	uint32_t capabilities = get_u32le(&in);
	struct bytes guid = get_bytes(&in, 16);
	uint16_t mode = get_u16le(&in), count = get_u16le(&in);
	bool same = !in.bad && capabilities == s->capabilities &&
		    mode == s->client_mode && count == s->dialect_count &&
		    memcmp(guid.at, s->client_guid, 16) == 0 &&
		    s->host->manner.fault != FAULT_DOWNGRADE_DIALECT;
	size_t hole;

	for (size_t i = 0; same && i < count; i++)
		same = get_u16le(&in) == s->dialects[i];
	if (!same) {
		s->hang_up = true;
		return STATUS_ACCESS_DENIED;
	}
	stats.validated++;
	hole = put_ioctl(w, io);
	smb_put_validation(s, w);
	fill_u32le(w, hole, 24);
	return STATUS_SUCCESS;
}

uint32_t smb_ioctl(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct ioctl io;
	struct wire_in id;
	struct pipe *p;
	size_t start = w->len, count;
	uint32_t status;
	unsigned slot;

	if (!get_ioctl(r, &io))
		return STATUS_INVALID_PARAMETER;
	if (io.code == FSCTL_VALIDATE_NEGOTIATE_INFO)
		return validate_negotiate(s, &io, w);
	if (io.code != FSCTL_PIPE_TRANSCEIVE)
		return STATUS_INVALID_DEVICE_REQUEST;
	id = wire_in_bytes(io.file_id);
	p = get_file(s, r, &id, &slot);
	if (!p)
		return STATUS_FILE_CLOSED;
	if (io.max_output > 65536u * (r->credit_charge ? r->credit_charge : 1))
		return STATUS_INVALID_PARAMETER;
	pipe_write(p, io.input, s->armed);
	count = put_ioctl(w, &io);
	status = pipe_read(p, io.max_output, w);
	fill_u32le(w, count, (uint32_t)(w->len - start - 48));
	if (status != STATUS_SUCCESS && status != STATUS_BUFFER_OVERFLOW)
		w->len = start;
	return status;
}

/* What a WRITE or an IOCTL carries into a pipe. */
static enum lab_step step_of_pipe(const struct smb *s, const struct request *r)
{
	struct wire_in in = wire_in_bytes(r->at), data, id;
	struct ioctl io;
	struct pipe *p;
	uint16_t offset;
	uint32_t len;
	unsigned slot;

	if (r->command == SMB_IOCTL) {
		if (!get_ioctl(r, &io) || io.code != FSCTL_PIPE_TRANSCEIVE)
			return STEP_TREE;
		id = wire_in_bytes(io.file_id);
		p = get_file(s, r, &id, &slot);
		return p ? pipe_step(p, io.input) : STEP_BIND;
	}
	get_skip(&in, SMB_HEADER_LEN + 2);
	offset = get_u16le(&in);
	len = get_u32le(&in);
	get_skip(&in, 8);
	p = get_file(s, r, &in, &slot);
	data = get_range(&in, offset, len);
	return p && !in.bad ? pipe_step(p, get_bytes(&data, len)) : STEP_BIND;
}

enum lab_step smb_step(const struct smb *s, const struct request *r)
{
	switch (r->command) {
	case SMB_NEGOTIATE:
		return STEP_NEGOTIATE;
	case SMB_SESSION_SETUP:
		return s->login && s->login->challenged ? STEP_SETUP2 : STEP_SETUP1;
	case SMB_TREE_CONNECT:
		return STEP_TREE;
	case SMB_CREATE:
		return STEP_CREATE;
	case SMB_IOCTL:
	case SMB_WRITE:
		return step_of_pipe(s, r);
	case SMB_READ:
		return s->step; /* the rest of an answer */
	case SMB_CLOSE:
	case SMB_TREE_DISCONNECT:
		return STEP_CLOSE;
	case SMB_LOGOFF:
		return STEP_LOGOFF;
	default:
		return s->step;
	}
}
