/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/discover_setup.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct computer_rules discover_setup_rules(const struct options *o)
{
	return (struct computer_rules){ .stale_days = o->stale_days,
					.now = (int64_t)time(NULL),
					.included = o->included };
}

/* --domain, else the realm of the user or the ticket. */
static const char *domain_of(const struct options *o, const char *identity)
{
	const char *at = identity ? strrchr(identity, '@') : NULL;

	return o->domain ? o->domain : at ? at + 1 : NULL;
}

bool discover_setup(struct discover_options *out, const struct options *o,
		    const struct identities *identities, char *why, size_t why_size)
{
	*out = (struct discover_options){
		.domain = domain_of(o, identities_name(identities, 0)),
		.controllers = o->controllers.at,
		.bases = o->bases.at,
		.filter = o->ldap_filter,
		.forest = o->forest,
		.rules = discover_setup_rules(o),
		.settings = &o->settings,
		.provider = identities->at[0].provider,
	};
	if (out->domain || o->controllers.count)
		return true;
	snprintf(why, why_size, "no domain: give --domain, --dc or USER@REALM");
	return false;
}
