/* SPDX-License-Identifier: Apache-2.0 */
/* A session that reads files of a disk share, against a scripted server. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/wire/limits.h"
#include "tests/rpc/session_play.h"

static const char path[] = "corp.example\\Policies\\{A}\\gpt.ini";

/* One session that reads a file `times` times; what came of the last one. */
struct reading {
	struct play play; /* its calls are not made */
	unsigned times;
	uint32_t limit;
	const char *path; /* NULL: the one above */
	/* ---- */
	struct session_file file; /* its data are gone */
	size_t whole;             /* bytes that were right, 0: some was wrong */
	uint32_t largest_read;
};

static void check_file(struct session *s, struct reading *r)
{
	r->file = session_file(s);
	r->whole = r->file.data.len;
	for (size_t i = 0; i < r->file.data.len; i++)
		if (r->file.data.at[i] != peer_file_byte((uint32_t)i))
			r->whole = 0;
}

static enum want read_next(struct session *s, struct reading *r, unsigned *made)
{
	if (*made)
		check_file(s, r);
	if ((*made)++ >= r->times)
		return session_bye(s);
	return session_read(s, r->path ? r->path : path, r->limit);
}

static void perform_reading(struct reading *r)
{
	struct play *play = &r->play;
	struct session *s;
	struct peer p;
	unsigned made = 0;
	enum want want;

	play->options.server = "dc.example";
	play->options.share = "SYSVOL";
	play->plan.share_is_disk = true;
	r->times = r->times ? r->times : 1;
	r->limit = r->limit ? r->limit : LIMIT_FILE_BYTES;
	peer_init(&p, &play->plan);
	s = session_new(&play->options);
	assert_non_null(s);
	want = session_open(s);
	while (want == WANT_REPLY || want == WANT_TOKEN || want == WANT_CALL) {
		if (want == WANT_REPLY)
			want = converse(s, &p, play);
		else if (want == WANT_TOKEN)
			want = prove(s, &p, play);
		else
			want = read_next(s, r, &made);
	}
	play->end = want;
	if (session_fault(s))
		play->fault = *session_fault(s);
	play->unprotected = p.unprotected;
	play->pipes = p.pipes;
	r->largest_read = p.largest_read;
	peer_drop(&p);
	session_free(s);
}

static void assert_whole(const struct reading *r, uint32_t len)
{
	if (r->play.end != WANT_NOTHING)
		print_error("%s: %s\n", r->play.fault.step, r->play.fault.what);
	assert_int_equal(r->play.end, WANT_NOTHING);
	assert_int_equal(r->play.unprotected, 0);
	assert_int_equal(r->file.outcome, FILE_WHOLE);
	assert_int_equal(r->whole, len);
	assert_int_equal(r->file.size, len);
	assert_int_equal(r->file.last_write_time, PEER_FILE_TIME);
}

/* The session went on, without the file. */
static void assert_outcome(const struct reading *r, enum file_outcome outcome,
			   uint32_t status)
{
	if (r->play.end != WANT_NOTHING)
		print_error("%s: %s\n", r->play.fault.step, r->play.fault.what);
	assert_int_equal(r->play.end, WANT_NOTHING);
	assert_int_equal(r->file.outcome, outcome);
	assert_int_equal(r->file.status, status);
	assert_int_equal(r->file.data.len, 0);
}

static void assert_ended(const struct reading *r, const char *step,
			 enum fault_reason reason)
{
	assert_int_equal(r->play.end, WANT_ABORT);
	assert_string_equal(r->play.fault.step, step);
	assert_string_equal(fault_reason_word(r->play.fault.reason),
			    fault_reason_word(reason));
}

/* ---- files ---- */

static void files_of_every_size_by_every_dialect(void **state)
{
	static const struct {
		uint16_t dialect, signing, cipher;
	} rows[] = {
		{ SMB_2_0_2, 0, 0 },
		{ SMB_2_1, 0, 0 },
		{ SMB_3_0, 0, SMB2_AES_128_CCM },
		{ SMB_3_0_2, 0, 0 },
		{ SMB_3_1_1, SMB2_AES_128_GMAC, SMB2_AES_256_GCM },
	};
	static const uint32_t lengths[] = { 0, 1, 65535, 65536, 65537, 3 << 20 };
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
			struct reading r = { .times = 2 };

			r.play.plan.dialect = rows[i].dialect;
			r.play.plan.signing = rows[i].signing;
			r.play.plan.cipher = rows[i].cipher;
			r.play.plan.file_len = lengths[j];
			r.play.options.require_encryption = rows[i].cipher != 0;
			perform_reading(&r);
			assert_whole(&r, lengths[j]);
			assert_int_equal(r.play.pipes, 2);
			assert_in_range(r.largest_read, 0, 65536);
		}
}

static void a_file_may_come_in_small_pieces(void **state)
{
	(void)state;

	for (uint32_t size = 40000; size <= 65536; size += 25536) {
		struct reading r = { .play.plan = { .file_len = 300000,
						    .read_max = size,
						    .pending = size % 3 },
				     .play.cut = 1000 };

		perform_reading(&r);
		assert_whole(&r, 300000);
	}
}

static void a_file_of_just_the_limit_is_read(void **state)
{
	struct reading just = { .limit = 5000, .play.plan.file_len = 5000 };
	struct reading above = { .limit = 5000, .play.plan.file_len = 5001 };
	struct reading beyond = { .limit = UINT32_MAX,
				  .play.plan.file_len = LIMIT_FILE_BYTES + 1 };
	(void)state;

	perform_reading(&just);
	assert_whole(&just, 5000);
	perform_reading(&above);
	assert_outcome(&above, FILE_TOO_LARGE, 0);
	assert_int_equal(above.file.size, 5001);
	assert_int_equal(above.largest_read, 0);
	perform_reading(&beyond);
	assert_outcome(&beyond, FILE_TOO_LARGE, 0);
}

static void names_that_no_file_has_are_refused_here(void **state)
{
	static char longest[SESSION_PATH_MAX + 2];
	struct reading bad = { .path = "a\xff", .play.plan.file_len = 5 };
	struct reading long_one = { .path = longest, .play.plan.file_len = 5 };
	(void)state;

	perform_reading(&bad);
	assert_ended(&bad, "open file", REASON_BAD_FILE_NAME);
	memset(longest, 'a', sizeof longest - 1);
	perform_reading(&long_one);
	assert_ended(&long_one, "open file", REASON_BAD_FILE_NAME);
	longest[SESSION_PATH_MAX] = '\0';
	perform_reading(&long_one);
	assert_whole(&long_one, 5);
}

/* ---- what one file may be answered ---- */

static void a_file_that_cannot_be_had_leaves_the_session(void **state)
{
	static const uint32_t statuses[] = {
		STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_NOT_FOUND,
		STATUS_ACCESS_DENIED,         STATUS_FILE_IS_A_DIRECTORY,
		STATUS_SHARING_VIOLATION,     STATUS_PATH_NOT_COVERED,
	};
	(void)state;

	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		struct reading r = { .times = 2, .play.plan = { .file_len = 10 } };

		r.play.plan.command = SMB2_CREATE;
		r.play.plan.nth = 1;
		r.play.plan.status = statuses[i];
		perform_reading(&r);
		assert_outcome(&r, FILE_REFUSED, statuses[i]);
		r.play.plan.nth = 0;
		perform_reading(&r);
		assert_whole(&r, 10);
	}
}

/* The status is a warning's and its body an error's with more data (2.2.2.2.1). */
static void a_link(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 8, STATUS_STOPPED_ON_SYMLINK);
	m->len = SMB2_HEADER_SIZE;
	put_u16le(m, 9);
	put_u16le(m, 0);
	put_u32le(m, 44);
	put_zeros(m, 44);
}

static void a_symbolic_link_is_not_followed(void **state)
{
	struct reading r = { .play.plan.file_len = 10 };
	(void)state;

	r.play.plan.command = SMB2_CREATE;
	r.play.plan.before = a_link;
	perform_reading(&r);
	assert_outcome(&r, FILE_REFUSED, STATUS_STOPPED_ON_SYMLINK);
}

static void a_directory_is_no_file(void **state)
{
	struct reading r = { .play.plan = {
				     .file_len = 10,
				     .file_attributes = SMB2_ATTRIBUTE_DIRECTORY } };
	(void)state;

	perform_reading(&r);
	assert_outcome(&r, FILE_REFUSED, STATUS_FILE_IS_A_DIRECTORY);
	assert_int_equal(r.largest_read, 0);
}

static void longer_at_the_end(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, SMB2_HEADER_SIZE + 48, 11);
}

static void written_meanwhile(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[SMB2_HEADER_SIZE + 24] ^= 1;
}

static void a_file_that_is_written_meanwhile_is_changed(void **state)
{
	static const peer_change_fn how[] = { longer_at_the_end, written_meanwhile };
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct reading r = { .play.plan.file_len = 10 };

		r.play.plan.command = SMB2_CLOSE;
		r.play.plan.before = how[i];
		perform_reading(&r);
		assert_outcome(&r, FILE_CHANGED, 0);
	}
}

/* A server that cannot tell the attributes at the end says so and gives zeros. */
static void forget_attributes(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->len = SMB2_HEADER_SIZE;
	put_u16le(m, 60);
	put_zeros(m, 58);
}

static void a_close_without_attributes_is_no_change(void **state)
{
	struct reading r = { .play.plan.file_len = 10 };
	(void)state;

	r.play.plan.command = SMB2_CLOSE;
	r.play.plan.before = forget_attributes;
	perform_reading(&r);
	assert_whole(&r, 10);
}

static void a_file_that_ends_early_is_changed(void **state)
{
	(void)state;

	for (unsigned nth = 0; nth < 2; nth++) {
		struct reading r = { .play.plan = { .file_len = 100000 } };

		r.play.plan.command = SMB2_READ;
		r.play.plan.nth = nth;
		r.play.plan.status = STATUS_END_OF_FILE;
		perform_reading(&r);
		assert_outcome(&r, FILE_CHANGED, 0);
	}
}

static void a_read_that_is_refused_leaves_the_session(void **state)
{
	struct reading r = { .play.plan.file_len = 10 };
	(void)state;

	r.play.plan.command = SMB2_READ;
	r.play.plan.status = STATUS_IO_TIMEOUT;
	perform_reading(&r);
	assert_outcome(&r, FILE_REFUSED, STATUS_IO_TIMEOUT);
}

/* ---- what ends the session ---- */

static void statuses_of_the_session_end_it(void **state)
{
	static const struct {
		uint16_t command;
		uint32_t status;
		const char *step;
		enum fault_reason reason;
	} rows[] = {
		{ SMB2_TREE_CONNECT, STATUS_BAD_NETWORK_NAME, "share connect",
		  REASON_NO_FILE_SHARE },
		{ SMB2_TREE_CONNECT, STATUS_ACCESS_DENIED, "share connect",
		  REASON_FILE_SHARE_DENIED },
		{ SMB2_CREATE, STATUS_INSUFF_SERVER_RESOURCES, "open file",
		  REASON_OUT_OF_RESOURCES },
		{ SMB2_CREATE, STATUS_USER_SESSION_DELETED, "open file",
		  REASON_SESSION_ENDED },
		{ SMB2_READ, STATUS_ACCESS_DENIED, "read file", REASON_REQUEST_ALTERED },
		{ SMB2_CLOSE, STATUS_FILE_CLOSED, "close file", REASON_HOST_ERROR },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct reading r = { .play.plan.file_len = 10 };

		r.play.plan.command = rows[i].command;
		r.play.plan.status = rows[i].status;
		perform_reading(&r);
		assert_ended(&r, rows[i].step, rows[i].reason);
	}
}

static void pipes_in_place_of_files(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[SMB2_HEADER_SIZE + 2] = SMB2_SHARE_PIPE;
}

static void more_than_there_is(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, SMB2_HEADER_SIZE + 4, 11);
}

/* Well formed, but twice as long as it was asked for. */
static void more_than_was_asked(struct peer *p, struct wire_out *m)
{
	more_than_there_is(p, m);
	put_u8(m, 7);
}

static void nothing(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, SMB2_HEADER_SIZE + 4, 0);
}

/* BUFFER_OVERFLOW belongs to pipes. */
static void more_follows(struct peer *p, struct wire_out *m)
{
	(void)p;
	fill_u32le(m, 8, STATUS_BUFFER_OVERFLOW);
}

static void data_far_away(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[SMB2_HEADER_SIZE + 2] = 255;
}

static void cut_short(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->len -= 3;
}

static void answers_that_break_the_protocol_end_it(void **state)
{
	static const struct {
		uint16_t command;
		peer_change_fn how;
		const char *step;
		enum fault_reason reason;
	} rows[] = {
		{ SMB2_TREE_CONNECT, pipes_in_place_of_files, "share connect",
		  REASON_NOT_A_FILE_SHARE },
		{ SMB2_TREE_CONNECT, cut_short, "share connect",
		  REASON_MALFORMED_ANSWER },
		{ SMB2_CREATE, cut_short, "open file", REASON_MALFORMED_ANSWER },
		{ SMB2_READ, more_than_there_is, "read file", REASON_MALFORMED_ANSWER },
		{ SMB2_READ, more_than_was_asked, "read file", REASON_ANSWER_TOO_LARGE },
		{ SMB2_READ, nothing, "read file", REASON_MALFORMED_ANSWER },
		{ SMB2_READ, more_follows, "read file", REASON_MALFORMED_ANSWER },
		{ SMB2_READ, data_far_away, "read file", REASON_MALFORMED_ANSWER },
		{ SMB2_READ, cut_short, "read file", REASON_MALFORMED_ANSWER },
		{ SMB2_CLOSE, cut_short, "close file", REASON_MALFORMED_ANSWER },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct reading r = { .play.plan.file_len = 10 };

		r.play.plan.command = rows[i].command;
		r.play.plan.before = rows[i].how;
		perform_reading(&r);
		assert_ended(&r, rows[i].step, rows[i].reason);
	}
}

/* A byte a READ would be four million READs. */
static void a_read_without_end_is_ended(void **state)
{
	struct reading r = { .play.plan = { .file_len = 3 << 20, .read_max = 1 } };
	(void)state;

	perform_reading(&r);
	assert_ended(&r, "read file", REASON_ENDLESS_ANSWER);
}

static void flip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[48] ^= 1;
}

static void flip_last(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[m->len - 1] ^= 1;
}

static void strip_signature(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[16] &= (uint8_t)~SMB2_FLAG_SIGNED;
}

static void every_answer_is_protected(void **state)
{
	static const struct {
		uint16_t command;
		const char *step;
	} where[] = { { SMB2_TREE_CONNECT, "share connect" },
		      { SMB2_CREATE, "open file" },
		      { SMB2_READ, "read file" },
		      { SMB2_CLOSE, "close file" } };
	static const peer_change_fn how[] = { flip_signature, flip_last,
					      strip_signature };
	(void)state;

	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 3; j++) {
			struct reading r = { .play.plan.file_len = 10 };

			r.play.plan.command = where[i].command;
			r.play.plan.after = how[j];
			perform_reading(&r);
			assert_int_equal(r.play.end, WANT_ABORT);
			assert_int_equal(r.play.fault.kind, FAULT_INTEGRITY);
			assert_string_equal(r.play.fault.step, where[i].step);
		}
}

static void a_share_that_wants_encryption_gets_it(void **state)
{
	struct reading r = { .play.plan = { .file_len = 70000,
					    .cipher = SMB2_AES_128_GCM,
					    .share_flags = SMB2_SHARE_ENCRYPT } };
	struct reading none = { .play.plan = { .file_len = 70000,
					       .share_flags = SMB2_SHARE_ENCRYPT } };
	(void)state;

	perform_reading(&r);
	assert_whole(&r, 70000);
	perform_reading(&none);
	assert_ended(&none, "share connect", REASON_NO_CIPHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_every_size_by_every_dialect),
		cmocka_unit_test(a_file_may_come_in_small_pieces),
		cmocka_unit_test(a_file_of_just_the_limit_is_read),
		cmocka_unit_test(names_that_no_file_has_are_refused_here),
		cmocka_unit_test(a_file_that_cannot_be_had_leaves_the_session),
		cmocka_unit_test(a_symbolic_link_is_not_followed),
		cmocka_unit_test(a_directory_is_no_file),
		cmocka_unit_test(a_file_that_is_written_meanwhile_is_changed),
		cmocka_unit_test(a_close_without_attributes_is_no_change),
		cmocka_unit_test(a_file_that_ends_early_is_changed),
		cmocka_unit_test(a_read_that_is_refused_leaves_the_session),
		cmocka_unit_test(statuses_of_the_session_end_it),
		cmocka_unit_test(answers_that_break_the_protocol_end_it),
		cmocka_unit_test(a_read_without_end_is_ended),
		cmocka_unit_test(every_answer_is_protected),
		cmocka_unit_test(a_share_that_wants_encryption_gets_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
