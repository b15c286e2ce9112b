/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of machine a host is, and where it belongs: DSSETUP and two LSA policies. */
#include "rpc/calls/dssetup.h"
#include "rpc/wire/ntstatus.h"
#include "scanner/host/survey_internal.h"

/* ---- role ---- */

bool survey_role_wanted(struct survey *s)
{
	return !s->done[s->at];
}

void survey_ask_role(struct survey *s, struct survey_call *call)
{
	call->interface = INTERFACE_DSSETUP;
	call->opnum = DSSETUP_GET_PRIMARY_DOMAIN_INFORMATION;
	dssetup_put_basic(&s->stub);
}

/* The words of [MS-DSSP] 2.2.2. */
static void tell_role(struct survey *s, unsigned role)
{
	static const char *const words[] = {
		[DSROLE_STANDALONE_WORKSTATION] = "standalone workstation, workgroup",
		[DSROLE_MEMBER_WORKSTATION] = "member workstation, domain",
		[DSROLE_STANDALONE_SERVER] = "standalone server, workgroup",
		[DSROLE_MEMBER_SERVER] = "member server, domain",
		[DSROLE_BACKUP_DC] = "backup domain controller, domain",
		[DSROLE_PRIMARY_DC] = "primary domain controller, domain",
	};

	survey_tell(s, "%s %s",
		    role < sizeof words / sizeof *words ? words[role]
							: "an unknown role,",
		    s->facts->domain ? s->facts->domain : "without a name");
}

void survey_note_role(struct survey *s, const struct session_reply *reply)
{
	struct facts *f = s->facts;
	struct dssetup_basic info = { 0 };
	struct fact_error error;
	uint32_t win32;

	if (!survey_has_stub(s, reply, &error))
		return;
	if (!dssetup_get_basic(reply->stub, &s->arena, &info, &win32)) {
		survey_malformed(s);
		return;
	}
	if (win32 != ERROR_SUCCESS) {
		survey_error(s, CODE_WIN32, win32);
		return;
	}
	f->machine_role_known = true;
	f->machine_role = info.machine_role;
	f->domain = survey_text(f, info.domain_flat);
	f->dns_domain = survey_text(f, info.domain_dns);
	f->forest = survey_text(f, info.forest_dns);
	tell_role(s, info.machine_role);
}

/* ---- domains ---- */

bool survey_query_wanted(struct survey *s)
{
	return s->has_policy && !s->done[s->at];
}

void survey_ask_dns_domain(struct survey *s, struct survey_call *call)
{
	call->opnum = s->query_opnum;
	lsa_put_query_policy(&s->stub, &s->policy, POLICY_DNS_DOMAIN);
}

/* The domain's SID is there on a domain's machine only ([MS-LSAD] 3.1.1.1). */
static void note_domain(struct survey *s, const char *name, const struct sid *sid)
{
	struct facts *f = s->facts;

	s->domain_told = true;
	s->has_primary_sid = sid != NULL;
	if (sid)
		s->primary_sid = *sid;
	f->domain = survey_text(f, name);
	f->domain_sid = sid ? survey_sid_text(f, sid) : NULL;
	survey_tell(s, "%s, %s", name, sid ? "a domain" : "a workgroup");
}

void survey_note_dns_domain(struct survey *s, const struct session_reply *reply)
{
	struct facts *f = s->facts;
	struct lsa_dns_domain info = { 0 };
	struct fact_error error;
	uint32_t status;

	if (survey_lacks_call(reply) && s->query_opnum == LSA_QUERY_INFORMATION_POLICY2) {
		s->query_opnum = LSA_QUERY_INFORMATION_POLICY;
		s->done[s->asked] = false;
		return;
	}
	if (!survey_has_stub(s, reply, &error))
		return;
	if (!lsa_get_dns_domain(reply->stub, &s->arena, &info, &status)) {
		survey_malformed(s);
	} else if (status != STATUS_SUCCESS) {
		survey_error(s, CODE_NTSTATUS, status);
	} else {
		f->dns_domain = survey_text(f, info.dns_domain);
		f->forest = survey_text(f, info.dns_forest);
		note_domain(s, info.name, info.has_sid ? &info.sid : NULL);
	}
}

/* A Samba file server has no DNS domain to tell; the older class tells where it belongs.
 */
bool survey_primary_domain_wanted(struct survey *s)
{
	return survey_query_wanted(s) && !s->domain_told;
}

void survey_ask_primary_domain(struct survey *s, struct survey_call *call)
{
	call->opnum = s->query_opnum;
	lsa_put_query_policy(&s->stub, &s->policy, POLICY_PRIMARY_DOMAIN);
}

void survey_note_primary_domain(struct survey *s, const struct session_reply *reply)
{
	struct lsa_primary_domain info = { 0 };
	struct fact_error error;
	uint32_t status;

	if (!survey_has_stub(s, reply, &error))
		return;
	if (!lsa_get_primary_domain(reply->stub, &s->arena, &info, &status)) {
		survey_malformed(s);
	} else if (status != STATUS_SUCCESS) {
		survey_error(s, CODE_NTSTATUS, status);
	} else {
		note_domain(s, info.name, info.has_sid ? &info.sid : NULL);
	}
}

void survey_ask_account_domain(struct survey *s, struct survey_call *call)
{
	call->opnum = s->query_opnum;
	lsa_put_query_policy(&s->stub, &s->policy, POLICY_ACCOUNT_DOMAIN);
}

/* On a domain controller the account domain is the domain itself, elsewhere it is the
 * machine ([MS-LSAD] 3.1.1.1). */
static void note_accounts(struct survey *s, const struct lsa_account_domain *info)
{
	struct facts *f = s->facts;

	f->policy_known = s->domain_told;
	f->policy_domain_joined = s->has_primary_sid;
	f->policy_is_controller = s->has_primary_sid && info->has_sid &&
				  sid_equal(&info->sid, &s->primary_sid);
	survey_tell(s, "%s", info->name);
	if (f->policy_is_controller)
		return;
	if (info->has_sid)
		f->machine_sid = survey_sid_text(f, &info->sid);
	if (!f->netbios_name)
		f->netbios_name = survey_text(f, info->name);
}

void survey_note_account_domain(struct survey *s, const struct session_reply *reply)
{
	struct lsa_account_domain info = { 0 };
	struct fact_error error;
	uint32_t status;

	if (!survey_has_stub(s, reply, &error))
		return;
	if (!lsa_get_account_domain(reply->stub, &s->arena, &info, &status))
		survey_malformed(s);
	else if (status != STATUS_SUCCESS)
		survey_error(s, CODE_NTSTATUS, status);
	else
		note_accounts(s, &info);
}
