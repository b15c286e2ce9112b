/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock.h - every user right and who holds it on a Windows nobody has touched.
 *
 * What stock machines were seen to hold, per role; a second table, written down apart
 * from the catalogue of report/, so that the two can disagree.
 */
#ifndef LAB_STOCK_H
#define LAB_STOCK_H

#include <stdint.h>

#include "tests/lab/principals.h"

/* role, its word in descriptions and reports, its short word, name prefix, DSROLE */
#define LAB_ROLES(X)                                                   \
	X(ROLE_DC, "domain_controller", "dc", "dc", 4)                 \
	X(ROLE_MEMBER, "member_server", "member", "srv", 3)            \
	X(ROLE_STANDALONE, "standalone_server", "standalone", "sa", 2) \
	X(ROLE_CLIENT, "client", "client", "pc", 1)

enum lab_role {
#define X(role, word, brief, prefix, dsrole) role,
	LAB_ROLES(X)
#undef X
		ROLE_COUNT
};

enum { STOCK_HOLDERS_MAX = 8 };

struct stock_right {
	const char *name;
	uint16_t luid;  /* 0: a logon right, never in LsarEnumeratePrivileges */
	uint16_t since; /* the first build that knows it; 0: all */
	/* Holders by letter, separated by blanks; "" is nobody. */
	const char *holders[ROLE_COUNT];
};

extern const struct stock_right stock_rights[];
extern const unsigned stock_rights_count;

/* The index of a right's name, compared without case; -1 when there is none. */
int stock_right_index(const char *name, size_t len);
/* The SIDs of the stock holders; returns how many. */
unsigned stock_holders(unsigned right, enum lab_role role,
		       struct lab_sid sids[static STOCK_HOLDERS_MAX]);
const char *role_word(enum lab_role role);
const char *role_prefix(enum lab_role role);
uint16_t role_dsrole(enum lab_role role);
/* By either word; -1 when it is neither. */
int role_by_word(const char *word);

#endif
