/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/lab/ber.h"
#include "tests/lab/directory.h"
#include "tests/lab/ldap.h"
#include "tests/lab/ldap_entry.h"
#include "tests/lab/ldap_filter.h"
#include "tests/lab/stats.h"

enum {
	SEARCH_DONE = 0x65,
	SCOPE_BASE = 0,
	SCOPE_ONE = 1,
	FAULT_ENTRY = 2, /* of the first page */
	COOKIE_LEN = 8,
	CONTROL_BAD_LEN = 3,
};

static const char paged_oid[] = "1.2.840.113556.1.4.319";
static const char descriptor_oid[] = "1.2.840.113556.1.4.801";
static const char range_oid[] = "1.2.840.113556.1.4.1948";
static const char *const other_oids[] = { "1.2.840.113556.1.4.1339",
					  "1.2.840.113556.1.4.417",
					  "1.2.840.113556.1.4.529",
					  "2.16.840.1.113730.3.4.2" };

struct search {
	struct bytes base, filter;
	int64_t scope, size_limit;
	struct ldap_wanted wanted;
	bool computers, paged, unknown_control;
	int64_t page_size;
	struct bytes cookie;
};

/* One entry at a time is made: nothing of it outlives a request. */
static struct lab_entry entry;

/* ---- the request ---- */

static bool is_oid(struct bytes oid, const char *text)
{
	return oid.len == strlen(text) && memcmp(oid.at, text, oid.len) == 0;
}

static void get_page(struct search *s, struct wire_in value)
{
	struct wire_in sequence = ber_enter(&value, BER_SEQUENCE);

	s->page_size = ber_integer(&sequence, BER_INTEGER);
	s->cookie = ber_octets(&sequence, BER_OCTETS);
	s->paged = !sequence.bad;
}

static void get_control(struct search *s, struct wire_in control)
{
	struct bytes oid = ber_octets(&control, BER_OCTETS);
	struct bytes value = { NULL, 0 };
	bool critical = false, known = false;

	if (control.left && *control.at == BER_BOOLEAN)
		critical = ber_integer(&control, BER_BOOLEAN) != 0;
	if (control.left)
		value = ber_octets(&control, BER_OCTETS);
	for (size_t i = 0; i < sizeof(other_oids) / sizeof(other_oids[0]); i++)
		known |= is_oid(oid, other_oids[i]);
	if (is_oid(oid, paged_oid)) {
		get_page(s, wire_in_bytes(value));
	} else if (is_oid(oid, descriptor_oid)) {
		struct wire_in in = wire_in_bytes(value);
		struct wire_in sequence = ber_enter(&in, BER_SEQUENCE);

		s->wanted.descriptors = !(ber_integer(&sequence, BER_INTEGER) & 8);
	} else if (is_oid(oid, range_oid)) {
		s->wanted.ranges_may_end = true;
	} else if (!known && critical) {
		s->unknown_control = true;
	}
}

static bool get_search(struct search *s, struct wire_in body, struct wire_in controls)
{
	struct wire_in list;
	const uint8_t *filter;
	uint8_t tag;

	s->base = ber_octets(&body, BER_OCTETS);
	s->scope = ber_integer(&body, BER_ENUM);
	(void)ber_integer(&body, BER_ENUM);
	s->size_limit = ber_integer(&body, BER_INTEGER);
	(void)ber_integer(&body, BER_INTEGER);
	(void)ber_integer(&body, BER_BOOLEAN);
	filter = body.at;
	(void)ber_next(&body, &tag);
	s->filter = (struct bytes){ filter, (size_t)(body.at - filter) };
	list = ber_enter(&body, BER_SEQUENCE);
	while (list.left && !list.bad && s->wanted.count < LDAP_WANTED_MAX)
		s->wanted.names[s->wanted.count++] = ber_octets(&list, BER_OCTETS);
	while (controls.left && !controls.bad)
		get_control(s, ber_enter(&controls, BER_SEQUENCE));
	s->computers = ldap_filter_names(s->filter, "sAMAccountType") ||
		       ldap_filter_names(s->filter, "computer");
	return !body.bad && !list.bad && !controls.bad;
}

/* ---- which entries ---- */

static bool ends_with(struct bytes text, struct bytes end)
{
	return text.len >= end.len &&
	       (!end.len || strncasecmp((const char *)text.at + text.len - end.len,
					(const char *)end.at, end.len) == 0);
}

/* Only unescaped commas separate; the entries made here have no others. */
static bool in_scope(const struct search *s)
{
	struct bytes dn = { (const uint8_t *)entry.dn, entry.dn_len };
	size_t above = dn.len - s->base.len;

	if (!ends_with(dn, s->base))
		return false;
	if (s->scope == SCOPE_BASE)
		return !above;
	if (above && dn.at[above - 1] != ',')
		return false;
	return s->scope != SCOPE_ONE || (above && !memchr(dn.at, ',', above - 1));
}

/* Nobody walks a million computers for a search that finds none. */
static size_t end_of(const struct search *s)
{
	static const char *const attributes[] = { "objectSid", "sAMAccountName",
						  "dNSHostName", "distinguishedName" };
	bool may = s->computers || s->scope == SCOPE_BASE || s->filter.at[0] == 0x87;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		may |= ldap_filter_names(s->filter, attributes[i]);
	return may ? directory_count() : directory_first_computer();
}

static bool base_is_known(const struct search *s)
{
	for (size_t i = 0; i < directory_first_computer(); i++) {
		directory_entry(i, &entry);
		if (entry.dn_len == s->base.len &&
		    strncasecmp(entry.dn, (const char *)s->base.at, s->base.len) == 0)
			return true;
	}
	return s->scope == SCOPE_BASE;
}

/* ---- the end of a page ---- */

static void put_page_control(struct ldap *l, struct wire_out *out, bool last)
{
	uint8_t cookie[COOKIE_LEN] = { 'L', 'A', 'B', 0 };
	size_t controls = ber_open(out, 0xa0), control = ber_open(out, BER_SEQUENCE);
	struct wire_out value = wire_out(256);
	size_t sequence = ber_open(&value, BER_SEQUENCE);

	l->cookie = last ? 0 : l->cookie + 1;
	for (unsigned i = 0; i < 4; i++)
		cookie[4 + i] = (uint8_t)(l->cookie >> (8 * i));
	ber_put_integer(&value, BER_INTEGER, 0);
	ber_put_octets(&value, BER_OCTETS,
		       (struct bytes){ cookie, last ? 0 : COOKIE_LEN });
	ber_close(&value, sequence);
	ber_put_text(out, BER_OCTETS, paged_oid);
	if (l->armed == LDAP_BAD_CONTROL)
		ber_put_octets(out, BER_OCTETS,
			       (struct bytes){ value.at, CONTROL_BAD_LEN });
	else
		ber_put_octets(out, BER_OCTETS, wire_written(&value));
	wire_drop(&value);
	ber_close(out, control);
	ber_close(out, controls);
}

static void put_done(struct ldap *l, const struct search *s, int code, bool last,
		     struct wire_out *out)
{
	size_t message, body;

	if (s->computers && last) {
		ldap_arm(l, AT_END, out);
		if (ldap_fault_result(l->armed) && l->step == AT_END)
			code = ldap_fault_result(l->armed);
	}
	if (l->fault == LDAP_EMPTY_PAGES || l->fault == LDAP_ENDLESS_PAGES)
		last = last && !s->computers;
	message = ldap_open_message(l, out);
	body = ber_open(out, SEARCH_DONE);
	ldap_put_result(out, code, ldap_fault_text(l->armed));
	ber_close(out, body);
	if (s->paged && code == LDAP_SUCCESS && l->armed != LDAP_NO_CONTROL)
		put_page_control(l, out, last);
	ldap_close_message(out, message);
}

/* ---- a search ---- */

static bool right_cookie(const struct ldap *l, const struct search *s)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < 4 && s->cookie.len == COOKIE_LEN; i++)
		number |= (uint32_t)s->cookie.at[4 + i] << (8 * i);
	return number && number == l->cookie;
}

/* The number of entries sent; `*at` is where the next page begins. */
static size_t put_entries(struct ldap *l, struct search *s, size_t limit, size_t *at,
			  int *code, struct wire_out *out)
{
	size_t end = end_of(s), sent = 0;
	bool first = s->computers && !s->cookie.len;

	for (; *at < end && sent < limit; ++*at) {
		bool bad = false, range_ended = false;

		directory_entry(*at, &entry);
		if (!in_scope(s) || !ldap_filter_holds(s->filter, &entry, &bad)) {
			if (bad) {
				*code = LDAP_PROTOCOL_ERROR;
				return sent;
			}
			continue;
		}
		if (first && sent == FAULT_ENTRY && l->step == AT_ENTRY) {
			ldap_arm(l, AT_ENTRY, out);
			sent += ldap_put_strange(l, &s->wanted, out);
		}
		ldap_put_entry(l, &entry, &s->wanted, &range_ended, out);
		if (range_ended)
			*code = LDAP_OPERATIONS_ERROR;
		sent++;
		if (s->scope == SCOPE_BASE) {
			*at = end;
			break;
		}
	}
	return sent;
}

/* A fault that is a result and nothing else.  False: entries are due. */
static bool put_refusal(struct ldap *l, struct wire_out *out)
{
	int code = ldap_fault_result(l->armed);

	if (!code || l->armed == LDAP_SIZE_LIMIT || l->armed == LDAP_TIME_LIMIT ||
	    l->armed == LDAP_RANGE_ERROR)
		return false;
	ldap_answer(l, SEARCH_DONE, code, ldap_fault_text(l->armed), out);
	return true;
}

static void find(struct ldap *l, struct search *s, struct wire_out *out)
{
	size_t limit = directory_page();
	size_t at = s->cookie.len ? l->next : 0, from = at;
	int code = LDAP_SUCCESS;
	bool last;

	if (s->paged && s->page_size > 0 && (size_t)s->page_size < limit)
		limit = (size_t)s->page_size;
	if (l->armed == LDAP_TIME_LIMIT)
		limit /= 2;
	stats.ldap_entries += put_entries(l, s, limit, &at, &code, out);
	last = at >= end_of(s);
	if (l->armed == LDAP_LONG_PAGE) {
		l->more = true;
		return;
	}
	if (l->armed == LDAP_SIZE_LIMIT || l->armed == LDAP_TIME_LIMIT)
		code = ldap_fault_result(l->armed);
	else if (!s->paged && !last && code == LDAP_SUCCESS)
		code = LDAP_SIZE_LIMIT_EXCEEDED;
	l->next = last && l->fault == LDAP_ENDLESS_PAGES ? from : at;
	put_done(l, s, code, last, out);
}

static void arm(struct ldap *l, const struct search *s, const struct wire_out *out)
{
	if (!s->base.len && s->scope == SCOPE_BASE)
		ldap_arm(l, AT_ROOT, out);
	else if (!s->computers)
		ldap_arm(l, AT_OBJECTS, out);
	else if (!s->cookie.len)
		ldap_arm(l, AT_PAGE1, out);
	else
		ldap_arm(l, AT_PAGE2, out);
}

bool ldap_search_hear(struct ldap *l, struct wire_in body, struct wire_in controls,
		      struct wire_out *out)
{
	struct search s = { 0 };

	if (!get_search(&s, body, controls)) {
		stats.protocol_errors++;
		return false;
	}
	stats.ldap_searches++;
	arm(l, &s, out);
	if (put_refusal(l, out))
		return true;
	if (!s.base.len && s.scope == SCOPE_BASE) {
		ldap_put_root(l, &s.wanted, out);
		put_done(l, &s, LDAP_SUCCESS, true, out);
	} else if (!l->bound) {
		ldap_answer(l, SEARCH_DONE, LDAP_OPERATIONS_ERROR,
			    "000004DC: LdapErr: DSID-0C090A5C, comment: In order to "
			    "perform this operation a successful bind must be completed "
			    "on the connection., data 0, v4563",
			    out);
	} else if (s.unknown_control) {
		ldap_answer(l, SEARCH_DONE, LDAP_UNKNOWN_CRITICAL, "", out);
	} else if (s.cookie.len && !right_cookie(l, &s)) {
		ldap_answer(l, SEARCH_DONE, LDAP_UNWILLING_TO_PERFORM,
			    ldap_fault_text(LDAP_COOKIE_REFUSED), out);
	} else if (!base_is_known(&s)) {
		ldap_answer(l, SEARCH_DONE, LDAP_NO_SUCH_OBJECT, "", out);
	} else {
		find(l, &s, out);
	}
	return true;
}

/* Entries for ever: the first ones once more, under names of their own. */
void ldap_more(struct ldap *l, struct wire_out *out)
{
	static const struct ldap_wanted all;
	bool ignored;

	for (unsigned i = 0; i < 100; i++) {
		directory_entry(directory_first_computer(), &entry);
		entry.dn_len = (size_t)snprintf(entry.dn, sizeof(entry.dn),
						"CN=more%zu,%s", l->next++,
						directory_base());
		ldap_put_entry(l, &entry, &all, &ignored, out);
	}
}
