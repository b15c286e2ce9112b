/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the dialogue that reads a file of a disk share: open it, read it piece by
 * piece up to the size that CREATE gave, close it.
 *
 * CLOSE answers with size and time of the last write once more: a file that was written
 * to meanwhile is no file of one version.  What is wrong with one file is that file's
 * outcome, and the session goes on; what is wrong with the session ends it.
 */
#include <string.h>

#include "rpc/session/session_internal.h"
#include "rpc/wire/limits.h"
#include "rpc/wire/ntstatus.h"
#include "rpc/wire/utf16.h"

enum {
	PIECE_MAX = 65536, /* what a READ of one credit may ask for: 3.3.5.12 */
	READS_MORE = 16,   /* a server may give less than asked, not for ever */
};

static enum want open_answered(struct session *s);
static enum want leave_file(struct session *s, enum file_outcome outcome,
			    uint32_t status);

/* ---- the share ---- */

bool say_share(struct session *s)
{
	return session_say_tree(s, s->options.share);
}

enum want hear_share(struct session *s, const struct smb2_answer *a)
{
	struct smb2_tree tree;

	if (!smb2_get_tree_connect(a->message, &tree))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (tree.share_type != SMB2_SHARE_DISK)
		return session_fail(s, REASON_NOT_A_FILE_SHARE);
	return session_take_tree(s, a, &tree);
}

/* ---- open ---- */

enum want session_read(struct session *s, const char *path, uint32_t limit)
{
	if (s->line.fault.kind != FAULT_NONE)
		return WANT_ABORT;
	s->line.step = session_step_name(STEP_OPEN);
	wire_reset(&s->contents);
	wire_reset(&s->names);
	put_utf16(&s->names, path);
	if (strlen(path) > SESSION_PATH_MAX || s->names.bad)
		return session_fail(s, REASON_BAD_FILE_NAME);
	s->file = (struct session_file){ 0 };
	s->file_limit = limit < LIMIT_FILE_BYTES ? limit : LIMIT_FILE_BYTES;
	s->reads = 0;
	return session_speak(s, STEP_OPEN);
}

bool say_open(struct session *s)
{
	smb2_put_open(smb2_begin(&s->line, SMB2_CREATE), wire_written(&s->names));
	return smb2_say(&s->line);
}

/* Statuses that speak of the session or the server and not of this one file. */
static bool ends_session(uint32_t status)
{
	static const uint32_t statuses[] = {
		STATUS_INSUFFICIENT_RESOURCES, STATUS_INSUFF_SERVER_RESOURCES,
		STATUS_REQUEST_NOT_ACCEPTED,   STATUS_USER_SESSION_DELETED,
		STATUS_NETWORK_NAME_DELETED,   STATUS_NETWORK_SESSION_EXPIRED,
		STATUS_INVALID_SIGNATURE,
	};

	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (statuses[i] == status)
			return true;
	return false;
}

enum want hear_open(struct session *s, const struct smb2_answer *a)
{
	uint32_t status = a->header.status;

	if (a->is_error && ends_session(status))
		return session_refused(s, status);
	if (a->is_error) {
		s->file.outcome = FILE_REFUSED;
		s->file.status = status;
		return WANT_CALL;
	}
	if (!smb2_get_open(a->message, &s->opened))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	s->file.size = s->opened.attributes.end_of_file;
	s->file.last_write_time = s->opened.attributes.last_write_time;
	return open_answered(s);
}

static enum want open_answered(struct session *s)
{
	if (s->opened.attributes.file_attributes & SMB2_ATTRIBUTE_DIRECTORY)
		return leave_file(s, FILE_REFUSED, STATUS_FILE_IS_A_DIRECTORY);
	if (s->file.size > s->file_limit)
		return leave_file(s, FILE_TOO_LARGE, 0);
	if (s->file.size == 0)
		return leave_file(s, FILE_WHOLE, 0);
	return session_speak(s, STEP_READ);
}

static enum want leave_file(struct session *s, enum file_outcome outcome, uint32_t status)
{
	s->file.outcome = outcome;
	s->file.status = status;
	return session_speak(s, STEP_SHUT);
}

/* ---- read ---- */

/* What the next READ asks for. */
static uint32_t piece(const struct session *s)
{
	uint64_t left = s->file.size - s->contents.len;
	uint32_t most = s->negotiated.max_read < PIECE_MAX ? s->negotiated.max_read
							   : PIECE_MAX;

	return left < most ? (uint32_t)left : most;
}

bool say_read(struct session *s)
{
	struct wire_out *w = smb2_begin(&s->line, SMB2_READ);

	s->reads++;
	smb2_put_read_at(w, &s->opened.file, s->contents.len, piece(s));
	return smb2_say(&s->line);
}

/* How many READs a file may take whose server is content with halves. */
static unsigned reads_max(const struct session *s)
{
	uint32_t most = s->negotiated.max_read < PIECE_MAX ? s->negotiated.max_read
							   : PIECE_MAX;

	return (unsigned)(s->file.size / most * 2) + READS_MORE;
}

static enum want hear_read_error(struct session *s, uint32_t status)
{
	if (status == STATUS_END_OF_FILE)
		return leave_file(s, FILE_CHANGED, 0);
	if (ends_session(status) || status == STATUS_ACCESS_DENIED)
		return session_refused(s, status);
	return leave_file(s, FILE_REFUSED, status);
}

enum want hear_read(struct session *s, const struct smb2_answer *a)
{
	struct bytes data;

	if (a->is_error)
		return hear_read_error(s, a->header.status);
	if (a->header.status != STATUS_SUCCESS || !smb2_get_read(a->message, &data))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (data.len > piece(s))
		return session_fail(s, REASON_ANSWER_TOO_LARGE);
	if (!data.len)
		return session_fail_words(s, REASON_MALFORMED_ANSWER,
					  "the answer to a read is empty");
	put_bytes(&s->contents, data.at, data.len);
	if (s->contents.bad)
		return session_fail(s, REASON_OUT_OF_MEMORY);
	if (s->contents.len == s->file.size)
		return leave_file(s, FILE_WHOLE, 0);
	if (s->reads >= reads_max(s))
		return session_fail(s, REASON_ENDLESS_ANSWER);
	return session_speak(s, STEP_READ);
}

/* ---- close ---- */

bool say_shut(struct session *s)
{
	smb2_put_close(smb2_begin(&s->line, SMB2_CLOSE), &s->opened.file);
	return smb2_say(&s->line);
}

enum want hear_shut(struct session *s, const struct smb2_answer *a)
{
	const struct smb2_attributes *before = &s->opened.attributes;
	struct smb2_closed closed = { 0 };

	if (a->is_error)
		return session_refused(s, a->header.status);
	if (!smb2_get_close(a->message, &closed))
		return session_fail(s, REASON_MALFORMED_ANSWER);
	if (closed.known && s->file.outcome == FILE_WHOLE &&
	    (closed.attributes.end_of_file != before->end_of_file ||
	     closed.attributes.last_write_time != before->last_write_time))
		s->file.outcome = FILE_CHANGED;
	if (s->file.outcome == FILE_WHOLE)
		s->file.data = wire_written(&s->contents);
	return WANT_CALL;
}
