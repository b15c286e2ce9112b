/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets.h - memory for passwords: not swapped where the system lets us lock it, not in
 * core dumps, wiped at the end.
 *
 * One block for the whole program, given out in pieces that are never freed singly.
 */
#ifndef SCANNER_LOGIN_SECRETS_H
#define SCANNER_LOGIN_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

enum { SECRETS_MAX = 320 * 1024 };

/* Zeroed; NULL when the block is full or could not be had. */
char *secret_take(size_t size);
/* A copy of `text`; NULL likewise, and for NULL. */
char *secret_copy(const char *text);
/* Overwrite everything and give it back; later pieces begin a new block. */
void secrets_wipe(void);

/* Keep from swap what stands in the heap by now, as the keys that the security mechanisms
 * made of a password; where the limit forbids it, it may be swapped. */
void secrets_lock_heap(void);

/* What a terminal answers to `prompt`, without echo; whatever ends it, a signal too,
 * the terminal is as before.  NULL with `why` (there is none, end of file, ^C). */
char *secret_ask(const char *prompt, char *why, size_t why_size);
/* The first line of a text file, UTF-8 or UTF-16, with a byte order mark or without; NULL
 * with `why`. */
char *secret_read_line(const char *path, char *why, size_t why_size);

#endif
