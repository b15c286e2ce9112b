/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge.h - the facts of one host compared with one baseline: labels, verdicts,
 * remediation.
 *
 * Pure: no clock (the caller says what day it is), no files, no state.  A judgement is
 * made from one host's facts, given to the scorecard and to renderers, and forgotten.
 * Several baselines: judge once for each; the first decides the exit code.
 *
 * How verdicts are reached
 * - Compared are SIDs, never names, so a localised Windows is judged like any other.  A
 *   principal that a baseline gives as DOMAIN\name is the exception its author chose.
 * - `unknown` is never a pass: a right that was denied or failed, a host that did not
 *   answer, an unknown role, or a rule that depends on an unknown build.
 * - A right that this Windows does not know cannot be held: compliant under `none` and
 *   `at_most`, otherwise `not_applicable`.  Where every Windows of its build knows the
 *   right the host is `collection_suspect`, and `unknown` where it reported no build.
 * - A right without a rule for the role is `not_applicable`; a host of which nothing was
 *   applicable is `unknown`.
 * - A waived holder is `allowed`, a waived missing one stays listed; neither counts.
 * - Some holders cannot be taken away (rights.h, floor).  A host that does not list them
 *   is `collection_suspect`: where it would have been compliant it is `unknown` and not
 *   assessed; where it is in violation all the same it is that, and assessed.
 * - A SID says who somebody is only below the host's own domain or machine, or where the
 *   host resolved it; else it is unidentified, whatever its relative id.
 * - S-1-0-0 is nobody: no token carries it.
 * - How bad a finding is depends on who it is, on the right and on the role
 *   (judge_severity.c).
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

/* X(constant, word) */
#define VERDICTS(X)                                                               \
	X(VERDICT_COMPLIANT, "compliant")                                         \
	X(VERDICT_VIOLATION, "violation")                                         \
	X(VERDICT_UNKNOWN, "unknown")               /* not known; never a pass */ \
	X(VERDICT_NOT_APPLICABLE, "not_applicable") /* no rule */

/* X(constant, word) */
#define LABELS(X)                     \
	X(LABEL_REQUIRED, "required") \
	X(LABEL_ALLOWED, "allowed")   \
	X(LABEL_EXTRA, "extra")       \
	X(LABEL_MISSING, "missing")   \
	X(LABEL_OBSOLETE, "obsolete") /* extra, and of software long gone */

#define SEVERITIES(X)                \
	X(SEVERITY_NONE, "none")     \
	X(SEVERITY_LOW, "low")       \
	X(SEVERITY_MEDIUM, "medium") \
	X(SEVERITY_HIGH, "high")     \
	X(SEVERITY_CRITICAL, "critical")

/* How the holders of a right came to be, as far as one list shows it.  X(constant, word)
 */
#define RIGHT_STATES(X)                                                             \
	X(STATE_UNKNOWN, "unknown")                                                 \
	X(STATE_DEFAULT, "default")           /* as Windows sets it on that role */ \
	X(STATE_USER_DEFINED, "user_defined") /* a list that somebody set */        \
	X(STATE_EMPTY, "empty") /* nobody, where Windows would set somebody */

/* Kinds of finding: the ids that `lsasweep explain` takes.
 * X(constant, id, severity, title, what it means, the remediation) */
#define FINDINGS(X)                                                                      \
	X(FINDING_NONE, "none", SEVERITY_NONE, "nothing", "", "")                        \
	X(FINDING_BROAD, "broad_principal", SEVERITY_CRITICAL,                           \
	  "a broad principal holds the right",                                           \
	  "Nearly every user or every caller is a member of this principal, so in "      \
	  "effect everybody holds the right.",                                           \
	  "Remove it from the policy at once. Grant the right to the one group that "    \
	  "needs it, if there is one.")                                                  \
	X(FINDING_ACCOUNT, "named_account", SEVERITY_HIGH,                               \
	  "a named account holds the right",                                             \
	  "A user, a computer or a managed service account holds the right by name. "    \
	  "Whoever controls that account has the right on every host that lists it.",    \
	  "Remove the account. If an application needs the right, run it as a service "  \
	  "(services hold the right through SERVICE), or record a waiver with an "       \
	  "expiry date.")                                                                \
	X(FINDING_GROUP, "named_group", SEVERITY_HIGH, "a named group holds the right",  \
	  "A domain group or a local group holds the right, and so does everybody who "  \
	  "becomes a member of it later.",                                               \
	  "Remove the group, or allow it in your own baseline and give the reason.")     \
	X(FINDING_BUILTIN, "builtin_principal", SEVERITY_MEDIUM,                         \
	  "a built-in principal holds the right",                                        \
	  "A built-in group or an identity of Windows holds the right and the baseline " \
	  "does not allow it.",                                                          \
	  "Set the policy for this right to the expected list.")                         \
	X(FINDING_STOCK, "stock_holder", SEVERITY_MEDIUM,                                \
	  "a default of Windows that the baseline does not allow",                       \
	  "Windows itself gives this principal the right on machines of this role; the " \
	  "baseline wants a shorter list. Nobody has set the policy.",                   \
	  "Set the policy for this right to the expected list. Whoever needs the right " \
	  "through this principal must be in that list before.")                         \
	X(FINDING_ORPHAN, "orphan", SEVERITY_MEDIUM,                                     \
	  "a deleted account holds the right",                                           \
	  "The account of this SID was deleted: the host that issues such SIDs does "    \
	  "not "                                                                         \
	  "know it any more. It grants nothing today, but nobody can say why it was "    \
	  "granted.",                                                                    \
	  "Remove the SID from the policy or from the local rights of the host.")        \
	X(FINDING_OBSOLETE, "obsolete_account", SEVERITY_MEDIUM,                         \
	  "an account of IIS 5 or 6 holds the right",                                    \
	  "IUSR_<name>, IWAM_<name>, IIS_WPG and ASPNET belong to IIS 5 and 6. Newer "   \
	  "versions of Windows do not use them. They survive upgrades and migrations.",  \
	  "Remove the right, then disable or delete the account.")                       \
	X(FINDING_SERVICE, "service_identity", SEVERITY_LOW,                             \
	  "the identity of one service holds the right",                                 \
	  "One service holds the right by its own SID; usually its setup granted it. "   \
	  "For impersonation this is redundant: every service holds the right through "  \
	  "SERVICE.",                                                                    \
	  "Remove it if the product works without it. Otherwise allow it in your "       \
	  "baseline for hosts with that product.")                                       \
	X(FINDING_APP_POOL, "app_pool", SEVERITY_LOW,                                    \
	  "an IIS application pool holds the right",                                     \
	  "One application pool holds the right by its own SID. Application pools are "  \
	  "members of IIS_IUSRS, which usually has the rights they need.",               \
	  "Remove it, or tag the host and allow S-1-5-82-* for that tag in your "        \
	  "baseline.")                                                                   \
	X(FINDING_VIRTUAL, "virtual_account", SEVERITY_LOW,                              \
	  "a virtual account holds the right",                                           \
	  "Windows creates this identity when it needs it (virtual machine, window "     \
	  "manager, container, session). It holds the right and the baseline does not "  \
	  "allow it.",                                                                   \
	  "Remove it, or allow it where the feature is used.")                           \
	X(FINDING_UNIDENTIFIED, "unidentified", SEVERITY_MEDIUM,                         \
	  "an unresolved SID or name holds the right",                                   \
	  "The host could not resolve this SID or name. It can be an account of "        \
	  "another "                                                                     \
	  "domain, a deleted account, or a directory that did not answer: nobody knows " \
	  "whether it grants anything.",                                                 \
	  "Look the SID up in the directory that it comes from. Remove it if it "        \
	  "belongs "                                                                     \
	  "to nobody.")                                                                  \
	X(FINDING_DENY_EXTRA, "denied_too_much", SEVERITY_LOW,                           \
	  "more principals are denied than expected",                                    \
	  "A deny right names a principal that the baseline does not name. This is "     \
	  "stricter than the baseline, and can lock out people or services that should " \
	  "have access.",                                                                \
	  "Check that nobody who needs access is locked out. Then set the expected "     \
	  "list, "                                                                       \
	  "or allow the principal in your baseline.")                                    \
	X(FINDING_MISSING, "missing_holder", SEVERITY_MEDIUM,                            \
	  "an expected holder is missing",                                               \
	  "The baseline expects this principal to hold the right, and it does not.",     \
	  "Add the principal to the policy for this right.")                             \
	X(FINDING_SUSPECT, "collection_suspect", SEVERITY_HIGH,                          \
	  "an answer that cannot be complete",                                           \
	  "Windows never removes these holders, yet the host does not list them: the "   \
	  "answer was cut short or forged, or the security database was changed by "     \
	  "other means. Such an answer never makes a host compliant. If it violates "    \
	  "the "                                                                         \
	  "baseline, the host is in violation and counts as assessed; if not, the host " \
	  "is unknown and does not count as assessed.",                                  \
	  "Export the rights on the host itself (secedit /export) and compare.")         \
	X(FINDING_WAIVER_EXPIRED, "waiver_expired", SEVERITY_MEDIUM,                     \
	  "an expired waiver",                                                           \
	  "A waiver covered this finding. Its last day has passed, so the finding "      \
	  "counts again.",                                                               \
	  "Remove the grant, or ask the owner of the waiver to renew it.")               \
	X(FINDING_DENIED, "right_denied", SEVERITY_NONE, "access denied to a right",     \
	  "The host denied access to the list of holders. On Windows only members of "   \
	  "its Administrators group may read it. Remote UAC also filters local "         \
	  "accounts "                                                                    \
	  "other than RID 500.",                                                         \
	  "Use an account that is an administrator of the host: a domain account in "    \
	  "its "                                                                         \
	  "Administrators group.")                                                       \
	X(FINDING_FAILED, "right_failed", SEVERITY_NONE, "reading a right failed",       \
	  "Reading the holders of the right failed, so they are not known.",             \
	  "Scan the host again; `lsasweep check HOST` shows each step.")                 \
	X(FINDING_UNANSWERED, "host_unanswered", SEVERITY_NONE,                          \
	  "a host that did not answer",                                                  \
	  "The host could not be asked; its outcome says why.",                          \
	  "Run `lsasweep check HOST`: it shows the step that fails and the likely fix.") \
	X(FINDING_ROLE_UNKNOWN, "role_unknown", SEVERITY_NONE, "a host of unknown role", \
	  "No source reports the role of this machine, and what it holds is right for "  \
	  "one role and wrong for another.",                                             \
	  "Give the role: role=member_server behind the host in the target list, or "    \
	  "behind a file on the command line, or in the file as a comment: "             \
	  "; lsasweep: role=member_server")                                              \
	X(FINDING_JOINED_UNKNOWN, "joined_unknown", SEVERITY_NONE,                       \
	  "a machine that may be in a domain or not",                                    \
	  "The rule differs between machines in a domain and others, and no source "     \
	  "reports which this is.",                                                      \
	  "Give joined=yes or joined=no behind the file on the command line, or in the " \
	  "file as a comment: ; lsasweep: joined=yes")                                   \
	X(FINDING_ROLE_CONFLICT, "role_conflict", SEVERITY_NONE,                         \
	  "sources disagree on the role",                                                \
	  "Two sources report different roles: a demoted domain controller, a wrong "    \
	  "target list, or a host that is not what it claims to be. The better source "  \
	  "decided.",                                                                    \
	  "Find out which source is right. Correct the target list or the directory.")   \
	X(FINDING_DIRECTORY_CONFLICT, "directory_conflict", SEVERITY_NONE,               \
	  "a host and its account in Active Directory disagree",                         \
	  "What the host reports of itself (name, domain or build) is not what its "     \
	  "account in Active Directory has. DNS may lead to another machine, or the "    \
	  "account is not up to date. The host's own answer decided.",                   \
	  "Compare the DNS record with the host. Correct the record, or delete an "      \
	  "account that no machine uses any more.")                                      \
	X(FINDING_IDENTITY, "identity_conflict", SEVERITY_NONE,                          \
	  "a host that may be another one",                                              \
	  "The host calls itself by another name than the one it was asked by, or "      \
	  "another host of the sweep reported the same name or machine SID: an alias, "  \
	  "a machine with several addresses, a clone, or a connection that was "         \
	  "redirected to another host. NTLM does not prove which host answers; "         \
	  "Kerberos does.",                                                              \
	  "Scan by Kerberos (--no-ntlm) and by the host's own name. Give a clone a "     \
	  "machine SID of its own (sysprep).")                                           \
	X(FINDING_BUILD_UNKNOWN, "build_unknown", SEVERITY_NONE,                         \
	  "a Windows of unknown build",                                                  \
	  "The rule depends on the build of Windows, and so does the verdict. The host " \
	  "did not report its build, or only the branch that it belongs to.",            \
	  "Scan with --domain or --directory, which have the build, or with NTLM "       \
	  "allowed, which reports its branch; for a file say build=20348 behind it on "  \
	  "the command line; or give one rule for all builds in your own baseline.")     \
	X(FINDING_NO_RULE, "no_rule", SEVERITY_NONE, "no rule to compare with",          \
	  "The baseline has no rule for this right on this role, or this version of "    \
	  "Windows does not know the right.",                                            \
	  "Scan rights that the baseline has rules for, or choose another baseline.")

#define X(name, ...) name,
enum verdict { VERDICTS(X) VERDICT_COUNT };
enum label { LABELS(X) LABEL_COUNT };
enum severity { SEVERITIES(X) SEVERITY_COUNT };
enum right_state { RIGHT_STATES(X) STATE_COUNT };
enum finding_kind { FINDINGS(X) FINDING_COUNT };
#undef X

/* The label of a holder that was not judged: its word is NULL. */
enum { LABEL_NONE = LABEL_COUNT };

/* Words and sentences for people; static. */
const char *verdict_word(enum verdict v);
const char *label_word(enum label l);
const char *severity_word(enum severity s);
const char *right_state_word(enum right_state s);
const char *finding_id(enum finding_kind k);
const char *finding_title(enum finding_kind k);
const char *finding_meaning(enum finding_kind k);
const char *finding_remediation(enum finding_kind k);
enum severity finding_severity(enum finding_kind k);
bool finding_from_id(const char *id, enum finding_kind *k);

struct right_policy;

/* One principal and one right on one host: a holder, or one that is missing. */
struct finding {
	const char *sid; /* of a missing one: its SID here, or the baseline's text */
	const char
		*name; /* as the host reported it, else the well-known one; may be NULL */
	enum label label;
	enum finding_kind kind; /* FINDING_NONE: nothing wrong */
	enum severity severity;
	enum principal_class class;
	const char *reason; /* in words: who that is, why it is there; may be NULL */
	const struct baseline_waiver *waiver; /* that covers or covered it; may be NULL */
	bool waived;                          /* the waiver counts today */
	const struct holder *holder;          /* as the host reported it; NULL: missing */
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
	/* policy_state.h: which GPO sets it; NULL: no policy is known for the host. */
	const struct right_policy *policy;
};

struct judgement {
	const struct facts *facts;
	const struct baseline *baseline;
	enum verdict verdict;
	enum finding_kind kind; /* why it is unknown; or of identity, of the role */
	const char *reason;     /* in words, with `kind`; may be NULL */
	/* How the host and its account in Active Directory disagree; NULL: not at all. */
	const char *directory_conflict;
	enum severity severity;         /* the worst finding */
	struct right_judgement *rights; /* as asked */
	size_t right_count;
	size_t wrong;
	/* why it may not be the host that was asked; NULL: nothing says so */
	const char *identity_conflict;
	struct pool memory; /* private: owns what was made here */
};

/* All zero. */
void judgement_init(struct judgement *j);
void judgement_free(struct judgement *j);
/* Compares `f` with `b` on the day `today` ("2026-01-31", UTC).  `j` must be initialised;
 * what it held before is dropped, its memory used again.  It points into `f` and `b`,
 * which must outlive it.  False: out of memory. */
bool judge_host(struct judgement *j, const struct facts *f, const struct baseline *b,
		const char *today);

/* True when an answer of the host cannot be complete (`collection_suspect`). */
bool judgement_is_suspect(const struct judgement *j);

enum { JUDGE_REMEDIATION_ROOM = 1200 };
/* The change that would cure one finding, in words, for this host and right, into `out`
 * (JUDGE_REMEDIATION_ROOM bytes do); hostile names are in it as they came.  Returns
 * `out`. */
char *judge_remediation(const struct right_judgement *r, const struct finding *f,
			char *out, size_t out_size);

#endif
