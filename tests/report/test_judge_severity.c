/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "report/judge/judge.h"

#define EVERYONE "S-1-1-0"
#define USERS    "S-1-5-32-545"
#define ACCOUNT  "S-1-5-21-1-2-3-1105"

static const struct {
	const char *right, *holder;
	enum role role;
	const char *id;
	enum severity severity;
} rows[] = {
	/* control of the machine */
	{ "SeImpersonatePrivilege", EVERYONE, ROLE_MEMBER_SERVER, "broad_principal",
	  SEVERITY_CRITICAL },
	{ "SeImpersonatePrivilege", EVERYONE, ROLE_CLIENT, "broad_principal",
	  SEVERITY_CRITICAL },
	{ "SeDebugPrivilege", ACCOUNT, ROLE_MEMBER_SERVER, "named_account",
	  SEVERITY_HIGH },
	/* access to it */
	{ "SeRemoteInteractiveLogonRight", EVERYONE, ROLE_MEMBER_SERVER,
	  "broad_principal", SEVERITY_HIGH },
	{ "SeRemoteInteractiveLogonRight", EVERYONE, ROLE_DOMAIN_CONTROLLER,
	  "broad_principal", SEVERITY_CRITICAL },
	{ "SeServiceLogonRight", ACCOUNT, ROLE_MEMBER_SERVER, "named_account",
	  SEVERITY_MEDIUM },
	{ "SeInteractiveLogonRight", ACCOUNT, ROLE_DOMAIN_CONTROLLER, "named_account",
	  SEVERITY_HIGH },
	/* little */
	{ "SeTimeZonePrivilege", EVERYONE, ROLE_MEMBER_SERVER, "broad_principal",
	  SEVERITY_MEDIUM },
	{ "SeTimeZonePrivilege", ACCOUNT, ROLE_DOMAIN_CONTROLLER, "named_account",
	  SEVERITY_LOW },
	/* a default of Windows */
	{ "SeNetworkLogonRight", EVERYONE, ROLE_MEMBER_SERVER, "stock_holder",
	  SEVERITY_LOW },
	{ "SeNetworkLogonRight", EVERYONE, ROLE_DOMAIN_CONTROLLER, "stock_holder",
	  SEVERITY_MEDIUM },
	{ "SeInteractiveLogonRight", USERS, ROLE_MEMBER_SERVER, "stock_holder",
	  SEVERITY_LOW },
	{ "SeInteractiveLogonRight", USERS, ROLE_DOMAIN_CONTROLLER, "broad_principal",
	  SEVERITY_CRITICAL },
	/* what was denied too much is none of these */
	{ "SeDenyNetworkLogonRight", EVERYONE, ROLE_MEMBER_SERVER, "denied_too_much",
	  SEVERITY_LOW },
};

#define HEAD                                                                    \
	"{\"schema\":\"lsasweep.baseline/1\",\"name\":\"b\",\"version\":\"1\"," \
	"\"source\":\"s\",\"rights\":{"

/* Everywhere Administrators hold every right, and nobody else. */
static struct baseline *strict(void)
{
	static const char *const roles[] = { "domain_controller", "member_server",
					     "standalone_server", "client" };
	char text[20000], all[18000] = "", why[400] = "";
	size_t len = 0;
	struct baseline *b;

	for (size_t i = 0; i < rights_count(); i++) {
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s\"%s\":{",
					i ? "," : "", rights_at(i)->name);
		for (size_t k = 0; k < 4; k++)
			len += (size_t)snprintf(
				all + len, sizeof(all) - len,
				"%s\"%s\":{\"match\":\"exactly\",\"principals\":["
				"\"S-1-5-32-544\"]}",
				k ? "," : "", roles[k]);
		len += (size_t)snprintf(all + len, sizeof(all) - len, "}");
	}
	len = (size_t)snprintf(text, sizeof(text), HEAD "%s}}", all);
	b = baseline_parse("b", text, len, why, sizeof(why));
	assert_string_equal(why, "");
	return b;
}

static void judge_one(struct judgement *j, struct facts *f, struct right_fact *right,
		      const struct baseline *b)
{
	f->host = "srv";
	f->outcome = HOST_ANSWERED;
	f->os_version = "10.0.20348";
	f->domain_sid = "S-1-5-21-1-2-3";
	f->rights = right;
	f->right_count = 1;
	judgement_init(j);
	assert_true(judge_host(j, f, b, "2026-06-15"));
}

static const struct finding *extra_of(const struct judgement *j, const char *sid)
{
	for (size_t i = 0; i < j->rights[0].holder_count; i++)
		if (strcmp(j->rights[0].holders[i].sid, sid) == 0)
			return &j->rights[0].holders[i];
	return NULL;
}

static void severity_is_right_and_principal_and_role(void **state)
{
	struct baseline *b = strict();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct holder holder = { .sid = rows[i].holder,
					 .name = "X\\x",
					 .kind = strcmp(rows[i].holder, ACCOUNT) == 0
							 ? KIND_USER
							 : KIND_WELL_KNOWN };
		struct right_fact right = { .name = rows[i].right,
					    .outcome = RIGHT_HELD,
					    .holders = &holder,
					    .holder_count = 1 };
		const struct finding *found;
		struct judgement j;
		struct facts f;

		facts_init(&f);
		f.role = rows[i].role;
		judge_one(&j, &f, &right, b);
		found = extra_of(&j, rows[i].holder);
		assert_non_null(found);
		if (strcmp(finding_id(found->kind), rows[i].id) != 0 ||
		    found->severity != rows[i].severity)
			fail_msg("%s, %s: %s %s", rows[i].right, rows[i].holder,
				 finding_id(found->kind), severity_word(found->severity));
		judgement_free(&j);
		facts_free(&f);
	}
	baseline_free(b);
}

static void a_default_is_removed_last(void **state)
{
	struct holder everyone = { .sid = EVERYONE, .name = "Everyone" };
	struct right_fact right = { .name = "SeNetworkLogonRight",
				    .outcome = RIGHT_HELD,
				    .holders = &everyone,
				    .holder_count = 1 };
	struct baseline *b = strict();
	char text[JUDGE_REMEDIATION_ROOM];
	struct judgement j;
	struct facts f;

	(void)state;
	facts_init(&f);
	f.role = ROLE_MEMBER_SERVER;
	judge_one(&j, &f, &right, b);
	judge_remediation(&j.rights[0], extra_of(&j, EVERYONE), text, sizeof(text));
	assert_string_equal(
		text, "First add BUILTIN\\Administrators (S-1-5-32-544), then remove "
		      "Everyone (S-1-1-0) in \"Access this computer from the "
		      "network\": it is there by default, so set the whole list in "
		      "the policy.");
	judgement_free(&j);
	facts_free(&f);
	baseline_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(severity_is_right_and_principal_and_role),
		cmocka_unit_test(a_default_is_removed_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
