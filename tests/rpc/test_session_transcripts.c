/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole dialogues with real servers, said again byte by byte: what a session says must be
 * what was said then, and what it makes of the answers what it made of them then.
 *
 * transcripts/NAME.txt are text, a line an event:
 *     server, min, max, require_encryption, multi_protocol   the session's options
 *     C HEX   the client's bytes      S HEX   the server's, as they came
 *     T HEX   our security token      K HEX   the session key, known from here on
 *     Q INTERFACE OPNUM HEX   a call  A OUTCOME FAULT HEX   its reply
 *     share NAME              or, on a share of files,
 *     R LIMIT PATH   a file is read   F OUTCOME STATUS HEX  what came of it
 * The client's GUID is 16 bytes of 11, its salt 32 bytes of 22.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "rpc/session/session.h"
#include "tests/hex.h"

enum { LINE_MAX_LEN = 1 << 18 };

struct replay {
	struct session *s;
	struct session_options options;
	char server[64];
	enum want want;
	size_t cut; /* bytes a session_hear() */
	struct session_key key;
	struct bytes token;
	bool has_token;
	unsigned calls, files;
	char share[16];
};

static void note_option(struct replay *r, const char *line)
{
	unsigned value;

	sscanf(line, "server %63s", r->server);
	if (sscanf(line, "share %15s", r->share) == 1)
		r->options.share = r->share;
	if (sscanf(line, "min %x", &value) == 1)
		r->options.dialect_min = (uint16_t)value;
	if (sscanf(line, "max %x", &value) == 1)
		r->options.dialect_max = (uint16_t)value;
	if (sscanf(line, "require_encryption %u", &value) == 1)
		r->options.require_encryption = value;
	if (sscanf(line, "multi_protocol %u", &value) == 1)
		r->options.multi_protocol = value;
}

static void open_session(struct replay *r)
{
	if (r->s)
		return;
	r->options.server = r->server;
	memset(r->options.client_guid, 0x11, sizeof r->options.client_guid);
	memset(r->options.salt, 0x22, sizeof r->options.salt);
	r->s = session_new(&r->options);
	assert_non_null(r->s);
	r->want = session_open(r->s);
}

/* A token is given when the next line shows that no key came with it. */
static void give_token(struct replay *r)
{
	if (!r->has_token)
		return;
	assert_int_equal(r->want, WANT_TOKEN);
	r->want = session_token(r->s, r->token, r->key.len ? &r->key : NULL);
	free((void *)r->token.at);
	r->has_token = false;
}

static void client_said(struct replay *r, const char *hex)
{
	struct bytes expected = unhex(hex), said = session_take_outgoing(r->s);

	assert_int_equal(said.len, expected.len);
	assert_memory_equal(said.at, expected.at, expected.len);
	free((void *)said.at);
	free((void *)expected.at);
}

static void server_said(struct replay *r, const char *hex)
{
	struct bytes heard = unhex(hex);
	struct wire_in in = wire_in_bytes(heard);

	while (in.left) {
		size_t len = r->cut && r->cut < in.left ? r->cut : in.left;
		enum want want = session_hear(r->s, get_bytes(&in, len).at, len);

		r->want = want == WANT_MORE ? r->want : want;
	}
	free((void *)heard.at);
}

static void call(struct replay *r, const char *line)
{
	unsigned interface, opnum;
	int at = 0;
	struct bytes stub;

	assert_int_equal(r->want, WANT_CALL);
	assert_int_equal(sscanf(line, "%u %u %n", &interface, &opnum, &at), 2);
	stub = unhex(line + at);
	r->want = session_call(r->s, interface, (uint16_t)opnum, stub);
	free((void *)stub.at);
}

static void reply(struct replay *r, const char *line)
{
	struct session_reply got = session_reply(r->s);
	unsigned outcome, fault;
	int at = 0;
	struct bytes stub;

	assert_int_equal(r->want, WANT_CALL);
	assert_int_equal(sscanf(line, "%u %x %n", &outcome, &fault, &at), 2);
	stub = unhex(line + at);
	assert_int_equal(got.outcome, outcome);
	assert_int_equal(got.fault_status, fault);
	assert_int_equal(got.stub.len, stub.len);
	if (stub.len)
		assert_memory_equal(got.stub.at, stub.at, stub.len);
	free((void *)stub.at);
	r->calls++;
}

static void read_file(struct replay *r, const char *line)
{
	unsigned limit;
	int at = 0;

	assert_int_equal(r->want, WANT_CALL);
	assert_int_equal(sscanf(line, "%u %n", &limit, &at), 1);
	r->want = session_read(r->s, line + at, limit);
}

static void file_read(struct replay *r, const char *line)
{
	struct session_file got = session_file(r->s);
	unsigned outcome, status;
	int at = 0;
	struct bytes data;

	assert_int_equal(r->want, WANT_CALL);
	assert_int_equal(sscanf(line, "%u %x %n", &outcome, &status, &at), 2);
	data = unhex(line + at);
	assert_int_equal(got.outcome, outcome);
	assert_int_equal(got.status, status);
	assert_int_equal(got.data.len, data.len);
	if (data.len)
		assert_memory_equal(got.data.at, data.at, data.len);
	free((void *)data.at);
	r->files++;
}

static void replay_line(struct replay *r, const char *line)
{
	if (strchr("CSTKQARF", line[0]) == NULL || line[1] != ' ') {
		note_option(r, line);
		return;
	}
	open_session(r);
	if (line[0] == 'K') {
		r->key.len = strlen(line + 2) / 2;
		unhex_to(r->key.bytes, r->key.len, line + 2);
	}
	give_token(r);
	if (line[0] == 'T') {
		r->token = unhex(line + 2);
		r->has_token = true;
	}
	if (line[0] == 'C')
		client_said(r, line + 2);
	if (line[0] == 'S')
		server_said(r, line + 2);
	if (line[0] == 'Q')
		call(r, line + 2);
	if (line[0] == 'A')
		reply(r, line + 2);
	if (line[0] == 'R')
		read_file(r, line + 2);
	if (line[0] == 'F')
		file_read(r, line + 2);
}

static void replay_file(const char *name, size_t cut, struct replay *r)
{
	char path[256], *line = malloc(LINE_MAX_LEN);
	FILE *f;
	bool replied = false;

	*r = (struct replay){ .cut = cut };
	snprintf(path, sizeof path, "%s/transcripts/%s.txt", TESTS_DIR, name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, LINE_MAX_LEN, f)) {
		line[strcspn(line, "\n")] = '\0';
		/* A reply or a file, and nothing more that is asked: goodbye. */
		if (replied && line[0] == 'C')
			r->want = session_bye(r->s);
		replay_line(r, line);
		replied = line[0] == 'A' || line[0] == 'F';
	}
	fclose(f);
	free(line);
}

static void good_dialogues(void **state)
{
	static const struct {
		const char *name;
		uint16_t dialect;
		const char *cipher;
		bool sealed;
		unsigned calls;
	} rows[] = {
		{ "samba-2.0.2-hmac", SMB_2_0_2, "", false, 4 },
		{ "samba-2.1-hmac", SMB_2_1, "", false, 4 },
		{ "samba-3.0-cmac", SMB_3_0, "", false, 4 },
		{ "samba-3.0-ccm128", SMB_3_0, "AES-128-CCM", true, 4 },
		{ "samba-3.0.2-cmac", SMB_3_0_2, "", false, 4 },
		{ "samba-3.1.1-hmac", SMB_3_1_1, "", false, 4 },
		{ "samba-3.1.1-cmac", SMB_3_1_1, "", false, 4 },
		{ "samba-3.1.1-gmac", SMB_3_1_1, "", false, 5 },
		{ "samba-3.1.1-ccm128", SMB_3_1_1, "AES-128-CCM", true, 4 },
		{ "samba-3.1.1-gcm128", SMB_3_1_1, "AES-128-GCM", true, 5 },
		{ "samba-3.1.1-ccm256", SMB_3_1_1, "AES-256-CCM", true, 4 },
		{ "samba-3.1.1-gcm256", SMB_3_1_1, "AES-256-GCM", true, 4 },
		{ "samba-multi-protocol", SMB_3_1_1, "", false, 4 },
		{ "samba-dc-kerberos-gcm256", SMB_3_1_1, "AES-256-GCM", true, 4 },
		{ "samba-dc-kerberos-2.1", SMB_2_1, "", false, 4 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t cut = 0; cut < 3; cut++) {
			const struct session_peer *peer;
			struct replay r;

			replay_file(rows[i].name, cut == 2 ? 61 : cut, &r);
			if (r.want != WANT_NOTHING)
				print_error("%s cut %zu\n", rows[i].name, cut);
			assert_int_equal(r.want, WANT_NOTHING);
			assert_int_equal(r.calls, rows[i].calls);
			peer = session_peer(r.s);
			assert_int_equal(peer->dialect, rows[i].dialect);
			assert_string_equal(smb_cipher_name(peer->cipher),
					    rows[i].cipher);
			assert_int_equal(peer->sealed, rows[i].sealed);
			/* Only NTLM makes a host introduce itself. */
			assert_string_equal(peer->netbios_domain, peer->netbios_name);
			assert_int_equal(*peer->netbios_name == '\0',
					 strstr(rows[i].name, "kerberos") != NULL);
			assert_string_equal(peer->dns_forest, "");
			assert_false(peer->os_known);
			session_free(r.s);
		}
}

/* Of a domain controller: a file, one that is not there, a folder, an empty one, and the
 * first one again. */
static void files_of_sysvol(void **state)
{
	static const struct {
		const char *name;
		uint16_t dialect;
		bool sealed;
	} rows[] = {
		{ "samba-dc-sysvol-2.0.2", SMB_2_0_2, false },
		{ "samba-dc-sysvol-2.1", SMB_2_1, false },
		{ "samba-dc-sysvol-3.0-ccm128", SMB_3_0, true },
		{ "samba-dc-sysvol-3.0.2-cmac", SMB_3_0_2, false },
		{ "samba-dc-sysvol-3.1.1-gmac", SMB_3_1_1, false },
		{ "samba-dc-sysvol-3.1.1-gcm128", SMB_3_1_1, true },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t cut = 0; cut < 3; cut++) {
			struct replay r;

			replay_file(rows[i].name, cut == 2 ? 61 : cut, &r);
			assert_int_equal(r.want, WANT_NOTHING);
			assert_int_equal(r.files, 5);
			assert_int_equal(session_peer(r.s)->dialect, rows[i].dialect);
			assert_int_equal(session_peer(r.s)->sealed, rows[i].sealed);
			session_free(r.s);
		}
}

static void refused_dialogues(void **state)
{
	static const struct {
		const char *name, *step;
		enum fault_kind kind;
		uint32_t code;
	} rows[] = {
		{ "samba-guest", "authenticate", FAULT_LOGON_REFUSED, 0 },
		{ "samba-wrong-password", "authenticate", FAULT_LOGON_REFUSED,
		  0xC000006D },
		{ "samba-smb1-only", "negotiate", FAULT_SMB1_ONLY, 0 },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct replay r;

		replay_file(rows[i].name, i, &r);
		assert_int_equal(r.want, WANT_ABORT);
		assert_string_equal(session_fault(r.s)->step, rows[i].step);
		assert_int_equal(session_fault(r.s)->kind, rows[i].kind);
		assert_int_equal(session_fault(r.s)->code, rows[i].code);
		session_free(r.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_dialogues),
		cmocka_unit_test(files_of_sysvol),
		cmocka_unit_test(refused_dialogues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
