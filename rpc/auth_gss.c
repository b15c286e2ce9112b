#include "rpc/auth_gss.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char step_name[] = "authenticate";

static gss_OID_desc spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
static gss_OID_desc kerberos = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
static gss_OID_desc ntlmssp = { 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a" };
/* 1.2.840.113554.1.2.2.5.5, the session key of a complete context */
static gss_OID_desc inquire_session_key = {
	11, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05"
};

static const OM_uint32 flags_wanted = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG |
				      GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG |
				      GSS_C_SEQUENCE_FLAG;

struct provider {
	struct auth_provider seam;
	gss_cred_id_t by_kerberos, by_ntlm; /* at least one of them */
	krb5_context krb5;                  /* owns the memory ccache */
	krb5_ccache ccache;                 /* NULL: the system's own */
	char *identity;
};

struct auth {
	const struct provider *provider;
	gss_ctx_id_t context;
	gss_name_t target;
	gss_cred_id_t credential;
	gss_buffer_desc out;
	bool begun, ntlm;
};

/* ---- why it failed ---- */

/* What the KDC or the library says, as the kind of fault a sweep acts on.  A code that
 * is not here is FAULT_KERBEROS: no ticket, nothing said against the credential. */
static const struct {
	krb5_error_code code;
	enum fault_kind kind;
	const char *words;
} kerberos_faults[] = {
	{KRB5KDC_ERR_PREAUTH_FAILED,       FAULT_LOGON_REFUSED,
         "the KDC refused the password or key"							    },
	{ KRB5KRB_AP_ERR_BAD_INTEGRITY,    FAULT_LOGON_REFUSED,
         "the password or key is wrong"								   },
	{ KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, FAULT_LOGON_REFUSED,
         "the KDC does not know this user"								},
	{ KRB5KDC_ERR_CLIENT_REVOKED,      FAULT_LOGON_REFUSED,
         "the account is disabled, expired or locked out"                                                 },
	{ KRB5KDC_ERR_KEY_EXP,             FAULT_LOGON_REFUSED, "the password has expired"                },
	{ KRB5KDC_ERR_NAME_EXP,            FAULT_LOGON_REFUSED, "the account has expired"                 },
	{ KRB5KDC_ERR_POLICY,              FAULT_LOGON_REFUSED, "the KDC's policy forbids this"           },
	{ KRB5KRB_AP_ERR_SKEW,             FAULT_KERBEROS,
         "this machine's clock and the KDC's or host's differ by more than five "
	  "minutes"										       },
	{ KRB5KRB_AP_ERR_TKT_EXPIRED,      FAULT_KERBEROS,
         "the Kerberos ticket has expired; run kinit again"                                               },
	{ KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, FAULT_KERBEROS,
         "the KDC has no service cifs/ under this host's name"                                            },
	{ KRB5_KDC_UNREACH,                FAULT_KERBEROS,      "no KDC of the realm answers"             },
	{ KRB5_REALM_UNKNOWN,              FAULT_KERBEROS,
         "no KDC is known for the realm; see krb5.conf"                                                   },
	{ KRB5_FCC_NOFILE,                 FAULT_KERBEROS,      "there is no ccache; run kinit"           },
	{ KRB5_CC_NOTFOUND,                FAULT_KERBEROS,
         "the ccache holds no usable ticket; run kinit"                                                   },
	{ KRB5_KT_NOTFOUND,                FAULT_KERBEROS,      "the keytab has no key for this principal"},
};

static void kerberos_fault(struct fault *fault, krb5_context krb5, krb5_error_code code,
			   const char *doing)
{
	const char *said;

	for (size_t i = 0; i < sizeof kerberos_faults / sizeof *kerberos_faults; i++) {
		if (kerberos_faults[i].code == code) {
			fault_set(fault, step_name, kerberos_faults[i].kind, CODE_GSS,
				  (uint32_t)code, "%s", kerberos_faults[i].words);
			return;
		}
	}
	said = krb5_get_error_message(krb5, code);
	fault_set(fault, step_name, FAULT_KERBEROS, CODE_GSS, (uint32_t)code, "%s: %s",
		  doing, said);
	krb5_free_error_message(krb5, said);
}

/* The library's own sentence for a status, cut to fit a fault. */
static void status_text(OM_uint32 code, int type, gss_OID mechanism, char *text,
			size_t size)
{
	OM_uint32 minor, more = 0;
	gss_buffer_desc said = GSS_C_EMPTY_BUFFER;

	text[0] = 0;
	if (GSS_ERROR(gss_display_status(&minor, code, type, mechanism, &more, &said)))
		return;
	snprintf(text, size, "%.*s", (int)said.length, (const char *)said.value);
	gss_release_buffer(&minor, &said);
}

static enum fault_kind major_kind(OM_uint32 major, bool ntlm)
{
	switch (GSS_ROUTINE_ERROR(major)) {
	case GSS_S_BAD_SIG:
		return FAULT_INTEGRITY;
	case GSS_S_DEFECTIVE_TOKEN:
	case GSS_S_BAD_MECH:
		return FAULT_PROTOCOL;
	default:
		return ntlm ? FAULT_REFUSED : FAULT_KERBEROS;
	}
}

static void gss_fault(struct fault *fault, const struct auth *a, OM_uint32 major,
		      OM_uint32 minor)
{
	char general[80], special[96];

	for (size_t i = 0;
	     !a->ntlm && i < sizeof kerberos_faults / sizeof *kerberos_faults; i++) {
		if ((OM_uint32)kerberos_faults[i].code == minor) {
			fault_set(fault, step_name, kerberos_faults[i].kind, CODE_GSS,
				  minor, "%s", kerberos_faults[i].words);
			return;
		}
	}
	if (a->ntlm && GSS_ROUTINE_ERROR(major) == GSS_S_CONTEXT_EXPIRED) {
		fault_set(fault, step_name, FAULT_REFUSED, CODE_GSS, major,
			  "the host's clock is more than 36 hours behind this machine's");
		return;
	}
	status_text(major, GSS_C_GSS_CODE, GSS_C_NO_OID, general, sizeof general);
	status_text(minor, GSS_C_MECH_CODE, a->ntlm ? &ntlmssp : &kerberos, special,
		    sizeof special);
	fault_set(fault, step_name, major_kind(major, a->ntlm), CODE_GSS,
		  minor ? minor : major, "%s%s%s", general, special[0] ? ": " : "",
		  special);
}

/* ---- one login ---- */

static bool is_address(const char *host)
{
	unsigned char scratch[sizeof(struct in6_addr)];
	char bare[INET6_ADDRSTRLEN + 1];
	size_t len = strcspn(host, "%");

	if (inet_pton(AF_INET, host, scratch) == 1)
		return true;
	if (len >= sizeof bare)
		return false;
	memcpy(bare, host, len);
	bare[len] = 0;
	return inet_pton(AF_INET6, bare, scratch) == 1;
}

static void use(struct auth *a, bool ntlm)
{
	a->ntlm = ntlm;
	a->credential = ntlm ? a->provider->by_ntlm : a->provider->by_kerberos;
}

static void auth_end(struct auth *a);

static struct auth *auth_begin(const struct auth_provider *seam, const char *host,
			       struct fault *fault)
{
	const struct provider *p = (const struct provider *)seam;
	struct auth *a = calloc(1, sizeof *a);
	char service[5 + 256];
	gss_buffer_desc text = { 0, service };
	OM_uint32 major, minor;
	int len = snprintf(service, sizeof service, "cifs@%s", host);

	if (!a || len < 0 || (size_t)len >= sizeof service) {
		fault_set(fault, step_name, FAULT_LOCAL, CODE_NONE, 0,
			  a ? "the host's name is too long" : "out of memory");
		free(a);
		return NULL;
	}
	a->provider = p;
	use(a, !p->by_kerberos || (p->by_ntlm && is_address(host)));
	if (!a->ntlm && is_address(host)) {
		fault_set(fault, step_name, FAULT_KERBEROS, CODE_NONE, 0,
			  "Kerberos needs the host's name, and this is an address");
		free(a);
		return NULL;
	}
	text.length = (size_t)len;
	major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &a->target);
	if (GSS_ERROR(major)) {
		gss_fault(fault, a, major, minor);
		auth_end(a);
		return NULL;
	}
	return a;
}

static OM_uint32 init_context(struct auth *a, struct bytes in, OM_uint32 *minor)
{
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };
	OM_uint32 ignored;

	gss_release_buffer(&ignored, &a->out);
	return gss_init_sec_context(minor, a->credential, &a->context, a->target, &spnego,
				    flags_wanted, 0, GSS_C_NO_CHANNEL_BINDINGS,
				    in.len ? &token : GSS_C_NO_BUFFER, NULL, &a->out,
				    NULL, NULL);
}

/* The KDC knows no such host and nobody has been asked to log us on yet: where there is a
 * password, NTLM may be tried, and that is still one login. */
static bool may_turn_to_ntlm(const struct auth *a, OM_uint32 minor)
{
	return !a->begun && !a->ntlm && a->provider->by_ntlm &&
	       minor == (OM_uint32)KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN;
}

static bool auth_step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	OM_uint32 minor, ignored, major = init_context(a, in, &minor);

	if (GSS_ERROR(major) && may_turn_to_ntlm(a, minor)) {
		gss_delete_sec_context(&ignored, &a->context, GSS_C_NO_BUFFER);
		use(a, true);
		major = init_context(a, in, &minor);
	}
	a->begun = true;
	if (GSS_ERROR(major)) {
		gss_fault(fault, a, major, minor);
		return false;
	}
	*out = (struct bytes){ a->out.value, a->out.length };
	*complete = !(major & GSS_S_CONTINUE_NEEDED);
	return true;
}

/* [MS-SMB2] 3.2.5.3.1: the mechanism's session key, whole. */
static bool auth_key(struct auth *a, struct session_key *key, struct fault *fault)
{
	gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
	OM_uint32 minor, major;
	bool good;

	major = gss_inquire_sec_context_by_oid(&minor, a->context, &inquire_session_key,
					       &set);
	if (GSS_ERROR(major)) {
		gss_fault(fault, a, major, minor);
		return false;
	}
	good = set->count >= 1 && set->elements[0].length > 0 &&
	       set->elements[0].length <= SESSION_KEY_MAX;
	if (good) {
		key->len = set->elements[0].length;
		memcpy(key->bytes, set->elements[0].value, key->len);
	} else {
		fault_set(fault, step_name, FAULT_LOCAL, CODE_NONE, 0,
			  "the security mechanism gave no usable session key");
	}
	if (set->count >= 1)
		explicit_bzero(set->elements[0].value, set->elements[0].length);
	gss_release_buffer_set(&minor, &set);
	return good;
}

static const char *auth_mechanism(const struct auth *a)
{
	return a->ntlm ? "ntlm" : "kerberos";
}

static void auth_end(struct auth *a)
{
	OM_uint32 ignored;

	if (!a)
		return;
	if (a->out.value)
		explicit_bzero(a->out.value, a->out.length);
	gss_release_buffer(&ignored, &a->out);
	gss_delete_sec_context(&ignored, &a->context, GSS_C_NO_BUFFER);
	gss_release_name(&ignored, &a->target);
	free(a);
}

/* ---- the credential ---- */

static void provider_free(struct provider *p)
{
	OM_uint32 ignored;

	if (!p)
		return;
	gss_release_cred(&ignored, &p->by_kerberos);
	gss_release_cred(&ignored, &p->by_ntlm);
	if (p->ccache)
		krb5_cc_destroy(p->krb5, p->ccache);
	if (p->krb5)
		krb5_free_context(p->krb5);
	free(p->identity);
	free(p);
}

static bool out_of_memory(struct fault *fault)
{
	fault_set(fault, step_name, FAULT_LOCAL, CODE_NONE, 0, "out of memory");
	return false;
}

static bool acquire_fault(struct fault *fault, bool ntlm, OM_uint32 major,
			  OM_uint32 minor)
{
	struct auth as = { .ntlm = ntlm };

	gss_fault(fault, &as, major, minor);
	return false;
}

/* SPNEGO over this credential offers `mechanism` and nothing else, so that a login is
 * never tried twice. */
static bool only(gss_cred_id_t cred, gss_OID mechanism, struct fault *fault)
{
	gss_OID_set_desc set = { 1, mechanism };
	OM_uint32 minor, major = gss_set_neg_mechs(&minor, cred, &set);

	return !GSS_ERROR(major) ||
	       acquire_fault(fault, mechanism == &ntlmssp, major, minor);
}

static bool acquire_ntlm(struct provider *p, const struct auth_gss_options *o,
			 struct fault *fault)
{
	gss_OID_set_desc set = { 1, &spnego };
	gss_buffer_desc name = { strlen(p->identity), p->identity };
	gss_buffer_desc password = { strlen(o->password),
				     (void *)(uintptr_t)o->password };
	gss_name_t user = GSS_C_NO_NAME;
	OM_uint32 minor, ignored, major;

	major = gss_import_name(&minor, &name, GSS_C_NT_USER_NAME, &user);
	if (!GSS_ERROR(major))
		major = gss_acquire_cred_with_password(&minor, user, &password, 0, &set,
						       GSS_C_INITIATE, &p->by_ntlm, NULL,
						       NULL);
	gss_release_name(&ignored, &user);
	if (GSS_ERROR(major))
		return acquire_fault(fault, true, major, minor);
	return only(p->by_ntlm, &ntlmssp, fault);
}

/* One AS exchange for the whole sweep; what it brings is kept in memory only. */
static bool get_initial_ticket(struct provider *p, const struct auth_gss_options *o,
			       struct fault *fault)
{
	krb5_principal principal = NULL;
	krb5_get_init_creds_opt *opt = NULL;
	krb5_keytab keytab = NULL;
	krb5_creds creds = { 0 };
	krb5_error_code e = krb5_parse_name(p->krb5, p->identity, &principal);

	if (!e)
		e = krb5_get_init_creds_opt_alloc(p->krb5, &opt);
	if (!e && o->keytab) {
		e = krb5_kt_resolve(p->krb5, o->keytab, &keytab);
		if (!e)
			e = krb5_get_init_creds_keytab(p->krb5, &creds, principal, keytab,
						       0, NULL, opt);
	} else if (!e) {
		e = krb5_get_init_creds_password(p->krb5, &creds, principal, o->password,
						 NULL, NULL, 0, NULL, opt);
	}
	if (!e)
		e = krb5_cc_new_unique(p->krb5, "MEMORY", NULL, &p->ccache);
	if (!e)
		e = krb5_cc_initialize(p->krb5, p->ccache, principal);
	if (!e)
		e = krb5_cc_store_cred(p->krb5, p->ccache, &creds);
	if (e)
		kerberos_fault(fault, p->krb5, e, "no ticket for the sweep");
	krb5_free_cred_contents(p->krb5, &creds);
	if (keytab)
		krb5_kt_close(p->krb5, keytab);
	krb5_get_init_creds_opt_free(p->krb5, opt);
	krb5_free_principal(p->krb5, principal);
	return !e;
}

static bool acquire_kerberos(struct provider *p, struct fault *fault)
{
	gss_OID_set_desc set = { 1, &spnego };
	gss_key_value_element_desc where = { "ccache", NULL };
	gss_key_value_set_desc store = { 1, &where };
	char *name = NULL;
	OM_uint32 minor, major;

	if (p->ccache && krb5_cc_get_full_name(p->krb5, p->ccache, &name))
		return out_of_memory(fault);
	where.value = name;
	major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, 0, &set, GSS_C_INITIATE,
				      name ? &store : GSS_C_NO_CRED_STORE,
				      &p->by_kerberos, NULL, NULL);
	krb5_free_string(p->krb5, name);
	if (GSS_ERROR(major))
		return acquire_fault(fault, false, major, minor);
	return only(p->by_kerberos, &kerberos, fault);
}

static bool set_identity(struct provider *p, const struct auth_gss_options *o,
			 struct fault *fault)
{
	char principal[256];
	int made = 0;

	if (o->user && o->realm)
		made = asprintf(&p->identity, "%s@%s", o->user, o->realm);
	else if (o->user)
		made = asprintf(&p->identity, "%s%s%s", o->domain ? o->domain : "",
				o->domain ? "\\" : "", o->user);
	else if (o->principal)
		p->identity = strdup(o->principal);
	else if (auth_gss_have_ccache(principal, sizeof principal))
		p->identity = strdup(principal);
	else
		p->identity = strdup("");
	if (made >= 0 && p->identity)
		return true;
	p->identity = NULL;
	return out_of_memory(fault);
}

/* USER@REALM: by Kerberos, and by NTLM where a host has no name or the realm no KDC.  A
 * KDC that refuses the password ends it: no second login is tried with it. */
static bool acquire_by_realm(struct provider *p, const struct auth_gss_options *o,
			     struct fault *fault)
{
	struct fault no_ticket = { 0 };

	if (get_initial_ticket(p, o, &no_ticket) && acquire_kerberos(p, &no_ticket))
		return o->no_ntlm || acquire_ntlm(p, o, fault);
	if (!o->no_ntlm && (no_ticket.code == (uint32_t)KRB5_KDC_UNREACH ||
			    no_ticket.code == (uint32_t)KRB5_REALM_UNKNOWN))
		return acquire_ntlm(p, o, fault);
	*fault = no_ticket;
	return false;
}

static bool acquire(struct provider *p, const struct auth_gss_options *o,
		    struct fault *fault)
{
	if (krb5_init_context(&p->krb5))
		return out_of_memory(fault);
	if (!set_identity(p, o, fault))
		return false;
	if (o->user && o->realm)
		return acquire_by_realm(p, o, fault);
	if (o->user && !o->no_ntlm)
		return acquire_ntlm(p, o, fault);
	if (o->user) {
		fault_set(fault, step_name, FAULT_KERBEROS, CODE_NONE, 0,
			  "Kerberos alone needs USER@REALM, and this is \"%s\"",
			  p->identity);
		return false;
	}
	if (o->keytab)
		return get_initial_ticket(p, o, fault) && acquire_kerberos(p, fault);
	if (!p->identity[0]) {
		fault_set(fault, step_name, FAULT_KERBEROS, CODE_NONE, 0,
			  "the ccache holds no usable ticket; run kinit");
		return false;
	}
	return acquire_kerberos(p, fault);
}

struct auth_provider *auth_gss_new(const struct auth_gss_options *options,
				   struct fault *fault)
{
	struct provider *p = calloc(1, sizeof *p);

	if (!p) {
		out_of_memory(fault);
		return NULL;
	}
	p->seam = (struct auth_provider){ auth_begin, auth_step, auth_key, auth_mechanism,
					  auth_end };
	if (!acquire(p, options, fault)) {
		provider_free(p);
		return NULL;
	}
	return &p->seam;
}

void auth_gss_free(struct auth_provider *p)
{
	provider_free((struct provider *)p);
}

const char *auth_gss_identity(const struct auth_provider *p)
{
	return ((const struct provider *)p)->identity;
}

/* ---- the process ---- */

bool auth_gss_have_ccache(char *principal, size_t size)
{
	OM_uint32 minor, ignored, lifetime = 0;
	gss_OID_set_desc set = { 1, &kerberos };
	gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
	gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
	gss_name_t name = GSS_C_NO_NAME;
	bool have = false;

	if (!GSS_ERROR(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &set, GSS_C_INITIATE,
					&cred, NULL, NULL)) &&
	    !GSS_ERROR(gss_inquire_cred(&minor, cred, &name, &lifetime, NULL, NULL)) &&
	    lifetime > 0 && !GSS_ERROR(gss_display_name(&minor, name, &text, NULL))) {
		snprintf(principal, size, "%.*s", (int)text.length,
			 (const char *)text.value);
		have = true;
	}
	gss_release_buffer(&ignored, &text);
	gss_release_name(&ignored, &name);
	gss_release_cred(&ignored, &cred);
	return have;
}

void auth_gss_prepare_process(void)
{
	char name[64] = "";

	if (gethostname(name, sizeof name - 1) != 0 || !name[0])
		snprintf(name, sizeof name, "lsasweep");
	name[strcspn(name, ".")] = 0;
	setenv("NETBIOS_COMPUTER_NAME", name, 0);
	setenv("NETBIOS_DOMAIN_NAME", "", 0);
}
