/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline.h - a baseline file as rules: who should hold each right, on each role.
 *
 * A file ("lsasweep.baseline/1") is taken whole or refused whole, with file, line, key,
 * what was found and what was expected.  Baselines contradict each other, so one decides;
 * they are never joined.
 *
 * A file may extend a shipped baseline: its rules take the place of the shipped ones for
 * the same right and role, an "allow" alone adds to them, and the rest is inherited.
 *
 * Shipped baselines are part of the program (the files of report/baseline/baselines/, put
 * into it when it is built); they need no file at run time.
 *
 * Ownership: everything reachable from a baseline dies with baseline_free().
 */
#ifndef REPORT_BASELINE_BASELINE_H
#define REPORT_BASELINE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"
#include "report/text/pool.h"
#include "report/facts/principals.h"
#include "report/facts/rights.h"

/* How holders are held against the principals of a rule.  X(constant, word, what it
 * allows) */
#define MATCHES(X)                                               \
	X(MATCH_EXACTLY, "exactly", "these and nobody else")     \
	X(MATCH_AT_MOST, "at_most", "nobody but these")          \
	X(MATCH_AT_LEAST, "at_least", "these, and whoever else") \
	X(MATCH_NONE, "none", "nobody but who is allowed for a reason")

#define X(name, word, meaning) name,
enum match { MATCHES(X) MATCH_COUNT };
#undef X

const char *match_word(enum match m);

/* How a principal of a file is told on a host. */
enum reference_form {
	REFERENCE_SID,         /* sid: equal */
	REFERENCE_PATTERN,     /* sid: a glob over SIDs, "S-1-5-82-*" */
	REFERENCE_DOMAIN_RID,  /* rid below the host's domain */
	REFERENCE_MACHINE_RID, /* rid below the machine itself; on a controller its domain
				*/
	REFERENCE_NAME,        /* name as the host tells it, without regard to case: for
				* principals that have no SID known beforehand */
};

struct reference {
	const char *text; /* as the file has it */
	enum reference_form form;
	const char *sid; /* NULL but for SID and PATTERN; with NAME: NULL, or the prefix
			  * the holder's SID must have ("S-1-5-80-") */
	uint32_t rid;
};

/* Reads a principal as a baseline names it.  False: it is none of the forms; `r` is
 * untouched.  Strings are taken from `text`, which must live as long as `r`, or static.
 */
bool reference_parse(const char *text, struct reference *r);
/* True when `h`, a holder on the host of `f`, is who `r` means. */
bool reference_means(const struct reference *r, const struct holder *h,
		     const struct facts *f);
/* True for a group of the forest's root domain, which hosts of other domains do not tell:
 * it is known by its relative id below any domain. */
bool reference_is_of_forest(const struct reference *r);
/* The SID that `r` means on the host of `f`, into `out` (200 bytes do); NULL when it has
 * none there (a pattern, a name, an unknown domain). */
const char *reference_sid(const struct reference *r, const struct facts *f, char *out,
			  size_t out_size);

/* What must be so for an `allow` entry to count.  Unset parts always hold. */
struct baseline_when {
	const char *tag;
	unsigned roles; /* bits 1 << enum role; 0: any */
	bool has_min_build, has_max_build;
	uint32_t min_build, max_build;
	enum product
		product; /* known by a tag of that word or by its SIDs among holders */
};

struct baseline_allow {
	struct reference principal;
	struct baseline_when when;
	const char *reason; /* may be NULL */
};

struct baseline_group {
	struct reference *members;
	size_t count;
};

struct baseline_rule {
	uint32_t min_build; /* the generation this rule is for begins here; 0: all */
	enum match match;
	struct reference *principals;
	size_t principal_count;
	struct reference *domain_joined; /* principals on domain-joined hosts only */
	size_t domain_joined_count;
	struct baseline_group *any_of; /* of each group one suffices */
	size_t any_of_count;
	struct baseline_allow *allow;
	size_t allow_count;
	const char *rule;           /* the source's own number, "2.2.33"; may be NULL */
	const char *reason;         /* why the source wants it so; may be NULL */
	struct baseline_rule *next; /* the next newer generation */
	bool adds; /* private: an "allow" that waits for the extended baseline's rule */
};

struct baseline_right {
	const struct right *right;
	/* the oldest generation; it may begin above build 0, then the baseline is silent
	 * about what is older; NULL: no rule */
	struct baseline_rule *rules[ROLE_UNKNOWN];
};

struct baseline_waiver {
	const char *host;  /* glob, without regard to case */
	const char *right; /* glob */
	struct reference principal;
	const char *reason, *owner; /* owner may be NULL */
	const char *expires;        /* "2026-12-31": the last day it counts (UTC) */
	const char *path;           /* of the file that has it */
	int line;
};

struct baseline {
	const char *name, *version, *source, *description; /* description may be NULL */
	const char *extends;                               /* a shipped one; or NULL */
	const char *path;                                  /* where it was read from */
	struct baseline_right *rights;
	size_t right_count;
	struct baseline_waiver *waivers;
	size_t waiver_count;
	struct baseline *base; /* private: the extended one, whose rules are used */
	struct pool memory;    /* private: owns all of the above */
};

/* `name` is a shipped baseline or a file.  NULL: `why` says it all, in one line. */
struct baseline *baseline_load(const char *name, char *why, size_t why_size);
/* The same from text; `path` is for messages. */
struct baseline *baseline_parse(const char *path, const char *text, size_t len, char *why,
				size_t why_size);
void baseline_free(struct baseline *b);

/* Adds the waivers of a file ("lsasweep.waivers/1") behind those that `b` has; pointers
 * to its waivers are not valid any more.  False: `why` says it all, and `b` is as it was.
 */
bool baseline_add_waivers(struct baseline *b, const char *path, char *why,
			  size_t why_size);
/* The same from text; `path` is for messages. */
bool baseline_parse_waivers(struct baseline *b, const char *path, const char *text,
			    size_t len, char *why, size_t why_size);

/* Shipped names in order; NULL at the end. */
const char *baseline_shipped(size_t i);
/* All of them, "a, b, c"; 200 bytes do. */
void baseline_shipped_names(char *out, size_t out_size);
/* The text of a shipped baseline, or NULL. */
const char *baseline_shipped_text(const char *name, size_t *len);

/* The rule for that right, role and build; NULL: the baseline is silent. */
const struct baseline_rule *baseline_rule(const struct baseline *b, const char *right,
					  enum role role, uint32_t build);
/* All generations for that right and role, the oldest first; NULL: none. */
const struct baseline_rule *baseline_rules(const struct baseline *b, const char *right,
					   enum role role);
/* The build of facts: the third number of os_version.  False: not told. */
bool facts_build(const struct facts *f, uint32_t *build);
/* Whether the machine is joined to a domain.  False: not told. */
bool facts_joined(const struct facts *f, bool *joined);

#endif
