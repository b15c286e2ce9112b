/* SPDX-License-Identifier: Apache-2.0 */
/* Walks through messages of Kerberos and SPNEGO; the libraries read them afterwards. */
#include "rpc/auth/kerberos_message.h"

#include <stddef.h>

#include "rpc/wire/der.h"

enum { KERBEROS_VERSION = 5 };

/* RFC 4120 7.5.2 and RFC 6113: types of pre-authentication data. */
enum {
	PA_ETYPE_INFO = 11,
	PA_ETYPE_INFO2 = 19,
	PA_PAC_REQUEST = 128,
	PA_FX_COOKIE = 133,
	PA_REQ_ENC_PA_REP = 149,
	PA_AS_FRESHNESS = 150,
	PA_SPAKE = 151
};

static struct bytes rest_of(struct wire_in *w)
{
	return get_bytes(w, w->left);
}

/* The fields of a message: [APPLICATION type] SEQUENCE { ... }. */
static struct wire_in get_fields(struct wire_in *w, enum kerberos_message_type type)
{
	struct wire_in outer = get_der(w, (uint8_t)(DER_APPLICATION + type));
	struct wire_in fields = get_der(&outer, DER_SEQUENCE);

	fields.bad |= !wire_done(&outer) || !wire_done(w);
	return fields;
}

static bool get_number(struct wire_in *fields, unsigned field, int32_t expected)
{
	struct wire_in value = get_der(fields, (uint8_t)(DER_CONTEXT + field));
	int32_t found = get_der_integer(&value);

	return wire_done(&value) && found == expected;
}

bool kerberos_message_is(struct bytes message, enum kerberos_message_type type)
{
	struct wire_in w = wire_in_bytes(message), fields = get_fields(&w, type);

	return get_number(&fields, 0, KERBEROS_VERSION) &&
	       get_number(&fields, 1, (int32_t)type) && der_is_well_formed(message);
}

/* ---- KRB-ERROR ---- */

/* One PA-DATA (RFC 4120 5.2.7): its type and value. */
static int32_t get_padata(struct wire_in *list, struct bytes *value)
{
	struct wire_in item = get_der(list, DER_SEQUENCE);
	struct wire_in type = get_der(&item, DER_CONTEXT + 1);
	struct wire_in outer = get_der(&item, DER_CONTEXT + 2);
	struct wire_in inner = get_der(&outer, DER_OCTET_STRING);
	int32_t number = get_der_integer(&type);

	*value = rest_of(&inner);
	if (!wire_done(&type) || !wire_done(&outer) || inner.bad || !wire_done(&item))
		list->bad = true;
	return number;
}

/* METHOD-DATA: SEQUENCE OF PA-DATA, and in two types of these libkrb5 looks on. */
static bool methods_are_whole(struct bytes data)
{
	struct wire_in w = wire_in_bytes(data), list = get_der(&w, DER_SEQUENCE);

	while (!list.bad && list.left > 0) {
		struct bytes value;
		int32_t type = get_padata(&list, &value);

		if ((type == PA_ETYPE_INFO || type == PA_ETYPE_INFO2) &&
		    !der_is_well_formed(value))
			return false;
	}
	return wire_done(&list) && wire_done(&w);
}

static bool reads_methods(int32_t code)
{
	return code == KERBEROS_PREAUTH_REQUIRED || code == KERBEROS_MORE_PREAUTH_DATA;
}

bool kerberos_error_read(struct bytes message, int32_t *code)
{
	struct wire_in w = wire_in_bytes(message),
		       fields = get_fields(&w, KERBEROS_ERROR);
	struct wire_in value = { 0 };
	int32_t found;

	if (!kerberos_message_is(message, KERBEROS_ERROR))
		return false;
	for (unsigned field = 0; field < 6; field++) /* up to susec */
		if (der_next_is(&fields, (uint8_t)(DER_CONTEXT + field)))
			get_der(&fields, (uint8_t)(DER_CONTEXT + field));
	value = get_der(&fields, DER_CONTEXT + 6);
	found = get_der_integer(&value);
	if (!wire_done(&value))
		return false;
	for (unsigned field = 7; field < 12; field++) /* up to e-text */
		if (der_next_is(&fields, (uint8_t)(DER_CONTEXT + field)))
			get_der(&fields, (uint8_t)(DER_CONTEXT + field));
	if (reads_methods(found) && fields.left > 0) {
		struct wire_in outer = get_der(&fields, DER_CONTEXT + 12);
		struct wire_in data = get_der(&outer, DER_OCTET_STRING);

		if (data.bad || !wire_done(&outer) || !methods_are_whole(rest_of(&data)))
			return false;
	}
	*code = found;
	return true;
}

/* ---- AS-REQ ---- */

/* SPAKE (RFC 9588 4.2): its first message, a choice of [0], offers groups; in all others
 * there is something of the key. */
static bool is_harmless(int32_t type, struct bytes value)
{
	switch (type) {
	case PA_PAC_REQUEST:
	case PA_FX_COOKIE:
	case PA_REQ_ENC_PA_REP:
	case PA_AS_FRESHNESS:
		return true;
	case PA_SPAKE:
		return value.len > 0 && value.at[0] == DER_CONTEXT + 0;
	default:
		return false;
	}
}

bool kerberos_request_has_proof(struct bytes request)
{
	struct wire_in w = wire_in_bytes(request);
	struct wire_in fields = get_fields(&w, KERBEROS_AS_REQ), outer, list;

	if (!get_number(&fields, 1, KERBEROS_VERSION) ||
	    !get_number(&fields, 2, KERBEROS_AS_REQ))
		return true;
	if (!der_next_is(&fields, DER_CONTEXT + 3))
		return false;
	outer = get_der(&fields, DER_CONTEXT + 3);
	list = get_der(&outer, DER_SEQUENCE);
	while (!list.bad && list.left > 0) {
		struct bytes value;
		int32_t type = get_padata(&list, &value);

		if (!is_harmless(type, value))
			return true;
	}
	return !wire_done(&list) || !wire_done(&outer);
}

/* ---- tokens of hosts ---- */

bool kerberos_token_is_whole(struct bytes token)
{
	enum { TOKEN_AP_REP = 0x0200, TOKEN_ERROR = 0x0300 };
	struct wire_in w = wire_in_bytes(token);
	struct wire_in framed = get_der(&w, DER_APPLICATION + 0);
	struct wire_in mechanism = get_der(&framed, DER_OID);
	uint16_t kind = get_u16be(&framed);
	struct bytes message = rest_of(&framed);

	if (framed.bad || mechanism.left == 0 || !wire_done(&w))
		return false;
	if (kind == TOKEN_AP_REP)
		return kerberos_message_is(message, KERBEROS_AP_REP);
	return kind == TOKEN_ERROR && kerberos_message_is(message, KERBEROS_ERROR);
}

/* The content of an optional field; true when it is not there, or whole. */
static bool get_optional(struct wire_in *fields, unsigned field, uint8_t tag,
			 struct bytes *content)
{
	struct wire_in outer, inner;

	*content = (struct bytes){ 0 };
	if (!der_next_is(fields, (uint8_t)(DER_CONTEXT + field)))
		return true;
	outer = get_der(fields, (uint8_t)(DER_CONTEXT + field));
	inner = get_der(&outer, tag);
	*content = rest_of(&inner);
	return !inner.bad && wire_done(&outer);
}

bool spnego_answer_is_whole(struct bytes token)
{
	enum { NEG_TOKEN_RESP = DER_CONTEXT + 1 };
	struct wire_in w = wire_in_bytes(token), outer = get_der(&w, NEG_TOKEN_RESP);
	struct wire_in fields = get_der(&outer, DER_SEQUENCE);
	struct bytes state, mechanism, answer, checksum;

	return get_optional(&fields, 0, DER_ENUMERATED, &state) &&
	       get_optional(&fields, 1, DER_OID, &mechanism) &&
	       get_optional(&fields, 2, DER_OCTET_STRING, &answer) &&
	       get_optional(&fields, 3, DER_OCTET_STRING, &checksum) &&
	       wire_done(&fields) && wire_done(&outer) && wire_done(&w) &&
	       state.len <= 1 && (!answer.len || kerberos_token_is_whole(answer));
}
