/* SPDX-License-Identifier: Apache-2.0 */
/*
 * principals.h - who can hold a right in the simulated domain, and by what name.
 *
 * Well-known SIDs with their English and German names, plus the domain's own users by
 * RID.  Some of the latter have hostile names: a host may answer any 16-bit units.
 */
#ifndef LAB_PRINCIPALS_H
#define LAB_PRINCIPALS_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

enum { LAB_SID_MAX = 68, LAB_SID_TEXT_MAX = 192 };

/* A SID as it stands on the wire: revision, count, authority, sub-authorities. */
struct lab_sid {
	uint8_t len;
	uint8_t at[LAB_SID_MAX];
};

bool lab_sid_parse(const char *text, struct lab_sid *sid);
void lab_sid_text(const struct lab_sid *sid, char text[static LAB_SID_TEXT_MAX]);
bool lab_sid_equal(const struct lab_sid *a, const struct lab_sid *b);
/* `domain` plus one more sub-authority. */
struct lab_sid lab_sid_under(const struct lab_sid *domain, uint32_t rid);
/* Split `sid` into what comes before its last sub-authority and that one; false for a SID
 * without any. */
bool lab_sid_split(const struct lab_sid *sid, struct lab_sid *domain, uint32_t *rid);

/* 16-bit units in host order; need not be valid UTF-16. */
struct lab_name {
	const uint16_t *at;
	size_t len;
};

/* [MS-LSAT] 2.2.13 SID_NAME_USE */
enum lab_use {
	USE_USER = 1,
	USE_GROUP,
	USE_DOMAIN,
	USE_ALIAS,
	USE_WELL_KNOWN,
	USE_UNKNOWN = 8
};

/* Everything known of one principal; names are UTF-8. */
struct principal {
	const char *word;   /* what a description calls it: "administrators" */
	const char *letter; /* what the stock table calls it: "A" */
	const char *text;   /* its SID; "DOMAIN-1105" for one of the domain */
	uint16_t use;
	const char *domain, *name;       /* as an English Windows says it */
	const char *domain_de, *name_de; /* as a German one does; NULL: the same */
};

/* By its word, or by its letter; NULL when there is none. */
const struct principal *principal_by_word(const char *word);
const struct principal *principal_by_letter(const char *letter, size_t len);
const struct principal *principal_by_text(const char *text);
/* The domain's user or group of this RID. */
const struct principal *principal_by_rid(uint32_t rid);
/* A word, "S-1-...", or "DOMAIN-RID" as the SID it stands for. */
bool principal_sid(const char *word, const struct lab_sid *domain, struct lab_sid *sid);
/* UTF-8 to 16-bit units, where U+E000 to U+E0FF stand for the lone surrogates U+D800 to
 * U+D8FF.  Returns the units written, at most `max`. */
size_t lab_units(const char *utf8, uint16_t *units, size_t max);

#endif
