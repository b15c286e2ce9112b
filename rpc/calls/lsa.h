/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lsa.h - the LSA calls a sweep needs, as stubs: one put and one get a call.
 *
 * [MS-LSAD] and [MS-LSAT], interface 12345778-1234-abcd-ef00-0123456789ab v0.0, NDR32.
 * `put` writes a request stub into `w` (sticky).  `get` reads a response stub and returns
 * false when it is malformed, or when the arena is at its end (arena_bad() tells); then
 * nothing was stored.  When true, `*status` is the host's NTSTATUS and the rest is filled
 * as far as that status carries data; a success without its data is malformed.
 *
 * Names and arrays live in the arena; names are UTF-8.  A name that is no UTF-16 (an
 * unpaired surrogate, a NUL inside) is "", as if the host had told none: it must not
 * spoil the SIDs beside it, and a repaired name would be one that nobody has.  Counts and
 * lengths that are wrong make the whole reply malformed.
 */
#ifndef RPC_CALLS_LSA_H
#define RPC_CALLS_LSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/arena.h"
#include "rpc/dce/ndr.h"
#include "rpc/wire/sid.h"
#include "rpc/wire/wire.h"

enum lsa_opnum {
	LSA_CLOSE = 0,
	LSA_QUERY_INFORMATION_POLICY = 7,
	LSA_LOOKUP_SIDS = 15,
	LSA_ENUMERATE_ACCOUNTS_WITH_USER_RIGHT = 35,
	LSA_OPEN_POLICY2 = 44,
	LSA_QUERY_INFORMATION_POLICY2 = 46,
	LSA_LOOKUP_SIDS2 = 57,
};

enum {
	POLICY_VIEW_LOCAL_INFORMATION = 0x1,
	POLICY_LOOKUP_NAMES = 0x800,
};

struct lsa_handle {
	uint8_t bytes[NDR_HANDLE_BYTES]; /* opaque, echoed as it came */
};

/* [MS-LSAD] 3.1.4.4.1 LsarOpenPolicy2.  No system name is sent: servers ignore it. */
void lsa_put_open_policy2(struct wire_out *w, uint32_t access);
bool lsa_get_open_policy2(struct bytes stub, struct lsa_handle *handle, uint32_t *status);

/* [MS-LSAD] 3.1.4.9.4 LsarClose */
void lsa_put_close(struct wire_out *w, const struct lsa_handle *handle);
bool lsa_get_close(struct bytes stub, uint32_t *status);

/* [MS-LSAD] 3.1.4.4.3 LsarQueryInformationPolicy2; opnum 7 has the same stubs. */
enum lsa_policy_class {
	POLICY_PRIMARY_DOMAIN = 3,
	POLICY_ACCOUNT_DOMAIN = 5,
	POLICY_DNS_DOMAIN = 12
};

void lsa_put_query_policy(struct wire_out *w, const struct lsa_handle *handle,
			  enum lsa_policy_class level);

struct lsa_account_domain {
	const char *name; /* NetBIOS name; of the machine, on a DC of the domain; or "" */
	bool has_sid;
	struct sid sid;
};

struct lsa_dns_domain {
	const char *name, *dns_domain, *dns_forest; /* "" when empty */
	bool has_sid;                               /* false: a workgroup */
	struct sid sid;
};

/* POLICY_PRIMARY_DOMAIN says less than POLICY_DNS_DOMAIN, and more servers answer it. */
struct lsa_primary_domain {
	const char *name; /* NetBIOS name of the domain or workgroup; or "" */
	bool has_sid;     /* false: a workgroup */
	struct sid sid;
};

bool lsa_get_primary_domain(struct bytes stub, struct arena *a,
			    struct lsa_primary_domain *info, uint32_t *status);
bool lsa_get_account_domain(struct bytes stub, struct arena *a,
			    struct lsa_account_domain *info, uint32_t *status);
bool lsa_get_dns_domain(struct bytes stub, struct arena *a, struct lsa_dns_domain *info,
			uint32_t *status);

/* [MS-LSAD] 3.1.4.5.3 LsarEnumerateAccountsWithUserRight.  A `right` that is not UTF-8
 * turns the writer bad. */
void lsa_put_accounts_with_right(struct wire_out *w, const struct lsa_handle *handle,
				 const char *right);

struct lsa_sids {
	struct sid *sids; /* in the order the host told them */
	size_t count;
};

/* STATUS_NO_MORE_ENTRIES with no entries is a full answer: nobody holds the right. */
bool lsa_get_accounts_with_right(struct bytes stub, struct arena *a,
				 struct lsa_sids *sids, uint32_t *status);

/* [MS-LSAT] 3.1.4.10 LsarLookupSids2, 3.1.4.11 LsarLookupSids; at most 1,000 a batch
 * (more turn the writer bad).  `two` is opnum 57, else 15. */
enum { LSA_LOOKUP_MAX = 1000 };

void lsa_put_lookup_sids(struct wire_out *w, const struct lsa_handle *handle,
			 const struct sid *sids, size_t count, bool two);

struct lsa_name {
	uint16_t use;       /* SID_NAME_USE: 1 user ... 8 unknown */
	const char *domain; /* "" when there is none */
	const char *name;   /* "" when there is none */
};

struct lsa_names {
	struct lsa_name *names; /* in the order of the request */
	size_t count;           /* `asked`, or 0 when the host gave no arrays */
};

/* `asked` is the count of the request; another count in the answer is malformed.  Look at
 * the names whatever the status: STATUS_NONE_MAPPED comes with them. */
bool lsa_get_lookup_sids(struct bytes stub, struct arena *a, bool two, size_t asked,
			 struct lsa_names *names, uint32_t *status);

#endif
