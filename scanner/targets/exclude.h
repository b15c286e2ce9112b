/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exclude.h - what must never be asked: exact names, names with `*` and `?`, addresses,
 * networks, ranges.  Without a port all ports are meant.
 */
#ifndef SCANNER_TARGETS_EXCLUDE_H
#define SCANNER_TARGETS_EXCLUDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/targets/address.h"
#include "scanner/targets/hash_set.h"

struct excludes {
	struct intervals addresses; /* port 0: all ports */
	struct hash_set names;
	char **patterns;
	size_t pattern_count;
};

/* One word.  False with `why`. */
bool excludes_add(struct excludes *e, const char *word, char *why, size_t why_size);
/* A name, or the text of an address, against names and patterns. */
bool excludes_hold_name(const struct excludes *e, const char *name, uint16_t port);
/* The interval that `a` is excluded by, or NULL. */
const struct interval *excludes_find(const struct excludes *e, struct address a,
				     uint16_t port);
void excludes_free(struct excludes *e);

#endif
