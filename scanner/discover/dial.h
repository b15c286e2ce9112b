/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dial.h - a TCP connection to a domain controller, made on a thread that may block, and
 * the short waits by which such a thread sees that the run was ended.
 */
#ifndef SCANNER_DISCOVER_DIAL_H
#define SCANNER_DISCOVER_DIAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "rpc/wire/fault.h"

enum { DIAL_SLICE_MS = 100 }; /* how long a wait does not see `abandon` */

/* Milliseconds of a clock that only runs forward. */
uint64_t dial_now(void);
/* True, with `fault`, once `*abandon` is set; it may be NULL. */
bool dial_abandoned(const atomic_bool *abandon, const char *step, struct fault *fault);
/* A connected socket that does not block, to be closed; -1 with `fault`. */
int dial(const struct sockaddr *address, uint64_t connect_ms, const atomic_bool *abandon,
	 struct fault *fault);

#endif
