/* SPDX-License-Identifier: Apache-2.0 */
/* Logins at an LDAP server, and what they seal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/rpc/auth_play.h"

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

/* Last of all. */
static void test_winbindd_was_never_asked_for_ldap(void **state)
{
	(void)state;
	assert_int_equal(winbindd_asked, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_follows_a_login_at_ldap_is_sealed),
		cmocka_unit_test(test_a_login_inside_of_tls_is_bound_to_its_channel),
		cmocka_unit_test(test_a_provider_that_refuses_does_so_at_ldap),
		cmocka_unit_test(test_winbindd_was_never_asked_for_ldap),
	};

	return cmocka_run_group_tests(tests, know_one_user, forget_user);
}
