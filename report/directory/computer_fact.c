/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/computer_fact.h"

#include "report/directory/computer.h"
#include "report/directory/dn.h"

static const char *time_text(int64_t time, char text[TIMESTAMP_MAX])
{
	if (time == TIME_NEVER)
		return "never";
	if (time < 0)
		return NULL;
	timestamp_write(time * 1000, text);
	return text;
}

void computer_fact(const struct directory_computer *c, struct computer_fact_texts *texts,
		   struct directory_fact *f)
{
	bool has_build = computer_build(c, texts->build, sizeof texts->build);

	*f = (struct directory_fact){
		.domain = c->domain,
		.dn = c->dn,
		.ou = dn_parent(c->dn),
		.account = c->account,
		.sid = c->sid,
		.site = c->site,
		.site_evidence = c->site_evidence,
		.os = c->os,
		.os_version = c->os_version,
		.build = has_build ? texts->build : NULL,
		.last_logon = time_text(c->last_logon, texts->last_logon),
		.role = ROLE_UNKNOWN,
		.enabled_known = c->account_control_known,
		.enabled = !(c->account_control & ACCOUNT_DISABLED),
	};
	computer_role_hint(c, &f->role);
}
