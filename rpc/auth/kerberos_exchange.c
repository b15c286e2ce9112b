/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kerberos_exchange.c - Kerberos' exchanges with KDCs, step by step.
 *
 * libkrb5 makes each request and reads each reply; in between stand our own link to the
 * KDC and the rule that a proof of the password is sent once.
 */
#include <stdlib.h>
#include <string.h>

#include <profile.h>

#include "rpc/auth/auth_gss_internal.h"
#include "rpc/auth/kerberos_message.h"

static const char step_name[] = "authenticate";

/* An initial exchange has two rounds, three with SPAKE; a referral adds one.  A ticket
 * needs one round a realm on the way. */
enum { ROUNDS_MAX = 12 };

bool kdc_reply_is_usable(struct bytes reply)
{
	int32_t code;

	if (kerberos_error_read(reply, &code))
		return code != KERBEROS_RESPONSE_TOO_BIG &&
		       code != KERBEROS_SERVICE_UNAVAILABLE;
	return kerberos_message_is(reply, KERBEROS_AS_REP) ||
	       kerberos_message_is(reply, KERBEROS_TGS_REP);
}

/* ---- one question ---- */

/* dns_fallback is what dns_lookup_kdc was called once. */
static bool dns_is_allowed(struct _profile_t *profile)
{
	int older = 1, allowed = 1;

	profile_get_boolean(profile, "libdefaults", "dns_fallback", NULL, 1, &older);
	profile_get_boolean(profile, "libdefaults", "dns_lookup_kdc", NULL, older,
			    &allowed);
	return allowed != 0;
}

static krb5_error_code outcome_code(enum kdc_outcome outcome, struct fault *fault)
{
	switch (outcome) {
	case KDC_ANSWERED:
		return 0;
	case KDC_NONE_KNOWN:
		return KRB5_REALM_UNKNOWN;
	case KDC_NONE_ANSWERED:
		return KRB5_KDC_UNREACH;
	case KDC_NO_VERDICT:
		break;
	}
	/* No code of libkrb5's: nobody may take it for an unreachable KDC. */
	fault_set(fault, step_name, REASON_KDC_GAVE_NO_VERDICT, CODE_NONE, 0);
	return KRB5KRB_ERR_GENERIC;
}

static krb5_error_code ask(krb5_context krb5, struct kdc_link *link,
			   const krb5_data *realm, const krb5_data *request, bool proof,
			   struct bytes *reply, struct fault *fault)
{
	struct kdc_question q = { .proof = proof };
	struct _profile_t *profile = NULL;
	char **configured = NULL, *name = strndup(realm->data, realm->length);
	enum kdc_outcome outcome = KDC_NONE_KNOWN;
	krb5_error_code e = name ? krb5_get_profile(krb5, &profile) : KRB5_CC_NOMEM;

	if (!e && link) {
		const char *const path[] = { "realms", name, "kdc", NULL };

		profile_get_values(profile, path, &configured);
		q.realm = name;
		q.configured = configured;
		q.dns = dns_is_allowed(profile);
		q.request = (struct bytes){ (const uint8_t *)request->data,
					    request->length };
		outcome = link->ask(link, &q, reply);
	}
	profile_free_list(configured);
	if (profile)
		profile_release(profile);
	free(name);
	return e ? e : outcome_code(outcome, fault);
}

/* The libraries' memory of one round. */
struct round {
	krb5_data reply, request, realm;
	unsigned flags;
};

static void round_take(krb5_context krb5, struct round *r, struct bytes reply)
{
	krb5_free_data_contents(krb5, &r->request);
	krb5_free_data_contents(krb5, &r->realm);
	r->request = r->realm = (krb5_data){ 0 };
	free(r->reply.data);
	r->reply.data = (char *)(uintptr_t)reply.at;
	r->reply.length = (unsigned)reply.len;
}

/* ---- the initial ticket ---- */

static krb5_error_code error_of(int32_t code)
{
	if (code < 0 || code >= 128)
		return KRB5KRB_ERR_GENERIC;
	return (krb5_error_code)ERROR_TABLE_BASE_krb5 + code;
}

/* An error by which the KDC asks for more, before it has got any proof, is libkrb5's to
 * answer.  Every other error ends the exchange here: handed to libkrb5, a refused proof
 * (or a clock found wrong) makes it try another kind of proof, and that is a second wrong
 * password. */
static krb5_error_code verdict(struct bytes reply, bool proved)
{
	int32_t code;

	if (!kerberos_error_read(reply, &code))
		return 0;
	if (!proved &&
	    (code == KERBEROS_PREAUTH_REQUIRED || code == KERBEROS_MORE_PREAUTH_DATA ||
	     code == KERBEROS_WRONG_REALM))
		return 0;
	return error_of(code);
}

static krb5_error_code initial_round(krb5_context krb5, krb5_init_creds_context asked,
				     struct kdc_link *link, struct round *r, bool *proved,
				     struct fault *fault)
{
	struct bytes request, reply = { 0 };
	krb5_error_code e = krb5_init_creds_step(krb5, asked, &r->reply, &r->request,
						 &r->realm, &r->flags);

	if (e || !(r->flags & KRB5_INIT_CREDS_STEP_FLAG_CONTINUE))
		return e;
	if (*proved) /* whatever it wants to ask now, the proof was sent */
		return outcome_code(KDC_NO_VERDICT, fault);
	request = (struct bytes){ (const uint8_t *)r->request.data, r->request.length };
	*proved = kerberos_request_has_proof(request);
	e = ask(krb5, link, &r->realm, &r->request, *proved, &reply, fault);
	round_take(krb5, r, reply);
	return e ? e : verdict(reply, *proved);
}

krb5_error_code kerberos_exchange_initial(krb5_context krb5,
					  krb5_init_creds_context asked,
					  struct kdc_link *link, struct fault *fault)
{
	struct round r = { .flags = KRB5_INIT_CREDS_STEP_FLAG_CONTINUE };
	krb5_error_code e = 0;
	bool proved = false;

	for (int i = 0; !e && r.flags & KRB5_INIT_CREDS_STEP_FLAG_CONTINUE; i++)
		e = i < ROUNDS_MAX ? initial_round(krb5, asked, link, &r, &proved, fault)
				   : KRB5_GET_IN_TKT_LOOP;
	round_take(krb5, &r, (struct bytes){ 0 });
	return e;
}

/* ---- the ticket of a service ---- */

static krb5_error_code ticket_round(krb5_context krb5, krb5_tkt_creds_context asked,
				    struct kdc_link *link, struct round *r,
				    struct fault *fault)
{
	struct bytes reply = { 0 };
	krb5_error_code e = krb5_tkt_creds_step(krb5, asked, &r->reply, &r->request,
						&r->realm, &r->flags);

	if (e || !(r->flags & KRB5_TKT_CREDS_STEP_FLAG_CONTINUE))
		return e;
	e = ask(krb5, link, &r->realm, &r->request, false, &reply, fault);
	round_take(krb5, r, reply);
	return e;
}

krb5_error_code kerberos_exchange_ticket(krb5_context krb5, krb5_tkt_creds_context asked,
					 struct kdc_link *link, struct fault *fault)
{
	struct round r = { .flags = KRB5_TKT_CREDS_STEP_FLAG_CONTINUE };
	krb5_error_code e = 0;

	for (int i = 0; !e && r.flags & KRB5_TKT_CREDS_STEP_FLAG_CONTINUE; i++)
		e = i < ROUNDS_MAX ? ticket_round(krb5, asked, link, &r, fault)
				   : KRB5_GET_IN_TKT_LOOP;
	round_take(krb5, &r, (struct bytes){ 0 });
	return e;
}
