/* SPDX-License-Identifier: Apache-2.0 */
/* Searches: page after page, every entry handed on as it comes. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scanner/discover/dial.h"
#include "scanner/discover/ldap_link_internal.h"
#include "scanner/discover/ldap_result.h"

enum {
	PAGE_SIZE = 1000,      /* what a domain controller gives at most */
	VALUES_MAX = 5000,     /* of one attribute in one entry; ranges give 1,500 */
	EMPTY_PAGES_MAX = 100, /* in a row, from a server that never ends */
	BUSY_TRIES = 3,
	BUSY_PAUSE_MS = 500,
	CONTROLS_MAX = 4,
};

static const char domain_scope_oid[] = "1.2.840.113556.1.4.1339";
/* [MS-ADTS] 3.1.1.3.4.1.11: SEQUENCE { 4 }, the DACL alone.  Without it who may not read
 * the SACL gets no descriptor at all. */
static const char sd_flags_oid[] = "1.2.840.113556.1.4.801";
static const char sd_flags_dacl[] = "\x30\x03\x02\x01\x04";
/* 3.1.1.3.4.1.5: SEQUENCE { 1 }, GUID and SID as text in front of each DN. */
static const char extended_dn_oid[] = "1.2.840.113556.1.4.529";
static const char extended_dn_text[] = "\x30\x03\x02\x01\x01";

struct search {
	struct ldap_link *link;
	const struct ldap_query *query;
	struct fault *fault;
	struct berval cookie;     /* owned */
	size_t entries;           /* of the page */
	uint64_t first, previous; /* hashes of the first DN of this page and the last */
	bool ended;               /* `each` wants no more */
	struct bytes values[VALUES_MAX];
	size_t value_count;
};

/* ---- entries ---- */

static void add_values(struct search *s, struct entry *e, BerVarray values)
{
	struct entry_attribute *a = &e->attributes[e->count++];

	a->values = s->values + s->value_count;
	for (a->count = 0; values && values[a->count].bv_val; a->count++) {
		if (s->value_count == VALUES_MAX) {
			e->cut = true;
			break;
		}
		s->values[s->value_count++] = (struct bytes){
			(const uint8_t *)values[a->count].bv_val, values[a->count].bv_len
		};
	}
}

/* A page that begins as the one before is that page once more, and so on for ever. */
static bool is_same_page(struct search *s, const struct berval *dn)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

	if (s->entries != 1)
		return false;
	for (size_t i = 0; i < dn->bv_len; i++)
		hash = (hash ^ (uint8_t)dn->bv_val[i]) * UINT64_C(1099511628211);
	s->previous = s->first;
	s->first = hash;
	return s->first == s->previous;
}

/* In place of a DN that holds a NUL: no DN either, so that its entry is met and counted.
 */
static const char no_dn[] = ",";

/* Values lie in the message, the lists of them are libldap's and freed here. */
static bool take_entry(struct search *s, LDAPMessage *message)
{
	BerVarray lists[ENTRY_ATTRIBUTES_MAX] = { NULL };
	struct berval dn = { 0, NULL }, name = { 0, NULL };
	BerVarray values = NULL;
	BerElement *ber = NULL;
	struct entry e = { 0 };
	int result = ldap_get_dn_ber(s->link->ld, message, &ber, &dn);
	bool again = result == LDAP_SUCCESS && is_same_page(s, &dn);

	s->value_count = 0;
	while (result == LDAP_SUCCESS && e.count < ENTRY_ATTRIBUTES_MAX) {
		result = ldap_get_attribute_ber(s->link->ld, message, ber, &name,
						&values);
		if (result != LDAP_SUCCESS || !name.bv_val)
			break;
		e.attributes[e.count].name = name.bv_val;
		lists[e.count] = values;
		add_values(s, &e, values);
	}
	if (result == LDAP_SUCCESS && !again && dn.bv_val) {
		e.dn = memchr(dn.bv_val, 0, dn.bv_len) ? no_dn : dn.bv_val;
		s->ended = !s->query->each(&e, s->query->arg);
	}
	for (size_t i = 0; i < e.count; i++)
		ber_memfree(lists[i]);
	ber_free(ber, 0);
	if (result != LDAP_SUCCESS)
		ldap_result_fault(s->fault, "search", LDAP_DECODING_ERROR);
	else if (again)
		fault_set_words(s->fault, "search", REASON_DIRECTORY_MALFORMED, CODE_NONE,
				0, "the domain controller sends the same page again");
	return result == LDAP_SUCCESS && !again;
}

/* ---- pages ---- */

static bool keep_cookie(struct search *s, LDAPControl **controls)
{
	LDAPControl *page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	struct berval cookie = { 0 };
	ber_int_t estimate;

	ber_memfree(s->cookie.bv_val);
	s->cookie = (struct berval){ 0 };
	if (!page && !s->query->paged)
		return true;
	if (!page) { /* it was critical: whoever does not know it refuses the search */
		fault_set_words(s->fault, "search", REASON_DIRECTORY_MALFORMED, CODE_NONE,
				0,
				"a page of answers does not say whether it is the last");
		return false;
	}
	if (ldap_parse_pageresponse_control(s->link->ld, page, &estimate, &cookie) !=
	    LDAP_SUCCESS) {
		ldap_result_fault(s->fault, "search", LDAP_DECODING_ERROR);
		return false;
	}
	s->cookie = cookie;
	return true;
}

/* The message that ends a page; `*result` is the server's. */
static bool end_page(struct search *s, LDAPMessage *message, int *result)
{
	LDAPControl **controls = NULL;
	bool good = ldap_parse_result(s->link->ld, message, result, NULL, NULL, NULL,
				      &controls, 0) == LDAP_SUCCESS;

	if (!good)
		ldap_result_fault(s->fault, "search", LDAP_DECODING_ERROR);
	else
		good = *result != LDAP_SUCCESS || keep_cookie(s, controls);
	ldap_controls_free(controls);
	return good;
}

static bool count_entry(struct search *s)
{
	if (++s->entries <= PAGE_SIZE || !s->query->paged)
		return true;
	fault_set_words(s->fault, "search", REASON_DIRECTORY_MALFORMED, CODE_NONE, 0,
			"a page holds more answers than were asked for");
	return false;
}

/* Every message gives the server the time of one request again, the page as a whole has
 * its own limit; continuation references are passed over. */
static bool read_page(struct search *s, int id, int *result)
{
	uint64_t last = dial_now() + s->link->options.page_ms;

	for (;;) {
		uint64_t due = dial_now() + s->link->options.request_ms;
		LDAPMessage *message = ldap_link_wait(
			s->link, id, due < last ? due : last, "search", s->fault);
		bool done, good = true;

		if (!message)
			return false;
		done = ldap_msgtype(message) == LDAP_RES_SEARCH_RESULT;
		if (done) {
			good = end_page(s, message, result);
		} else if (ldap_msgtype(message) == LDAP_RES_SEARCH_ENTRY) {
			good = count_entry(s) && take_entry(s, message);
		}
		ldap_msgfree(message);
		if (done || !good)
			return good;
		if (dial_now() >= last) {
			fault_set_words(s->fault, "search", REASON_DIRECTORY_BUSY,
					CODE_NONE, 0,
					"one page of answers takes too long");
			return false;
		}
		if (s->ended) {
			ldap_abandon_ext(s->link->ld, id, NULL, NULL);
			*result = LDAP_SUCCESS;
			return true;
		}
	}
}

static LDAPControl control_of(const char *oid, const char *value, size_t len)
{
	return (LDAPControl){ .ldctl_oid = (char *)(uintptr_t)oid,
			      .ldctl_value = { len, (char *)(uintptr_t)value },
			      .ldctl_iscritical = 1 };
}

static bool ask_page(struct search *s, int *result)
{
	static const int scopes[] = { [LDAP_THE_BASE] = LDAP_SCOPE_BASE,
				      [LDAP_ONE_LEVEL] = LDAP_SCOPE_ONELEVEL,
				      [LDAP_BELOW] = LDAP_SCOPE_SUBTREE };
	LDAPControl scope = { .ldctl_oid = (char *)(uintptr_t)domain_scope_oid };
	LDAPControl dacl = control_of(sd_flags_oid, sd_flags_dacl, 5);
	LDAPControl extended = control_of(extended_dn_oid, extended_dn_text, 5);
	LDAPControl *page = NULL, *controls[CONTROLS_MAX + 1] = { &scope };
	const struct ldap_query *q = s->query;
	size_t count = 1;
	int id, sent = LDAP_SUCCESS;

	if (q->paged)
		sent = ldap_create_page_control(s->link->ld, PAGE_SIZE,
						s->cookie.bv_val ? &s->cookie : NULL, 1,
						&page);
	if (page)
		controls[count++] = page;
	if (q->dacl)
		controls[count++] = &dacl;
	if (q->extended_dn)
		controls[count++] = &extended;
	if (sent == LDAP_SUCCESS)
		sent = ldap_search_ext(s->link->ld, q->base, scopes[q->scope], q->filter,
				       (char **)(uintptr_t)q->attributes, 0, controls,
				       NULL, NULL, LDAP_NO_LIMIT, &id);
	if (page)
		ldap_control_free(page);
	if (sent != LDAP_SUCCESS) {
		ldap_result_fault(s->fault, "search", sent);
		return false;
	}
	s->entries = 0;
	return read_page(s, id, result);
}

/* A busy server is asked again for a page of which nothing came. */
static bool next_page(struct search *s)
{
	for (int try = 0;; try++) {
		struct timespec pause = { 0, BUSY_PAUSE_MS * 1000000L };
		int result = LDAP_SUCCESS;

		if (!ask_page(s, &result))
			return false;
		if (result == LDAP_SUCCESS)
			return true;
		if ((result != LDAP_BUSY && result != LDAP_ADMINLIMIT_EXCEEDED) ||
		    s->entries || try == BUSY_TRIES) {
			ldap_result_fault(s->fault, "search", result);
			return false;
		}
		nanosleep(&pause, NULL);
	}
}

static bool search(struct search *s)
{
	unsigned empty = 0;

	do {
		if (!next_page(s))
			return false;
		if (s->query->page)
			s->query->page(s->query->arg);
		empty = s->entries ? 0 : empty + 1;
		if (empty > EMPTY_PAGES_MAX) {
			fault_set_words(
				s->fault, "search", REASON_DIRECTORY_MALFORMED, CODE_NONE,
				0, "the domain controller sends empty pages without end");
			return false;
		}
	} while (s->query->paged && !s->ended && s->cookie.bv_len);
	return true;
}

bool ldap_link_search(struct ldap_link *l, const struct ldap_query *q,
		      struct fault *fault)
{
	struct search *s = calloc(1, sizeof *s);
	bool good;

	if (!s) {
		fault_set_words(fault, "search", REASON_OUT_OF_MEMORY, CODE_NONE, 0,
				"out of memory");
		return false;
	}
	s->link = l;
	s->query = q;
	s->fault = fault;
	good = search(s);
	ber_memfree(s->cookie.bv_val);
	free(s);
	return good;
}
