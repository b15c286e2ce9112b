/* SPDX-License-Identifier: Apache-2.0 */
/* One Kerberos login in SPNEGO through GSSAPI, with a ticket that is at hand. */
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/auth/auth_gss_internal.h"
#include "rpc/auth/kerberos_message.h"

static const char step_name[] = "authenticate";

gss_OID_desc auth_spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
gss_OID_desc auth_kerberos = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
/* 1.2.840.113554.1.2.2.5.5, the session key of a complete context */
static gss_OID_desc inquire_session_key = {
	11, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05"
};

/* No delegation: a scanned host never gets a ticket it could use elsewhere. */
static const OM_uint32 flags_sealing = GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG |
				       GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG |
				       GSS_C_SEQUENCE_FLAG;

struct kerberos_login {
	struct auth base;
	gss_ctx_id_t context;
	OM_uint32 flags;      /* asked for */
	struct bytes channel; /* borrowed */
	struct ticket ticket;
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

static enum fault_reason major_reason(OM_uint32 major)
{
	switch (GSS_ROUTINE_ERROR(major)) {
	case GSS_S_BAD_SIG:
		return REASON_BAD_TOKEN_SIGNATURE;
	case GSS_S_DEFECTIVE_TOKEN:
	case GSS_S_BAD_MECH:
		return REASON_MALFORMED_TOKEN;
	default:
		return REASON_KERBEROS_FAILED;
	}
}

void gss_fault(struct fault *fault, OM_uint32 major, OM_uint32 minor)
{
	char general[80], special[96];

	status_text(major, GSS_C_GSS_CODE, GSS_C_NO_OID, general, sizeof general);
	status_text(minor, GSS_C_MECH_CODE, &auth_kerberos, special, sizeof special);
	/* "Unspecified GSS failure" says less than nothing beside the true reason. */
	if (special[0] && GSS_ROUTINE_ERROR(major) == GSS_S_FAILURE)
		general[0] = 0;
	fault_set_words(fault, step_name, major_reason(major), CODE_GSS,
			minor ? minor : major, "%s%s%s", general,
			general[0] && special[0] ? ": " : "", special);
}

/* ---- one login ---- */

static bool gss_step(struct kerberos_login *l, gss_buffer_t in, bool *complete,
		     struct fault *fault)
{
	struct gss_channel_bindings_struct channel = {
		.application_data = { l->channel.len, (void *)(uintptr_t)l->channel.at },
	};
	OM_uint32 minor, ignored, major;

	gss_release_buffer(&ignored, &l->out);
	major = gss_init_sec_context(
		&minor, l->ticket.credential, &l->context, l->ticket.target, &auth_spnego,
		l->flags, 0, l->channel.len ? &channel : GSS_C_NO_CHANNEL_BINDINGS, in,
		NULL, &l->out, NULL, NULL);
	*complete = !(major & GSS_S_CONTINUE_NEEDED);
	if (GSS_ERROR(major))
		gss_fault(fault, major, minor);
	return !GSS_ERROR(major);
}

static bool kerberos_step(struct auth *a, struct bytes in, struct bytes *out,
			  bool *complete, struct fault *fault)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };

	/* MIT krb5 reads what is not there when a later step gets no token. */
	if (l->context && !in.len) {
		fault_set_words(fault, step_name, REASON_MALFORMED_TOKEN, CODE_NONE, 0,
				"the host gave no security token where one is due");
		return false;
	}
	if (l->context && !spnego_answer_is_whole(in)) {
		fault_set(fault, step_name, REASON_MALFORMED_TOKEN, CODE_NONE, 0);
		return false;
	}
	if (!gss_step(l, l->context ? &token : GSS_C_NO_BUFFER, complete, fault))
		return false;
	*out = (struct bytes){ l->out.value, l->out.length };
	return true;
}

/* [MS-SMB2] 3.2.5.3.1: the mechanism's session key, whole. */
static bool kerberos_key(struct auth *a, struct session_key *key, struct fault *fault)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
	OM_uint32 minor, major;
	bool good;

	major = gss_inquire_sec_context_by_oid(&minor, l->context, &inquire_session_key,
					       &set);
	if (GSS_ERROR(major)) {
		gss_fault(fault, major, minor);
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

static void kerberos_end(struct auth *a)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	OM_uint32 ignored;

	if (l->out.value)
		explicit_bzero(l->out.value, l->out.length);
	gss_release_buffer(&ignored, &l->out);
	gss_delete_sec_context(&ignored, &l->context, GSS_C_NO_BUFFER);
	ticket_free(&l->ticket);
	free(l);
}

/* ---- what follows a login at an LDAP server ---- */

static bool kerberos_seals(struct auth *a)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	OM_uint32 minor, flags = 0;

	return !GSS_ERROR(gss_inquire_context(&minor, l->context, NULL, NULL, NULL, NULL,
					      &flags, NULL, NULL)) &&
	       flags & GSS_C_CONF_FLAG;
}

static bool kerberos_seal(struct auth *a, struct bytes in, struct bytes *out,
			  struct fault *fault)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	gss_buffer_desc plain = { in.len, (void *)(uintptr_t)in.at };
	OM_uint32 minor, ignored, major;
	int sealed = 0;

	gss_release_buffer(&ignored, &l->out);
	major = gss_wrap(&minor, l->context, 1, GSS_C_QOP_DEFAULT, &plain, &sealed,
			 &l->out);
	if (GSS_ERROR(major))
		gss_fault(fault, major, minor);
	else if (!sealed)
		fault_set_words(fault, step_name, REASON_NO_ENCRYPTION, CODE_NONE, 0,
				"the security mechanism does not encrypt");
	*out = (struct bytes){ l->out.value, l->out.length };
	return !GSS_ERROR(major) && sealed;
}

static bool kerberos_unseal(struct auth *a, struct bytes in, struct bytes *out,
			    struct fault *fault)
{
	struct kerberos_login *l = (struct kerberos_login *)a;
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };
	OM_uint32 minor, ignored, major;
	int sealed = 0;

	gss_release_buffer(&ignored, &l->out);
	/* A token that is old, repeated or out of order is no error to GSSAPI. */
	major = gss_unwrap(&minor, l->context, &token, &l->out, &sealed, NULL);
	if (major != GSS_S_COMPLETE || !sealed)
		auth_unseal_fault(fault);
	*out = (struct bytes){ l->out.value, l->out.length };
	return major == GSS_S_COMPLETE && sealed;
}

static const struct auth_methods kerberos_methods = { .mechanism = AUTH_KERBEROS,
						      .step = kerberos_step,
						      .key = kerberos_key,
						      .end = kerberos_end,
						      .seals = kerberos_seals,
						      .seal = kerberos_seal,
						      .unseal = kerberos_unseal };

/* Inside of TLS a server refuses a login that asks for signing ([MS-ADTS] 5.1.2.1), as
 * SPNEGO and Kerberos do unless they are told not to. */
static bool ask_no_protection(struct ticket *t, struct fault *fault)
{
	gss_buffer_desc none = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor, major;

	major = gss_set_cred_option(&minor, &t->credential,
				    (gss_OID)GSS_KRB5_CRED_NO_CI_FLAGS_X, &none);
	if (GSS_ERROR(major))
		gss_fault(fault, major, minor);
	return !GSS_ERROR(major);
}

struct auth *kerberos_login_begin(const struct kerberos *k, const char *host,
				  const struct auth_purpose *purpose, struct fault *fault)
{
	struct kerberos_login *l = calloc(1, sizeof *l);

	if (!l) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	l->base.methods = &kerberos_methods;
	l->channel = purpose->channel;
	l->flags = purpose->channel.len ? GSS_C_MUTUAL_FLAG : flags_sealing;
	if (!ticket_get(k, purpose->service, host, &l->ticket, fault)) {
		free(l);
		return NULL;
	}
	if (!purpose->channel.len || ask_no_protection(&l->ticket, fault))
		return &l->base;
	kerberos_end(&l->base);
	return NULL;
}
