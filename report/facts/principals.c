/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/principals.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/names.h"
#include "report/text/glob.h"
#include "report/facts/principals_table.h"

#define X(name, word, sentence) [name] = { word, sentence },
static const struct {
	const char *word, *sentence;
} classes[] = { PRINCIPAL_CLASSES(X) }, products[] = { PRODUCTS(X) };
#undef X

const char *principal_class_word(enum principal_class c)
{
	return (size_t)c < CLASS_COUNT ? classes[c].word : "";
}

const char *principal_class_sentence(enum principal_class c)
{
	return (size_t)c < CLASS_COUNT ? classes[c].sentence : "";
}

const char *product_word(enum product p)
{
	return (size_t)p < PRODUCT_COUNT ? products[p].word : "";
}

const char *product_title(enum product p)
{
	return (size_t)p < PRODUCT_COUNT ? products[p].sentence : "";
}

bool product_from_word(const char *word, enum product *value)
{
	for (size_t i = 0; word && i < PRODUCT_COUNT; i++) {
		if (strcasecmp(products[i].word, word) == 0) {
			*value = (enum product)i;
			return true;
		}
	}
	return false;
}

static int compare_row(const void *sid, const void *row)
{
	return strcmp(sid, ((const struct principal_row *)row)->sid);
}

bool principal_well_known(const char *sid, struct principal *p)
{
	const struct principal_row *row = bsearch(
		sid, principal_rows, principal_row_count, sizeof(*row), compare_row);

	if (row)
		*p = row->principal;
	return row != NULL;
}

/* "Administrators" also finds "BUILTIN\Administrators". */
static bool names_match(const char *full, const char *name)
{
	const char *bare = strrchr(full, '\\');

	if (strcasecmp(full, name) == 0)
		return true;
	return bare && !strchr(name, '\\') && strcasecmp(bare + 1, name) == 0 &&
	       (strncmp(full, "BUILTIN\\", 8) == 0 ||
		strncmp(full, "NT AUTHORITY\\", 13) == 0);
}

const char *principal_sid_of(const char *name)
{
	for (size_t i = 0; i < principal_row_count; i++)
		if (names_match(principal_rows[i].principal.name, name))
			return principal_rows[i].sid;
	return NULL;
}

/* One decimal number without leading zeros, up to `max`; returns what follows or NULL. */
static const char *read_number(const char *text, uint64_t max, uint64_t *number)
{
	const char *start = text;

	*number = 0;
	while (*text >= '0' && *text <= '9') {
		*number = *number * 10 + (uint64_t)(*text++ - '0');
		if (*number > max || text - start > 15)
			return NULL;
	}
	if (text == start || (*start == '0' && text - start > 1))
		return NULL;
	return text;
}

/* [MS-DTYP] 2.4.2.1; authorities of more than 32 bits are written in hexadecimal. */
bool principal_is_sid(const char *text)
{
	uint64_t number;
	unsigned parts = 0;

	if (strncmp(text, "S-1-", 4) != 0)
		return false;
	text += 4;
	if (strncmp(text, "0x", 2) == 0) {
		size_t digits = strspn(text + 2, "0123456789abcdefABCDEF");

		text = digits == 12 ? text + 14 : NULL;
	} else {
		text = read_number(text, UINT32_MAX, &number);
	}
	while (text && *text == '-' && ++parts <= 15)
		text = read_number(text + 1, UINT32_MAX, &number);
	return text && *text == '\0' && parts > 0;
}

bool principal_is_issuer(const char *sid)
{
	unsigned dashes = 0;

	for (const char *c = sid; *c; c++)
		dashes += *c == '-';
	return principal_is_sid(sid) && strncmp(sid, "S-1-5-21-", 9) == 0 && dashes == 6;
}

bool principal_of_forest(uint32_t rid)
{
	enum {
		ENTERPRISE_READ_ONLY_CONTROLLERS = 498,
		SCHEMA_ADMINS = 518,
		ENTERPRISE_ADMINS = 519,
		ENTERPRISE_KEY_ADMINS = 527
	};

	return rid == ENTERPRISE_READ_ONLY_CONTROLLERS || rid == SCHEMA_ADMINS ||
	       rid == ENTERPRISE_ADMINS || rid == ENTERPRISE_KEY_ADMINS;
}

bool principal_rid(const char *sid, const char *domain, uint32_t *rid)
{
	size_t len = domain ? strlen(domain) : 0;
	uint64_t number;
	const char *end;

	if (len == 0 || strncmp(sid, domain, len) != 0 || sid[len] != '-')
		return false;
	end = read_number(sid + len + 1, UINT32_MAX, &number);
	if (!end || *end)
		return false;
	*rid = (uint32_t)number;
	return true;
}

/* Families of SIDs, by prefix. */
static const struct {
	const char *prefix;
	enum principal_class class;
	enum product product;
} families[] = {
	{ "S-1-5-80-", CLASS_SERVICE, PRODUCT_NONE },
	{ "S-1-5-82-", CLASS_APP_POOL, PRODUCT_IIS },
	{ "S-1-5-83-", CLASS_VIRTUAL, PRODUCT_HYPER_V },
	{ "S-1-5-84-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-86-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-87-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-90-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-93-", CLASS_VIRTUAL, PRODUCT_CONTAINERS },
	{ "S-1-5-94-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-96-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-97-", CLASS_VIRTUAL, PRODUCT_NONE },
	{ "S-1-5-99-", CLASS_SERVICE, PRODUCT_NONE },
	{ "S-1-5-32-", CLASS_BUILTIN_GROUP, PRODUCT_NONE },
	{ "S-1-12-1-", CLASS_CLOUD, PRODUCT_NONE },
};

/* Names that tell a product; they explain, and decide nothing. */
static const struct {
	const char *prefix;         /* of the SID */
	const char *name;           /* glob over the name behind the domain */
	enum principal_class class; /* CLASS_COUNT: as told otherwise */
	enum product product;
} known_names[] = {
	{ "S-1-5-21-", "IUSR_?*", CLASS_OBSOLETE, PRODUCT_IIS },
	{ "S-1-5-21-", "IWAM_?*", CLASS_OBSOLETE, PRODUCT_IIS },
	{ "S-1-5-21-", "IIS_WPG", CLASS_OBSOLETE, PRODUCT_IIS },
	{ "S-1-5-21-", "ASPNET", CLASS_OBSOLETE, PRODUCT_IIS },
	{ "S-1-5-21-", "Exchange Servers", CLASS_GROUP, PRODUCT_EXCHANGE },
	{ "S-1-5-21-", "Exchange Trusted Subsystem", CLASS_GROUP, PRODUCT_EXCHANGE },
	{ "S-1-5-21-", "Exchange Windows Permissions", CLASS_GROUP, PRODUCT_EXCHANGE },
	{ "S-1-5-21-", "SQLServer*$*", CLASS_GROUP, PRODUCT_SQL_SERVER },
	{ "S-1-5-21-", "WSUS *", CLASS_COUNT, PRODUCT_WSUS },
	{ "S-1-5-80-", "MSSQL*", CLASS_SERVICE, PRODUCT_SQL_SERVER },
	{ "S-1-5-80-", "SQL*", CLASS_SERVICE, PRODUCT_SQL_SERVER },
	{ "S-1-5-80-", "MsDtsServer*", CLASS_SERVICE, PRODUCT_SQL_SERVER },
	{ "S-1-5-80-", "ReportServer*", CLASS_SERVICE, PRODUCT_SQL_SERVER },
	{ "S-1-5-80-", "MSExchange*", CLASS_SERVICE, PRODUCT_EXCHANGE },
	{ "S-1-5-82-", "MSExchange*", CLASS_APP_POOL, PRODUCT_EXCHANGE },
	{ "S-1-5-82-", "Wsus*", CLASS_APP_POOL, PRODUCT_WSUS },
	{ "S-1-5-82-", "SharePoint*", CLASS_APP_POOL, PRODUCT_SHAREPOINT },
	{ "S-1-5-82-", "SMS *", CLASS_APP_POOL, PRODUCT_CONFIG_MANAGER },
};

static void identify_family(const struct holder *h, struct principal *p)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (strncmp(h->sid, families[i].prefix, strlen(families[i].prefix)) ==
		    0) {
			p->class = families[i].class;
			p->product = families[i].product;
			return;
		}
	}
}

/* A file names local accounts and groups without their SID. */
static bool may_be_below(const char *sid, const char *prefix)
{
	if (principal_is_sid(sid))
		return strncmp(sid, prefix, strlen(prefix)) == 0;
	return strcmp(prefix, "S-1-5-21-") == 0;
}

static void identify_name(const struct holder *h, struct principal *p)
{
	const char *bare = h->name ? strrchr(h->name, '\\') : NULL;

	bare = bare ? bare + 1 : h->name;
	for (size_t i = 0; bare && i < sizeof(known_names) / sizeof(known_names[0]);
	     i++) {
		if (!may_be_below(h->sid, known_names[i].prefix) ||
		    !glob_match(known_names[i].name, bare))
			continue;
		if (known_names[i].class != CLASS_COUNT)
			p->class = known_names[i].class;
		p->product = known_names[i].product;
		return;
	}
}

static enum principal_class class_of_kind(const struct holder *h)
{
	switch (h->kind) {
	case KIND_USER:
	case KIND_COMPUTER:
		return CLASS_ACCOUNT;
	case KIND_GROUP:
	case KIND_ALIAS:
	case KIND_WELL_KNOWN:
	case KIND_DOMAIN:
		return CLASS_GROUP;
	case KIND_DELETED:
		return CLASS_ORPHAN;
	case KIND_UNKNOWN:
	case KIND_INVALID:
		return strncmp(h->sid, "S-1-5-21-", 9) == 0 ? CLASS_ORPHAN
							    : CLASS_UNIDENTIFIED;
	default: /* a name that nobody resolved may be anybody's */
		return h->name && principal_is_sid(h->sid) ? CLASS_ACCOUNT
							   : CLASS_UNIDENTIFIED;
	}
}

/* The last number of a SID of a machine or a domain. */
static bool relative_id(const char *sid, uint32_t *rid)
{
	const char *dash = strrchr(sid, '-');
	bool of_machine;
	uint64_t number;
	unsigned relative;

	if (sid_is_relative(sid, &of_machine, &relative)) {
		*rid = relative;
		return true;
	}
	if (strncmp(sid, "S-1-5-21-", 9) != 0 || !read_number(dash + 1, 999, &number))
		return false;
	*rid = (uint32_t)number;
	return true;
}

static bool identify_rid(const struct holder *h, struct principal *p)
{
	uint32_t rid;

	if (!relative_id(h->sid, &rid))
		return false;
	for (size_t i = 0; i < principal_rid_count; i++) {
		if (principal_rids[i].rid == rid) {
			*p = principal_rids[i].principal;
			return true;
		}
	}
	return false;
}

void principal_identify(const struct holder *h, struct principal *p)
{
	*p = (struct principal){ .kind = h->kind, .class = class_of_kind(h) };
	if (principal_well_known(h->sid, p) || identify_rid(h, p))
		return;
	identify_family(h, p);
	identify_name(h, p);
}
