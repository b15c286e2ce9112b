/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/scan_setup.h"

#include <stdio.h>
#include <uv.h>

#include "scanner/cli/commands.h"
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
	a->sweep = (struct sweep_inputs){
		.settings = &o->settings,
		.credentials = a->identities.at,
		.credential_count = a->identities.count,
		.sweep_id = a->sweep_id,
	};
	return true;
}

void scan_setup_close(struct scan_setup *a)
{
	identities_close(&a->identities);
}
