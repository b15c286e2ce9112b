/* SPDX-License-Identifier: Apache-2.0 */
/* What a login asks the KDC and GSSAPI for: a ticket nobody can pass on, and proof of who
 * the host is.  No KDC is there: the linker puts ours in the place of four functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gssapi/gssapi.h>
#include <krb5.h>

#include "rpc/auth/auth_gss.h"

enum { NOT_SAID = -1 };

static struct {
	int forwardable, proxiable; /* of the ticket that was asked for */
	unsigned initial_tickets, contexts;
	OM_uint32 flags; /* of the last context */
	bool bound;      /* it has channel bindings */
} asked;

void __wrap_krb5_get_init_creds_opt_set_forwardable(krb5_get_init_creds_opt *opt, int on);
void __wrap_krb5_get_init_creds_opt_set_proxiable(krb5_get_init_creds_opt *opt, int on);
krb5_error_code __wrap_kerberos_exchange_initial(krb5_context krb5,
						 krb5_init_creds_context context,
						 struct kdc_link *link,
						 struct fault *fault);
krb5_error_code __wrap_kerberos_exchange_ticket(krb5_context krb5,
						krb5_tkt_creds_context context,
						struct kdc_link *link,
						struct fault *fault);
OM_uint32 __wrap_gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
				      gss_ctx_id_t *context, gss_name_t target,
				      gss_OID mechanism, OM_uint32 flags, OM_uint32 time,
				      gss_channel_bindings_t channel, gss_buffer_t in,
				      gss_OID *actual, gss_buffer_t out,
				      OM_uint32 *got_flags, OM_uint32 *got_time);

void __wrap_krb5_get_init_creds_opt_set_forwardable(krb5_get_init_creds_opt *opt, int on)
{
	(void)opt;
	asked.forwardable = on;
}

void __wrap_krb5_get_init_creds_opt_set_proxiable(krb5_get_init_creds_opt *opt, int on)
{
	(void)opt;
	asked.proxiable = on;
}

krb5_error_code __wrap_kerberos_exchange_initial(krb5_context krb5,
						 krb5_init_creds_context context,
						 struct kdc_link *link,
						 struct fault *fault)
{
	(void)krb5;
	(void)context;
	(void)link;
	(void)fault;
	asked.initial_tickets++;
	return KRB5_KDC_UNREACH;
}

krb5_error_code __wrap_kerberos_exchange_ticket(krb5_context krb5,
						krb5_tkt_creds_context context,
						struct kdc_link *link,
						struct fault *fault)
{
	(void)krb5;
	(void)context;
	(void)link;
	(void)fault;
	return 0;
}

OM_uint32 __wrap_gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
				      gss_ctx_id_t *context, gss_name_t target,
				      gss_OID mechanism, OM_uint32 flags, OM_uint32 time,
				      gss_channel_bindings_t channel, gss_buffer_t in,
				      gss_OID *actual, gss_buffer_t out,
				      OM_uint32 *got_flags, OM_uint32 *got_time)
{
	(void)credential;
	(void)context;
	(void)target;
	(void)mechanism;
	(void)time;
	(void)in;
	(void)actual;
	(void)out;
	(void)got_flags;
	(void)got_time;
	asked.contexts++;
	asked.flags = flags;
	asked.bound = channel != GSS_C_NO_CHANNEL_BINDINGS;
	*minor = 0;
	return GSS_S_FAILURE;
}

/* ---- a ccache as kinit leaves it, but that no KDC made ---- */

static char folder[] = "/tmp/test_kerberos.XXXXXX", config[64], ccache_name[80];

static int make_ccache(krb5_context krb5)
{
	krb5_creds ticket = { 0 };
	krb5_ccache ccache;
	krb5_timestamp now;
	char blob[] = "a ticket";

	if (krb5_cc_resolve(krb5, ccache_name, &ccache) ||
	    krb5_parse_name(krb5, "auditor@CORP.EXAMPLE", &ticket.client) ||
	    krb5_parse_name(krb5, "krbtgt/CORP.EXAMPLE@CORP.EXAMPLE", &ticket.server) ||
	    krb5_timeofday(krb5, &now))
		return -1;
	ticket.times.starttime = ticket.times.authtime = now;
	ticket.times.endtime = now + 3600;
	ticket.keyblock.enctype = ENCTYPE_AES256_CTS_HMAC_SHA1_96;
	ticket.keyblock.length = 32;
	ticket.keyblock.contents = calloc(1, 32);
	ticket.ticket = (krb5_data){ 0, sizeof blob, blob };
	if (krb5_cc_initialize(krb5, ccache, ticket.client) ||
	    krb5_cc_store_cred(krb5, ccache, &ticket))
		return -1;
	free(ticket.keyblock.contents);
	krb5_free_principal(krb5, ticket.client);
	krb5_free_principal(krb5, ticket.server);
	return krb5_cc_close(krb5, ccache);
}

static int set_up(void **state)
{
	krb5_context krb5;
	FILE *file;
	int made;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(config, sizeof config, "%s/krb5.conf", folder);
	snprintf(ccache_name, sizeof ccache_name, "FILE:%s/ccache", folder);
	setenv("KRB5_CONFIG", config, 1);
	setenv("KRB5CCNAME", ccache_name, 1);
	file = fopen(config, "w");
	fputs("[libdefaults]\ndefault_realm = CORP.EXAMPLE\ndns_lookup_kdc = false\n"
	      "[domain_realm]\n.corp.example = CORP.EXAMPLE\n",
	      file);
	fclose(file);
	if (krb5_init_context(&krb5))
		return -1;
	made = make_ccache(krb5);
	krb5_free_context(krb5);
	return made;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(config);
	unlink(ccache_name + strlen("FILE:"));
	return rmdir(folder);
}

static void forget(void)
{
	memset(&asked, 0, sizeof asked);
	asked.forwardable = asked.proxiable = NOT_SAID;
}

/* A host that is taken over must not find a ticket in it that opens other doors.  Said
 * aloud: krb5.conf may have `forwardable = true`. */
static void the_ticket_of_a_password_can_be_neither_forwarded_nor_proxied(void **state)
{
	struct auth_gss_options o = { .user = "auditor",
				      .password = "secret",
				      .realm = "CORP.EXAMPLE",
				      .no_ntlm = true };
	struct fault fault = { 0 };

	(void)state;
	forget();
	assert_null(auth_gss_new(&o, &fault));
	assert_int_equal(fault.code, (uint32_t)KRB5_KDC_UNREACH);
	assert_int_equal(asked.initial_tickets, 1);
	assert_int_equal(asked.forwardable, 0);
	assert_int_equal(asked.proxiable, 0);
}

static struct auth_provider *from_ccache(void)
{
	struct auth_gss_options o = { .no_ntlm = true };
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&o, &fault);

	if (!p)
		fail_msg("%s", fault.what);
	assert_string_equal(auth_gss_identity(p), "auditor@CORP.EXAMPLE");
	return p;
}

static void step_once(const struct auth_provider *p, struct auth *a)
{
	struct fault fault = { 0 };
	struct bytes out;
	bool complete;

	assert_non_null(a);
	assert_false(p->step(a, (struct bytes){ 0 }, &out, &complete, &fault));
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_int_equal(asked.contexts, 1);
	p->end(a);
}

static void a_login_has_the_host_prove_itself_and_hands_it_no_ticket(void **state)
{
	struct auth_provider *p = from_ccache();
	struct fault fault = { 0 };

	(void)state;
	forget();
	step_once(p, p->begin(p, "srv1.corp.example", &fault));
	assert_true(asked.flags & GSS_C_MUTUAL_FLAG);
	assert_true(asked.flags & GSS_C_INTEG_FLAG);
	assert_true(asked.flags & GSS_C_CONF_FLAG);
	assert_false(asked.flags & (GSS_C_DELEG_FLAG | GSS_C_DELEG_POLICY_FLAG));
	assert_false(asked.bound);
	auth_gss_free(p);
}

static void a_login_inside_of_tls_is_mutual_too(void **state)
{
	struct auth_provider *p = from_ccache();
	struct fault fault = { 0 };

	(void)state;
	forget();
	step_once(p, auth_gss_begin_ldap(p, "dc1.corp.example",
					 (struct bytes){ (const uint8_t *)"tls-end", 7 },
					 &fault));
	assert_true(asked.flags & GSS_C_MUTUAL_FLAG);
	assert_false(asked.flags & (GSS_C_DELEG_FLAG | GSS_C_DELEG_POLICY_FLAG));
	assert_true(asked.bound);
	auth_gss_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_ticket_of_a_password_can_be_neither_forwarded_nor_proxied),
		cmocka_unit_test(
			a_login_has_the_host_prove_itself_and_hands_it_no_ticket),
		cmocka_unit_test(a_login_inside_of_tls_is_mutual_too),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
