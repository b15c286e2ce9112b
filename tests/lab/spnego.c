/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/spnego.h"

#include <string.h>

enum {
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_ENUM = 0x0a,
	DER_STRING = 0x1b,
	DER_SEQUENCE = 0x30,
	DER_APPLICATION = 0x60,
	DER_CONTEXT = 0xa0,
};

#define OID(name, ...) static const uint8_t name[] = { __VA_ARGS__ }

OID(oid_spnego, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x02);
OID(oid_ntlm, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a);
OID(oid_kerberos, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02);
OID(oid_kerberos_ms, 0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 0x01, 0x02, 0x02);

/* The next element: its tag, and a cursor on its value. */
static struct wire_in der_next(struct wire_in *w, uint8_t *tag)
{
	uint32_t len;

	*tag = get_u8(w);
	len = get_u8(w);
	if (len == 0x81)
		len = get_u8(w);
	else if (len == 0x82)
		len = get_u16be(w);
	else if (len > 0x82)
		w->bad = true;
	return get_window(w, len);
}

/* The value inside one element of a known tag. */
static struct wire_in der_enter(struct wire_in *w, uint8_t want)
{
	uint8_t tag;
	struct wire_in in = der_next(w, &tag);

	in.bad |= tag != want || w->bad;
	return in;
}

static size_t der_length_size(size_t len)
{
	return len < 0x80 ? 1 : len < 0x100 ? 2 : 3;
}

static void put_der(struct wire_out *w, uint8_t tag, size_t len)
{
	put_u8(w, tag);
	if (len >= 0x100) {
		put_u8(w, 0x82);
		put_u8(w, (uint8_t)(len >> 8));
	} else if (len >= 0x80) {
		put_u8(w, 0x81);
	}
	put_u8(w, (uint8_t)len);
}

static size_t der_size(size_t len)
{
	return len ? 1 + der_length_size(len) + len : 0;
}

static void put_oid(struct wire_out *w, const uint8_t *oid, size_t len)
{
	put_der(w, DER_OID, len);
	put_bytes(w, oid, len);
}

void spnego_put_hint(struct wire_out *w, bool kerberos)
{
	static const char hint[] = "not_defined_in_RFC4178@please_ignore";
	size_t hint_len = sizeof(hint) - 1;
	size_t mechs = der_size(sizeof(oid_ntlm)) +
		       (kerberos ? der_size(sizeof(oid_kerberos)) +
					   der_size(sizeof(oid_kerberos_ms))
				 : 0);
	size_t hints = der_size(der_size(der_size(hint_len)));
	size_t body = der_size(der_size(mechs)) + der_size(hints);

	put_der(w, DER_APPLICATION,
		der_size(sizeof(oid_spnego)) + der_size(der_size(body)));
	put_oid(w, oid_spnego, sizeof(oid_spnego));
	put_der(w, DER_CONTEXT, der_size(body));
	put_der(w, DER_SEQUENCE, body);
	put_der(w, DER_CONTEXT, der_size(mechs));
	put_der(w, DER_SEQUENCE, mechs);
	if (kerberos) {
		put_oid(w, oid_kerberos_ms, sizeof(oid_kerberos_ms));
		put_oid(w, oid_kerberos, sizeof(oid_kerberos));
	}
	put_oid(w, oid_ntlm, sizeof(oid_ntlm));
	put_der(w, DER_CONTEXT | 3, hints);
	put_der(w, DER_SEQUENCE, der_size(der_size(hint_len)));
	put_der(w, DER_CONTEXT, der_size(hint_len));
	put_der(w, DER_STRING, hint_len);
	put_bytes(w, hint, hint_len);
}

static struct bytes rest(struct wire_in in)
{
	return get_bytes(&in, in.bad ? 0 : in.left);
}

/* NegTokenInit: [0] mechTypes, [2] mechToken. */
static bool get_init(struct spnego *s, struct wire_in in, struct bytes *inner)
{
	uint8_t tag;

	while (!in.bad && in.left) {
		struct wire_in field = der_next(&in, &tag), octets;

		if (tag == DER_CONTEXT) {
			struct bytes list = rest(field);

			if (list.len > MECHANISMS_MAX)
				return false;
			memcpy(s->mechanisms, list.at, list.len);
			s->mechanisms_len = list.len;
		} else if (tag == (DER_CONTEXT | 2)) {
			octets = der_enter(&field, DER_OCTETS);
			*inner = rest(octets);
		}
	}
	return !in.bad;
}

/* NegTokenResp: [2] responseToken, [3] mechListMIC. */
static bool get_response(struct wire_in in, struct bytes *inner, struct bytes *mic)
{
	uint8_t tag;

	while (!in.bad && in.left) {
		struct wire_in field = der_next(&in, &tag), octets;

		if (tag != (DER_CONTEXT | 2) && tag != (DER_CONTEXT | 3))
			continue;
		octets = der_enter(&field, DER_OCTETS);
		*(tag == (DER_CONTEXT | 2) ? inner : mic) = rest(octets);
	}
	return !in.bad;
}

bool spnego_get(struct spnego *s, struct bytes token, struct bytes *inner,
		struct bytes *mic)
{
	struct wire_in in = wire_in_bytes(token), body, sequence, oid;
	uint8_t tag;

	*inner = *mic = (struct bytes){ NULL, 0 };
	if (token.len >= 8 && memcmp(token.at, "NTLMSSP", 8) == 0) {
		s->bare = true;
		*inner = token;
		return true;
	}
	body = der_next(&in, &tag);
	if (tag == (DER_CONTEXT | 1)) {
		sequence = der_enter(&body, DER_SEQUENCE);
		return get_response(sequence, inner, mic);
	}
	oid = der_enter(&body, DER_OID);
	if (tag != DER_APPLICATION || oid.bad)
		return false;
	body = der_enter(&body, DER_CONTEXT);
	sequence = der_enter(&body, DER_SEQUENCE);
	return get_init(s, sequence, inner);
}

void spnego_put(const struct spnego *s, struct wire_out *w, enum spnego_state state,
		struct bytes inner, struct bytes mic)
{
	size_t mech = state == SPNEGO_INCOMPLETE ? der_size(sizeof(oid_ntlm)) : 0;
	size_t body = der_size(3) + der_size(mech) + der_size(der_size(inner.len)) +
		      der_size(der_size(mic.len));

	if (s->bare) {
		put_bytes(w, inner.at, inner.len);
		return;
	}
	put_der(w, DER_CONTEXT | 1, der_size(body));
	put_der(w, DER_SEQUENCE, body);
	put_der(w, DER_CONTEXT, 3);
	put_der(w, DER_ENUM, 1);
	put_u8(w, (uint8_t)state);
	if (mech) {
		put_der(w, DER_CONTEXT | 1, mech);
		put_oid(w, oid_ntlm, sizeof(oid_ntlm));
	}
	if (inner.len) {
		put_der(w, DER_CONTEXT | 2, der_size(inner.len));
		put_der(w, DER_OCTETS, inner.len);
		put_bytes(w, inner.at, inner.len);
	}
	if (mic.len) {
		put_der(w, DER_CONTEXT | 3, der_size(mic.len));
		put_der(w, DER_OCTETS, mic.len);
		put_bytes(w, mic.at, mic.len);
	}
}
