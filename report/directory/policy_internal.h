/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_internal.h - the store of policy.h from inside: records by number, and what is
 * worked out from them once (policy_store.c takes and seals, policy_chain.c lists,
 * policy_filter.c decides, policy.c answers).
 */
#ifndef REPORT_DIRECTORY_POLICY_INTERNAL_H
#define REPORT_DIRECTORY_POLICY_INTERNAL_H

#include "report/directory/digest_map.h"
#include "report/directory/directory_json.h"
#include "report/directory/policy.h"
#include "report/directory/wmi_filter.h"
#include "report/text/pool.h"

enum { POLICY_NO_INDEX = UINT32_MAX };

/* Whether a SID is in a computer's token. */
enum membership { MEMBER_NO, MEMBER_YES, MEMBER_UNKNOWN };

struct policy_ace {
	uint32_t trustee;
	uint8_t form; /* enum directory_ace_form */
	bool deny, read, apply;
};

/* A line of a template: equal digests, equal lists. */
struct policy_declared {
	const struct directory_declared *line;
	struct siphash_digest list;
	uint32_t right; /* its number in the store */
};

struct policy_object {
	const struct directory_gpo *gpo;
	struct policy_ace *aces;
	struct policy_declared *declared;
	size_t declared_count;
	uint32_t wmi_filter; /* POLICY_NO_INDEX: none */
	/* What does not depend on the computer. */
	enum policy_answer empty;     /* version 0 on both sides */
	enum policy_answer extension; /* the security extension is listed */
	bool readable;                /* its attributes are known */
	bool template_unknown;        /* it may declare anything */
	bool wmi_unknown;             /* it has a filter of which nothing is known */
};

struct policy_link {
	const char *dn;            /* of the GPO */
	uint32_t object;           /* POLICY_NO_INDEX: it has no record */
	enum policy_reason reason; /* disabled, orphaned, not readable */
	bool enforced;
};

struct policy_scope {
	const struct directory_scope *scope;
	const struct policy_link *links; /* in string order */
	uint32_t link_count;
	uint32_t parent;    /* POLICY_NO_INDEX: none */
	bool missing_above; /* between it and its parent an OU has no record */
	bool malformed;     /* gPLink ends with what is no link */
	bool blocks;        /* inheritance */
};

/* A SID that an entry of some GPO's DACL names. */
struct policy_trustee {
	const char *sid;
	uint32_t principal; /* number of the SID; POLICY_NO_INDEX: no group has it */
	enum membership fixed;
	bool depends;     /* on the computer: `fixed` does not count */
	bool controllers; /* every domain controller, and no other computer */
};

/* A SID that is a group or a member of one. */
struct policy_principal {
	uint32_t first_edge; /* of the groups it is a direct member of */
	uint32_t stamp;      /* the last computer that is in it */
	bool group, complete, known;
};

struct policy_edge {
	uint32_t group, next;
};

/* One place in the list of GPOs of all computers below one scope and in one site. */
struct policy_candidate {
	const char *dn;
	uint32_t object, scope; /* or POLICY_NO_INDEX */
	bool enforced;
	enum policy_reason reason; /* of the place and the link, not of the GPO */
};

struct policy_chain {
	struct policy_candidate *candidates;
	uint32_t *trustees;
	uint32_t candidate_count, trustee_count, id;
	bool uses_wmi;
};

struct policy_tally;
struct policy_kept;

struct policy_store {
	struct pool pool;       /* what lives as long as the store */
	struct pool scratch;    /* of the line that is taken */
	struct pool chain_pool; /* of chains, until there are too many */
	struct directory_policies *policies;
	struct policy_scope *scopes;
	struct policy_object *objects;
	struct directory_wmi_filter *filters;
	struct policy_trustee *trustees;
	struct policy_principal *principals;
	struct policy_edge *edges;
	const char **rights;
	uint32_t *right_order; /* their numbers by name */
	struct policy_chain **chains;
	struct policy_kept **answers;
	size_t policies_count, policies_room, scope_count, scope_room, object_count,
		object_room, filter_count, filter_room, trustee_count, trustee_room,
		principal_count, principal_room, edge_count, edge_room, right_count,
		right_room, chain_count, chain_room, answer_count, answer_room;
	/* By normalised DN, by id and domain, by SID, by name, by what they depend on. */
	struct digest_map scope_of, site_of, object_of, filter_of, trustee_of,
		principal_of, right_of, chain_of, answer_of, wmi_of, machine_of;
	size_t answer_bytes;
	uint32_t machine_count, stamp, chain_stamp;
	/* Scratch of one answer. */
	enum membership *members;
	uint32_t *to_visit;       /* room for every principal */
	uint32_t *trustee_stamps; /* the last chain that has it */
	struct policy_candidate *candidates;
	size_t candidate_room;
	struct policy_tally *tallies;
	char *key;
	size_t key_len, key_room;
	bool sealed;
};

/* Bytes of a name that is looked up; a longer one is not found. */
enum { POLICY_KEY_MAX = 4096 };

/* policy_store.c: `*at`'s room for one more of `size` bytes; false: out of memory. */
bool policy_grow(struct policy_store *s, void *at, size_t count, size_t *room,
		 size_t size);
/* policy_names.c: names as keys of maps. */
bool policy_find_dn(const struct digest_map *map, const char *dn, size_t len,
		    uint32_t *index);
bool policy_set_dn(struct digest_map *map, const char *dn, size_t len, uint32_t index);
bool policy_find_name(const struct digest_map *map, const char *name, size_t len,
		      uint32_t *index);
bool policy_set_name(struct digest_map *map, const char *name, size_t len,
		     uint32_t index);
bool policy_find_filter(const struct policy_store *s, const struct wmi_filter_name *name,
			uint32_t *index);
bool policy_set_filter(struct policy_store *s, const struct directory_wmi_filter *f,
		       uint32_t index);

/* policy_object.c: what can be said of every GPO before any computer. */
bool policy_prepare_objects(struct policy_store *s);

/* policy_links.c: gPLink of every scope, parsed once. */
bool policy_prepare_links(struct policy_store *s);

/* policy.c: frees the answers that are kept; scratch for the rights of one computer. */
void policy_forget(struct policy_store *s);
struct policy_tally *policy_tallies(struct policy_store *s);

/* policy_chain.c: NULL: out of memory. */
const struct policy_chain *policy_chain_of(struct policy_store *s,
					   const struct policy_computer *c);
/* The nearest scope above `dn` that has a record; `*missing`: one nearer has none. */
uint32_t policy_scope_above(const struct policy_store *s, const char *dn, bool *missing);
const struct directory_policies *policy_policies_of(const struct policy_store *s,
						    const char *domain);

/* policy_filter.c: the token of a computer as far as a chain asks for it. */
void policy_memberships(struct policy_store *s, const struct policy_chain *chain,
			const struct policy_computer *c);
/* Does the GPO apply, for the memberships in `s`? */
enum policy_answer policy_applies(struct policy_store *s,
				  const struct policy_object *object,
				  const struct policy_computer *c,
				  enum policy_reason *reason);
/* policy_filter.c: a number for all that WMI filters can know of it. */
bool policy_machine(struct policy_store *s, const struct policy_computer *c,
		    uint32_t *machine);

#endif
