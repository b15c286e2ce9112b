/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge.h - facts of one host held against one baseline: labels, verdicts, mends.
 *
 * Pure: no clock (the caller says what day it is), no files, no state.  A judgement is
 * made from one host's facts, given to the scorecard and to renderers, and forgotten.
 * Several baselines: judge once for each; the first decides the exit code.
 *
 * How verdicts are reached
 * - Compared are SIDs, never names, so a localised Windows is judged like any other.  A
 *   principal that a baseline gives as DOMAIN\name is the exception its author chose.
 * - `unknown` is never a pass: a right that was denied or failed, a host that did not
 *   answer, a role that nothing told, or a rule that depends on a build nothing told.
 * - A right that this Windows does not know cannot be held: compliant under `none` and
 *   `at_most`, otherwise `not_applicable`.
 * - A right without a rule for the role is `not_applicable`; a host of which nothing was
 *   applicable is `unknown`.
 * - A waived holder is `allowed`, a waived missing one stays listed; neither counts.
 * - Some holders cannot be taken away (rights.h, floor).  A host that does not list them
 *   is `collection_suspect`: where it would have been compliant it is `unknown`.
 */
#ifndef REPORT_JUDGE_JUDGE_H
#define REPORT_JUDGE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/baseline/baseline.h"
#include "report/facts/facts.h"
#include "report/text/pool.h"
#include "report/facts/principals.h"
#include "report/facts/rights.h"

#define VERDICTS(X)                                                            \
	X(VERDICT_COMPLIANT, "compliant", "as the baseline wants it")          \
	X(VERDICT_VIOLATION, "violation", "not as the baseline wants it")      \
	X(VERDICT_UNKNOWN, "unknown", "could not be told; this is not a pass") \
	X(VERDICT_NOT_APPLICABLE, "not_applicable", "the baseline has nothing to say")

#define LABELS(X)                                                                     \
	X(LABEL_REQUIRED, "required", "the baseline wants it")                        \
	X(LABEL_ALLOWED, "allowed", "the baseline allows it")                         \
	X(LABEL_EXTRA, "extra", "holds it, and the baseline does not allow it")       \
	X(LABEL_MISSING, "missing", "the baseline wants it, and it does not hold it") \
	X(LABEL_OBSOLETE, "obsolete", "holds it, and belongs to software long gone")

#define SEVERITIES(X)                \
	X(SEVERITY_NONE, "none")     \
	X(SEVERITY_LOW, "low")       \
	X(SEVERITY_MEDIUM, "medium") \
	X(SEVERITY_HIGH, "high")     \
	X(SEVERITY_CRITICAL, "critical")

/* How the holders of a right came to be, as far as one list can tell. */
#define RIGHT_STATES(X)                                                            \
	X(STATE_UNKNOWN, "unknown", "cannot be told")                              \
	X(STATE_DEFAULT, "default", "what Windows sets on a machine of this role") \
	X(STATE_USER_DEFINED, "user_defined", "a list that somebody set")          \
	X(STATE_EMPTY, "empty", "nobody, where Windows would set somebody")

/* Kinds of finding: the ids that `lsasweep explain` takes.
 * X(constant, id, severity, title, what it means, how to mend it) */
#define FINDINGS(X)                                                                      \
	X(FINDING_NONE, "none", SEVERITY_NONE, "nothing", "", "")                        \
	X(FINDING_BROAD, "broad-principal", SEVERITY_CRITICAL,                           \
	  "a right for nearly everybody",                                                \
	  "A principal that nearly every user or every caller is part of holds the "     \
	  "right, "                                                                      \
	  "so in effect everybody holds it.",                                            \
	  "Remove it from the policy at once; grant the right to the one group that "    \
	  "needs "                                                                       \
	  "it, if any.")                                                                 \
	X(FINDING_ACCOUNT, "named-account", SEVERITY_HIGH,                               \
	  "a right for a named account",                                                 \
	  "A user, computer or managed service account holds the right by name.  "       \
	  "Whoever "                                                                     \
	  "gets that account gets the right on every machine that lists it.",            \
	  "Remove the account; where an application needs it, run it as a service "      \
	  "(services have the right through SERVICE) or record a waiver with an "        \
	  "expiry.")                                                                     \
	X(FINDING_GROUP, "named-group", SEVERITY_HIGH, "a right for a named group",      \
	  "A domain or local group holds the right, and so does everybody who is put "   \
	  "into it later.",                                                              \
	  "Remove the group, or allow it in a baseline of your own with the reason.")    \
	X(FINDING_BUILTIN, "builtin-principal", SEVERITY_MEDIUM,                         \
	  "a right for a built-in principal",                                            \
	  "A built-in group or an identity of Windows holds the right though the "       \
	  "baseline "                                                                    \
	  "does not allow it; often it is the Windows default that was never "           \
	  "tightened.",                                                                  \
	  "Set the policy for this right to the expected list.")                         \
	X(FINDING_ORPHAN, "orphan", SEVERITY_MEDIUM, "a right for a deleted account",    \
	  "The SID belongs to no account any more.  It grants nothing today, but "       \
	  "nobody "                                                                      \
	  "knows why it was granted.",                                                   \
	  "Remove the SID from the policy or the machine's local rights.")               \
	X(FINDING_OBSOLETE, "obsolete-account", SEVERITY_MEDIUM,                         \
	  "a right for an account of IIS 5 or 6",                                        \
	  "IUSR_<name>, IWAM_<name>, IIS_WPG and ASPNET served IIS 5 and 6.  Newer "     \
	  "Windows do not use them; they survive upgrades and migrations.",              \
	  "Remove the right, then disable or delete the account.")                       \
	X(FINDING_SERVICE, "service-identity", SEVERITY_LOW,                             \
	  "a right for the identity of a service",                                       \
	  "One service holds the right by its own SID, put there by its setup.  For "    \
	  "impersonation it is redundant: every service has it through SERVICE.",        \
	  "Remove it if the product works without; otherwise allow it in your baseline " \
	  "for hosts with that product.")                                                \
	X(FINDING_APP_POOL, "app-pool", SEVERITY_LOW,                                    \
	  "a right for an IIS application pool",                                         \
	  "An application pool holds the right by its own SID.  Pools are members of "   \
	  "IIS_IUSRS, which usually has what they need.",                                \
	  "Remove it, or tag the host and allow S-1-5-82-* for that tag in your "        \
	  "baseline.")                                                                   \
	X(FINDING_VIRTUAL, "virtual-account", SEVERITY_LOW,                              \
	  "a right for a virtual account",                                               \
	  "An identity that Windows makes on demand (virtual machine, window manager, "  \
	  "container, session) holds the right though the baseline does not allow it.",  \
	  "Remove it, or allow it where the feature is in use.")                         \
	X(FINDING_UNIDENTIFIED, "unidentified", SEVERITY_MEDIUM,                         \
	  "a right for somebody unidentified",                                           \
	  "No name is known for this SID, neither here nor on the host.",                \
	  "Look the SID up in the directory it comes from; remove it if nobody claims "  \
	  "it.")                                                                         \
	X(FINDING_DENY_EXTRA, "denied-too-much", SEVERITY_LOW,                           \
	  "more principals denied than asked",                                           \
	  "A deny right names somebody the baseline does not.  That is stricter, and "   \
	  "may "                                                                         \
	  "lock out people or services that should get in.",                             \
	  "Check that nobody who is needed is locked out; then set the expected list "   \
	  "or "                                                                          \
	  "allow it in your baseline.")                                                  \
	X(FINDING_MISSING, "missing-holder", SEVERITY_MEDIUM,                            \
	  "a holder that should be there is not",                                        \
	  "The baseline wants a principal to hold the right and it does not.",           \
	  "Add the principal to the policy for this right.")                             \
	X(FINDING_SUSPECT, "collection_suspect", SEVERITY_HIGH,                          \
	  "an answer that cannot be complete",                                           \
	  "Windows never lets these holders lose the right, yet the host does not list " \
	  "them: the answer was cut short or forged, or the security database was "      \
	  "tampered with.  The host is not stricter than asked; it is not assessed.",    \
	  "Export the rights on the host itself (secedit /export) and compare.")         \
	X(FINDING_WAIVER_EXPIRED, "waiver-expired", SEVERITY_MEDIUM,                     \
	  "a waiver that has run out",                                                   \
	  "A waiver covered this once; its last day has passed, so it counts again.",    \
	  "Remove the grant, or have the waiver renewed by its owner.")                  \
	X(FINDING_DENIED, "right-denied", SEVERITY_NONE,                                 \
	  "rights the host would not tell",                                              \
	  "The host refused to say who holds the right.  On Windows only members of "    \
	  "its "                                                                         \
	  "Administrators group may ask; remote UAC also filters local accounts other "  \
	  "than RID 500.",                                                               \
	  "Use an account that is an administrator there: a domain account in the "      \
	  "host's "                                                                      \
	  "Administrators group.")                                                       \
	X(FINDING_FAILED, "right-failed", SEVERITY_NONE, "a question that went wrong",   \
	  "Asking for the right failed on the way; nothing was learned.",                \
	  "Sweep the host again; `lsasweep check HOST` shows each step.")                \
	X(FINDING_UNANSWERED, "host-unanswered", SEVERITY_NONE,                          \
	  "a host that did not answer",                                                  \
	  "The host could not be asked at all; its outcome says why.",                   \
	  "`lsasweep check HOST` tells the step that fails and the likely mend.")        \
	X(FINDING_ROLE_UNKNOWN, "role-unknown", SEVERITY_NONE, "a host of unknown role", \
	  "Neither the host nor the target list said what role it plays, and rules "     \
	  "depend on the role.",                                                         \
	  "Give the role in the target list (role=member_server).")                      \
	X(FINDING_ROLE_CONFLICT, "role-conflict", SEVERITY_NONE,                         \
	  "sources that disagree",                                                       \
	  "Two sources tell different roles: a demoted controller, a wrong target "      \
	  "list, "                                                                       \
	  "or a host that is not what it says.  The better source decided.",             \
	  "Find out which is right; correct the target list or clean the directory.")    \
	X(FINDING_BUILD_UNKNOWN, "build-unknown", SEVERITY_NONE,                         \
	  "a Windows of unknown build",                                                  \
	  "The rule differs between builds of Windows, the verdict with it, and the "    \
	  "host "                                                                        \
	  "did not tell its build.",                                                     \
	  "Sweep with NTLM allowed, which tells the build, or pin the rule in a "        \
	  "baseline "                                                                    \
	  "of your own.")                                                                \
	X(FINDING_NO_RULE, "no-rule", SEVERITY_NONE, "nothing to hold it against",       \
	  "The baseline has no rule for this right on this role, or this Windows does "  \
	  "not know the right.",                                                         \
	  "Ask for rights the baseline rules, or choose another baseline.")

#define X(name, ...) name,
enum verdict { VERDICTS(X) VERDICT_COUNT };
enum label { LABELS(X) LABEL_COUNT };
enum severity { SEVERITIES(X) SEVERITY_COUNT };
enum right_state { RIGHT_STATES(X) STATE_COUNT };
enum finding_kind { FINDINGS(X) FINDING_COUNT };
#undef X

/* The label of a holder that was not judged: its word is NULL. */
enum { LABEL_NONE = LABEL_COUNT };

/* Words and sentences; static. */
const char *verdict_word(enum verdict v);
const char *verdict_sentence(enum verdict v);
const char *label_word(enum label l);
const char *label_sentence(enum label l);
const char *severity_word(enum severity s);
const char *right_state_word(enum right_state s);
const char *finding_id(enum finding_kind k);
const char *finding_title(enum finding_kind k);
const char *finding_meaning(enum finding_kind k);
const char *finding_mend(enum finding_kind k);
enum severity finding_severity(enum finding_kind k);
bool finding_from_id(const char *id, enum finding_kind *k);

/* One principal and one right on one host: a holder, or one that is missing. */
struct finding {
	const char *sid;  /* of a missing one: its SID here, or the baseline's text */
	const char *name; /* as the host told it, else the well-known one; may be NULL */
	enum label label;
	enum finding_kind kind; /* FINDING_NONE: nothing wrong */
	enum severity severity;
	enum principal_class class;
	const char *reason; /* in words: who that is, why it is there; may be NULL */
	const struct baseline_waiver *waiver; /* that covers or covered it; may be NULL */
	bool waived;                          /* the waiver counts today */
	const struct holder *holder;          /* as the host told it; NULL: missing */
	struct principal who;                 /* as far as it is known without the host */
	/* a missing any_of group: the others of the group, space-separated; NULL: none */
	const char *alternatives;
};

struct right_judgement {
	const struct right_fact *fact;
	const struct right *right;        /* NULL: not in the catalogue */
	const struct baseline_rule *rule; /* NULL: the baseline is silent */
	enum verdict verdict;
	enum finding_kind kind; /* why it is unknown, suspect or not applicable */
	const char *reason;     /* the same in words; NULL: findings say it */
	enum right_state state;
	bool collection_suspect; /* the host lists less than any Windows has */
	struct finding *holders; /* as the host lists them, then sorted by SID */
	size_t holder_count;
	struct finding *missing; /* sorted by SID */
	size_t missing_count;
	size_t wrong; /* findings that count against it */
};

struct judgement {
	const struct facts *facts;
	const struct baseline *baseline;
	enum verdict verdict;
	enum finding_kind kind;         /* why it is unknown, or FINDING_ROLE_CONFLICT */
	const char *reason;             /* in words, with `kind`; may be NULL */
	enum severity severity;         /* the worst finding */
	struct right_judgement *rights; /* as asked */
	size_t right_count;
	size_t wrong;
	struct pool memory; /* private: owns what was made here */
};

/* All zero. */
void judgement_init(struct judgement *j);
void judgement_free(struct judgement *j);
/* Holds `f` against `b` on the day `today` ("2026-01-31", UTC).  `j` must be initialised;
 * what it held before is dropped, its memory used again.  It points into `f` and `b`,
 * which must outlive it.  False: out of memory. */
bool judge_host(struct judgement *j, const struct facts *f, const struct baseline *b,
		const char *today);

/* The change that would cure one finding, in words, for this host and right, into `out`;
 * hostile names are in it as they came.  Returns `out`. */
char *judge_mend(const struct right_judgement *r, const struct finding *f, char *out,
		 size_t out_size);

#endif
