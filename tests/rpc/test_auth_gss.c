/* SPDX-License-Identifier: Apache-2.0 */
/* Our logins against somebody else's acceptor (gss-ntlmssp), which checks the password
 * itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"

static gss_OID_desc session_key_oid = { 11,
					"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05" };

static char users_file[] = "/tmp/lsasweep-users.XXXXXX";
static char krb5_file[] = "/tmp/lsasweep-krb5.XXXXXX";

/* Stands in for the C library's: libwbclient looks for winbindd's folder before it
 * knocks, and so a question is seen also where no winbindd runs. */
static int winbindd_asked;

int lstat(const char *path, struct stat *status)
{
	if (strstr(path, "winbindd"))
		__atomic_add_fetch(&winbindd_asked, 1, __ATOMIC_SEQ_CST);
	return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

static bool make_file(char *path, const char *content)
{
	int fd = mkstemp(path);
	ssize_t len = (ssize_t)strlen(content);
	bool good = fd >= 0 && write(fd, content, (size_t)len) == len;

	if (fd >= 0)
		close(fd);
	return good;
}

static int know_one_user(void **state)
{
	(void)state;
	if (!make_file(users_file, "LAB:sweep:Pass-1\n") ||
	    !make_file(krb5_file, "[libdefaults]\n dns_lookup_kdc = false\n"
				  " dns_lookup_realm = false\n"))
		return -1;
	setenv("NTLM_USER_FILE", users_file, 1);
	setenv("KRB5CCNAME", "FILE:/nonexistent/lsasweep-ccache", 1);
	setenv("KRB5_CONFIG", krb5_file, 1);
	/* The acceptor would ask winbindd for these; we ask nobody. */
	setenv("NETBIOS_COMPUTER_NAME", "SRV1", 1);
	setenv("NETBIOS_DOMAIN_NAME", "LAB", 1);
	return 0;
}

static int forget_user(void **state)
{
	(void)state;
	return unlink(users_file) | unlink(krb5_file);
}

/* One login carried through; true when the acceptor is satisfied too. */
struct login {
	bool accepted, completed, checksum;
	struct session_key ours, theirs;
	struct fault fault;
	enum auth_mechanism mechanism;
	int tokens;
	size_t nt_answer; /* the length of AUTHENTICATE's NtChallengeResponse */
};

/* [MS-NLMP] 2.2.2.1: MsvAvFlags with 2, in the answer of who made a checksum. */
static bool has_checksum(struct bytes token)
{
	return token.len && memmem(token.at, token.len, "\6\0\4\0\2\0\0\0", 8);
}

/* [MS-NLMP] 2.2.1.3: NtChallengeResponseFields stand 20 bytes into the message. */
static size_t nt_answer_length(struct bytes token)
{
	const uint8_t *at = token.len
				    ? memmem(token.at, token.len, "NTLMSSP\0\3\0\0\0", 12)
				    : NULL;

	return at ? (size_t)at[20] | (size_t)at[21] << 8 : 0;
}

static void their_key(gss_ctx_id_t context, struct session_key *key)
{
	gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
	OM_uint32 minor;

	if (gss_inquire_sec_context_by_oid(&minor, context, &session_key_oid, &set))
		return;
	key->len = set->elements[0].length;
	memcpy(key->bytes, set->elements[0].value, key->len);
	gss_release_buffer_set(&minor, &set);
}

/* False when the acceptor refuses; its answer is kept in `answer`. */
static bool accept_token(gss_ctx_id_t *context, struct bytes token, gss_buffer_t answer)
{
	gss_buffer_desc in = { token.len, (void *)(uintptr_t)token.at };
	OM_uint32 minor;

	gss_release_buffer(&minor, answer);
	return !GSS_ERROR(gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL,
						 &in, GSS_C_NO_CHANNEL_BINDINGS, NULL,
						 NULL, answer, NULL, NULL, NULL));
}

static void log_in_after(const struct auth_provider *p, struct bytes opening,
			 const char *host, struct login *l)
{
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
	struct bytes ours = opening;
	OM_uint32 minor;
	struct auth *a;

	l->accepted = true;
	if (ours.len) {
		l->tokens = 1;
		l->accepted = accept_token(&context, ours, &answer);
	}
	a = p->begin(p, host, &l->fault);
	while (a && l->accepted && !l->completed) {
		if (!p->step(a, (struct bytes){ answer.value, answer.length }, &ours,
			     &l->completed, &l->fault))
			break;
		l->tokens += ours.len > 0;
		l->checksum |= has_checksum(ours);
		if (nt_answer_length(ours))
			l->nt_answer = nt_answer_length(ours);
		if (ours.len)
			l->accepted = accept_token(&context, ours, &answer);
	}
	if (a && l->completed) {
		assert_true(p->key(a, &l->ours, &l->fault));
		their_key(context, &l->theirs);
	}
	if (a)
		l->mechanism = p->mechanism(a);
	p->end(a);
	gss_release_buffer(&minor, &answer);
	gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}

static void log_in(const struct auth_provider *p, const char *host, struct login *l)
{
	log_in_after(p, p->opening, host, l);
}

static struct auth_provider *ntlm_provider(const char *password)
{
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(
		&(struct auth_gss_options){
			.user = "sweep", .domain = "LAB", .password = password },
		&fault);

	assert_non_null(p);
	return p;
}

/* ---- a login at an LDAP server ---- */

static struct auth *log_in_at_ldap(const struct auth_provider *p, struct bytes channel,
				   gss_ctx_id_t *context, struct login *l)
{
	struct gss_channel_bindings_struct theirs = {
		.application_data = { channel.len, (void *)(uintptr_t)channel.at },
	};
	gss_buffer_desc in, answer = GSS_C_EMPTY_BUFFER;
	struct auth *a = auth_gss_begin_ldap(p, "dc1.lab.example", channel, &l->fault);
	struct bytes ours;
	OM_uint32 minor;

	l->accepted = true;
	while (l->accepted && !l->completed) {
		assert_true(p->step(a, (struct bytes){ answer.value, answer.length },
				    &ours, &l->completed, &l->fault));
		in = (gss_buffer_desc){ ours.len, (void *)(uintptr_t)ours.at };
		gss_release_buffer(&minor, &answer);
		l->accepted = !GSS_ERROR(gss_accept_sec_context(
			&minor, context, GSS_C_NO_CREDENTIAL, &in,
			channel.len ? &theirs : GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL,
			&answer, NULL, NULL, NULL));
	}
	gss_release_buffer(&minor, &answer);
	return a;
}

static void exchange(struct auth *a, gss_ctx_id_t context, const char *text)
{
	gss_buffer_desc in = { strlen(text), (void *)(uintptr_t)text }, out;
	struct bytes ours, opened;
	struct fault fault = { 0 };
	OM_uint32 minor;
	int sealed = 0;

	assert_true(
		auth_gss_seal(a, (struct bytes){ in.value, in.length }, &ours, &fault));
	assert_null(memmem(ours.at, ours.len, text, 6));
	out = (gss_buffer_desc){ ours.len, (void *)(uintptr_t)ours.at };
	assert_int_equal(gss_unwrap(&minor, context, &out, &in, &sealed, NULL), 0);
	assert_true(sealed);
	assert_int_equal(in.length, strlen(text));
	assert_memory_equal(in.value, text, in.length);
	assert_int_equal(gss_wrap(&minor, context, 1, 0, &in, &sealed, &out), 0);
	assert_true(auth_gss_unseal(a, (struct bytes){ out.value, out.length }, &opened,
				    &fault));
	assert_int_equal(opened.len, in.length);
	assert_memory_equal(opened.at, text, in.length);
	gss_release_buffer(&minor, &in);
	gss_release_buffer(&minor, &out);
}

static void test_what_follows_a_login_at_ldap_is_sealed(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	struct login l = { 0 };
	struct auth *a = log_in_at_ldap(p, (struct bytes){ 0 }, &context, &l);
	struct bytes out;
	OM_uint32 minor;

	(void)state;
	assert_true(l.accepted && auth_gss_seals(a));
	exchange(a, context, "what is asked of the directory");
	exchange(a, context, "and what it answers");
	assert_false(auth_gss_unseal(
		a, (struct bytes){ (const uint8_t *)"\1\0\0\0 altered on the way", 24 },
		&out, &l.fault));
	assert_int_equal(l.fault.kind, FAULT_INTEGRITY);
	p->end(a);
	gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
	auth_gss_free(p);
}

/* Inside of TLS the channel is bound, and nothing is sealed a second time. */
static void test_a_login_inside_of_tls_is_bound_to_its_channel(void **state)
{
	static const uint8_t channel[] = "tls-server-end-point:0123456789abcdef";
	struct bytes ours = { channel, sizeof channel - 1 };
	struct auth_provider *p = ntlm_provider("Pass-1");
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	struct login l = { 0 };
	struct auth *a = log_in_at_ldap(p, ours, &context, &l);
	OM_uint32 minor;

	(void)state;
	assert_true(l.accepted && l.completed);
	assert_false(auth_gss_seals(a));
	p->end(a);
	gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
	auth_gss_free(p);
}

static struct auth *refuse(const struct auth_provider *p, const char *host,
			   struct fault *fault)
{
	(void)p;
	(void)host;
	fault_set(fault, "authenticate", REASON_KDC_REFUSED_PASSWORD, CODE_NONE, 0);
	return NULL;
}

/* The scanner makes such a provider of a credential that the KDC refused. */
static void test_a_provider_that_refuses_does_so_at_ldap(void **state)
{
	struct auth_provider refusal = { .begin = refuse };
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_begin_ldap(&refusal, "dc1", (struct bytes){ 0 }, &fault));
	assert_int_equal(fault.reason, REASON_KDC_REFUSED_PASSWORD);
}

static void test_right_password(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };

	(void)state;
	log_in(p, "127.0.0.1", &l);
	assert_int_equal(l.fault.kind, FAULT_NONE);
	assert_true(l.accepted && l.completed);
	assert_int_equal(l.mechanism, AUTH_NTLM);
	assert_true(l.checksum);
	assert_string_equal(auth_gss_identity(p), "LAB\\sweep");
	assert_int_equal(l.ours.len, 16);
	assert_int_equal(l.theirs.len, 16);
	assert_memory_equal(l.ours.bytes, l.theirs.bytes, 16);
	auth_gss_free(p);
}

static enum kdc_outcome on_kdc_asked(struct kdc_link *link, const struct kdc_question *q,
				     struct bytes *reply)
{
	(void)link;
	(void)q;
	(void)reply;
	fail_msg("a KDC was asked");
	return KDC_NONE_KNOWN;
}

/* DOMAIN\USER is NTLM alone: the machine's own realm must not get to see the password. */
static void test_ntlm_asks_no_kdc(void **state)
{
	struct kdc_link link = { on_kdc_asked };
	struct auth_gss_options o = {
		.user = "sweep", .domain = "LAB", .password = "Pass-1", .kdc = &link
	};
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&o, &fault);
	struct login l = { 0 };

	(void)state;
	assert_non_null(p);
	log_in(p, "srv1", &l);
	assert_true(l.accepted && l.completed);
	auth_gss_free(p);
}

static void test_wrong_password_is_sent_once(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-2");
	struct login l = { 0 };

	(void)state;
	log_in(p, "srv1.lab.example", &l);
	assert_false(l.accepted);
	assert_int_equal(l.tokens, 2); /* NEGOTIATE and one AUTHENTICATE */
	auth_gss_free(p);
}

static void test_each_login_has_its_own_key(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login one = { 0 }, two = { 0 };

	(void)state;
	log_in(p, "srv1", &one);
	log_in(p, "srv1", &two);
	assert_true(one.completed && two.completed);
	assert_memory_not_equal(one.ours.bytes, two.ours.bytes, 16);
	auth_gss_free(p);
}

/* What goes ahead of a login is bare NTLM's NEGOTIATE, the same each time. */
static void test_the_opening_is_one_for_all_hosts(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1"), *q = ntlm_provider("Pass-2");

	(void)state;
	assert_true(p->opening.len > 12);
	assert_memory_equal(p->opening.at, "NTLMSSP\0\1\0\0\0", 12);
	assert_int_equal(p->opening.len, q->opening.len);
	assert_memory_equal(p->opening.at, q->opening.at, p->opening.len);
	auth_gss_free(p);
	auth_gss_free(q);
}

/* Whoever alters our first message on the way is found out by the checksum. */
static void test_an_opening_altered_on_the_way_is_refused(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };
	uint8_t opening[64];

	(void)state;
	assert_in_range(p->opening.len, 20, sizeof opening);
	memcpy(opening, p->opening.at, p->opening.len);
	opening[p->opening.len - 4] ^= 1; /* a byte that says nothing: reserved */
	log_in_after(p, (struct bytes){ opening, p->opening.len }, "srv1", &l);
	assert_false(l.accepted);
	auth_gss_free(p);
}

static void test_a_garbage_challenge_is_the_hosts_fault(void **state)
{
	static const uint8_t garbage[] = "\xa1\x03\x30\x01\x00 not a challenge";
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct fault fault = { 0 };
	struct bytes out;
	bool complete = false;
	struct auth *a = p->begin(p, "srv1", &fault);

	(void)state;
	assert_false(p->step(a, (struct bytes){ garbage, sizeof garbage }, &out,
			     &complete, &fault));
	assert_int_equal(fault.kind, FAULT_PROTOCOL);
	assert_string_equal(fault.step, "authenticate");
	assert_true(fault.what[0]);
	p->end(a);
	auth_gss_free(p);
}

static void test_an_empty_answer_is_the_hosts_fault(void **state)
{
	struct fault fault = { 0 };
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct auth *a = p->begin(p, "files.corp.test", &fault);
	struct bytes out;
	bool complete = false;

	(void)state;
	assert_false(p->step(a, (struct bytes){ 0 }, &out, &complete, &fault));
	assert_int_equal(fault.kind, FAULT_PROTOCOL);
	assert_string_equal(fault.step, "authenticate");
	p->end(a);
	auth_gss_free(p);
}

static void test_kerberos_alone_needs_a_realm(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&(struct auth_gss_options){ .user = "sweep",
							     .domain = "LAB",
							     .password = "x",
							     .no_ntlm = true },
				 &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_string_equal(
		fault.what,
		"Kerberos alone needs USER@REALM, and this is \"LAB\\sweep\"");
}

static void test_no_kdc_for_the_realm(void **state)
{
	struct auth_gss_options o = { .user = "sweep",
				      .realm = "NOWHERE.INVALID",
				      .password = "Pass-1",
				      .no_ntlm = true };
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&o, &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
}

static void test_no_ccache(void **state)
{
	char principal[64] = "untouched";
	struct fault fault = { 0 };

	(void)state;
	assert_false(auth_gss_have_ccache(principal, sizeof principal));
	assert_string_equal(principal, "untouched");
	assert_null(auth_gss_new(&(struct auth_gss_options){ 0 }, &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_int_equal(fault.reason, REASON_NO_TICKET_CACHE);
	assert_string_equal(fault.what, "there is no ticket cache");
}

static void test_missing_keytab(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(
		&(struct auth_gss_options){ .keytab = "/nonexistent/keytab",
					    .principal = "sweep@NOWHERE.INVALID" },
		&fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_string_equal(fault.what,
			    "the keytab cannot be used: Keytab "
			    "FILE:/nonexistent/keytab is nonexistent or empty");
}

/* An NTLMv1 answer is 24 bytes; NTLMv2's holds the host's names as well. */
static void test_the_answer_is_of_ntlm_2(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct login l = { 0 };

	(void)state;
	log_in(p, "srv1", &l);
	assert_true(l.accepted && l.completed);
	assert_true(l.nt_answer > 24);
	auth_gss_free(p);
}

/* No KDC was asked, so nothing was refused: NTLM is the one login, where it is allowed.
 */
static void test_a_realm_without_kdc_is_left_to_ntlm_where_allowed(void **state)
{
	struct auth_gss_options o = { .user = "sweep",
				      .realm = "LAB",
				      .ntlm_fallback = true,
				      .password = "Pass-1" };
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&o, &fault);
	struct auth *a;

	(void)state;
	assert_non_null(p);
	a = p->begin(p, "srv1", &fault);
	assert_non_null(a);
	assert_int_equal(p->mechanism(a), AUTH_NTLM);
	p->end(a);
	auth_gss_free(p);
}

static void test_a_user_without_a_password(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(auth_gss_new(&(struct auth_gss_options){ .user = "sweep" }, &fault));
	assert_int_equal(fault.kind, FAULT_LOCAL);
	assert_string_equal(fault.what, "there is no password for \"sweep\"");
}

static void test_a_name_too_long_for_a_service(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	struct fault fault = { 0 };
	char name[400];

	(void)state;
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = 0;
	assert_null(p->begin(p, name, &fault));
	assert_int_equal(fault.kind, FAULT_LOCAL);
	auth_gss_free(p);
}

/* Ends the list: counts what all logins before it did. */
static void test_winbindd_was_never_asked(void **state)
{
	(void)state;
	assert_int_equal(winbindd_asked, 0);
}

/* One provider, many worker threads. */
static void *log_in_often(void *arg)
{
	uintptr_t good = 0;

	for (int i = 0; i < 25; i++) {
		struct login l = { 0 };

		log_in(arg, "srv1", &l);
		good += l.completed && l.accepted &&
			!memcmp(l.ours.bytes, l.theirs.bytes, 16);
	}
	return (void *)good;
}

static void test_one_provider_many_threads(void **state)
{
	struct auth_provider *p = ntlm_provider("Pass-1");
	pthread_t threads[4];
	void *good;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_in_often, p), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &good);
		assert_int_equal((uintptr_t)good, 25);
	}
	auth_gss_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right_password),
		cmocka_unit_test(test_what_follows_a_login_at_ldap_is_sealed),
		cmocka_unit_test(test_a_login_inside_of_tls_is_bound_to_its_channel),
		cmocka_unit_test(test_a_provider_that_refuses_does_so_at_ldap),
		cmocka_unit_test(test_ntlm_asks_no_kdc),
		cmocka_unit_test(test_wrong_password_is_sent_once),
		cmocka_unit_test(test_each_login_has_its_own_key),
		cmocka_unit_test(test_the_opening_is_one_for_all_hosts),
		cmocka_unit_test(test_an_opening_altered_on_the_way_is_refused),
		cmocka_unit_test(test_a_garbage_challenge_is_the_hosts_fault),
		cmocka_unit_test(test_an_empty_answer_is_the_hosts_fault),
		cmocka_unit_test(test_kerberos_alone_needs_a_realm),
		cmocka_unit_test(test_no_kdc_for_the_realm),
		cmocka_unit_test(test_no_ccache),
		cmocka_unit_test(test_missing_keytab),
		cmocka_unit_test(test_the_answer_is_of_ntlm_2),
		cmocka_unit_test(test_a_realm_without_kdc_is_left_to_ntlm_where_allowed),
		cmocka_unit_test(test_a_user_without_a_password),
		cmocka_unit_test(test_a_name_too_long_for_a_service),
		cmocka_unit_test(test_one_provider_many_threads),
		cmocka_unit_test(test_winbindd_was_never_asked),
	};

	return cmocka_run_group_tests(tests, know_one_user, forget_user);
}
