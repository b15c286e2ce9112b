/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out in the middle of a dialogue: at every single allocation of a
 * session, once and for good.  Either the dialogue comes to its good end or it ends with
 * a fault of this machine; the host is never blamed, and nothing leaks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/crypto.h>

#include "tests/scarce/scarce.h"
#include "tests/rpc/session_play.h"

/* The linker sends the tests' calls here; the peer's own allocations never count. */
#define SESSION_CALLS(X)                                                             \
	X(session_open, (struct session * s), (s))                                   \
	X(session_hear, (struct session * s, const void *bytes, size_t len),         \
	  (s, bytes, len))                                                           \
	X(session_token,                                                             \
	  (struct session * s, struct bytes token, const struct session_key *key),   \
	  (s, token, key))                                                           \
	X(session_call,                                                              \
	  (struct session * s, enum interface i, uint16_t opnum, struct bytes stub), \
	  (s, i, opnum, stub))                                                       \
	X(session_read, (struct session * s, const char *path, uint32_t limit),      \
	  (s, path, limit))                                                          \
	X(session_bye, (struct session * s), (s))

#define X(name, parameters, arguments)          \
	enum want __real_##name parameters;     \
	enum want __wrap_##name parameters;     \
	enum want __wrap_##name parameters      \
	{                                       \
		enum want want;                 \
                                                \
		scarce_arm(true);               \
		want = __real_##name arguments; \
		scarce_arm(false);              \
		return want;                    \
	}
SESSION_CALLS(X)
#undef X

/* libcrypto's allocations count like our own. */
void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *old, size_t size);

static void *crypto_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size ? __wrap_malloc(size) : NULL;
}

static void *crypto_realloc(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_realloc(old, size);
}

static void crypto_free(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	free(at);
}

/* Long enough to be held; it is no challenge that tells a name. */
static const uint8_t challenge[56] = "NTLMSSP\0\2";

static const struct play plays[] = {
	{ .calls = 2, .question_len = 40, .plan = { .signing = 1, .stub_len = 64 } },
	{ .calls = 2, .question_len = 40, .plan = { .signing = 2, .stub_len = 64 } },
	{ .calls = 2,
	  .question_len = 40,
	  .plan = { .cipher = 2, .stub_len = 64 },
	  .options = { .require_encryption = true } },
	{ .calls = 2,
	  .question_len = 40,
	  .plan = { .cipher = 3, .stub_len = 64 },
	  .options = { .require_encryption = true } },
	{ .calls = 2,
	  .question_len = 9000,
	  .plan = { .signing = 1, .stub_len = 9000, .answer_max = 700 } },
	{ .calls = 2,
	  .question_len = 40,
	  .cut = 61,
	  .plan = { .dialect = SMB_2_1, .stub_len = 3000, .pending = 1 } },
	{ .calls = 3,
	  .question_len = 40,
	  .cut = 1,
	  .plan = { .dialect = SMB_3_0_2,
		    .cipher = 1,
		    .stub_len = 64,
		    .refuse_alter = true } },
	{ .calls = 1,
	  .plan = { .cipher = 2, .challenge = { challenge, sizeof challenge } },
	  .options = { .probe = true } },
	{ .calls = 1,
	  .plan = { .signing = 1, .challenge = { challenge, sizeof challenge } },
	  .options = { .probe = true } },
	{ .calls = 2,
	  .plan = { .signing = 1, .share_is_disk = true, .file_len = 200000 },
	  .options = { .share = "SYSVOL" } },
	{ .calls = 2,
	  .plan = { .cipher = 2, .share_is_disk = true, .file_len = 70000 },
	  .options = { .share = "SYSVOL", .require_encryption = true } },
};

/* Play with the n-th allocation failing; false when there was no n-th any more. */
static bool play_with(const struct play *pattern, size_t n, bool for_good)
{
	struct play play = *pattern;

	scarce_begin(n, for_good);
	perform(&play);
	if (play.end == WANT_NOTHING) {
		assert_good(&play);
	} else {
		if (play.fault.kind != FAULT_LOCAL)
			print_error("allocation %zu: %s: %s\n", n, play.fault.step,
				    play.fault.what);
		assert_int_equal(play.end, WANT_ABORT);
		assert_int_equal(play.fault.kind, FAULT_LOCAL);
		assert_true(play.fault.what[0] != '\0');
	}
	return scarce_counted() >= n;
}

static void every_allocation_of_a_dialogue(void **state)
{
	size_t failures = 0;

	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof plays[0]; i++) {
		size_t n = 1;

		play_with(&plays[i], 0, false);
		assert_true(scarce_counted() > 20);
		for (; play_with(&plays[i], n, false); n++)
			failures++;
		for (n = 1; play_with(&plays[i], n, true); n++)
			failures++;
	}
	print_message("%zu failing allocations survived\n", failures);
}

static void every_allocation_of_a_birth(void **state)
{
	struct session_options options = { .server = "host.example" };
	struct session *s = NULL;
	size_t n = 0;

	(void)state;
	while (!s) {
		scarce_begin(++n, false);
		scarce_arm(true);
		s = session_new(&options);
		scarce_arm(false);
	}
	assert_int_equal(n, 3); /* the session, the name of its server, and none */
	session_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_of_a_dialogue),
		cmocka_unit_test(every_allocation_of_a_birth),
	};

	if (!CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
