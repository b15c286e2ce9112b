/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash_set.h - a set of hosts: names and addresses, each with a port.
 *
 * What is kept of a host is its 128-bit SipHash under a key that this set drew at random
 * (report/text/siphash.h): 16 bytes a slot, at most 32 a host while it grows.  Because
 * the key is secret nobody can make a name that shares a hash with another one, and for a
 * million names chance does it once in 10^26: equal hashes are equal names, which a hash
 * without a secret could not promise.
 */
#ifndef SCANNER_TARGETS_HASH_SET_H
#define SCANNER_TARGETS_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/text/siphash.h"
#include "scanner/targets/address.h"

/* Zero it before its first use. */
struct hash_set {
	struct siphash_digest *slots; /* both halves 0: empty */
	size_t count, room;           /* `room` is a power of two */
	struct siphash_key key;       /* drawn with the first slots */
};

enum hash_set_answer { HASH_SET_ADDED, HASH_SET_KNOWN, HASH_SET_NO_MEMORY };

/* A name, without regard to the case of ASCII letters; of one that is longer than
 * TARGET_NAME_MAX bytes no more than that counts. */
enum hash_set_answer hash_set_add_name(struct hash_set *set, const char *name,
				       uint16_t port);
bool hash_set_holds_name(const struct hash_set *set, const char *name, uint16_t port);
enum hash_set_answer hash_set_add_address(struct hash_set *set, struct address a,
					  uint16_t port);
bool hash_set_holds_address(const struct hash_set *set, struct address a, uint16_t port);
void hash_set_free(struct hash_set *set);

#endif
