/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identities.h - credentials as providers that can log on.
 *
 * A credential that the KDC refuses becomes a provider that refuses every login with the
 * KDC's own words, without asking again: so the guard of the sweep stops it at the first
 * host, and the network has seen one attempt.
 */
#ifndef SCANNER_CLI_IDENTITIES_H
#define SCANNER_CLI_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>

#include "rpc/auth/kdc.h"
#include "scanner/login/credentials.h"
#include "scanner/sweep/sweep.h"

struct identities {
	struct sweep_credential at[CREDENTIAL_SECTIONS_MAX];
	size_t count;
};

/* Start-up only: a KDC may be asked through `kdc`, which blocks.  `credentials` and `kdc`
 * must outlive it; passwords are no longer needed afterwards.  False with `why`: no
 * ticket, no keytab. */
bool identities_open(struct identities *ids, const struct credentials *credentials,
		     struct kdc_link *kdc, char *why, size_t why_size);
/* Whom the i-th proves us to be; NULL where it was refused. */
const char *identities_name(const struct identities *ids, size_t i);
void identities_close(struct identities *ids);

#endif
