/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/scan_setup.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "report/facts/rights.h"
#include "scanner/cli/commands.h"
#include "scanner/login/secrets.h"

static void take_right(const struct right *right, void *arg)
{
	struct scan_setup *a = arg;

	for (size_t i = 0; i < a->right_count; i++)
		if (a->rights[i] == right->name)
			return;
	if (a->right_count < SCAN_SETUP_RIGHTS_MAX)
		a->rights[a->right_count++] = right->name;
}

/* One of the comma-separated words of -r. */
static bool take_pattern(struct scan_setup *a, const char *word, size_t len)
{
	char pattern[80];

	snprintf(pattern, sizeof pattern, "%.*s", len < 79 ? (int)len : 79, word);
	if (rights_match(pattern, take_right, a) > 0)
		return true;
	command_fails("-r: \"%s\": no such right; expected names such as "
		      "SeImpersonatePrivilege, globs or \"all\" (lsasweep explain lists "
		      "them)",
		      pattern);
	return false;
}

bool scan_setup_rights(struct scan_setup *a, const struct options *o)
{
	a->right_count = 0;
	for (size_t i = 0; i < o->rights.count; i++)
		for (const char *p = o->rights.at[i]; *p;) {
			size_t len = strcspn(p, ", ");

			if (len > 0 && !take_pattern(a, p, len))
				return false;
			p += len + (p[len] != '\0');
		}
	if (a->right_count > 0)
		return true;
	command_fails("-r: expected at least one right");
	return false;
}

/* RFC 9562, version 4. */
static void make_uuid(char text[UUID_TEXT])
{
	uint8_t b[16];

	uv_random(NULL, NULL, b, sizeof b, 0, NULL);
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	for (int i = 0; i < 16; i++) {
		bool dash = i == 4 || i == 6 || i == 8 || i == 10;

		text += sprintf(text, dash ? "-%02x" : "%02x", b[i]);
	}
}

static void fill(struct scan_setup *a, const struct options *o)
{
	a->sweep = (struct sweep_options){
		.credentials = a->identities.at,
		.credential_count = a->identities.count,
		.rights = a->rights,
		.right_count = a->right_count,
		.limits = { .connect = o->connect_ms,
			    .request = o->request_ms,
			    .host = o->host_ms,
			    .runtime = o->runtime_ms },
		.in_flight = o->in_flight,
		.rate = o->rate,
		.per_subnet = o->per_subnet,
		.retries = o->retries,
		.max_logon_failures = o->max_logon_failures,
		.require_encryption = o->require_encryption,
		.look = !o->credentials.no_ntlm,
		.dialect_min = o->dialect_min,
		.dialect_max = o->dialect_max,
		.sweep_id = a->sweep_id,
		.quiet = o->quiet,
		.stats_every = o->stats_ms,
		.dns_servers = o->dns_servers.count ? o->dns_servers.at : NULL,
	};
}

bool scan_setup_open(struct scan_setup *a, const struct options *o,
		     struct credentials *credentials)
{
	char why[600];

	if (!identities_open(&a->identities, credentials, why, sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	credentials_forget(credentials);
	secrets_lock_heap();
	make_uuid(a->sweep_id);
	fill(a, o);
	return true;
}

void scan_setup_close(struct scan_setup *a)
{
	identities_close(&a->identities);
}
