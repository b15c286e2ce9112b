/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/role.h"

#include <stdio.h>

/* SV_TYPE_ bits that tell a role ([MS-SRVS] 2.2.2.7). */
enum {
	SV_TYPE_DOMAIN_CTRL = 0x8,
	SV_TYPE_DOMAIN_BAKCTRL = 0x10,
	SV_TYPE_SERVER_NT = 0x8000,
};

/* What one source says; ROLE_UNKNOWN: nothing. */
struct testimony {
	enum role_evidence evidence;
	enum role role;
};

/* DSROLE_MACHINE_ROLE ([MS-DSSP] 2.2.2): exact. */
static enum role from_dssetup(const struct facts *f)
{
	static const enum role roles[] = {
		ROLE_CLIENT,
		ROLE_CLIENT,
		ROLE_STANDALONE_SERVER,
		ROLE_MEMBER_SERVER,
		ROLE_DOMAIN_CONTROLLER,
		ROLE_DOMAIN_CONTROLLER,
	};

	if (!f->machine_role_known || f->machine_role >= sizeof(roles) / sizeof(roles[0]))
		return ROLE_UNKNOWN;
	return roles[f->machine_role];
}

/* The bits tell a server product from a client; whether a server is joined to a domain
 * they do not tell, LSA's policy does.  A Samba controller sets neither controller bit,
 * so where the policy says controller, a mere server bit does not contradict it. */
static enum role from_server_type(const struct facts *f)
{
	if (!f->server_type_known)
		return ROLE_UNKNOWN;
	if (f->server_type & (SV_TYPE_DOMAIN_CTRL | SV_TYPE_DOMAIN_BAKCTRL))
		return ROLE_DOMAIN_CONTROLLER;
	if (!(f->server_type & SV_TYPE_SERVER_NT))
		return ROLE_CLIENT;
	if (!f->policy_known)
		return ROLE_UNKNOWN;
	if (f->policy_is_controller)
		return ROLE_DOMAIN_CONTROLLER;
	return f->policy_domain_joined ? ROLE_MEMBER_SERVER : ROLE_STANDALONE_SERVER;
}

/* The policy alone tells a controller; a machine of its own accounts may be a server or
 * a client. */
static enum role from_policy(const struct facts *f)
{
	return f->policy_known && f->policy_is_controller ? ROLE_DOMAIN_CONTROLLER
							  : ROLE_UNKNOWN;
}

/* True when what LSA says of its domains cannot be said by a machine of that role. */
static bool policy_contradicts(const struct facts *f, enum role role)
{
	if (!f->policy_known || role == ROLE_UNKNOWN)
		return false;
	switch (role) {
	case ROLE_DOMAIN_CONTROLLER:
		return !f->policy_is_controller;
	case ROLE_MEMBER_SERVER:
		return f->policy_is_controller || !f->policy_domain_joined;
	case ROLE_STANDALONE_SERVER:
		return f->policy_is_controller || f->policy_domain_joined;
	default:
		return f->policy_is_controller;
	}
}

static const char *policy_words(const struct facts *f)
{
	if (f->policy_is_controller)
		return "a domain controller";
	return f->policy_domain_joined ? "a member of a domain" : "in no domain";
}

static void conflict(struct facts *f, const struct testimony *other)
{
	char text[200];

	snprintf(text, sizeof(text), "%s says %s, %s says %s",
		 role_evidence_word(f->evidence), role_word(f->role),
		 role_evidence_word(other->evidence), role_word(other->role));
	f->conflict = facts_text(f, text);
}

static void policy_conflict(struct facts *f)
{
	char text[200];

	snprintf(text, sizeof(text), "%s says %s, policy says %s",
		 role_evidence_word(f->evidence), role_word(f->role), policy_words(f));
	f->conflict = facts_text(f, text);
}

void facts_conclude_role(struct facts *f)
{
	const struct testimony testimonies[] = {
		{ EVIDENCE_DSSETUP, from_dssetup(f) },
		{ EVIDENCE_SERVER_TYPE, from_server_type(f) },
		{ EVIDENCE_POLICY, from_policy(f) },
		{ EVIDENCE_DIRECTORY, f->directory ? f->directory->role : ROLE_UNKNOWN },
		{ EVIDENCE_HINT, f->hint_known ? f->hint : ROLE_UNKNOWN },
	};

	f->role = ROLE_UNKNOWN;
	f->evidence = EVIDENCE_NONE;
	f->conflict = NULL;
	for (size_t i = 0; i < sizeof(testimonies) / sizeof(testimonies[0]); i++) {
		const struct testimony *t = &testimonies[i];

		if (t->role == ROLE_UNKNOWN)
			continue;
		if (f->role == ROLE_UNKNOWN) {
			f->role = t->role;
			f->evidence = t->evidence;
		} else if (t->role != f->role && !f->conflict) {
			conflict(f, t);
		}
	}
	if (!f->conflict && policy_contradicts(f, f->role))
		policy_conflict(f);
}
