/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/login/membership.h"

/* As Windows introduces itself: a member, a controller of a child domain, a machine of no
 * domain; and as others do. */
static const struct ntlm_challenge member = { .flags = NTLM_TARGET_IS_DOMAIN,
					      .netbios_domain = "CORP",
					      .netbios_computer = "SRV1",
					      .dns_domain = "corp.example",
					      .dns_computer = "srv1.corp.example",
					      .dns_forest = "corp.example" };
static const struct ntlm_challenge child = { .flags = NTLM_TARGET_IS_DOMAIN,
					     .netbios_domain = "EMEA",
					     .netbios_computer = "DC7",
					     .dns_domain = "emea.corp.example",
					     .dns_computer = "dc7.emea.corp.example",
					     .dns_forest = "corp.example" };
static const struct ntlm_challenge renamed = { .flags = NTLM_TARGET_IS_DOMAIN,
					       .netbios_domain = "OLDNAME",
					       .netbios_computer = "SRV2",
					       .dns_domain = "corp.example",
					       .dns_computer = "srv2.corp.example",
					       .dns_forest = "corp.example" };
static const struct ntlm_challenge alone = { .flags = NTLM_TARGET_IS_SERVER,
					     .netbios_domain = "PC9",
					     .netbios_computer = "PC9",
					     .dns_domain = "pc9",
					     .dns_computer = "pc9" };
static const struct ntlm_challenge nas = { .flags = NTLM_TARGET_IS_SERVER,
					   .netbios_domain = "WORKGROUP",
					   .netbios_computer = "NAS1" };
static const struct ntlm_challenge nas_of_corp = { .flags = NTLM_TARGET_IS_SERVER,
						   .netbios_domain = "CORP",
						   .netbios_computer = "NAS2" };
static const struct ntlm_challenge silent = { .flags = 0 };

static void a_host_belongs_where_its_challenge_says(void **state)
{
	static const struct {
		const struct ntlm_challenge *host;
		const char *domain;
		enum membership expected;
	} rows[] = {
		{ &member, "CORP", MEMBERSHIP_SAME },
		{ &member, "corp", MEMBERSHIP_SAME },
		{ &member, "Corp.Example", MEMBERSHIP_SAME },
		{ &member, "emea.corp.example", MEMBERSHIP_SAME }, /* the same forest */
		{ &member, "SRV1", MEMBERSHIP_SAME }, /* an account of its own */
		{ &member, "srv1.corp.example", MEMBERSHIP_SAME },
		{ &member, ".", MEMBERSHIP_SAME },
		{ &member, NULL, MEMBERSHIP_UNKNOWN },
		{ &member, "", MEMBERSHIP_UNKNOWN },
		{ &member, "EVIL", MEMBERSHIP_OTHER },
		{ &member, "COR", MEMBERSHIP_OTHER },
		{ &member, "CORPS", MEMBERSHIP_OTHER },
		{ &member, "evilcorp.example", MEMBERSHIP_OTHER },
		{ &member, "example", MEMBERSHIP_OTHER },
		{ &child, "EMEA", MEMBERSHIP_SAME },
		{ &child, "CORP", MEMBERSHIP_SAME }, /* the forest begins with it */
		{ &child, "corp.example", MEMBERSHIP_SAME },
		{ &child, "apac.corp.example", MEMBERSHIP_SAME },
		{ &child, "APAC", MEMBERSHIP_OTHER }, /* names do not tell */
		{ &renamed, "CORP", MEMBERSHIP_SAME },
		{ &alone, "CORP", MEMBERSHIP_NONE },
		{ &alone, "corp.example", MEMBERSHIP_NONE },
		{ &alone, "PC9", MEMBERSHIP_SAME },
		{ &alone, NULL, MEMBERSHIP_UNKNOWN },
		{ &nas, "CORP", MEMBERSHIP_NONE },
		{ &nas, "WORKGROUP", MEMBERSHIP_SAME },
		{ &nas_of_corp, "CORP", MEMBERSHIP_SAME },
		{ &silent, "CORP", MEMBERSHIP_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (membership_of(rows[i].host, rows[i].domain) != rows[i].expected)
			fail_msg("%s at %s: %d",
				 rows[i].domain ? rows[i].domain : "(none)",
				 rows[i].host->netbios_computer,
				 membership_of(rows[i].host, rows[i].domain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_belongs_where_its_challenge_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
