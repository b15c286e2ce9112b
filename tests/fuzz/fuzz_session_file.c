/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session that reads files of a share, against a server that answers rightly but for
 * some changed bytes; as fuzz_session.c, with a third byte that says how long the file
 * is.
 */
#include <stdlib.h>

#include "rpc/session/session_internal.h"
#include "tests/fuzz/session_play.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROUNDS_MAX = 200, FILES = 3, FILE_LIMIT = 300000 };

/* What is handed over is what was read, and never more than was allowed. */
static void check_file(const struct session *s)
{
	struct session_file file = session_file(s);

	if (file.data.len > FILE_LIMIT ||
	    (file.outcome == FILE_WHOLE && file.data.len != file.size) ||
	    (file.outcome != FILE_WHOLE && file.data.len))
		abort();
}

static enum want go_on(struct session *s, struct peer *p, enum want want, unsigned *files)
{
	static const uint8_t stub[24];
	struct bytes none = { NULL, 0 }, proof = { stub, sizeof stub };

	switch (want) {
	case WANT_REPLY:
		return play_exchange(s, p);
	case WANT_TOKEN:
		return session_accepted(s) ? session_token(s, none, &p->key)
					   : session_token(s, proof, NULL);
	case WANT_CALL:
		if (*files)
			check_file(s);
		if (++*files > FILES)
			return session_bye(s);
		return session_read(s, "corp\\Policies\\{A}\\gpt.ini", FILE_LIMIT);
	default:
		return want;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session_options options = { .server = "host", .share = "SYSVOL" };
	struct wire_in in = wire_in(data, size);
	struct peer_plan plan = play_server(&in, &options);
	struct session *s = session_new(&options);
	unsigned files = 0;
	struct peer p;
	enum want want;

	plan.share_is_disk = true;
	plan.file_len = get_u8(&in) * 1024u;
	plan.read_max = plan.answer_max ? 4000 : 0;
	peer_init(&p, &plan);
	p.noise = in.at;
	p.noise_len = in.left;
	want = session_open(s);
	for (unsigned i = 0; i < ROUNDS_MAX; i++) {
		if (want == WANT_ABORT || want == WANT_NOTHING)
			break;
		want = go_on(s, &p, want, &files);
	}
	peer_drop(&p);
	session_free(s);
	return 0;
}
