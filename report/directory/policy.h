/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h - which Group Policy Objects a computer applies, and which of them sets each
 * user right: [MS-GPOL] 3.2.5.1.3 to 3.2.5.1.7 for the list, [MS-ADTS] 5.1.3.3 for who
 * may apply a GPO, [MS-GPSB] 3.2.5 for what its template sets.
 *
 * A store takes the lines of a recorded directory, is sealed once, and then answers for
 * one computer after another.  No network, no clock: what the record does not hold is
 * `uncertain`, never "does not apply".  A right is decided with every uncertain GPO in
 * and out, and is certain where that makes no difference.
 *
 * Computers of one place, site, filter set and Windows share one answer, so that 100,000
 * of them cost little more than their look-up.
 *
 * Local policy and loopback are not here: the one comes before all of this and is in no
 * directory, the other concerns users alone.
 */
#ifndef REPORT_DIRECTORY_POLICY_H
#define REPORT_DIRECTORY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/directory_policy.h"
#include "report/facts/facts.h"

/* Why a GPO does not apply, or what makes it uncertain; a closed list, the words of every
 * output.  X(constant, word, sentence) */
#define POLICY_REASONS(X)                                                            \
	X(POLICY_REASON_NONE, "none", "it applies")                                  \
	X(POLICY_LINK_DISABLED, "link_disabled", "the link is disabled")             \
	X(POLICY_INHERITANCE_BLOCKED, "inheritance_blocked",                         \
	  "inheritance is blocked below the link")                                   \
	X(POLICY_ORPHANED_LINK, "orphaned_link", "the link leads to no GPO")         \
	X(POLICY_NOT_READABLE, "not_readable",                                       \
	  "this credential could not read it, the computer may be able to")          \
	X(POLICY_FUNCTIONALITY_VERSION, "functionality_version",                     \
	  "its functionality version is not 2")                                      \
	X(POLICY_NOT_READABLE_BY_COMPUTER, "not_readable_by_computer",               \
	  "the computer may not read it (MS16-072: grant Domain Computers read)")    \
	X(POLICY_SETTINGS_DISABLED, "computer_settings_disabled",                    \
	  "its computer settings are disabled")                                      \
	X(POLICY_SECURITY_FILTERING, "security_filtering",                           \
	  "its security filter does not let the computer apply it")                  \
	X(POLICY_PLAIN_ACE, "plain_ace",                                             \
	  "it is granted with all extended rights at once, which clients differ on") \
	X(POLICY_EMPTY, "empty", "its computer half was never edited (version 0)")   \
	X(POLICY_WMI_FILTER, "wmi_filter", "its WMI filter")                         \
	X(POLICY_NO_EXTENSION, "no_security_extension",                              \
	  "its template is never applied: the security extension is not listed")     \
	X(POLICY_NO_TEMPLATE, "no_template", "it has no security template")          \
	X(POLICY_SITE_UNKNOWN, "site_unknown", "the computer's site is not known")   \
	X(POLICY_SCOPE_NOT_READABLE, "scope_not_readable",                           \
	  "a place above the computer could not be read, nor what is linked there")  \
	X(POLICY_MALFORMED_LINK, "malformed_link", "gPLink holds what is no link")

#define POLICY_ANSWERS(X)    \
	X(POLICY_NO, "no")   \
	X(POLICY_YES, "yes") \
	X(POLICY_UNCERTAIN, "uncertain")

#define POLICY_RIGHT_STATES(X)                     \
	X(POLICY_RIGHT_NOT_DEFINED, "not_defined") \
	X(POLICY_RIGHT_DEFINED, "defined")         \
	X(POLICY_RIGHT_UNCERTAIN, "uncertain")

/* Where a computer's site is from, best first. */
#define POLICY_SITE_SOURCES(X)                    \
	X(SITE_OF_HOST, "host")                   \
	X(SITE_OF_SERVER_OBJECT, "server_object") \
	X(SITE_OF_SUBNET, "subnet")               \
	X(SITE_ONLY_ONE, "only_site")             \
	X(SITE_UNKNOWN, "unknown")

#define X(constant, word, ...) constant,
enum policy_reason { POLICY_REASONS(X) POLICY_REASON_COUNT };
enum policy_answer { POLICY_ANSWERS(X) POLICY_ANSWER_COUNT };
enum policy_right_state { POLICY_RIGHT_STATES(X) POLICY_RIGHT_STATE_COUNT };
enum policy_site_source { POLICY_SITE_SOURCES(X) SITE_SOURCE_COUNT };
#undef X

const char *policy_reason_word(enum policy_reason r);
const char *policy_reason_sentence(enum policy_reason r);
const char *policy_answer_word(enum policy_answer a);
const char *policy_right_state_word(enum policy_right_state s);
const char *policy_site_source_word(enum policy_site_source s);

/* What the policy of a computer depends on; NULL, 0, ROLE_UNKNOWN: not known. */
struct policy_computer {
	const char *dn; /* never NULL */
	const char *sid;
	const char *version; /* "10.0.20348" */
	const char *site;    /* its name; "" : it has none; NULL: not known */
	/* RID of its primary group; 0: what Windows gives such an account (515, or 516 to
	 * a domain controller). */
	uint32_t primary_group;
	enum role role;
};

/* One place in the list of GPOs of a computer. */
struct policy_gpo {
	const struct directory_gpo *gpo;     /* NULL: there is no record of it */
	const struct directory_scope *scope; /* where it is linked; NULL: not readable */
	const char *dn;                      /* as the link names it; NULL with no link */
	bool enforced;
	enum policy_answer applies;
	enum policy_reason reason;
};

enum { POLICY_NOBODY = UINT32_MAX };

struct policy_right {
	const char *name; /* as the catalogue has it, or the template that names it */
	/* The winner's line and its index in `gpos`; NULL and POLICY_NOBODY: no GPO that
	 * certainly applies has one. */
	const struct directory_declared *declared;
	uint32_t winner;
	enum policy_right_state state;
};

struct policy {
	const struct policy_gpo *gpos; /* from lowest to highest precedence */
	size_t gpo_count;
	/* Rights that a GPO of the list defines, or may define, by name. */
	const struct policy_right *rights;
	size_t right_count;
	/* Of a right that is not among them: not defined, or uncertain where a GPO whose
	 * declarations are not known may apply. */
	enum policy_right_state others;
};

struct policy_store;

/* NULL: out of memory. */
struct policy_store *policy_store_new(void);
void policy_store_free(struct policy_store *s);

enum policy_line {
	POLICY_LINE_TAKEN,
	POLICY_LINE_OTHER,
	POLICY_LINE_REFUSED,
	POLICY_LINE_NO_MEMORY
};

/* A line of a recorded directory; the store keeps a copy of what it needs.  Of two
 * records of one thing the later counts.  POLICY_LINE_OTHER: it is not of Group Policy.
 * POLICY_LINE_REFUSED with `why`: malformed, or more than directory_limits.h allows.
 * POLICY_LINE_NO_MEMORY: with `why`, too. */
enum policy_line policy_store_take(struct policy_store *s, const char *line, size_t len,
				   char *why, size_t why_size);
/* Once, when all lines are taken.  False: out of memory. */
bool policy_store_seal(struct policy_store *s);
/* True when it holds nothing of Group Policy. */
bool policy_store_is_empty(const struct policy_store *s);

/* The policy of one computer; valid until the next call, its names and records as long
 * as the store.  NULL: out of memory. */
const struct policy *policy_of(struct policy_store *s, const struct policy_computer *c);

/* The right named so, without regard to case; for one that is not in its list, a right
 * of the state `others` in `*other`. */
const struct policy_right *policy_find_right(const struct policy *p, const char *name,
					     struct policy_right *other);
/* What `gpo` declares for the right; NULL: nothing that is known. */
const struct directory_declared *policy_declared(const struct directory_gpo *gpo,
						 const char *right);
/* True for a GPO at a place of the list that applies or may apply and defines the right,
 * but is not its winner. */
bool policy_also_defines(const struct policy *p, const struct policy_right *right,
			 size_t place);
/* True for a place that makes the right uncertain, or could: what applies there, if it
 * does, takes the right from the winner or may do so. */
bool policy_may_win(const struct policy *p, const struct policy_right *right,
		    size_t place);
/* The forest's only site, whose name is put into `name`.  False: there are several, or
 * they were not all read. */
bool policy_only_site(const struct policy_store *s, char *name, size_t size);

#endif
