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
#include "scanner/login/shard_record.h"
#include "scanner/sweep/sweep.h"

struct identities {
	struct sweep_credential at[CREDENTIAL_SECTIONS_MAX];
	size_t count;
	/* by the number of the account, or NULL */
	struct shard_record *records[CREDENTIAL_SECTIONS_MAX + 1];
};

/* With whom logins are shared: see shard_record.h. */
struct identities_shard {
	const char *folder; /* NULL: with nobody */
	uint32_t part, parts;
};

/* Start-up only: a KDC may be asked through `kdc`, which blocks.  `credentials` and `kdc`
 * must outlive it; passwords are no longer needed afterwards.  Where another shard is
 * trying one of them, its result is waited for.  False with `why`: no ticket, no keytab,
 * a record that is not ours. */
bool identities_open(struct identities *ids, const struct credentials *credentials,
		     struct kdc_link *kdc, const struct identities_shard *shard,
		     char *why, size_t why_size);
/* Whom the i-th proves us to be; NULL where it was refused. */
const char *identities_name(const struct identities *ids, size_t i);
void identities_close(struct identities *ids);

#endif
