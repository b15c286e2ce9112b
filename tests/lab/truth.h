/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truth.h - what a test holds a report against: the hosts, and what is true of each.
 */
#ifndef LAB_TRUTH_H
#define LAB_TRUTH_H

#include <stdbool.h>
#include <stdio.h>

struct host;

/* One target a line, as lsasweep's -iL reads it; by address, or by name for use with the
 * simulated name server. */
void truth_print_targets(FILE *to, int port, int refused_port, bool by_name);
/* One line of JSON a host: who holds what, what was planted, what must be reported. */
void truth_print(FILE *to, int port, int refused_port);
/* The table of faults: step, fault, outcome, what the host does. */
void truth_print_faults(FILE *to);

#endif
