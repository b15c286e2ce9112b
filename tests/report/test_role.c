/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/facts/role.h"

/* A row: what was told, and what must be concluded. */
struct row {
	const char *name;
	struct facts told;
	enum role role;
	enum role_evidence evidence;
	const char *conflict;
};

#define DSSETUP(value) .machine_role_known = true, .machine_role = (value)
#define BITS(value)    .server_type_known = true, .server_type = (value)
#define HINT(value)    .hint_known = true, .hint = (value)
#define ACCOUNT(value)                              \
	.directory = &(const struct directory_fact) \
	{                                           \
		.role = (value)                     \
	}
#define WORKGROUP  .policy_known = true
#define JOINED     .policy_known = true, .policy_domain_joined = true
#define CONTROLLER JOINED, .policy_is_controller = true

static const struct row rows[] = {
	{ "nothing told", { 0 }, ROLE_UNKNOWN, EVIDENCE_NONE, NULL },
	{ "workgroup client", { DSSETUP(0) }, ROLE_CLIENT, EVIDENCE_DSSETUP, NULL },
	{ "joined client", { DSSETUP(1), JOINED }, ROLE_CLIENT, EVIDENCE_DSSETUP, NULL },
	{ "standalone", { DSSETUP(2) }, ROLE_STANDALONE_SERVER, EVIDENCE_DSSETUP, NULL },
	{ "member", { DSSETUP(3) }, ROLE_MEMBER_SERVER, EVIDENCE_DSSETUP, NULL },
	{ "other DC", { DSSETUP(4) }, ROLE_DOMAIN_CONTROLLER, EVIDENCE_DSSETUP, NULL },
	{ "PDC", { DSSETUP(5) }, ROLE_DOMAIN_CONTROLLER, EVIDENCE_DSSETUP, NULL },
	{ "a value of no list", { DSSETUP(6) }, ROLE_UNKNOWN, EVIDENCE_NONE, NULL },
	{ "a value of no list, and a hint",
	  { DSSETUP(0xFFFF), HINT(ROLE_CLIENT) },
	  ROLE_CLIENT,
	  EVIDENCE_HINT,
	  NULL },
	{ "Windows 7 bits", { BITS(0x51003) }, ROLE_CLIENT, EVIDENCE_SERVER_TYPE, NULL },
	{ "server bit, and the directory says server",
	  { BITS(0x9003), ACCOUNT(ROLE_MEMBER_SERVER) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DIRECTORY,
	  NULL },
	{ "the directory comes before the list",
	  { ACCOUNT(ROLE_CLIENT), HINT(ROLE_MEMBER_SERVER) },
	  ROLE_CLIENT,
	  EVIDENCE_DIRECTORY,
	  "directory says client, hint says member_server" },
	{ "the host comes before the directory",
	  { DSSETUP(3), ACCOUNT(ROLE_DOMAIN_CONTROLLER) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says member_server, directory says domain_controller" },
	{ "an account that suggests no role",
	  { ACCOUNT(ROLE_UNKNOWN) },
	  ROLE_UNKNOWN,
	  EVIDENCE_NONE,
	  NULL },
	{ "PDC bit", { BITS(0x8) }, ROLE_DOMAIN_CONTROLLER, EVIDENCE_SERVER_TYPE, NULL },
	{ "BDC bit", { BITS(0x10) }, ROLE_DOMAIN_CONTROLLER, EVIDENCE_SERVER_TYPE, NULL },
	{ "server bit alone does not tell membership",
	  { BITS(0x9003) },
	  ROLE_UNKNOWN,
	  EVIDENCE_NONE,
	  NULL },
	{ "server bit in a domain",
	  { BITS(0x9003), JOINED },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_SERVER_TYPE,
	  NULL },
	{ "server bit in a workgroup",
	  { BITS(0x9003), WORKGROUP },
	  ROLE_STANDALONE_SERVER,
	  EVIDENCE_SERVER_TYPE,
	  NULL },
	{ "Samba DC: no controller bit, but the policy of one",
	  { BITS(0x809A03), CONTROLLER },
	  ROLE_DOMAIN_CONTROLLER,
	  EVIDENCE_SERVER_TYPE,
	  NULL },
	{ "Samba DC by its DSSETUP answer: its bits are no conflict",
	  { DSSETUP(5), BITS(0x809A03), CONTROLLER },
	  ROLE_DOMAIN_CONTROLLER,
	  EVIDENCE_DSSETUP,
	  NULL },
	{ "policy of a controller",
	  { CONTROLLER },
	  ROLE_DOMAIN_CONTROLLER,
	  EVIDENCE_POLICY,
	  NULL },
	{ "joined, else nothing: client or server", { JOINED }, ROLE_UNKNOWN, 0, NULL },
	{ "hint only",
	  { HINT(ROLE_MEMBER_SERVER) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_HINT,
	  NULL },
	{ "hint agrees",
	  { DSSETUP(3), HINT(ROLE_MEMBER_SERVER) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  NULL },
	{ "hint disagrees: the host decides, the conflict is said",
	  { DSSETUP(3), HINT(ROLE_DOMAIN_CONTROLLER) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says member_server, hint says domain_controller" },
	{ "bits disagree",
	  { DSSETUP(3), BITS(0x8), HINT(ROLE_CLIENT) },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says member_server, server_type says domain_controller" },
	{ "a member by DSSETUP with the policy of a controller",
	  { DSSETUP(3), CONTROLLER },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says member_server, policy says domain_controller" },
	{ "a member by DSSETUP that is in no domain",
	  { DSSETUP(3), WORKGROUP },
	  ROLE_MEMBER_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says member_server, policy says in no domain" },
	{ "standalone by DSSETUP that is in a domain",
	  { DSSETUP(2), JOINED },
	  ROLE_STANDALONE_SERVER,
	  EVIDENCE_DSSETUP,
	  "dssetup says standalone_server, policy says a member of a domain" },
};

static void evidence_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts f = rows[i].told;

		f.conflict = "left over";
		facts_conclude_role(&f);
		if (f.role != rows[i].role || f.evidence != rows[i].evidence)
			fail_msg("%s: %s by %s", rows[i].name, role_word(f.role),
				 role_evidence_word(f.evidence));
		if (rows[i].conflict)
			assert_string_equal(f.conflict, rows[i].conflict);
		else
			assert_null(f.conflict);
		facts_free(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
