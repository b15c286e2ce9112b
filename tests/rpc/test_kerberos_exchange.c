/* SPDX-License-Identifier: Apache-2.0 */
/* A proof of the password or key is sent once, whatever the KDC answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"
#include "rpc/auth/kerberos_message.h"
#include "tests/hex.h"

/* KRB-ERROR 25, which asks for a time stamp made with an AES-256 key. */
static const char preauth_required[] =
	"7e793077a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020119a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142ac2d042b3029301ca103020113a21504133011300fa003020112a1081b064c41"
	"427376633009a103020102a2020400";
/* KRB-ERROR 24; its code is the byte at CODE. */
static const char refusal[] =
	"7e4a3048a003020105a10302011ea411180f32303236313132373132303030305aa50302"
	"0101a603020118a9051b034c4142aa183016a003020102a10f300d1b066b72627467741b"
	"034c4142";
enum { CODE = 42 };

/* KRB-ERROR 25 that offers SPAKE (RFC 9588) as well; 91 with its challenge; 24 that
 * offers all of it again. */
static const char spake_offered[] =
	"7e8186308183a003020105a10302011ea411180f32303236313132373132303030305aa5"
	"03020101a603020119a9051b034c4142aa183016a003020102a10f300d1b066b72627467"
	"741b034c4142ac3904373035300aa10402020097a2020400301ca103020113a215041330"
	"11300fa003020112a1081b064c41427376633009a103020102a2020400";
static const char spake_challenge[] =
	"7e81a73081a4a003020105a10302011ea411180f32303236313132373132303030305aa5"
	"03020101a60302015ba9051b034c4142aa183016a003020102a10f300d1b066b72627467"
	"741b034c4142ac5a045830563042a10402020097a23a0438a1363034a003020101a12204"
	"205866666666666666666666666666666666666666666666666666666666666666a20930"
	"073005a0030201013010a10402020085a2080406636f6f6b6965";
static const char spake_refused[] =
	"7e8186308183a003020105a10302011ea411180f32303236313132373132303030305aa5"
	"03020101a603020118a9051b034c4142aa183016a003020102a10f300d1b066b72627467"
	"741b034c4142ac3904373035300aa10402020097a2020400301ca103020113a215041330"
	"11300fa003020112a1081b064c41427376633009a103020102a2020400";

static char krb5_file[] = "/tmp/lsasweep-krb5.XXXXXX";
static char keytab_file[] = "/tmp/lsasweep-keytab.XXXXXX";

/* ---- a KDC of one realm ---- */

struct kdc {
	struct kdc_link link;
	enum kdc_outcome first, second; /* without and with a proof */
	int first_code, second_code;    /* of the KRB-ERROR */
	unsigned asked, proofs;
	char realm[32];
	bool dns;
	char configured[64]; /* the first entry */
};

static struct bytes error_of(int code)
{
	struct bytes b = unhex(code == KERBEROS_PREAUTH_REQUIRED ? preauth_required
								 : refusal);

	if (code != KERBEROS_PREAUTH_REQUIRED)
		((uint8_t *)(uintptr_t)b.at)[CODE] = (uint8_t)code;
	return b;
}

static enum kdc_outcome on_ask(struct kdc_link *link, const struct kdc_question *q,
			       struct bytes *reply)
{
	struct kdc *k = (struct kdc *)link;
	enum kdc_outcome outcome = q->proof ? k->second : k->first;

	k->asked++;
	k->proofs += q->proof;
	k->dns = q->dns;
	snprintf(k->realm, sizeof k->realm, "%s", q->realm);
	snprintf(k->configured, sizeof k->configured, "%s",
		 q->configured && q->configured[0] ? q->configured[0] : "");
	assert_int_equal(kerberos_request_has_proof(q->request), q->proof);
	if (outcome == KDC_ANSWERED)
		*reply = error_of(q->proof ? k->second_code : k->first_code);
	return outcome;
}

static struct kdc kdc_that_answers(int code)
{
	return (struct kdc){ .link = { on_ask },
			     .first_code = KERBEROS_PREAUTH_REQUIRED,
			     .second_code = code };
}

static struct fault log_in(struct kdc *k, bool by_keytab)
{
	struct auth_gss_options password = { .user = "svc",
					     .realm = "lab.example",
					     .password = "Wr0ng",
					     .ntlm_fallback = true,
					     .kdc = &k->link };
	struct auth_gss_options keytab = { .keytab = keytab_file,
					   .principal = "svc@LAB.EXAMPLE",
					   .kdc = &k->link };
	struct fault fault = { 0 };

	assert_null(auth_gss_new(by_keytab ? &keytab : &password, &fault));
	return fault;
}

/* ---- tests ---- */

static void a_refused_password_is_proved_once(void **state)
{
	struct kdc k = kdc_that_answers(24);
	struct fault fault = log_in(&k, false);

	(void)state;
	assert_int_equal(fault.reason, REASON_KDC_REFUSED_PASSWORD);
	assert_int_equal(fault.kind, FAULT_LOGON_REFUSED);
	assert_int_equal(k.asked, 2);
	assert_int_equal(k.proofs, 1);
}

static void a_refused_key_of_a_keytab_is_proved_once(void **state)
{
	struct kdc k = kdc_that_answers(24);
	struct fault fault = log_in(&k, true);

	(void)state;
	assert_int_equal(fault.reason, REASON_KDC_REFUSED_PASSWORD);
	assert_int_equal(k.proofs, 1);
}

/* All that have a name (RFC 4120 7.5.9, RFC 6113), and some beyond. */
enum { CODES = 100 };

/* To some of them libkrb5 would answer with another proof, ten times over. */
static void any_error_after_the_proof_ends_the_exchange(void **state)
{
	(void)state;
	for (int code = 0; code < CODES; code++) {
		struct kdc k = kdc_that_answers(code);
		struct fault fault = log_in(&k, false);

		assert_int_equal(k.proofs, 1);
		assert_int_equal(k.asked, 2);
		assert_true(fault.kind == FAULT_LOGON_REFUSED ||
			    fault.kind == FAULT_KERBEROS);
	}
}

static void any_error_without_a_proof_ends_the_exchange(void **state)
{
	(void)state;
	for (int code = 0; code < CODES; code++) {
		struct kdc k = kdc_that_answers(24);

		k.first_code = code;
		log_in(&k, false);
		assert_true(k.proofs <= 1);
		assert_true(k.asked <= 2 || code == KERBEROS_WRONG_REALM);
		if (code != KERBEROS_PREAUTH_REQUIRED)
			assert_int_equal(k.proofs, 0);
	}
}

static void a_proof_without_a_verdict_is_not_left_to_ntlm(void **state)
{
	struct kdc k = kdc_that_answers(24);
	struct fault fault;

	(void)state;
	k.second = KDC_NO_VERDICT;
	fault = log_in(&k, false);
	assert_int_equal(fault.reason, REASON_KDC_GAVE_NO_VERDICT);
	assert_int_equal(fault.kind, FAULT_KERBEROS);
	assert_int_equal(k.proofs, 1);
}

/* Three replies, whatever was asked. */
static enum kdc_outcome on_spake_ask(struct kdc_link *link, const struct kdc_question *q,
				     struct bytes *reply)
{
	static const char *const replies[] = { spake_offered, spake_challenge,
					       spake_refused };
	struct kdc *k = (struct kdc *)link;
	unsigned i = k->asked < 2 ? k->asked : 2;

	k->asked++;
	k->proofs += q->proof;
	*reply = unhex(replies[i]);
	return KDC_ANSWERED;
}

/* The offer of SPAKE proves nothing, and the answer to its challenge does. */
static void spake_is_a_proof_once_it_answers_the_challenge(void **state)
{
	struct kdc k = { .link = { on_spake_ask } };
	struct fault fault = log_in(&k, false);

	(void)state;
	assert_int_equal(fault.reason, REASON_KDC_REFUSED_PASSWORD);
	assert_int_equal(k.proofs, 1);
	assert_int_equal(k.asked, 3);
}

/* Nothing was proved: a KDC that cannot be reached is for NTLM to make good. */
static void a_kdc_out_of_reach_is_left_to_ntlm(void **state)
{
	static const enum kdc_outcome outcomes[] = { KDC_NONE_KNOWN, KDC_NONE_ANSWERED };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kdc k = { .link = { on_ask }, .first = outcomes[i] };
		struct auth_gss_options o = { .user = "svc",
					      .realm = "LAB.EXAMPLE",
					      .password = "x",
					      .kdc = &k.link };
		struct fault fault = { 0 };
		struct auth_provider *p = auth_gss_new(&o, &fault);

		assert_non_null(p);
		assert_int_equal(k.asked, 1);
		auth_gss_free(p);
	}
}

static void krb5_conf_says_whom_to_ask(void **state)
{
	struct kdc k = kdc_that_answers(24);

	(void)state;
	log_in(&k, false);
	assert_string_equal(k.realm, "LAB.EXAMPLE");
	assert_string_equal(k.configured, "tcp/kdc1.lab.example:750");
	assert_false(k.dns);
}

/* ---- files ---- */

static bool make_file(char *path, const char *content)
{
	int fd = mkstemp(path);
	ssize_t len = (ssize_t)strlen(content);
	bool good = fd >= 0 && write(fd, content, (size_t)len) == len;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool make_keytab(void)
{
	krb5_keytab_entry entry = { .vno = 1 };
	krb5_octet key[32] = { 1, 2, 3 };
	krb5_context krb5;
	krb5_keytab keytab;
	bool good;

	if (krb5_init_context(&krb5))
		return false;
	entry.key.enctype = ENCTYPE_AES256_CTS_HMAC_SHA1_96;
	entry.key.length = sizeof key;
	entry.key.contents = key;
	good = !krb5_parse_name(krb5, "svc@LAB.EXAMPLE", &entry.principal) &&
	       !krb5_kt_resolve(krb5, keytab_file, &keytab) &&
	       !krb5_kt_add_entry(krb5, keytab, &entry) && !krb5_kt_close(krb5, keytab);
	krb5_free_principal(krb5, entry.principal);
	krb5_free_context(krb5);
	return good;
}

static int begin(void **state)
{
	(void)state;
	if (!make_file(krb5_file, "[libdefaults]\n dns_lookup_kdc = false\n"
				  "[realms]\n LAB.EXAMPLE = {\n"
				  "  kdc = tcp/kdc1.lab.example:750\n"
				  "  kdc = kdc2.lab.example\n }\n"))
		return -1;
	setenv("KRB5_CONFIG", krb5_file, 1);
	setenv("KRB5CCNAME", "FILE:/nonexistent/lsasweep-ccache", 1);
	if (!make_file(keytab_file, "") || unlink(keytab_file) != 0)
		return -1;
	return make_keytab() ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	return unlink(krb5_file) | unlink(keytab_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_password_is_proved_once),
		cmocka_unit_test(a_refused_key_of_a_keytab_is_proved_once),
		cmocka_unit_test(any_error_after_the_proof_ends_the_exchange),
		cmocka_unit_test(any_error_without_a_proof_ends_the_exchange),
		cmocka_unit_test(a_proof_without_a_verdict_is_not_left_to_ntlm),
		cmocka_unit_test(spake_is_a_proof_once_it_answers_the_challenge),
		cmocka_unit_test(a_kdc_out_of_reach_is_left_to_ntlm),
		cmocka_unit_test(krb5_conf_says_whom_to_ask),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
