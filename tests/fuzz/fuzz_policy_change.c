/* SPDX-License-Identifier: Apache-2.0 */
/* What-if: any text is a change or is refused with a reason, and a link of any gPLink
 * that is switched off and on again is there as it was, or in front of the others. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "report/directory/policy_change.h"

static bool put(struct policy_store *s, char *line)
{
	char why[200];
	bool good = line && policy_store_take(s, line, strlen(line), why, sizeof why) ==
				    POLICY_LINE_TAKEN;

	free(line);
	return good;
}

/* A domain whose gPLink is `links`, and a GPO that may be in it. */
static struct policy_store *make_store(const char *links)
{
	struct policy_store *s = policy_store_new();

	if (s && (!put(s, directory_scope_to_json(
				  &(struct directory_scope){ .domain = "d",
							     .dn = "DC=d",
							     .gp_link = links,
							     .type = SCOPE_DOMAIN })) ||
		  !put(s, directory_gpo_to_json(&(struct directory_gpo){
				  .domain = "d",
				  .dn = "CN={A},DC=d",
				  .id = "{A}",
				  .readable = true,
				  .flags_known = true,
				  .dacl = DACL_ABSENT,
				  .template = { .state = TEMPLATE_NO_FILE } })))) {
		policy_store_free(s);
		return NULL;
	}
	return s;
}

/* Is the GPO in the list by a link that is not disabled? */
static bool is_linked(struct policy_store *s)
{
	const struct policy *p = policy_of(
		s, &(struct policy_computer){ .dn = "CN=c,DC=d", .site = "" });

	for (size_t i = 0; p && i < p->gpo_count; i++)
		if (p->gpos[i].gpo && p->gpos[i].reason != POLICY_LINK_DISABLED)
			return true;
	return !p;
}

static void try_links(const char *links)
{
	struct policy_change off, on;
	char why[200];
	bool was_linked;

	for (int both = 0; both < 2; both++) {
		struct policy_store *s = make_store(links);

		if (!s ||
		    !policy_change_parse("link-off:{A}@DC=d", &off, why, sizeof why) ||
		    !policy_change_parse("link-on:{a}@dc=D", &on, why, sizeof why))
			return;
		was_linked = policy_change_link(s, &off, why, sizeof why);
		if (!was_linked && !why[0])
			abort();
		if (both && !policy_change_link(s, &on, why, sizeof why))
			abort();
		if (policy_store_seal(s) && is_linked(s) != both)
			abort();
		policy_store_free(s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_change change;
	char why[400] = "", *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (!policy_change_parse(text, &change, why, sizeof why) && !why[0])
		abort();
	try_links(text);
	free(text);
	return 0;
}
