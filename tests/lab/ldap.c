/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap.h"

#include <string.h>

#include "tests/lab/ber.h"
#include "tests/lab/stats.h"

/* [APPLICATION n] of RFC 4511 4.2 to 4.12 */
enum {
	BIND_REQUEST = 0x60,
	UNBIND_REQUEST = 0x42,
	SEARCH_REQUEST = 0x63,
	ABANDON_REQUEST = 0x50,
	EXTENDED_REQUEST = 0x77,
	EXTENDED_RESPONSE = 0x78,
	CONTROLS = 0xa0,
};

void ldap_begin(struct ldap *l, const struct host *host)
{
	*l = (struct ldap){ .host = host,
			    .fault = (enum ldap_fault)host->manner.ldap_fault,
			    .step = (enum ldap_step)host->manner.ldap_step };
}

void ldap_end(struct ldap *l)
{
	ldap_bind_end(l);
	ldap_seal_end(&l->seal);
}

/* ---- answers ---- */

size_t ldap_open_message(struct ldap *l, struct wire_out *out)
{
	size_t message = ber_open(out, BER_SEQUENCE);

	ber_put_integer(out, BER_INTEGER,
			l->armed == LDAP_WRONG_ID ? l->id + 1000 : l->id);
	return message;
}

void ldap_close_message(struct wire_out *out, size_t message)
{
	ber_close(out, message);
}

void ldap_put_result(struct wire_out *out, int code, const char *text)
{
	size_t referral;

	ber_put_integer(out, BER_ENUM, code);
	ber_put_text(out, BER_OCTETS, "");
	ber_put_text(out, BER_OCTETS, text);
	if (code != ldap_fault_result(LDAP_REFERRED))
		return;
	referral = ber_open(out, 0xa3);
	ber_put_text(out, BER_OCTETS, "ldap://elsewhere.example/DC=elsewhere,DC=example");
	ber_close(out, referral);
}

void ldap_answer(struct ldap *l, uint8_t tag, int code, const char *text,
		 struct wire_out *out)
{
	size_t message = ldap_open_message(l, out);
	size_t body = ber_open(out, tag);

	ldap_put_result(out, code, text);
	ber_close(out, body);
	ldap_close_message(out, message);
}

enum ldap_fault ldap_arm(struct ldap *l, enum ldap_step step, const struct wire_out *out)
{
	if (!l->fault || l->step != step || l->met)
		return LDAP_GOOD;
	l->armed = l->fault;
	l->armed_at = out->len;
	l->met = l->fault == LDAP_BUSY_ONCE;
	return l->armed;
}

/* ---- requests ---- */

static bool on_request(struct ldap *l, uint8_t tag, struct wire_in body,
		       struct wire_in controls, struct wire_out *out)
{
	stats.ldap_requests++;
	switch (tag) {
	case BIND_REQUEST:
		return ldap_bind_hear(l, body, out);
	case SEARCH_REQUEST:
		return ldap_search_hear(l, body, controls, out);
	case UNBIND_REQUEST:
		stats.ldap_unbinds++;
		l->gone = true;
		return false;
	case ABANDON_REQUEST:
		l->more = false;
		return true;
	case EXTENDED_REQUEST:
		ldap_answer(l, EXTENDED_RESPONSE, LDAP_PROTOCOL_ERROR, "unsupported",
			    out);
		return true;
	default:
		stats.protocol_errors++;
		return false;
	}
}

bool ldap_hear(struct ldap *l, struct bytes message, struct wire_out *out)
{
	struct wire_in in = wire_in_bytes(message), body, controls = { 0 };
	struct wire_in sequence = ber_enter(&in, BER_SEQUENCE);
	uint8_t tag;

	l->armed = LDAP_GOOD;
	l->id = ber_integer(&sequence, BER_INTEGER);
	body = ber_next(&sequence, &tag);
	if (sequence.left && !sequence.bad)
		controls = ber_enter(&sequence, CONTROLS);
	if (sequence.bad || !wire_done(&in) || l->id < 1 || l->id > INT32_MAX) {
		stats.protocol_errors++;
		return false;
	}
	return on_request(l, tag, body, controls, out);
}
