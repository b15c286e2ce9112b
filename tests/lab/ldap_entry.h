/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_entry.h - one entry as a search gives it: the attributes asked for, at most 1,500
 * values of each, and what a fault makes of it.
 */
#ifndef LAB_LDAP_ENTRY_H
#define LAB_LDAP_ENTRY_H

#include <stdbool.h>

#include "tests/lab/directory.h"
#include "tests/lab/ldap.h"

enum { LDAP_WANTED_MAX = 64 };

/* What of each entry was asked for. */
struct ldap_wanted {
	struct bytes names[LDAP_WANTED_MAX];
	size_t count;        /* 0: everything */
	bool descriptors;    /* the control that makes them readable was sent */
	bool ranges_may_end; /* a range past the end is no error */
};

/* `*range_ended`: a range was asked for that begins behind the last value. */
void ldap_put_entry(struct ldap *l, const struct lab_entry *e,
		    const struct ldap_wanted *wanted, bool *range_ended,
		    struct wire_out *out);
/* The root of the directory (RFC 4512 5.1, [MS-ADTS] 3.1.1.3.2). */
void ldap_put_root(struct ldap *l, const struct ldap_wanted *wanted,
		   struct wire_out *out);
/* The entries that a fault at step `entry` adds; how many. */
size_t ldap_put_strange(struct ldap *l, const struct ldap_wanted *wanted,
			struct wire_out *out);

#endif
