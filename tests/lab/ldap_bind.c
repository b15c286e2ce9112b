/* SPDX-License-Identifier: Apache-2.0 */
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_krb5.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/ber.h"
#include "tests/lab/ldap.h"
#include "tests/lab/spnego.h"
#include "tests/lab/stats.h"
#include "tests/lab/status.h"

enum {
	BIND_RESPONSE = 0x61,
	SIMPLE = 0x80,
	SASL_CREDENTIALS = 0xa3,
	SERVER_CREDENTIALS = 0x87,
	TOKEN_MAX = 64 << 10,
};

/* RFC 4752 3.1 */
enum { LAYER_NONE = 1, LAYER_INTEGRITY = 2, LAYER_CONFIDENTIALITY = 4 };

enum stage { STAGE_TOKENS, STAGE_OFFER_LAYER, STAGE_LAYER };

struct ldap_bind {
	bool gssapi; /* not GSS-SPNEGO */
	enum stage stage;
	struct spnego spnego;
	struct ntlm ntlm;
	bool challenged;
	gss_ctx_id_t context;
	struct wire_out token; /* what the client gets */
};

void ldap_bind_end(struct ldap *l)
{
	OM_uint32 minor;

	if (!l->bind)
		return;
	if (l->bind->context)
		gss_delete_sec_context(&minor, &l->bind->context, GSS_C_NO_BUFFER);
	ntlm_end(&l->bind->ntlm);
	wire_drop(&l->bind->token);
	free(l->bind);
	l->bind = NULL;
}

static void begin(struct ldap *l, bool gssapi)
{
	l->bind = calloc(1, sizeof(*l->bind));
	if (!l->bind)
		abort();
	l->bind->gssapi = gssapi;
	l->bind->token = wire_out(TOKEN_MAX);
	ntlm_begin(&l->bind->ntlm);
}

/* ---- NTLM ---- */

static const char *data_of(uint32_t status)
{
	static const struct {
		uint32_t status;
		enum ldap_fault says;
	} known[] = {
		{ STATUS_ACCOUNT_DISABLED, LDAP_DATA_533 },
		{ STATUS_PASSWORD_EXPIRED, LDAP_DATA_532 },
		{ STATUS_PASSWORD_MUST_CHANGE, LDAP_DATA_773 },
		{ STATUS_ACCOUNT_LOCKED_OUT, LDAP_DATA_775 },
		{ STATUS_LOGON_TYPE_NOT_GRANTED, LDAP_DATA_534 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return ldap_fault_text(known[i].says);
	return ldap_fault_text(LDAP_DATA_52E);
}

static int challenge(struct ldap *l, struct bytes inner)
{
	struct ldap_bind *b = l->bind;
	struct wire_out message = wire_out(4096);
	bool ntlm = inner.len >= 8 && memcmp(inner.at, "NTLMSSP", 8) == 0;
	struct bytes none = { NULL, 0 };

	if (ntlm && !ntlm_challenge(&b->ntlm, l->host, inner, &message)) {
		wire_drop(&message);
		return LDAP_INVALID_CREDENTIALS;
	}
	/* NegotiateFlags stand at 20; SEAL is 0x20 ([MS-NLMP] 2.2.1.2). */
	if (ntlm && l->fault == LDAP_NO_SEAL) {
		message.at[20] &= (uint8_t)~0x20u;
		b->ntlm.messages.at[inner.len + 20] &= (uint8_t)~0x20u;
	}
	b->challenged = ntlm;
	spnego_put(&b->spnego, &b->token, SPNEGO_INCOMPLETE, wire_written(&message),
		   none);
	wire_drop(&message);
	return LDAP_SASL_IN_PROGRESS;
}

/* The client vouches for the mechanisms it offered; so do we. */
static bool check_mech_list(struct ldap_bind *b, const uint8_t key[static 16],
			    struct bytes mic, uint8_t ours[static 16])
{
	struct bytes list = { b->spnego.mechanisms, b->spnego.mechanisms_len };
	uint8_t right[16];

	ntlm_mic(&b->ntlm, key, false, list, right);
	ntlm_mic(&b->ntlm, key, true, list, ours);
	if (mic.len == 16 && memcmp(right, mic.at, 16) == 0)
		return true;
	stats.mech_list_mic_wrong++;
	return false;
}

static int authenticate(struct ldap *l, struct bytes inner, struct bytes mic,
			const char **text)
{
	struct ldap_bind *b = l->bind;
	struct bytes vouched = { NULL, 0 }, none = { NULL, 0 };
	uint8_t key[16], ours[16];
	uint32_t status = ntlm_authenticate(&b->ntlm, inner, key);

	if (status || (mic.len && !check_mech_list(b, key, mic, ours))) {
		*text = data_of(status);
		return LDAP_INVALID_CREDENTIALS;
	}
	if (!ntlm_seals(&b->ntlm)) {
		*text = ldap_fault_text(LDAP_STRONG_AUTH);
		return LDAP_STRONG_AUTH_REQUIRED;
	}
	if (mic.len)
		vouched = (struct bytes){ ours, 16 };
	spnego_put(&b->spnego, &b->token, SPNEGO_COMPLETED, none, vouched);
	ldap_seal_ntlm(&l->seal, &b->ntlm, key, mic.len ? 1 : 0);
	return LDAP_SUCCESS;
}

/* ---- Kerberos ---- */

/* One round of the acceptor, whose keytab is KRB5_KTNAME. */
static int accept_token(struct ldap *l, struct bytes in, const char **text)
{
	struct ldap_bind *b = l->bind;
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };
	gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor, ignored, flags = 0;
	OM_uint32 major = gss_accept_sec_context(&minor, &b->context, GSS_C_NO_CREDENTIAL,
						 &token, GSS_C_NO_CHANNEL_BINDINGS, NULL,
						 NULL, &answer, &flags, NULL, NULL);

	put_bytes(&b->token, answer.value, answer.length);
	gss_release_buffer(&ignored, &answer);
	if (GSS_ERROR(major)) {
		stats.kerberos_refused++;
		*text = ldap_fault_text(LDAP_DATA_52E);
		return LDAP_INVALID_CREDENTIALS;
	}
	if (major & GSS_S_CONTINUE_NEEDED)
		return LDAP_SASL_IN_PROGRESS;
	if (b->gssapi) {
		b->stage = STAGE_OFFER_LAYER;
		return LDAP_SASL_IN_PROGRESS;
	}
	if (!(flags & GSS_C_CONF_FLAG)) {
		*text = ldap_fault_text(LDAP_STRONG_AUTH);
		return LDAP_STRONG_AUTH_REQUIRED;
	}
	stats.kerberos_accepted++;
	ldap_seal_kerberos(&l->seal, b->context);
	b->context = GSS_C_NO_CONTEXT;
	return LDAP_SUCCESS;
}

/* Which layers there are (all; two of them are refused afterwards), and the largest
 * buffer: 16 MiB - 1. */
static int offer_layer(struct ldap_bind *b)
{
	uint8_t layers[4] = { LAYER_NONE | LAYER_INTEGRITY | LAYER_CONFIDENTIALITY, 0xff,
			      0xff, 0xff };
	gss_buffer_desc in = { sizeof(layers), layers }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;

	if (GSS_ERROR(
		    gss_wrap(&minor, b->context, 0, GSS_C_QOP_DEFAULT, &in, NULL, &out)))
		return LDAP_INVALID_CREDENTIALS;
	put_bytes(&b->token, out.value, out.length);
	gss_release_buffer(&minor, &out);
	b->stage = STAGE_LAYER;
	return LDAP_SASL_IN_PROGRESS;
}

static int take_layer(struct ldap *l, struct bytes in, const char **text)
{
	struct ldap_bind *b = l->bind;
	gss_buffer_desc token = { in.len, (void *)(uintptr_t)in.at };
	gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	uint8_t chosen;

	if (GSS_ERROR(gss_unwrap(&minor, b->context, &token, &out, NULL, NULL)) ||
	    out.length < 4) {
		gss_release_buffer(&minor, &out);
		return LDAP_INVALID_CREDENTIALS;
	}
	chosen = *(const uint8_t *)out.value;
	gss_release_buffer(&minor, &out);
	if (chosen != LAYER_CONFIDENTIALITY) {
		*text = ldap_fault_text(LDAP_STRONG_AUTH);
		return LDAP_STRONG_AUTH_REQUIRED;
	}
	stats.kerberos_accepted++;
	ldap_seal_kerberos(&l->seal, b->context);
	b->context = GSS_C_NO_CONTEXT;
	return LDAP_SUCCESS;
}

/* ---- a round ---- */

static int gssapi_round(struct ldap *l, struct bytes token, const char **text)
{
	switch (l->bind->stage) {
	case STAGE_TOKENS:
		return accept_token(l, token, text);
	case STAGE_OFFER_LAYER:
		return offer_layer(l->bind);
	case STAGE_LAYER:
		return take_layer(l, token, text);
	}
	return LDAP_OPERATIONS_ERROR;
}

static int spnego_round(struct ldap *l, struct bytes token, const char **text)
{
	struct ldap_bind *b = l->bind;
	struct bytes inner, mic;
	bool kerberos;

	if (b->context)
		return accept_token(l, token, text);
	if (!spnego_get(&b->spnego, token, &inner, &mic))
		return LDAP_INVALID_CREDENTIALS;
	kerberos = inner.len > 8 && memcmp(inner.at, "NTLMSSP", 8) != 0;
	if (kerberos && getenv("KRB5_KTNAME"))
		return accept_token(l, token, text);
	if (b->challenged)
		return authenticate(l, inner, mic, text);
	return challenge(l, inner);
}

static void answer(struct ldap *l, int code, const char *text, struct wire_out *out)
{
	struct bytes token = wire_written(&l->bind->token);
	size_t message = ldap_open_message(l, out), body = ber_open(out, BIND_RESPONSE);

	ldap_put_result(out, code, text);
	if (token.len && l->armed != LDAP_NO_TOKEN && code != LDAP_INVALID_CREDENTIALS)
		ber_put_octets(out, SERVER_CREDENTIALS, token);
	ber_close(out, body);
	ldap_close_message(out, message);
}

/* What the fault makes of a verdict. */
static int twist(const struct ldap *l, int code, const char **text)
{
	if (ldap_fault_result(l->armed)) {
		*text = ldap_fault_text(l->armed);
		return ldap_fault_result(l->armed);
	}
	if (l->armed == LDAP_NO_DATA) {
		*text = "";
		return LDAP_INVALID_CREDENTIALS;
	}
	if (l->armed == LDAP_EARLY_SUCCESS)
		return LDAP_SUCCESS;
	if (l->armed == LDAP_ENDLESS_BIND)
		return LDAP_SASL_IN_PROGRESS;
	return code;
}

static bool hear_sasl(struct ldap *l, struct bytes mechanism, struct bytes token,
		      struct wire_out *out)
{
	bool gssapi = mechanism.len == 6 && memcmp(mechanism.at, "GSSAPI", 6) == 0;
	const char *text = "";
	int code;

	if (!gssapi &&
	    (mechanism.len != 10 || memcmp(mechanism.at, "GSS-SPNEGO", 10) != 0)) {
		ldap_answer(l, BIND_RESPONSE, LDAP_AUTH_METHOD_NOT_SUPPORTED,
			    "no such mechanism", out);
		return true;
	}
	if (!l->bind)
		begin(l, gssapi);
	wire_reset(&l->bind->token);
	code = gssapi ? gssapi_round(l, token, &text) : spnego_round(l, token, &text);
	ldap_arm(l, code == LDAP_SASL_IN_PROGRESS ? AT_BIND1 : AT_BIND2, out);
	code = twist(l, code, &text);
	answer(l, code, text, out);
	if (code == LDAP_SUCCESS)
		l->bound = true;
	if (code != LDAP_SASL_IN_PROGRESS)
		ldap_bind_end(l);
	if (code != LDAP_SUCCESS)
		l->seal.on = false;
	return true;
}

bool ldap_bind_hear(struct ldap *l, struct wire_in body, struct wire_out *out)
{
	struct bytes mechanism, token = { NULL, 0 };
	struct wire_in sasl;
	uint8_t choice;

	if (ber_integer(&body, BER_INTEGER) != 3)
		return false;
	(void)ber_octets(&body, BER_OCTETS);
	sasl = ber_next(&body, &choice);
	stats.ldap_binds++;
	if (body.bad || l->bound)
		return false;
	if (choice == SIMPLE && !sasl.left) { /* anonymous: it may read the root */
		ldap_answer(l, BIND_RESPONSE, LDAP_SUCCESS, "", out);
		return true;
	}
	if (choice != SASL_CREDENTIALS) { /* a password in clear */
		stats.simple_binds++;
		ldap_answer(l, BIND_RESPONSE, LDAP_STRONG_AUTH_REQUIRED,
			    ldap_fault_text(LDAP_STRONG_AUTH), out);
		return true;
	}
	mechanism = ber_octets(&sasl, BER_OCTETS);
	if (sasl.left)
		token = ber_octets(&sasl, BER_OCTETS);
	return !sasl.bad && hear_sasl(l, mechanism, token, out);
}
