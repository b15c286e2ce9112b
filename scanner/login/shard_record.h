/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shard_record.h - what several processes know together of one account.
 *
 * The shards of a sweep keep one file for each account beside their journals.  Its lock
 * is the turn to log on, and its record what the logins of all came to.  So a wrong
 * password costs one refused login, however many shards there are.
 *
 * The locks are POSIX record locks (fcntl), which the kernel takes from a process that
 * dies, and which NFS, Lustre and CephFS have between machines.  Byte 0 is the turn. Byte
 * 1 is held for reading by every shard as long as it lives: who can have it for writing
 * is alone.
 *
 * How long a record holds.  A proof holds while one shard after another is alive, not
 * longer: the password may have been changed since.  What speaks against a password holds
 * for an hour, also when no shard is left, because shards may run one after the other;
 * and for this password alone, so that one typed correctly is not held up by one that was
 * mistyped.  For that the record has 12 bits of a salted hash of what was refused.  They
 * cannot tell a password: of any list of guesses one in 4,096 fits.  Once a password was
 * accepted they are overwritten.
 *
 * Where it was proven.  Beside a proof the record names the latest host that accepted the
 * credential, so that a shard whose own hosts have accepted nothing can have a refusal
 * checked there.
 *
 * The record is written by one pwrite() and has a checksum: one that is torn, or of
 * another machine's byte order, is no record.  Nothing here blocks for a lock; on a
 * network file system any call may wait for its server, so none belongs on the loop.
 */
#ifndef SCANNER_LOGIN_SHARD_RECORD_H
#define SCANNER_LOGIN_SHARD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/login/guard.h"

/* Of a place as many bytes as a DNS name has at most. */
enum { SHARD_RECORD_LIFE_S = 3600, SHARD_PLACE_NAME_MAX = 253 };

struct shard_record;

/* A host that accepted the credential; without one `name` is "". */
struct shard_place {
	char name[SHARD_PLACE_NAME_MAX + 1]; /* as the target was */
	uint16_t port;
};

/* Who asks. */
struct shard_member {
	const char *folder; /* of the journal */
	uint32_t part;      /* of --shard */
	uint64_t account;   /* account_key() */
	/* One of them, or both NULL; used by open alone. */
	const char *password, *keytab;
};

enum shard_opening {
	SHARD_OPENED,
	SHARD_UNLOCKED, /* locks do not work there */
	SHARD_REFUSED,  /* the file cannot be made, or others may write to it */
};

enum shard_turn {
	SHARD_TURN_OURS,   /* until shard_record_give() */
	SHARD_TURN_TAKEN,  /* another shard has it */
	SHARD_TURN_FAILED, /* locks do not work any more */
};

/* But for SHARD_OPENED with `why`, and `record` is NULL. */
enum shard_opening shard_record_open(struct shard_record **record,
				     const struct shard_member *member, char *why,
				     size_t why_size);
const char *shard_record_path(const struct shard_record *r);
/* Try to have the turn; then `known` is what is recorded of our password. */
enum shard_turn shard_record_take(struct shard_record *r, struct guard_standing *known);
/* Record what is known now (NULL: as it was) and let the next one have its turn.  False:
 * it could not be written. */
bool shard_record_give(struct shard_record *r, const struct guard_standing *known);
/* Whose record it is, counted from 0; after shard_record_take(). */
uint32_t shard_record_author(const struct shard_record *r);
/* The place beside a proof; after shard_record_take(), until the next call. */
const struct shard_place *shard_record_place(const struct shard_record *r);
/* The place that the next shard_record_give() with a proof records, in the place of the
 * one there was.  Between take and give; too long a name is none. */
void shard_record_set_place(struct shard_record *r, const char *name, uint16_t port);
void shard_record_close(struct shard_record *r);

#endif
