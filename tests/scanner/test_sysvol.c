/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client of SYSVOL on a real socket, against the scripted server of tests/rpc on a
 * thread: what is read, how long is waited, and what the guard is told of a login.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>
#include <cmocka.h>

#include "rpc/wire/limits.h"
#include "scanner/discover/sysvol.h"
#include "tests/rpc/smb_peer.h"

/* What the server does besides what its plan says. */
static struct {
	struct peer_plan plan;
	unsigned hangs_up_after, silent_after; /* requests; 0: never */
	bool half; /* the last answer before the silence is cut in half */
	int listener;
	unsigned heard;
} server;

/* ---- the server's thread ---- */

/* One frame, its length in front; false: the client has gone. */
static bool receive(int fd, uint8_t *frame, size_t *len)
{
	size_t got = 0, due = 4;

	while (got < due) {
		ssize_t n = recv(fd, frame + got, due - got, 0);

		if (n <= 0)
			return false;
		got += (size_t)n;
		if (got == 4)
			due = 4 +
			      ((size_t)frame[1] << 16 | (size_t)frame[2] << 8 | frame[3]);
	}
	*len = got;
	return true;
}

static void serve(void *arg)
{
	static uint8_t frame[1 << 17];
	int fd = accept(server.listener, NULL, NULL);
	struct peer p;
	size_t len;

	(void)arg;
	peer_init(&p, &server.plan);
	while (receive(fd, frame, &len)) {
		bool last = ++server.heard == server.silent_after;

		if (server.heard == server.hangs_up_after)
			break;
		if (last && !server.half)
			continue;
		wire_reset(&p.saying);
		peer_hear(&p, (struct bytes){ frame, len });
		len = last ? p.saying.len / 2 : p.saying.len;
		if (send(fd, p.saying.at, len, MSG_NOSIGNAL) < 0)
			break;
	}
	peer_drop(&p);
	close(fd);
}

/* ---- who we are ---- */

struct auth {
	unsigned steps;
};

static struct {
	enum auth_mechanism mechanism;
	bool refused; /* by its KDC */
} who;

static struct auth *begin(const struct auth_provider *p, const char *host,
			  struct fault *fault)
{
	(void)p;
	assert_string_equal(host, "dc1.corp.example");
	if (who.refused) {
		fault_set(fault, "authenticate", REASON_KDC_REFUSED_PASSWORD, CODE_NONE,
			  0);
		return NULL;
	}
	return calloc(1, sizeof(struct auth));
}

/* The peer takes two tokens, and the second one completes us. */
static bool step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		 struct fault *fault)
{
	(void)fault;
	assert_int_equal(in.len > 0, a->steps > 0);
	*out = (struct bytes){ (const uint8_t *)"proof", 5 };
	*complete = ++a->steps == 2;
	return true;
}

static bool get_key(struct auth *a, struct session_key *key, struct fault *fault)
{
	(void)a;
	(void)fault;
	*key = (struct session_key){ .bytes = "0123456789abcdef", .len = 16 };
	return true;
}

static enum auth_mechanism mechanism(const struct auth *a)
{
	(void)a;
	return who.mechanism;
}

static void end(struct auth *a)
{
	free(a);
}

static const struct auth_provider provider = {
	.begin = begin, .step = step, .key = get_key, .mechanism = mechanism, .end = end
};

/* ---- a meeting ---- */

struct meeting {
	struct sysvol *v;
	enum ldap_login login;
	struct fault fault;
	struct sockaddr_in address;
	uv_thread_t thread;
	const atomic_bool *abandon;
	uint64_t request_ms; /* 0: a minute */
};

static void meet(struct meeting *m)
{
	socklen_t size = sizeof m->address;
	struct sysvol_options options = { .host = "dc1.corp.example",
					  .address = (struct sockaddr *)&m->address,
					  .provider = &provider,
					  .connect_ms = 60000,
					  .login_ms = 60000,
					  .request_ms = m->request_ms ? m->request_ms
								      : 60000,
					  .abandon = m->abandon };

	if (m->request_ms)
		options.login_ms = m->request_ms;
	server.plan.share_is_disk = true;
	server.heard = 0;
	server.listener = socket(AF_INET, SOCK_STREAM, 0);
	m->address = (struct sockaddr_in){ .sin_family = AF_INET,
					   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert_int_equal(bind(server.listener, (struct sockaddr *)&m->address, size), 0);
	assert_int_equal(listen(server.listener, 1), 0);
	getsockname(server.listener, (struct sockaddr *)&m->address, &size);
	assert_int_equal(uv_thread_create(&m->thread, serve, NULL), 0);
	m->v = sysvol_open(&options, &m->login, &m->fault);
}

static void part(struct meeting *m)
{
	sysvol_close(m->v);
	uv_thread_join(&m->thread);
	close(server.listener);
}

static int reset(void **state)
{
	(void)state;
	memset(&server, 0, sizeof server);
	who.mechanism = AUTH_NTLM;
	who.refused = false;
	return 0;
}

/* ---- reading ---- */

static void files_are_read_one_after_the_other(void **state)
{
	struct meeting m = { 0 };
	struct session_file file;
	(void)state;

	server.plan.file_len = 200000;
	meet(&m);
	assert_non_null(m.v);
	assert_int_equal(m.login, LDAP_ACCEPTED);
	assert_int_equal(sysvol_mechanism(m.v), AUTH_NTLM);
	assert_int_equal(sysvol_peer(m.v)->dialect, SMB_3_1_1);
	for (int i = 0; i < 3; i++) {
		assert_true(sysvol_read(m.v, "a\\b", LIMIT_FILE_BYTES, &file, &m.fault));
		assert_int_equal(file.outcome, FILE_WHOLE);
		assert_int_equal(file.data.len, 200000);
		for (uint32_t at = 0; at < 200000; at += 997)
			assert_int_equal(file.data.at[at], peer_file_byte(at));
	}
	part(&m);
}

static void written_meanwhile(struct peer *p, struct wire_out *m)
{
	(void)p;
	m->at[SMB2_HEADER_SIZE + 24] ^= 1;
}

static void a_file_that_changed_is_read_again(void **state)
{
	struct meeting m = { 0 };
	struct session_file file;
	(void)state;

	server.plan.file_len = 10;
	server.plan.command = SMB2_CLOSE;
	server.plan.before = written_meanwhile; /* the first time alone */
	meet(&m);
	assert_true(sysvol_read(m.v, "a\\b", 100, &file, &m.fault));
	assert_int_equal(file.outcome, FILE_WHOLE);
	part(&m);
}

/* ---- waiting ---- */

/* At its first answer, so that no other one has to come within that time. */
static void a_controller_that_says_nothing_is_left(void **state)
{
	(void)state;

	for (int half = 0; half < 2; half++) {
		struct meeting m = { .request_ms = 50 };

		reset(NULL);
		server.silent_after = 1;
		server.half = half;
		meet(&m);
		assert_null(m.v);
		assert_int_equal(m.login, LDAP_NOT_TRIED);
		assert_int_equal(m.fault.reason, REASON_DIRECTORY_BUSY);
		assert_string_equal(m.fault.step, "negotiate");
		part(&m);
	}
}

static void a_controller_that_hangs_up_is_said(void **state)
{
	struct meeting m = { 0 };
	struct session_file file;
	(void)state;

	server.plan.file_len = 10;
	server.hangs_up_after = 5;
	meet(&m);
	assert_non_null(m.v);
	assert_false(sysvol_read(m.v, "a\\b", 100, &file, &m.fault));
	assert_int_equal(m.fault.reason, REASON_DIRECTORY_CLOSED);
	part(&m);
}

static void a_run_that_was_ended_waits_no_more(void **state)
{
	static atomic_bool abandon = true;
	struct meeting m = { .abandon = &abandon };
	(void)state;

	server.silent_after = 1;
	meet(&m);
	assert_null(m.v);
	assert_int_equal(m.fault.reason, REASON_RUN_ENDED);
	assert_int_equal(m.login, LDAP_NOT_TRIED);
	part(&m);
}

static void nobody_there_is_unreachable(void **state)
{
	struct sockaddr_in nobody = { .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct sysvol_options options = { .host = "dc1.corp.example",
						.address = (struct sockaddr *)&nobody,
						.provider = &provider,
						.connect_ms = 1000,
						.login_ms = 1000,
						.request_ms = 1000 };
	struct fault fault = { 0 };
	enum ldap_login login;
	(void)state;

	nobody.sin_port = htons(1);
	assert_null(sysvol_open(&options, &login, &fault));
	assert_int_equal(login, LDAP_NOT_TRIED);
	assert_int_equal(fault.reason, REASON_DIRECTORY_UNREACHABLE);
}

/* ---- what the guard is told ---- */

static void a_login_is_told_as_it_ended(void **state)
{
	static const struct {
		enum auth_mechanism mechanism;
		bool kdc_refuses;
		uint16_t command;
		unsigned nth;
		uint32_t status;
		unsigned hangs_up_after;
		enum ldap_login login;
	} rows[] = {
		/* who got the proof of a password can have counted it */
		{ AUTH_NTLM, false, SMB2_SESSION_SETUP, 1, STATUS_LOGON_FAILURE, 0,
		  LDAP_REFUSED_LOGIN },
		{ AUTH_NTLM, false, 0, 0, 0, 3, LDAP_NO_VERDICT },
		/* who did not says nothing of it */
		{ AUTH_NTLM, false, SMB2_SESSION_SETUP, 0, STATUS_LOGON_FAILURE, 0,
		  LDAP_NOT_TRIED },
		{ AUTH_NTLM, false, 0, 0, 0, 1, LDAP_NOT_TRIED },
		{ AUTH_KERBEROS, false, SMB2_SESSION_SETUP, 1, STATUS_LOGON_FAILURE, 0,
		  LDAP_NOT_TRIED },
		{ AUTH_KERBEROS, false, 0, 0, 0, 3, LDAP_NOT_TRIED },
		{ AUTH_KERBEROS, true, 0, 0, 0, 0, LDAP_REFUSED_LOGIN },
		/* the share is another matter */
		{ AUTH_NTLM, false, SMB2_TREE_CONNECT, 0, STATUS_ACCESS_DENIED, 0,
		  LDAP_ACCEPTED },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct meeting m = { 0 };

		reset(NULL);
		who.mechanism = rows[i].mechanism;
		who.refused = rows[i].kdc_refuses;
		server.plan.command = rows[i].command;
		server.plan.nth = rows[i].nth;
		server.plan.status = rows[i].status;
		server.hangs_up_after = rows[i].hangs_up_after;
		meet(&m);
		assert_null(m.v);
		if (m.login != rows[i].login)
			print_error("row %zu: %s\n", i, m.fault.what);
		assert_int_equal(m.login, rows[i].login);
		assert_int_not_equal(m.fault.kind, FAULT_NONE);
		part(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(files_are_read_one_after_the_other, reset),
		cmocka_unit_test_setup(a_file_that_changed_is_read_again, reset),
		cmocka_unit_test_setup(a_controller_that_says_nothing_is_left, reset),
		cmocka_unit_test_setup(a_controller_that_hangs_up_is_said, reset),
		cmocka_unit_test_setup(a_run_that_was_ended_waits_no_more, reset),
		cmocka_unit_test_setup(nobody_there_is_unreachable, reset),
		cmocka_unit_test_setup(a_login_is_told_as_it_ended, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
