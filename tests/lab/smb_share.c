/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smb_share.c - CREATE, READ and CLOSE on SYSVOL, and the lies of file_faults.h.
 */
#include "tests/lab/smb.h"

#include <stdio.h>
#include <string.h>

#include "tests/lab/file_faults.h"
#include "tests/lab/status.h"

enum { FILE_ID_LEN = 16, CREDIT_BYTES = 65536, ATTRIBUTE_DIRECTORY = 0x10 };

static const struct {
	const char *word, *outcome, *says;
} faults[FILE_FAULT_COUNT] = {
#define X(fault, word, outcome, says) [fault] = { word, outcome, says },
	FILE_FAULTS(X)
#undef X
};

enum file_fault file_fault_by_word(const char *word)
{
	for (int i = FILE_GOOD + 1; i < FILE_FAULT_COUNT; i++)
		if (strcmp(faults[i].word, word) == 0)
			return (enum file_fault)i;
	return FILE_GOOD;
}

void file_faults_print(void)
{
	for (int i = FILE_GOOD + 1; i < FILE_FAULT_COUNT; i++)
		printf("%s\t%s\t%s\n", faults[i].word, faults[i].outcome, faults[i].says);
}

static bool has(const struct smb *s, enum file_fault fault)
{
	return s->host->manner.file_fault == fault;
}

/* ---- the tree ---- */

/* "\\HOST\SYSVOL", by its end. */
static bool ends_in_sysvol(struct bytes path)
{
	static const char share[] = "\\SYSVOL";
	const size_t len = sizeof(share) - 1;

	if (path.len < 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		const uint8_t *at = path.at + path.len - 2 * (len - i);

		if (at[1] ||
		    (at[0] != (uint8_t)share[i] && (at[0] ^ 0x20) != (uint8_t)share[i]))
			return false;
	}
	return true;
}

bool smb_share_wanted(const struct smb *s, struct bytes path)
{
	return s->host->role == ROLE_DC && share_is_there() && ends_in_sysvol(path) &&
	       !has(s, FILE_NO_SHARE);
}

uint8_t smb_share_type(const struct smb *s)
{
	return has(s, FILE_PIPES) ? 2 : 1;
}

/* ---- files ---- */

static void make_id(const struct smb *s, unsigned slot, uint8_t id[static FILE_ID_LEN])
{
	memset(id, 0, FILE_ID_LEN);
	memcpy(id, &s->session_id, 4);
	id[8] = (uint8_t)(slot + 1);
	id[15] = 0x5f;
}

static struct share_file *file_of(struct smb *s, struct wire_in *in, unsigned *slot)
{
	struct bytes id = get_bytes(in, FILE_ID_LEN);
	uint8_t ours[FILE_ID_LEN];

	for (unsigned i = 0; id.at && i < PIPES_MAX; i++) {
		make_id(s, i, ours);
		if (s->files[i].descriptor > 0 && memcmp(ours, id.at, FILE_ID_LEN) == 0) {
			*slot = i;
			return &s->files[i];
		}
	}
	return NULL;
}

/* What CREATE and CLOSE say alike: four times, two sizes, attributes. */
static void put_attributes(const struct smb *s, const struct share_file *f, bool last,
			   struct wire_out *w)
{
	bool directory = f->directory || has(s, FILE_DIRECTORY);
	uint64_t size = has(s, FILE_HUGE) ? UINT64_C(1) << 63 : f->size;

	put_u64le(w, f->written);
	put_u64le(w, f->written);
	put_u64le(w, f->written + (last && has(s, FILE_WRITTEN) ? 10000000 : 0));
	put_u64le(w, f->written);
	put_u64le(w, size);
	put_u64le(w, size + (last && has(s, FILE_GROWS) ? 1 : 0));
	put_u32le(w, directory ? ATTRIBUTE_DIRECTORY : 0x20);
}

/* [MS-SMB2] 2.2.2.2.1: where the link leads, which nobody should follow. */
static uint32_t put_link(struct wire_out *w)
{
	put_u16le(w, 9);
	put_u16le(w, 0);
	put_u32le(w, 28);
	put_u32le(w, 24);
	put_bytes(w, "SYML", 4);
	put_u32le(w, 0xa000000c);
	put_u16le(w, 12);
	put_u16le(w, 0);
	put_zeros(w, 12);
	return STATUS_STOPPED_ON_SYMLINK;
}

/* 3.3.5.9: a file may be wanted that is no directory; DFS is not spoken here. */
static uint32_t open_file(const struct smb *s, const struct request *r,
			  struct share_file *file)
{
	enum { FLAG_DFS = 0x10000000, NON_DIRECTORY = 0x40 };
	struct wire_in in = wire_in_bytes(r->at), at;
	uint32_t options, status;
	uint16_t offset, len;

	get_skip(&in, SMB_HEADER_LEN + 40);
	options = get_u32le(&in);
	offset = get_u16le(&in);
	len = get_u16le(&in);
	at = get_range(&in, offset, len);
	if (in.bad || r->flags & FLAG_DFS)
		return STATUS_INVALID_PARAMETER;
	if (has(s, FILE_DENIED))
		return STATUS_ACCESS_DENIED;
	if (has(s, FILE_ELSEWHERE))
		return STATUS_PATH_NOT_COVERED;
	status = share_open(get_bytes(&at, len), file);
	if (status == STATUS_SUCCESS && file->directory && options & NON_DIRECTORY) {
		share_close(file);
		return STATUS_FILE_IS_A_DIRECTORY;
	}
	return status;
}

uint32_t smb_share_create(struct smb *s, struct request *r, struct wire_out *w)
{
	struct share_file file;
	unsigned slot = 0;
	uint32_t status;

	while (slot < PIPES_MAX && s->files[slot].descriptor > 0)
		slot++;
	if (slot == PIPES_MAX)
		return STATUS_PIPE_NOT_AVAILABLE;
	if (has(s, FILE_LINK))
		return put_link(w);
	status = open_file(s, r, &file);
	if (status != STATUS_SUCCESS)
		return status;
	s->files[slot] = file;
	make_id(s, slot, r->file_id);
	put_u16le(w, 89);
	put_u16le(w, 0);
	put_u32le(w, 1);
	put_attributes(s, &file, false, w);
	put_u32le(w, 0);
	put_bytes(w, r->file_id, FILE_ID_LEN);
	put_u64le(w, 0);
	return STATUS_SUCCESS;
}

/* How much of what was asked for is given, as the fault has it. */
static uint32_t shorten(const struct smb *s, const struct share_file *f, uint64_t offset,
			uint32_t len)
{
	if (has(s, FILE_EMPTY) || has(s, FILE_GONE) ||
	    (has(s, FILE_SHRINKS) && offset >= f->size / 2))
		return 0;
	if (has(s, FILE_SHRINKS) && offset + len > f->size / 2)
		return (uint32_t)(f->size / 2 - offset);
	if (has(s, FILE_TINY))
		return 1;
	return has(s, FILE_HALVES) ? (len + 1) / 2 : len;
}

static uint32_t put_data(const struct smb *s, const struct share_file *f, uint64_t offset,
			 uint32_t len, struct wire_out *w)
{
	size_t start = w->len, count;
	uint32_t given;

	put_u16le(w, 17);
	put_u16le(w, has(s, FILE_OFFSET) ? 0xff : 80);
	count = put_hole(w, 4);
	put_u64le(w, 0);
	given = share_read(f, offset, shorten(s, f, offset, len), w);
	if (!given && !has(s, FILE_EMPTY)) {
		w->len = start;
		return STATUS_END_OF_FILE;
	}
	if (has(s, FILE_LONGER)) {
		put_zeros(w, len + 1 - given);
		given = len + 1;
	}
	fill_u32le(w, count, given + (has(s, FILE_LENGTH) ? 1 : 0));
	return has(s, FILE_MORE) ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

uint32_t smb_share_read(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at);
	const struct share_file *f;
	uint64_t offset;
	uint32_t len;
	unsigned slot;

	get_skip(&in, SMB_HEADER_LEN + 4);
	len = get_u32le(&in);
	offset = get_u64le(&in);
	f = file_of(s, &in, &slot);
	if (!f)
		return STATUS_FILE_CLOSED;
	if (in.bad || len > CREDIT_BYTES * (r->credit_charge ? r->credit_charge : 1u))
		return STATUS_INVALID_PARAMETER;
	if (has(s, FILE_READ_DENIED))
		return STATUS_ACCESS_DENIED;
	return put_data(s, f, offset, len, w);
}

uint32_t smb_share_close(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_in in = wire_in_bytes(r->at);
	struct share_file *f;
	uint16_t flags;
	unsigned slot;

	get_skip(&in, SMB_HEADER_LEN + 2);
	flags = get_u16le(&in);
	get_skip(&in, 4);
	f = file_of(s, &in, &slot);
	if (!f || has(s, FILE_CLOSED))
		return STATUS_FILE_CLOSED;
	put_u16le(w, 60);
	put_u16le(w, flags & 1);
	put_u32le(w, 0);
	if (flags & 1)
		put_attributes(s, f, true, w);
	else
		put_zeros(w, 52);
	share_close(f);
	return STATUS_SUCCESS;
}

void smb_share_end(struct smb *s)
{
	for (unsigned i = 0; i < PIPES_MAX; i++)
		if (s->files[i].descriptor > 0)
			share_close(&s->files[i]);
}
