/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.h - one LDAP entry as plain memory, so that what is made of it needs no LDAP
 * library and can be tested and fuzzed by itself.
 *
 * All of it comes from the directory and is hostile: values are bytes, may hold NULs and
 * need not be UTF-8.  Everything is borrowed from whoever filled the entry.
 */
#ifndef SCANNER_DISCOVER_ENTRY_H
#define SCANNER_DISCOVER_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/text/pool.h"
#include "rpc/wire/wire.h"

enum {
	ENTRY_ATTRIBUTES_MAX = 64, /* further ones are passed over */
	ENTRY_TEXT_MAX = 2048, /* bytes of a value that is text; a longer one is none */
	ENTRY_DN_MAX = 4096,
};

struct entry_attribute {
	const char *name; /* with its options: "member;range=0-1499" */
	const struct bytes *values;
	size_t count;
};

struct entry {
	const char *dn;
	struct entry_attribute attributes[ENTRY_ATTRIBUTES_MAX];
	size_t count;
	bool cut; /* there were more attributes or values than an entry holds */
};

/* The attribute of that name, without regard to case and without its options; NULL: it
 * did not come, or without a value. */
const struct entry_attribute *entry_find(const struct entry *e, const char *name);
/* The first value as text in `pool`: valid UTF-8 without NUL and not too long.  NULL: it
 * did not come, is no such text, or memory is out. */
const char *entry_text(const struct entry *e, const char *name, struct pool *pool);
/* The same of at most `max` bytes. */
const char *entry_text_within(const struct entry *e, const char *name, size_t max,
			      struct pool *pool);
/* Decimal text in a range (LDAP INTEGER, signed 32 bits for flags).  False: none. */
bool entry_number(const struct entry *e, const char *name, int64_t *number);
/* A binary SID ([MS-DTYP] 2.4.2.2) as text in `pool`, or NULL. */
const char *entry_sid(const struct entry *e, const char *name, struct pool *pool);

/* "member;range=0-1499": where the next range begins, and whether this was the last one.
 * False: the attribute has no range. */
bool entry_range(const struct entry_attribute *a, uint32_t *next, bool *last);

#endif
