/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/discover_setup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "scanner/discover/ldap_link.h"
#include "scanner/sandbox/sandbox.h"

struct computer_rules discover_setup_rules(const struct options *o)
{
	return (struct computer_rules){ .stale_days = o->stale_days,
					.now = (int64_t)time(NULL),
					.included = o->included };
}

const char *discover_setup_ca(const struct options *o)
{
	if (!o->ldaps)
		return NULL;
	return o->ca_file ? o->ca_file : ldap_link_system_ca();
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
		.tls = o->ldaps,
		.ca_file = discover_setup_ca(o),
		.rules = discover_setup_rules(o),
		.settings = &o->settings,
		.provider = identities->at[0].provider,
	};
	if (out->ca_file && access(out->ca_file, R_OK) != 0) {
		snprintf(why, why_size, "--ca: %s: %s", out->ca_file, strerror(errno));
		return false;
	}
	if (out->domain || o->controllers.count)
		return true;
	snprintf(why, why_size, "no domain: give --domain, --dc or USER@REALM");
	return false;
}

void discover_setup_sandbox(const struct options *o)
{
	struct sandbox box;

	sandbox_begin(&box);
	if (o->ca_file)
		sandbox_allow_read(&box, o->ca_file);
	for (size_t i = 0; i < o->outputs.count; i++)
		if (strchr(o->outputs.at[i], '='))
			sandbox_allow_output(&box, strchr(o->outputs.at[i], '=') + 1);
	sandbox_enter(&box);
}
