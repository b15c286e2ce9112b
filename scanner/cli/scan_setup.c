/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/scan_setup.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "scanner/cli/commands.h"
#include "scanner/kdc/kdc.h"
#include "scanner/login/secrets.h"

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

/* --canary: the default credential's first login. */
static bool open_canary(struct scan_setup *a, const struct options *o)
{
	a->canary_options = (struct targets_options){ .specs = &o->canary,
						      .spec_count = 1,
						      .port = o->port };
	a->canary_targets = targets_open(&a->canary_options);
	if (a->canary_targets &&
	    targets_next(a->canary_targets, &a->canary) == TARGETS_ONE) {
		a->sweep.canary = &a->canary;
		return true;
	}
	command_fails("--canary: \"%s\": expected one host", o->canary);
	return false;
}

/* Where the shards' record lies; NULL: no other shard, or no journal. */
static const char *shared_folder(const struct options *o, char folder[PATH_MAX])
{
	const char *journal = o->resume ? o->resume : o->journal;
	const char *slash = journal ? strrchr(journal, '/') : NULL;

	if (o->shard.parts < 2 || !journal || strcmp(journal, "-") == 0)
		return NULL;
	snprintf(folder, PATH_MAX, "%.*s", slash ? (int)(slash - journal) : 1,
		 slash ? journal : ".");
	if (slash == journal)
		snprintf(folder, PATH_MAX, "/");
	return folder;
}

bool scan_setup_open(struct scan_setup *a, const struct options *o,
		     struct credentials *credentials)
{
	struct kdc_options kdc = { o->settings.dns_servers,
				   (unsigned)o->settings.login_ms };
	char folder[PATH_MAX], why[PATH_MAX + 200] = "out of memory";
	const struct identities_shard shard = {
		.folder = shared_folder(o, folder),
		.part = o->shard.part,
		.parts = o->shard.parts,
	};

	a->kdc = kdc_link_new(&kdc);
	if (!a->kdc || !identities_open(&a->identities, credentials, a->kdc, &shard, why,
					sizeof why)) {
		kdc_link_free(a->kdc);
		a->kdc = NULL;
		command_fails("%s", why);
		return false;
	}
	credentials_forget(credentials);
	secrets_lock_heap();
	make_uuid(a->sweep_id);
	a->sweep = (struct sweep_inputs){
		.settings = &o->settings,
		.credentials = a->identities.at,
		.credential_count = a->identities.count,
		.sweep_id = a->sweep_id,
		.port = o->port,
	};
	return !o->canary || open_canary(a, o);
}

void scan_setup_close(struct scan_setup *a)
{
	targets_close(a->canary_targets);
	identities_close(&a->identities);
	kdc_link_free(a->kdc);
}
