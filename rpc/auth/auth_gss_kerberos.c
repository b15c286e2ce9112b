/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/auth/auth_gss_internal.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char step_name[] = "authenticate";

/* What the KDC's and the library's codes mean.  A code that is not here is
 * REASON_KERBEROS_FAILED: there is no ticket, and nothing was found against the
 * credential. */
static const struct {
	krb5_error_code code;
	enum fault_reason reason;
} kerberos_reasons[] = {
	{ KRB5KDC_ERR_PREAUTH_FAILED, REASON_KDC_REFUSED_PASSWORD },
	{ KRB5KRB_AP_ERR_BAD_INTEGRITY, REASON_KDC_REFUSED_PASSWORD },
	{ KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, REASON_KDC_USER_UNKNOWN },
	{ KRB5KDC_ERR_CLIENT_REVOKED, REASON_KDC_ACCOUNT_REVOKED },
	{ KRB5KDC_ERR_KEY_EXP, REASON_KDC_PASSWORD_EXPIRED },
	{ KRB5KDC_ERR_NAME_EXP, REASON_KDC_ACCOUNT_EXPIRED },
	{ KRB5KDC_ERR_CLIENT_NOTYET, REASON_KDC_ACCOUNT_NOT_YET_VALID },
	{ KRB5KDC_ERR_POLICY, REASON_KDC_POLICY },
	{ KRB5KDC_ERR_ETYPE_NOSUPP, REASON_NO_COMMON_ENCRYPTION_TYPE },
	{ KRB5KRB_AP_ERR_SKEW, REASON_CLOCK_SKEW },
	{ KRB5KRB_AP_ERR_TKT_EXPIRED, REASON_TICKET_EXPIRED },
	{ KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, REASON_SERVICE_UNKNOWN },
	{ KRB5_KDC_UNREACH, REASON_NO_KDC_ANSWERED },
	{ KRB5_REALM_UNKNOWN, REASON_REALM_UNKNOWN },
	{ KRB5_FCC_NOFILE, REASON_NO_TICKET_CACHE },
	{ KRB5_CC_NOTFOUND, REASON_NO_TICKET },
	{ KRB5_KT_NOTFOUND, REASON_KEYTAB_LACKS_PRINCIPAL },
};

enum fault_reason kerberos_reason(krb5_error_code code)
{
	for (size_t i = 0; i < sizeof kerberos_reasons / sizeof *kerberos_reasons; i++)
		if (kerberos_reasons[i].code == code)
			return kerberos_reasons[i].reason;
	return REASON_KERBEROS_FAILED;
}

void kerberos_fault(struct fault *fault, krb5_context krb5, krb5_error_code code)
{
	enum fault_reason reason = kerberos_reason(code);
	const char *message;

	if (reason != REASON_KERBEROS_FAILED) {
		fault_set(fault, step_name, reason, CODE_GSS, (uint32_t)code);
		return;
	}
	message = krb5_get_error_message(krb5, code);
	fault_set_words(fault, step_name, reason, CODE_GSS, (uint32_t)code, "%s",
			message);
	krb5_free_error_message(krb5, message);
}

bool ticket_host_is_unknown(const struct fault *fault)
{
	return fault->reason == REASON_SERVICE_UNKNOWN;
}

/* ---- the initial ticket ---- */

struct kerberos {
	krb5_context krb5; /* of the thread that makes and frees; never of a login */
	krb5_principal client;
	krb5_creds ticket;
	struct kdc_link *link; /* borrowed; NULL: no KDC can be asked */
	char *identity;
};

const char *kerberos_identity(const struct kerberos *k)
{
	return k->identity;
}

void kerberos_free(struct kerberos *k)
{
	if (!k)
		return;
	if (k->krb5) {
		krb5_free_cred_contents(k->krb5, &k->ticket);
		krb5_free_principal(k->krb5, k->client);
		krb5_free_unparsed_name(k->krb5, k->identity);
		krb5_free_context(k->krb5);
	}
	free(k);
}

/* Realms are written in capitals; people type them as they come. */
static krb5_error_code parse_user(struct kerberos *k, const char *user, const char *realm)
{
	char capitals[256];
	size_t len = strlen(realm);

	if (len >= sizeof capitals)
		return KRB5_PARSE_MALFORMED;
	for (size_t i = 0; i <= len; i++)
		capitals[i] = (char)toupper((unsigned char)realm[i]);
	return krb5_build_principal(k->krb5, &k->client, (unsigned)len, capitals, user,
				    (char *)NULL);
}

/* Tells a keytab that cannot be read from one without this principal. */
static bool open_keytab(struct kerberos *k, const char *path, krb5_keytab *keytab,
			struct fault *fault)
{
	krb5_error_code e = krb5_kt_resolve(k->krb5, path, keytab);
	const char *said;

	if (!e)
		e = krb5_kt_have_content(k->krb5, *keytab);
	if (!e)
		return true;
	said = krb5_get_error_message(k->krb5, e);
	fault_set_words(fault, step_name, REASON_KEYTAB_UNUSABLE, CODE_GSS, (uint32_t)e,
			"the keytab cannot be used: %s", said);
	krb5_free_error_message(k->krb5, said);
	return false;
}

/* What the hosts are to see of this ticket is never forwardable. */
static krb5_error_code ask_kdc(struct kerberos *k, const char *password,
			       krb5_keytab keytab, struct fault *fault)
{
	krb5_get_init_creds_opt *opt = NULL;
	krb5_init_creds_context asked = NULL;
	krb5_error_code e = krb5_get_init_creds_opt_alloc(k->krb5, &opt);

	if (!e) {
		krb5_get_init_creds_opt_set_forwardable(opt, 0);
		krb5_get_init_creds_opt_set_proxiable(opt, 0);
		e = krb5_init_creds_init(k->krb5, k->client, NULL, NULL, 0, opt, &asked);
	}
	if (!e)
		e = keytab ? krb5_init_creds_set_keytab(k->krb5, asked, keytab)
			   : krb5_init_creds_set_password(k->krb5, asked, password);
	if (!e)
		e = kerberos_exchange_initial(k->krb5, asked, k->link, fault);
	if (!e)
		e = krb5_init_creds_get_creds(k->krb5, asked, &k->ticket);
	krb5_init_creds_free(k->krb5, asked);
	krb5_get_init_creds_opt_free(k->krb5, opt);
	return e;
}

static bool from_keytab(struct kerberos *k, const struct auth_gss_options *o,
			struct fault *fault)
{
	krb5_keytab keytab = NULL;
	krb5_error_code e = 0;

	if (open_keytab(k, o->keytab, &keytab, fault)) {
		e = o->principal ? krb5_parse_name(k->krb5, o->principal, &k->client)
				 : KRB5_PARSE_MALFORMED;
		if (!e)
			e = ask_kdc(k, NULL, keytab, fault);
		if (e)
			kerberos_fault(fault, k->krb5, e);
	}
	if (keytab)
		krb5_kt_close(k->krb5, keytab);
	return fault->kind == FAULT_NONE;
}

static bool from_password(struct kerberos *k, const struct auth_gss_options *o,
			  struct fault *fault)
{
	krb5_error_code e = parse_user(k, o->user, o->realm);

	if (!e)
		e = ask_kdc(k, o->password, NULL, fault);
	if (e)
		kerberos_fault(fault, k->krb5, e);
	return !e;
}

/* A ticket-granting ticket of the client's own realm. */
static bool is_initial(krb5_context krb5, const krb5_creds *creds)
{
	const krb5_principal_data *server = creds->server;

	return !krb5_is_config_principal(krb5, creds->server) && server->length == 2 &&
	       server->data[0].length == strlen(KRB5_TGS_NAME) &&
	       !memcmp(server->data[0].data, KRB5_TGS_NAME, strlen(KRB5_TGS_NAME)) &&
	       server->data[1].length == creds->client->realm.length &&
	       !memcmp(server->data[1].data, creds->client->realm.data,
		       server->data[1].length);
}

/* The ticket is copied out of the user's ccache, and a sweep writes nothing back there.
 */
static krb5_error_code find_initial(struct kerberos *k, krb5_ccache ccache)
{
	krb5_cc_cursor cursor;
	krb5_creds creds;
	krb5_error_code e = krb5_cc_start_seq_get(k->krb5, ccache, &cursor);

	if (e)
		return e;
	while (!krb5_cc_next_cred(k->krb5, ccache, &cursor, &creds)) {
		if (is_initial(k->krb5, &creds) &&
		    (!k->ticket.client ||
		     creds.times.endtime > k->ticket.times.endtime)) {
			krb5_free_cred_contents(k->krb5, &k->ticket);
			k->ticket = creds;
		} else {
			krb5_free_cred_contents(k->krb5, &creds);
		}
	}
	krb5_cc_end_seq_get(k->krb5, ccache, &cursor);
	return k->ticket.client ? 0 : KRB5_CC_NOTFOUND;
}

static bool from_ccache(struct kerberos *k, struct fault *fault)
{
	krb5_ccache ccache = NULL;
	krb5_timestamp now;
	krb5_error_code e = krb5_cc_default(k->krb5, &ccache);

	if (!e)
		e = krb5_cc_get_principal(k->krb5, ccache, &k->client);
	if (!e)
		e = find_initial(k, ccache);
	if (!e)
		e = krb5_timeofday(k->krb5, &now);
	if (!e && (uint32_t)k->ticket.times.endtime <= (uint32_t)now)
		e = KRB5KRB_AP_ERR_TKT_EXPIRED;
	if (e)
		kerberos_fault(fault, k->krb5, e);
	if (ccache)
		krb5_cc_close(k->krb5, ccache);
	return !e;
}

/* libkrb5 corrects its own clock by the KDC's; GSSAPI does not, and each host would
 * refuse what the KDC let pass.  Five minutes is what a Windows domain allows. */
static bool clock_is_right(struct kerberos *k, struct fault *fault)
{
	krb5_timestamp ahead = 0;
	krb5_int32 ignored;

	if (krb5_get_time_offsets(k->krb5, &ahead, &ignored) || abs(ahead) <= 300)
		return true;
	fault_set_words(
		fault, step_name, REASON_CLOCK_SKEW, CODE_GSS,
		(uint32_t)KRB5KRB_AP_ERR_SKEW,
		"this machine's clock is %d minutes %s the KDC's; five are allowed",
		abs(ahead) / 60, ahead > 0 ? "behind" : "ahead of");
	return false;
}

static bool obtain(struct kerberos *k, const struct auth_gss_options *o,
		   struct fault *fault)
{
	krb5_error_code e;
	bool good = o->user     ? from_password(k, o, fault)
		    : o->keytab ? from_keytab(k, o, fault)
				: from_ccache(k, fault);

	if (!good || !clock_is_right(k, fault))
		return false;
	e = krb5_unparse_name(k->krb5, k->client, &k->identity);
	if (e)
		kerberos_fault(fault, k->krb5, e);
	return !e;
}

struct kerberos *kerberos_new(const struct auth_gss_options *o, struct fault *fault)
{
	struct kerberos *k = calloc(1, sizeof *k);
	krb5_error_code e = k ? krb5_init_context(&k->krb5) : KRB5_CC_NOMEM;

	if (e) {
		fault_set(fault, step_name,
			  k ? REASON_KERBEROS_CONFIGURATION : REASON_OUT_OF_MEMORY,
			  CODE_GSS, (uint32_t)e);
	} else {
		k->link = o->kdc;
		if (obtain(k, o, fault))
			return k;
	}
	kerberos_free(k);
	return NULL;
}

/* ---- the ticket of one host ---- */

/* SERVICE/HOST exactly as the user wrote it.  The library's own way would ask DNS for
 * another name first, and then whoever answers for DNS chooses the host we prove
 * ourselves to. */
static krb5_error_code service_name(krb5_context krb5, const char *service_class,
				    const char *host, krb5_principal *service)
{
	char **realms = NULL;
	char name[256];
	size_t len = strlen(host);
	krb5_error_code e;

	if (len && host[len - 1] == '.')
		len--;
	if (len >= sizeof name)
		return KRB5_PARSE_MALFORMED;
	for (size_t i = 0; i < len; i++)
		name[i] = (char)tolower((unsigned char)host[i]);
	name[len] = 0;
	e = krb5_get_host_realm(krb5, name, &realms);
	if (e)
		return e;
	e = krb5_build_principal(krb5, service, (unsigned)strlen(realms[0]), realms[0],
				 service_class, name, (char *)NULL);
	krb5_free_host_realm(krb5, realms);
	return e;
}

/* A ccache that holds the initial ticket and nothing else. */
static krb5_error_code make_ccache(const struct kerberos *k, struct ticket *t)
{
	krb5_creds initial = k->ticket;
	krb5_error_code e = krb5_cc_new_unique(t->krb5, "MEMORY", NULL, &t->ccache);
	if (!e)
		e = krb5_cc_initialize(t->krb5, t->ccache, k->client);
	if (!e)
		e = krb5_cc_store_cred(t->krb5, t->ccache, &initial);
	return e;
}

/* It is stored in the ccache. */
static krb5_error_code ask_ticket(const struct kerberos *k, struct ticket *t,
				  krb5_principal service, struct fault *fault)
{
	krb5_creds wanted = { .client = k->client, .server = service };
	krb5_tkt_creds_context asked = NULL;
	krb5_error_code e = krb5_tkt_creds_init(t->krb5, t->ccache, &wanted, 0, &asked);

	if (!e)
		e = kerberos_exchange_ticket(t->krb5, asked, k->link, fault);
	krb5_tkt_creds_free(t->krb5, asked);
	return e;
}

static OM_uint32 import_target(const char *name, gss_name_t *target, OM_uint32 *minor)
{
	gss_buffer_desc text = { strlen(name), (void *)(uintptr_t)name };

	return gss_import_name(minor, &text, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, target);
}

static OM_uint32 acquire(const struct kerberos *k, const char *ccache,
			 gss_cred_id_t *credential, OM_uint32 *minor)
{
	gss_OID_set_desc set = { 1, &auth_spnego }, offered = { 1, &auth_kerberos };
	gss_key_value_element_desc where = { "ccache", ccache };
	gss_key_value_set_desc store = { 1, &where };
	gss_name_t client = GSS_C_NO_NAME;
	OM_uint32 ignored, major = import_target(k->identity, &client, minor);

	if (!GSS_ERROR(major))
		major = gss_acquire_cred_from(minor, client, 0, &set, GSS_C_INITIATE,
					      &store, credential, NULL, NULL);
	gss_release_name(&ignored, &client);
	/* Nothing else is offered, so that a login is never tried twice. */
	if (!GSS_ERROR(major))
		major = gss_set_neg_mechs(minor, *credential, &offered);
	return major;
}

/* Hands what libkrb5 found to GSSAPI. */
static bool to_gss(const struct kerberos *k, krb5_principal service, struct ticket *t,
		   struct fault *fault)
{
	char *ccache = NULL, *name = NULL;
	OM_uint32 minor = 0, major = GSS_S_FAILURE;

	if (!krb5_unparse_name(t->krb5, service, &name) &&
	    !krb5_cc_get_full_name(t->krb5, t->ccache, &ccache)) {
		major = import_target(name, &t->target, &minor);
		if (!GSS_ERROR(major))
			major = acquire(k, ccache, &t->credential, &minor);
	}
	if (GSS_ERROR(major))
		gss_fault(fault, major, minor);
	krb5_free_string(t->krb5, ccache);
	krb5_free_unparsed_name(t->krb5, name);
	return !GSS_ERROR(major);
}

bool ticket_get(const struct kerberos *k, const char *service_class, const char *host,
		struct ticket *t, struct fault *fault)
{
	krb5_principal service = NULL;
	krb5_error_code e = krb5_init_context(&t->krb5);
	bool good = false;

	if (!e)
		e = make_ccache(k, t);
	if (!e)
		e = service_name(t->krb5, service_class, host, &service);
	if (!e)
		e = ask_ticket(k, t, service, fault);
	if (e == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN)
		fault_set_words(fault, step_name, REASON_SERVICE_UNKNOWN, CODE_GSS,
				(uint32_t)e,
				"the KDC has no service %s/ under this host's name",
				service_class);
	else if (e)
		kerberos_fault(fault, t->krb5, e);
	else
		good = to_gss(k, service, t, fault);
	if (t->krb5)
		krb5_free_principal(t->krb5, service);
	if (!good)
		ticket_free(t);
	return good;
}

void ticket_free(struct ticket *t)
{
	OM_uint32 ignored;

	gss_release_cred(&ignored, &t->credential);
	gss_release_name(&ignored, &t->target);
	if (t->ccache)
		krb5_cc_destroy(t->krb5, t->ccache);
	if (t->krb5)
		krb5_free_context(t->krb5);
	*t = (struct ticket){ 0 };
}

/* ---- the process ---- */

bool auth_gss_have_ccache(char *principal, size_t size)
{
	struct fault ignored = { 0 };
	struct kerberos *k = kerberos_new(&(struct auth_gss_options){ 0 }, &ignored);

	if (!k)
		return false;
	snprintf(principal, size, "%s", k->identity);
	kerberos_free(k);
	return true;
}
