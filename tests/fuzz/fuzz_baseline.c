/* SPDX-License-Identifier: Apache-2.0 */
/* A baseline file, whatever it holds: refused with a reason, or rules that judge a host
 * without harm. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "report/judge/judge.h"
#include "report/judge/scorecard.h"

static struct holder holders[] = {
	{ "S-1-1-0", "Everyone", KIND_WELL_KNOWN },
	{ "S-1-5-32-544", NULL, KIND_ALIAS },
	{ "S-1-5-21-1-2-3-512", "CORP\\Domain Admins", KIND_GROUP },
	{ "S-1-5-21-7-8-9-1001", "SRV\\IWAM_SRV", KIND_USER },
	{ "S-1-5-82-1-2-3-4-5", "IIS APPPOOL\\x", KIND_WELL_KNOWN },
};

static void judge_with(const struct baseline *b, const char *os)
{
	struct right_fact rights[] = {
		{ "SeImpersonatePrivilege", RIGHT_HELD, holders, 5, { 0 } },
		{ "SeTcbPrivilege", RIGHT_NOBODY, NULL, 0, { 0 } },
		{ "SeDenyNetworkLogonRight", RIGHT_HELD, holders, 2, { 0 } },
		{ "SeDebugPrivilege", RIGHT_UNDEFINED, NULL, 0, { 0 } },
	};
	struct facts f = { .host = "srv1",
			   .outcome = HOST_ANSWERED,
			   .role = ROLE_MEMBER_SERVER,
			   .domain_sid = "S-1-5-21-1-2-3",
			   .machine_sid = "S-1-5-21-7-8-9",
			   .os_version = os,
			   .rights = rights,
			   .right_count = 4 };
	struct scorecard *score = scorecard_new(b);
	struct judgement j;

	judgement_init(&j);
	if (!score || !judge_host(&j, &f, b, "2026-06-15") || !scorecard_add(score, &j))
		abort();
	scorecard_finish(score);
	scorecard_free(score);
	judgement_free(&j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[500] = "";
	struct baseline *b = baseline_parse("f", (const char *)data, size, why,
					    sizeof(why));

	if (!b && !why[0])
		abort();
	if (!b)
		return 0;
	judge_with(b, "10.0.20348");
	judge_with(b, NULL);
	baseline_free(b);
	return 0;
}
