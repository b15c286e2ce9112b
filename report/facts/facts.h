/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.h - what was learned about one host: facts, not opinions.
 *
 * A `struct facts` is filled by scanner/ while a host is asked, written as one line of
 * the journal (facts_json.h), read back by every report.  Presence is explicit: a NULL
 * string or a false `*_known` means "not told", which is not the same as empty or zero.
 *
 * Ownership: every string and array inside belongs to the facts and dies with
 * facts_free().  Put strings in with facts_text(), arrays with facts_take().  All strings
 * are UTF-8 as the host gave them: hostile until a renderer has escaped them.
 *
 * The outcome words are a contract (they are in every output).  To add one, add a row
 * to its X-macro and its sentence to facts.c.
 */
#ifndef REPORT_FACTS_FACTS_H
#define REPORT_FACTS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/text/pool.h"

/* What became of asking a host.  X(constant, word) */
#define HOST_OUTCOMES(X)                             \
	X(HOST_ANSWERED, "answered")                 \
	X(HOST_UNRESOLVABLE, "unresolvable")         \
	X(HOST_UNREACHABLE, "unreachable")           \
	X(HOST_REFUSED, "refused")                   \
	X(HOST_TIMEOUT, "timeout")                   \
	X(HOST_STALLED, "stalled")                   \
	X(HOST_DISCONNECTED, "disconnected")         \
	X(HOST_NOT_SMB, "not_smb")                   \
	X(HOST_SMB1_ONLY, "smb1_only")               \
	X(HOST_NO_ENCRYPTION, "no_encryption")       \
	X(HOST_LOGON_REFUSED, "logon_refused")       \
	X(HOST_FOREIGN, "foreign")                   \
	X(HOST_KERBEROS_FAILED, "kerberos_failed")   \
	X(HOST_ACCESS_DENIED, "access_denied")       \
	X(HOST_INTEGRITY_FAILED, "integrity_failed") \
	X(HOST_PROTOCOL_ERROR, "protocol_error")     \
	X(HOST_GUARDED, "guarded")                   \
	X(HOST_NOT_ASKED, "not_asked")               \
	X(HOST_LOCAL_ERROR, "local_error")

/* What became of asking a host about one right. */
#define RIGHT_OUTCOMES(X)               \
	X(RIGHT_HELD, "held")           \
	X(RIGHT_NOBODY, "nobody")       \
	X(RIGHT_UNDEFINED, "undefined") \
	X(RIGHT_DENIED, "denied")       \
	X(RIGHT_FAILED, "failed")

#define ROLES(X)                                       \
	X(ROLE_DOMAIN_CONTROLLER, "domain_controller") \
	X(ROLE_MEMBER_SERVER, "member_server")         \
	X(ROLE_STANDALONE_SERVER, "standalone_server") \
	X(ROLE_CLIENT, "client")                       \
	X(ROLE_UNKNOWN, "unknown")

/* What the role was concluded from, best first: nothing; the host's own DSSETUP answer,
 * its server type bits, its LSA policy; its account in Active Directory; the target's
 * role= attribute. */
#define ROLE_EVIDENCES(X)                      \
	X(EVIDENCE_NONE, "none")               \
	X(EVIDENCE_DSSETUP, "dssetup")         \
	X(EVIDENCE_SERVER_TYPE, "server_type") \
	X(EVIDENCE_POLICY, "policy")           \
	X(EVIDENCE_DIRECTORY, "directory")     \
	X(EVIDENCE_HINT, "hint")

/* SID_NAME_USE ([MS-LSAT] 2.2.13), and KIND_NOT_TOLD where nobody was asked. */
#define HOLDER_KINDS(X)                        \
	X(KIND_NOT_TOLD, "not_told")           \
	X(KIND_USER, "user")                   \
	X(KIND_GROUP, "group")                 \
	X(KIND_DOMAIN, "domain")               \
	X(KIND_ALIAS, "alias")                 \
	X(KIND_WELL_KNOWN, "well_known_group") \
	X(KIND_DELETED, "deleted")             \
	X(KIND_INVALID, "invalid")             \
	X(KIND_UNKNOWN, "unknown")             \
	X(KIND_COMPUTER, "computer")           \
	X(KIND_LABEL, "label")

/* By what we logged on; LOGIN_NONE has no word, as nobody logged on. */
#define LOGIN_MECHANISMS(X)           \
	X(LOGIN_NONE, NULL)           \
	X(LOGIN_UNKNOWN, "unknown")   \
	X(LOGIN_KERBEROS, "kerberos") \
	X(LOGIN_NTLM, "ntlm")

#define X(name, word) name,
enum host_outcome { HOST_OUTCOMES(X) HOST_OUTCOME_COUNT };
enum right_outcome { RIGHT_OUTCOMES(X) RIGHT_OUTCOME_COUNT };
enum role { ROLES(X) ROLE_COUNT };
enum role_evidence { ROLE_EVIDENCES(X) EVIDENCE_COUNT };
enum holder_kind { HOLDER_KINDS(X) KIND_COUNT };
enum login_mechanism { LOGIN_MECHANISMS(X) LOGIN_COUNT };
#undef X

/* The word of a value; static.  The `_from_word` functions are exact and return false for
 * an unknown word, leaving `*value` untouched. */
const char *host_outcome_word(enum host_outcome o);
bool host_outcome_from_word(const char *word, enum host_outcome *value);
const char *right_outcome_word(enum right_outcome o);
bool right_outcome_from_word(const char *word, enum right_outcome *value);
const char *role_word(enum role r);
bool role_from_word(const char *word, enum role *value);
const char *role_evidence_word(enum role_evidence e);
bool role_evidence_from_word(const char *word, enum role_evidence *value);
const char *holder_kind_word(enum holder_kind k);
bool holder_kind_from_word(const char *word, enum holder_kind *value);
const char *login_mechanism_word(enum login_mechanism m);
bool login_mechanism_from_word(const char *word, enum login_mechanism *value);

/* The same for people; static. */
const char *host_outcome_sentence(enum host_outcome o);
const char *right_outcome_sentence(enum right_outcome o);
const char *role_title(enum role r);

/* Why something failed; `code` is a name ("STATUS_LOGON_FAILURE") or NULL. */
struct fact_error {
	const char *step, *code, *text; /* all NULL: no error */
	/* A word of a closed list ("guest_session") for programs to act on, or NULL. */
	const char *reason;
	bool has_value;
	uint32_t value;
};

struct holder {
	const char *sid;  /* "S-1-5-32-544", never NULL */
	const char *name; /* "BUILTIN\\Administrators", NULL: no name */
	enum holder_kind kind;
};

struct right_fact {
	const char *name; /* "SeImpersonatePrivilege" */
	enum right_outcome outcome;
	struct holder *holders;
	size_t holder_count;
	struct fact_error error; /* with DENIED and FAILED */
};

/* The texts of a computer account: see struct directory_fact.  X(name) */
#define DIRECTORY_FACT_TEXTS(X) \
	X(domain)               \
	X(dn)                   \
	X(ou)                   \
	X(account)              \
	X(sid)                  \
	X(site)                 \
	X(site_evidence)        \
	X(os)                   \
	X(os_version)           \
	X(build)                \
	X(last_logon)

/* What Active Directory says of the host's computer account: evidence, not proof.  `ou`
 * is the name of the container, `build` is "10.0.20348", `last_logon` is RFC 3339 or
 * "never".  NULL: not given. */
struct directory_fact {
#define X(name) const char *name;
	DIRECTORY_FACT_TEXTS(X)
#undef X
	enum role role; /* that the account suggests; ROLE_UNKNOWN: none */
	bool enabled_known, enabled;
};

/* Milliseconds; negative: the step was not reached. */
struct fact_timing {
	double resolve, connect, authenticate, ask, total;
};

/* Where facts come from that no sweep gathered: an export of secedit, which tells what a
 * machine holds, and a policy's template, which tells what somebody wants. */
#define SOURCE_EXPORT "secedit"
#define SOURCE_POLICY "gpttmpl"

struct facts {
	/* who */
	const char *host; /* as the target list named it, never NULL */
	uint16_t port;
	const char *address; /* the address that was connected to, NULL: none */
	const char **tags;
	size_t tag_count;
	const char *timestamp; /* RFC 3339 UTC with milliseconds */
	const char *sweep;     /* uuid */
	const char *source;    /* NULL: a sweep; else SOURCE_EXPORT or SOURCE_POLICY */
	const struct directory_fact *directory; /* NULL: no directory named it */

	/* how it went */
	enum host_outcome outcome;
	unsigned attempts;
	const char *step; /* the last step begun */
	struct fact_error error;
	/* Whose login it was, such as "CORP\\svc" or "svc@CORP.EXAMPLE", where another
	 * account may fare better; never a secret.  NULL: not noted. */
	const char *account;

	/* role: raw evidence, then the conclusion (report/facts/role.h) */
	bool machine_role_known;
	uint16_t machine_role; /* DSROLE_MACHINE_ROLE, [MS-DSSP] 2.2.2 */
	bool policy_known;     /* LSA told its domains: the next two are valid */
	bool policy_domain_joined, policy_is_controller;
	bool server_type_known;
	uint32_t server_type;   /* SV_TYPE_ bits */
	bool said_joined_known; /* by who gave us the file: is it in a domain? */
	bool said_joined;
	bool hint_known;
	enum role hint;
	enum role role;
	enum role_evidence evidence;
	const char *conflict; /* a sentence, NULL: the sources agree */

	/* machine */
	const char *netbios_name, *dns_name, *domain, *dns_domain, *forest;
	const char *domain_sid, *machine_sid;
	const char *os_version;       /* "10.0.20348" */
	bool os_version_of_directory; /* the host did not report it */
	bool os_version_of_ntlm;      /* with the first build of its branch */

	/* protection of the conversation */
	bool signing_required;
	const char *dialect;    /* "3.1.1", NULL: none spoken */
	const char *encryption; /* "AES-128-GCM", NULL: not sealed */
	enum login_mechanism mechanism;

	/* rights, in the order asked */
	struct right_fact *rights;
	size_t right_count;

	struct fact_timing timing;

	struct pool memory; /* private: behind all of the above */
	/* Found when journals are read together, and in no record: another host of them
	 * reported the same name, the same machine SID. */
	bool name_shared, machine_sid_shared;
	bool out_of_memory; /* sticky: some text or array could not be stored */
};

/* All zero, timing negative, outcome HOST_NOT_ASKED, role ROLE_UNKNOWN. */
void facts_init(struct facts *f);
void facts_free(struct facts *f);
/* A NUL-terminated copy owned by `f`; NULL (and `out_of_memory`) when memory is out.
 * facts_text(f, NULL) is NULL. */
const char *facts_text(struct facts *f, const char *text);
const char *facts_text_len(struct facts *f, const char *text, size_t len);
/* Zeroed memory owned by `f`, or NULL. */
void *facts_take(struct facts *f, size_t count, size_t size);
/* True when they tell what somebody wants, and no machine's answer. */
bool facts_is_policy(const struct facts *f);
/* The right named so (without regard to case), or NULL. */
const struct right_fact *facts_right(const struct facts *f, const char *name);

#endif
