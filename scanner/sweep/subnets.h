/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subnets.h - how many hosts are in flight in each /24 (IPv6: /64), and who waits.
 *
 * A table of the subnets in use; a subnet without hosts in flight or waiting takes no
 * memory.
 */
#ifndef SCANNER_SWEEP_SUBNETS_H
#define SCANNER_SWEEP_SUBNETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "scanner/sweep/job.h"

struct subnets;
struct subnet;

/* `cap` hosts in flight in each; 0: no limit, then nothing is counted. */
struct subnets *subnets_new(unsigned cap);
/* Nothing may be in flight or wait. */
void subnets_free(struct subnets *s);

/* Take a place for `job` where `address` lives.  False: all are taken; `job` may then be
 * put into line by subnets_wait().  Without memory every subnet is free.  `force` takes a
 * place in any case. */
bool subnets_take(struct subnets *s, struct job *job, const struct sockaddr *address,
		  bool force);
/* `job` waits for a place in the subnet it was refused last.  False: one is free by now.
 */
bool subnets_wait(struct subnets *s, struct job *job);
/* Give the place back; the job that waited longest for it, or NULL. */
struct job *subnets_leave(struct subnets *s, struct job *job);
/* Any job that waits, taken out of line; NULL: none. */
struct job *subnets_drain(struct subnets *s);

#endif
