/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap_seal.h"

#include <string.h>

enum { SIGNATURE_LEN = 16 };

void ldap_seal_ntlm(struct ldap_seal *s, const struct ntlm *n,
		    const uint8_t key[static 16], uint32_t used)
{
	ntlm_direction_key(n, key, false, &s->in);
	ntlm_direction_key(n, key, true, &s->out);
	s->in.number = s->out.number = used;
	s->on = true;
}

void ldap_seal_kerberos(struct ldap_seal *s, gss_ctx_id_t context)
{
	s->context = context;
	s->kerberos = s->on = true;
}

static bool put_ntlm(struct ldap_seal *s, struct bytes plain, struct wire_out *to)
{
	uint8_t signature[SIGNATURE_LEN];
	size_t hole;

	put_u32be(to, (uint32_t)(SIGNATURE_LEN + plain.len));
	hole = put_hole(to, SIGNATURE_LEN);
	put_bytes(to, plain.at, plain.len);
	if (to->bad)
		return false;
	crypt_stream_next(&s->out.stream, plain.at, plain.len,
			  to->at + hole + SIGNATURE_LEN);
	ntlm_sign(&s->out, plain, signature);
	fill_bytes(to, hole, signature, SIGNATURE_LEN);
	return true;
}

static bool get_ntlm(struct ldap_seal *s, struct bytes sealed, struct wire_out *to)
{
	struct wire_in in = wire_in_bytes(sealed);
	struct bytes signature = get_bytes(&in, SIGNATURE_LEN);
	struct bytes text = get_bytes(&in, in.bad ? 0 : in.left);
	uint8_t right[SIGNATURE_LEN];
	size_t start = to->len;

	put_bytes(to, text.at, text.len);
	if (in.bad || to->bad)
		return false;
	crypt_stream_next(&s->in.stream, text.at, text.len, to->at + start);
	ntlm_sign(&s->in, (struct bytes){ to->at + start, text.len }, right);
	return memcmp(right, signature.at, SIGNATURE_LEN) == 0;
}

static bool put_kerberos(struct ldap_seal *s, struct bytes plain, struct wire_out *to)
{
	gss_buffer_desc in = { plain.len, (void *)(uintptr_t)plain.at };
	gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	int sealed = 0;

	if (GSS_ERROR(gss_wrap(&minor, s->context, 1, GSS_C_QOP_DEFAULT, &in, &sealed,
			       &out)))
		return false;
	put_u32be(to, (uint32_t)out.length);
	put_bytes(to, out.value, out.length);
	gss_release_buffer(&minor, &out);
	return sealed && !to->bad;
}

static bool get_kerberos(struct ldap_seal *s, struct bytes sealed, struct wire_out *to)
{
	gss_buffer_desc in = { sealed.len, (void *)(uintptr_t)sealed.at };
	gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	int was_sealed = 0;

	if (GSS_ERROR(gss_unwrap(&minor, s->context, &in, &out, &was_sealed, NULL)))
		return false;
	put_bytes(to, out.value, out.length);
	gss_release_buffer(&minor, &out);
	return was_sealed && !to->bad;
}

bool ldap_seal_put(struct ldap_seal *s, struct bytes plain, struct wire_out *to)
{
	return s->kerberos ? put_kerberos(s, plain, to) : put_ntlm(s, plain, to);
}

bool ldap_seal_get(struct ldap_seal *s, struct bytes sealed, struct wire_out *to)
{
	return s->kerberos ? get_kerberos(s, sealed, to) : get_ntlm(s, sealed, to);
}

void ldap_seal_end(struct ldap_seal *s)
{
	OM_uint32 minor;

	if (s->context)
		gss_delete_sec_context(&minor, &s->context, GSS_C_NO_BUFFER);
	s->on = false;
}
