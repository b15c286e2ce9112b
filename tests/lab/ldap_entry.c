/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/lab/ber.h"

enum {
	SEARCH_ENTRY = 0x64,
	SEARCH_REFERENCE = 0x73,
	VALUES_IN_RANGE = 1500, /* MaxValRange ([MS-ADTS] 3.1.1.3.4.6) */
	BIG_VALUE = 8 << 20,
	MANY_VALUES = 20000,
};

/* ---- attributes ---- */

/* The request for this attribute, with its options; NULL: it was not asked for. */
static const struct bytes *asked(const struct ldap_wanted *wanted, const char *name)
{
	static const struct bytes plain;
	bool star = wanted->count == 0;

	for (size_t i = 0; i < wanted->count; i++) {
		const struct bytes *w = &wanted->names[i];
		size_t len = strlen(name);

		star |= w->len == 1 && *w->at == '*';
		if (w->len >= len && strncasecmp((const char *)w->at, name, len) == 0 &&
		    (w->len == len || w->at[len] == ';'))
			return w;
	}
	return star ? &plain : NULL;
}

/* "member;range=1500-*"; false: no range was asked for. */
static bool get_range_option(const struct bytes *request, size_t *from, size_t *to)
{
	char text[128] = "", *at;

	if (!request->len || request->len >= sizeof(text))
		return false;
	memcpy(text, request->at, request->len);
	at = strcasestr(text, ";range=");
	if (!at)
		return false;
	*from = strtoul(at + 7, &at, 10);
	*to = *at == '-' && at[1] != '*' ? strtoul(at + 1, NULL, 10) : SIZE_MAX;
	return true;
}

static void put_value(const struct lab_entry *e, const struct lab_attribute *a, size_t n,
		      struct wire_out *out)
{
	if (a->members)
		ber_put_text(out, BER_OCTETS, directory_member(n));
	else
		ber_put_octets(out, BER_OCTETS, e->values[a->first + n]);
}

static void put_values(const struct lab_entry *e, const struct lab_attribute *a,
		       const char *name, size_t from, size_t to, struct wire_out *out)
{
	size_t sequence = ber_open(out, BER_SEQUENCE), set;

	ber_put_text(out, BER_OCTETS, name);
	set = ber_open(out, BER_SET);
	for (size_t n = from; n < to; n++)
		put_value(e, a, n, out);
	ber_close(out, set);
	ber_close(out, sequence);
}

/* [MS-ADTS] 3.1.1.3.1.3.3 */
static void put_attribute(const struct ldap *l, const struct lab_entry *e,
			  const struct lab_attribute *a, const struct bytes *request,
			  const struct ldap_wanted *wanted, bool *range_ended,
			  struct wire_out *out)
{
	size_t count = a->members ? a->members : a->count, from = 0, last = SIZE_MAX, to;
	bool ranged = get_range_option(request, &from, &last);
	char name[64];

	if (!ranged && count <= VALUES_IN_RANGE) {
		put_values(e, a, a->name, 0, count, out);
		return;
	}
	if (from >= count || (ranged && l->armed == LDAP_RANGE_ERROR)) {
		*range_ended = !wanted->ranges_may_end;
		return;
	}
	if (!ranged)
		put_values(e, a, a->name, 0, 0, out);
	to = last < count - 1 ? last + 1 : count;
	if (to - from > VALUES_IN_RANGE)
		to = from + VALUES_IN_RANGE;
	if (to == count)
		snprintf(name, sizeof(name), "%s;range=%zu-*", a->name, from);
	else
		snprintf(name, sizeof(name), "%s;range=%zu-%zu", a->name, from, to - 1);
	put_values(e, a, name, from, to, out);
}

/* An unprivileged reader gets no descriptor with its audit part. */
static bool readable(const struct ldap *l, const struct lab_attribute *a,
		     const struct ldap_wanted *wanted)
{
	return strcmp(a->name, "nTSecurityDescriptor") != 0 ||
	       (wanted->descriptors && l->fault != LDAP_SD_IGNORED);
}

void ldap_put_entry(struct ldap *l, const struct lab_entry *e,
		    const struct ldap_wanted *wanted, bool *range_ended,
		    struct wire_out *out)
{
	size_t message = ldap_open_message(l, out), body = ber_open(out, SEARCH_ENTRY);
	size_t list;

	ber_put_octets(out, BER_OCTETS,
		       (struct bytes){ (const uint8_t *)e->dn, e->dn_len });
	list = ber_open(out, BER_SEQUENCE);
	for (size_t i = 0; i < e->attribute_count; i++) {
		const struct lab_attribute *a = &e->attributes[i];
		const struct bytes *request = asked(wanted, a->name);

		if (request && readable(l, a, wanted))
			put_attribute(l, e, a, request, wanted, range_ended, out);
	}
	ber_close(out, list);
	ber_close(out, body);
	ldap_close_message(out, message);
}

/* ---- the root ---- */

void ldap_put_root(struct ldap *l, const struct ldap_wanted *wanted, struct wire_out *out)
{
	static struct lab_entry e;
	const char *base = l->armed == LDAP_OTHER_DOMAIN ? "DC=elsewhere,DC=example"
							 : directory_base();
	char name[HOST_NAME_MAX_LEN];
	bool ignored;

	if (l->armed == LDAP_NO_ENTRY)
		return;
	entry_begin(&e, "%s", "");
	host_dns_name(l->host, name);
	entry_text(&e, "dnsHostName", "%s", name);
	if (l->armed != LDAP_BARE_ROOT) {
		entry_text(&e, "defaultNamingContext", "%s", base);
		entry_text(&e, "configurationNamingContext", "CN=Configuration,%s", base);
		entry_text(&e, "rootDomainNamingContext", "%s", base);
		entry_text(&e, "namingContexts", "%s", base);
	}
	host_netbios_name(l->host, name);
	entry_text(&e, "serverName",
		   "CN=%s,CN=Servers,CN=HQ,CN=Sites,CN=Configuration,%s", name, base);
	if (l->armed != LDAP_NOT_AD)
		entry_text(&e, "supportedCapabilities", "1.2.840.113556.1.4.800");
	entry_text(&e, "supportedSASLMechanisms", "GSSAPI");
	entry_text(&e, "supportedSASLMechanisms", "GSS-SPNEGO");
	entry_text(&e, "supportedControl", "1.2.840.113556.1.4.319");
	entry_text(&e, "supportedControl", "1.2.840.113556.1.4.801");
	entry_text(&e, "supportedControl", "1.2.840.113556.1.4.1339");
	entry_text(&e, "supportedLDAPVersion", "3");
	ldap_put_entry(l, &e, wanted, &ignored, out);
}

/* ---- faults ---- */

#define EVIL "\033[2J\r\n<script>alert(1)</script>\",=1+1\xe2\x80\xae"

/* RDNs with every escape of RFC 4514, and some that it does not have. */
static const char *const hostile_names[] = {
	"CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i",
	"CN=\\20blank\\ ",
	"CN=\\23hash\\2C\\0Aline",
	"CN=\\C3\\A9\\E2\\82\\AC",
	"CN=multi+OU=valued",
	"CN=old\\0ACNF:5b1a1d2e-0000-4000-8000-000000000001",
	("CN=" EVIL),
	"OID.2.5.4.3=#04024869",
	"CN=dangling\\",
	"CN=\xff\xfe\x80",
	"no name at all",
	",,,==",
	"",
};

static size_t put_hostile(struct ldap *l, const struct ldap_wanted *wanted,
			  struct wire_out *out)
{
	static struct lab_entry e;
	bool ignored;

	for (size_t i = 0; i < sizeof(hostile_names) / sizeof(hostile_names[0]); i++) {
		entry_begin(&e, "%s,OU=Desks,%s", hostile_names[i], directory_base());
		if (i == 1) /* a NUL in the name */
			e.dn[3] = '\0';
		entry_text(&e, "sAMAccountName", "evil%zu%s$", i, EVIL);
		entry_text(&e, "dNSHostName",
			   i % 2 ? "evil%zu.example%s" : "evil%zu.example", i, EVIL);
		entry_text(&e, "userAccountControl",
			   i % 2 ? "99999999999999999999" : "-1");
		entry_text(&e, "primaryGroupID", "0x203");
		entry_text(&e, "operatingSystem", "Windows %s", EVIL);
		entry_text(&e, "operatingSystemVersion", "10.0 (99999999999999)");
		entry_text(&e, "lastLogonTimestamp", "9223372036854775808");
		entry_text(&e, "pwdLastSet", "-9223372036854775808");
		entry_text(&e, "whenCreated", "20269999999999.0Z");
		entry_bytes(&e, "objectSid", "\1\xff\0\0\0\0\0\5", 8);
		entry_bytes(&e, "servicePrincipalName", "\0\0\0", 3);
		entry_bytes(&e, "objectCategory", "", 0);
		ldap_put_entry(l, &e, wanted, &ignored, out);
	}
	return sizeof(hostile_names) / sizeof(hostile_names[0]);
}

static size_t put_bare(struct ldap *l, const struct ldap_wanted *wanted,
		       struct wire_out *out)
{
	static struct lab_entry e;
	bool ignored;

	for (unsigned i = 0; i < 3; i++) {
		entry_begin(&e, "CN=BARE%u,OU=Desks,%s", i, directory_base());
		if (i == 1)
			entry_text(&e, "sAMAccountName", "BARE1$");
		if (i == 2)
			entry_text(&e, "dNSHostName", "bare2.%s", world.dns);
		ldap_put_entry(l, &e, wanted, &ignored, out);
	}
	return 3;
}

/* One entry whose attribute has so many values of so many bytes. */
static void put_large(struct ldap *l, const char *attribute, size_t values, size_t size,
		      struct wire_out *out)
{
	size_t message = ldap_open_message(l, out), body = ber_open(out, SEARCH_ENTRY);
	size_t list, sequence, set;
	uint8_t *value = malloc(size);
	char dn[256];

	if (!value)
		abort();
	memset(value, 'x', size);
	snprintf(dn, sizeof(dn), "CN=LARGE,OU=Desks,%s", directory_base());
	ber_put_text(out, BER_OCTETS, dn);
	list = ber_open(out, BER_SEQUENCE);
	sequence = ber_open(out, BER_SEQUENCE);
	ber_put_text(out, BER_OCTETS, attribute);
	set = ber_open(out, BER_SET);
	for (size_t i = 0; i < values; i++)
		ber_put_octets(out, BER_OCTETS, (struct bytes){ value, size });
	free(value);
	ber_close(out, set);
	ber_close(out, sequence);
	ber_close(out, list);
	ber_close(out, body);
	ldap_close_message(out, message);
}

static void put_reference(struct ldap *l, struct wire_out *out)
{
	size_t message = ldap_open_message(l, out),
	       body = ber_open(out, SEARCH_REFERENCE);

	ber_put_text(out, BER_OCTETS, "ldap://elsewhere.example/CN=Configuration,DC=x");
	ber_close(out, body);
	ldap_close_message(out, message);
}

size_t ldap_put_strange(struct ldap *l, const struct ldap_wanted *wanted,
			struct wire_out *out)
{
	switch (l->armed) {
	case LDAP_HOSTILE:
		return put_hostile(l, wanted, out);
	case LDAP_MISSING:
		return put_bare(l, wanted, out);
	case LDAP_BIG_ENTRY:
		put_large(l, "servicePrincipalName", 1, BIG_VALUE, out);
		return 1;
	case LDAP_MANY_VALUES:
		put_large(l, "servicePrincipalName", MANY_VALUES, 20, out);
		return 1;
	case LDAP_REFERENCES:
		put_reference(l, out);
		return 0;
	default:
		return 0;
	}
}
