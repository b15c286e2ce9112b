/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/auth/auth_gss.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rpc/auth/auth_gss_internal.h"

static const char step_name[] = "authenticate";

gss_OID_desc auth_spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
gss_OID_desc auth_kerberos = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
gss_OID_desc auth_ntlmssp = { 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a" };
/* 1.2.840.113554.1.2.2.5.5, the session key of a complete context */
static gss_OID_desc inquire_session_key = {
	11, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05"
};

/* 1.3.6.1.4.1.7165.655.1.2, SPNEGO's question whether NTLM makes a checksum */
static gss_OID_desc inquire_checksum = { 11,
					 "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02" };

/* No delegation: a scanned host never gets a ticket it could use elsewhere. */
static const OM_uint32 flags_wanted = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG |
				      GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG |
				      GSS_C_SEQUENCE_FLAG;

struct provider {
	struct auth_provider seam;
	struct kerberos *kerberos; /* NULL: NTLM alone */
	gss_cred_id_t ntlm;        /* none: Kerberos alone */
	gss_buffer_desc opening;   /* of NTLM, where it is the only mechanism */
	char *identity;
};

struct auth {
	gss_ctx_id_t context;
	const char *service;     /* static: "cifs" or "ldap" */
	OM_uint32 flags;         /* asked for */
	struct bytes channel;    /* borrowed; empty: no binding to a TLS channel */
	struct ticket ticket;    /* empty with NTLM */
	gss_name_t ntlm_target;  /* none with Kerberos */
	gss_cred_id_t ntlm_cred; /* the provider's */
	gss_buffer_desc out;
};

/* ---- why it failed ---- */

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

static enum fault_reason major_reason(OM_uint32 major, bool ntlm)
{
	switch (GSS_ROUTINE_ERROR(major)) {
	case GSS_S_BAD_SIG:
		return REASON_BAD_TOKEN_SIGNATURE;
	case GSS_S_DEFECTIVE_TOKEN:
	case GSS_S_BAD_MECH:
		return REASON_MALFORMED_TOKEN;
	default:
		return ntlm ? REASON_NTLM_FAILED : REASON_KERBEROS_FAILED;
	}
}

void gss_fault(struct fault *fault, gss_OID mechanism, OM_uint32 major, OM_uint32 minor)
{
	bool ntlm = mechanism == &auth_ntlmssp;
	char general[80], special[96];

	if (ntlm && GSS_ROUTINE_ERROR(major) == GSS_S_CONTEXT_EXPIRED) {
		fault_set(fault, step_name, REASON_HOST_CLOCK_BEHIND, CODE_GSS, major);
		return;
	}
	status_text(major, GSS_C_GSS_CODE, GSS_C_NO_OID, general, sizeof general);
	status_text(minor, GSS_C_MECH_CODE, mechanism, special, sizeof special);
	/* "Unspecified GSS failure" says less than nothing beside the true reason. */
	if (special[0] && GSS_ROUTINE_ERROR(major) == GSS_S_FAILURE)
		general[0] = 0;
	fault_set_words(fault, step_name, major_reason(major, ntlm), CODE_GSS,
			minor ? minor : major, "%s%s%s", general,
			general[0] && special[0] ? ": " : "", special);
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

static bool is_ntlm(const struct auth *a)
{
	return a->ntlm_target != GSS_C_NO_NAME;
}

static gss_OID mechanism_of(const struct auth *a)
{
	return is_ntlm(a) ? &auth_ntlmssp : &auth_kerberos;
}

/* gss-ntlmssp makes the checksum over the whole logon ([MS-NLMP] 3.1.5.1.2) only for who
 * asked for it before the last message: otherwise below SMB 3.1.1 the host's challenge
 * could be altered on the way. */
static bool want_checksum(struct auth *a, struct fault *fault)
{
	gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
	OM_uint32 minor, ignored, major;

	major = gss_inquire_sec_context_by_oid(&minor, a->context, &inquire_checksum,
					       &set);
	gss_release_buffer_set(&ignored, &set);
	if (GSS_ERROR(major))
		gss_fault(fault, &auth_ntlmssp, major, minor);
	return !GSS_ERROR(major);
}

/* NTLM goes bare, as hosts take it, too ([MS-SMB2] 3.3.5.5): alone in SPNEGO it would
 * gain a wrapping and two checksums over a list of one, and the signed end of the logon
 * proves more.  Kerberos is wrapped. */
static bool gss_step(struct auth *a, gss_buffer_t in, struct fault *fault, bool *complete)
{
	OM_uint32 minor, ignored, major;
	bool ntlm = is_ntlm(a);
	struct gss_channel_bindings_struct channel = {
		.application_data = { a->channel.len, (void *)(uintptr_t)a->channel.at },
	};

	gss_release_buffer(&ignored, &a->out);
	major = gss_init_sec_context(
		&minor, ntlm ? a->ntlm_cred : a->ticket.credential, &a->context,
		ntlm ? a->ntlm_target : a->ticket.target,
		ntlm ? &auth_ntlmssp : &auth_spnego, a->flags, 0,
		a->channel.len ? &channel : GSS_C_NO_CHANNEL_BINDINGS, in, NULL, &a->out,
		NULL, NULL);
	*complete = !(major & GSS_S_CONTINUE_NEEDED);
	if (GSS_ERROR(major))
		gss_fault(fault, mechanism_of(a), major, minor);
	return !GSS_ERROR(major) && (*complete || !ntlm || want_checksum(a, fault));
}

static bool start_ntlm(struct auth *a, const struct provider *p, const char *host,
		       struct fault *fault)
{
	char service[5 + 256];
	int len = snprintf(service, sizeof service, "%s@%s", a->service, host);
	gss_buffer_desc text = { (size_t)len, service };
	OM_uint32 minor, major;

	if (len < 0 || (size_t)len >= sizeof service) {
		fault_set(fault, step_name, REASON_BAD_SERVER_NAME, CODE_NONE, 0);
		return false;
	}
	a->ntlm_cred = p->ntlm;
	major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE,
				&a->ntlm_target);
	if (GSS_ERROR(major))
		gss_fault(fault, &auth_ntlmssp, major, minor);
	return !GSS_ERROR(major);
}

/* The mechanism is chosen here, before anything is sent to the host, and never again.
 * Where the KDC knows no such host and there is a password, NTLM is the one login. */
static bool start(struct auth *a, const struct provider *p, const char *host,
		  struct fault *fault)
{
	struct fault why = { 0 };

	if (!p->kerberos || (p->ntlm && is_address(host)))
		return start_ntlm(a, p, host, fault);
	if (is_address(host)) {
		fault_set(fault, step_name, REASON_TARGET_IS_ADDRESS, CODE_NONE, 0);
		return false;
	}
	if (ticket_get(p->kerberos, a->service, host, &a->ticket, &why))
		return true;
	if (p->ntlm && ticket_host_is_unknown(&why))
		return start_ntlm(a, p, host, fault);
	*fault = why;
	return false;
}

/* What was sent ahead is what this login would have sent: its checksum covers it. */
static bool catch_up(struct auth *a, const struct provider *p, struct fault *fault)
{
	bool complete;

	if (!gss_step(a, GSS_C_NO_BUFFER, fault, &complete))
		return false;
	if (!complete && a->out.length == p->opening.length &&
	    memcmp(a->out.value, p->opening.value, a->out.length) == 0)
		return true;
	fault_set_words(fault, step_name, REASON_MECHANISM_FAILED, CODE_NONE, 0,
			"the security mechanism's first message has changed");
	return false;
}

static void auth_end(struct auth *a);

static struct auth *auth_begin(const struct auth_provider *seam, const char *host,
			       struct fault *fault)
{
	const struct provider *p = (const struct provider *)seam;
	struct auth *a = calloc(1, sizeof *a);

	if (!a) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	a->service = "cifs";
	a->flags = flags_wanted;
	if (start(a, p, host, fault) && (!p->opening.length || catch_up(a, p, fault)))
		return a;
	auth_end(a);
	return NULL;
}

struct auth *auth_gss_begin_ldap(const struct auth_provider *seam, const char *host,
				 struct bytes channel, struct fault *fault)
{
	struct auth *a = calloc(1, sizeof *a);

	if (!a) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	a->service = "ldap";
	a->flags = channel.len ? GSS_C_MUTUAL_FLAG : flags_wanted;
	a->channel = channel;
	if (start(a, (const struct provider *)seam, host, fault))
		return a;
	auth_end(a);
	return NULL;
}

static bool auth_step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };

	/* MIT krb5 reads what is not there when a later step gets no token. */
	if (a->context && !in.len) {
		fault_set_words(fault, step_name, REASON_MALFORMED_TOKEN, CODE_NONE, 0,
				"the host sent no security token where one is due");
		return false;
	}
	if (!gss_step(a, a->context ? &token : GSS_C_NO_BUFFER, fault, complete))
		return false;
	*out = (struct bytes){ a->out.value, a->out.length };
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
		gss_fault(fault, mechanism_of(a), major, minor);
		return false;
	}
	good = set->count >= 1 && set->elements[0].length > 0 &&
	       set->elements[0].length <= SESSION_KEY_MAX;
	if (good) {
		key->len = set->elements[0].length;
		memcpy(key->bytes, set->elements[0].value, key->len);
	} else {
		fault_set_words(fault, step_name, REASON_MECHANISM_FAILED, CODE_NONE, 0,
				"the security mechanism gave no usable session key");
	}
	if (set->count >= 1)
		explicit_bzero(set->elements[0].value, set->elements[0].length);
	gss_release_buffer_set(&minor, &set);
	return good;
}

/* ---- what follows a login at an LDAP server ---- */

bool auth_gss_seals(struct auth *a)
{
	OM_uint32 minor, flags = 0;

	return !GSS_ERROR(gss_inquire_context(&minor, a->context, NULL, NULL, NULL, NULL,
					      &flags, NULL, NULL)) &&
	       flags & GSS_C_CONF_FLAG;
}

bool auth_gss_seal(struct auth *a, struct bytes in, struct bytes *out,
		   struct fault *fault)
{
	gss_buffer_desc plain = { in.len, (void *)(uintptr_t)in.at };
	OM_uint32 minor, ignored, major;
	int sealed = 0;

	gss_release_buffer(&ignored, &a->out);
	major = gss_wrap(&minor, a->context, 1, GSS_C_QOP_DEFAULT, &plain, &sealed,
			 &a->out);
	if (GSS_ERROR(major))
		gss_fault(fault, mechanism_of(a), major, minor);
	else if (!sealed)
		fault_set_words(fault, step_name, REASON_NO_CIPHER, CODE_NONE, 0,
				"the security mechanism does not encrypt");
	*out = (struct bytes){ a->out.value, a->out.length };
	return !GSS_ERROR(major) && sealed;
}

bool auth_gss_unseal(struct auth *a, struct bytes in, struct bytes *out,
		     struct fault *fault)
{
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };
	OM_uint32 minor, ignored, major;
	int sealed = 0;

	gss_release_buffer(&ignored, &a->out);
	major = gss_unwrap(&minor, a->context, &token, &a->out, &sealed, NULL);
	if (GSS_ERROR(major) || !sealed)
		fault_set_words(fault, "protect", REASON_ALTERED_ENCRYPTION, CODE_NONE, 0,
				"an answer was not encrypted, or was altered on the way");
	*out = (struct bytes){ a->out.value, a->out.length };
	return !GSS_ERROR(major) && sealed;
}

static const char *auth_mechanism(const struct auth *a)
{
	return is_ntlm(a) ? "ntlm" : "kerberos";
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
	gss_release_name(&ignored, &a->ntlm_target);
	ticket_free(&a->ticket);
	free(a);
}

/* ---- the credential ---- */

static bool acquire_ntlm(struct provider *p, const struct auth_gss_options *o,
			 struct fault *fault)
{
	gss_OID_set_desc set = { 1, &auth_ntlmssp };
	gss_buffer_desc name = { strlen(p->identity), p->identity };
	gss_buffer_desc password = { strlen(o->password),
				     (void *)(uintptr_t)o->password };
	gss_name_t user = GSS_C_NO_NAME;
	OM_uint32 minor, ignored, major;

	major = gss_import_name(&minor, &name, GSS_C_NT_USER_NAME, &user);
	if (!GSS_ERROR(major))
		major = gss_acquire_cred_with_password(&minor, user, &password, 0, &set,
						       GSS_C_INITIATE, &p->ntlm, NULL,
						       NULL);
	gss_release_name(&ignored, &user);
	if (GSS_ERROR(major))
		gss_fault(fault, &auth_ntlmssp, major, minor);
	return !GSS_ERROR(major);
}

/* NTLM's first message names us and no host. */
static bool make_opening(struct provider *p, struct fault *fault)
{
	struct auth a = { .service = "cifs", .flags = flags_wanted };
	OM_uint32 ignored;
	bool complete, made = start_ntlm(&a, p, "localhost", fault) &&
			      gss_step(&a, GSS_C_NO_BUFFER, fault, &complete);

	if (made) {
		p->opening = a.out;
		p->seam.opening = (struct bytes){ a.out.value, a.out.length };
	} else {
		gss_release_buffer(&ignored, &a.out);
	}
	gss_delete_sec_context(&ignored, &a.context, GSS_C_NO_BUFFER);
	gss_release_name(&ignored, &a.ntlm_target);
	return made;
}

static bool set_identity(struct provider *p, const struct auth_gss_options *o,
			 struct fault *fault)
{
	int made = 0;

	if (p->kerberos)
		p->identity = strdup(kerberos_identity(p->kerberos));
	else if (o->realm)
		made = asprintf(&p->identity, "%s@%s", o->user, o->realm);
	else
		made = asprintf(&p->identity, "%s%s%s", o->domain ? o->domain : "",
				o->domain ? "\\" : "", o->user);
	if (made >= 0 && p->identity)
		return true;
	p->identity = NULL;
	fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
	return false;
}

/* A KDC that refuses the password ends it: no second login is tried with it.  Where no
 * KDC could be asked nothing was refused, and NTLM is left. */
static bool ntlm_is_left(const struct auth_gss_options *o, const struct fault *why)
{
	return o->user && !o->no_ntlm &&
	       (why->reason == REASON_NO_KDC_ANSWERED ||
		why->reason == REASON_REALM_UNKNOWN);
}

/* What the user gave decides: USER@REALM is Kerberos, and NTLM where a host is an address
 * or unknown to the KDC; DOMAIN\USER is NTLM; a ccache or a keytab is Kerberos. */
static bool acquire(struct provider *p, const struct auth_gss_options *o,
		    struct fault *fault)
{
	struct fault why = { 0 };

	if (o->user && !o->password) {
		fault_set_words(fault, step_name, REASON_NO_PASSWORD, CODE_NONE, 0,
				"there is no password for \"%s\"", o->user);
		return false;
	}
	if (o->user && !o->realm && o->no_ntlm) {
		fault_set_words(fault, step_name, REASON_REALM_MISSING, CODE_NONE, 0,
				"Kerberos alone needs USER@REALM, and this is \"%s%s%s\"",
				o->domain ? o->domain : "", o->domain ? "\\" : "",
				o->user);
		return false;
	}
	if (!o->user || o->realm)
		p->kerberos = kerberos_new(o, &why);
	if (why.kind != FAULT_NONE && !ntlm_is_left(o, &why)) {
		*fault = why;
		return false;
	}
	if (!set_identity(p, o, fault))
		return false;
	if (!o->user || o->no_ntlm)
		return true;
	return acquire_ntlm(p, o, fault) && (p->kerberos || make_opening(p, fault));
}

enum { STACK_OF_MECHANISMS = 64 * 1024 };

/* gss-ntlmssp makes its hash from a copy of the password on the stack, and leaves it. */
static __attribute__((noinline)) void wipe_stack(void)
{
	char left[STACK_OF_MECHANISMS];

	explicit_bzero(left, sizeof left);
}

struct auth_provider *auth_gss_new(const struct auth_gss_options *options,
				   struct fault *fault)
{
	struct provider *p = calloc(1, sizeof *p);
	bool good;

	if (!p) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	p->seam = (struct auth_provider){ .begin = auth_begin,
					  .step = auth_step,
					  .key = auth_key,
					  .mechanism = auth_mechanism,
					  .end = auth_end };
	good = acquire(p, options, fault);
	wipe_stack();
	if (!good) {
		auth_gss_free(&p->seam);
		return NULL;
	}
	return &p->seam;
}

void auth_gss_free(struct auth_provider *seam)
{
	struct provider *p = (struct provider *)seam;
	OM_uint32 ignored;

	if (!p)
		return;
	kerberos_free(p->kerberos);
	gss_release_cred(&ignored, &p->ntlm);
	gss_release_buffer(&ignored, &p->opening);
	free(p->identity);
	free(p);
}

const char *auth_gss_identity(const struct auth_provider *p)
{
	return ((const struct provider *)p)->identity;
}

/* ---- the process ---- */

void auth_gss_prepare_process(void)
{
	char name[64] = "";

	if (gethostname(name, sizeof name - 1) != 0 || !name[0])
		snprintf(name, sizeof name, "lsasweep");
	name[strcspn(name, ".")] = 0;
	setenv("NETBIOS_COMPUTER_NAME", name, 0);
	setenv("NETBIOS_DOMAIN_NAME", "", 0);
	/* Below 3 gss-ntlmssp would send NTLMv1 and LM answers. */
	setenv("LM_COMPAT_LEVEL", "5", 1);
}
