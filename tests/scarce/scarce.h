/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scarce.h - memory that runs out at a chosen moment, for tests.
 *
 * Programs linked with `scarce` (tests/scarce/CMakeLists.txt) count their allocations
 * while scarce memory is armed: every one of our arenas and pools, and either every one
 * of the process, those of libc and of libraries included (scarce_libc.c), or, beside a
 * sanitizer, those that our own objects and cJSON ask for (scarce_wrap.c).  The n-th one
 * fails; with `for_good` all later ones fail, too.
 *
 * The program itself, linked so, reads LSASWEEP_SCARCE=N or N+ (for good) from its
 * environment and counts from its start; allocations of several threads are counted
 * together.  It says on its last line of stderr how many were counted:
 * "scarce: 123 of 120 allocations" means that the 123rd never came.  With
 * LSASWEEP_SCARCE_WAYS=FILE it lists there the first allocation of each way by which the
 * program comes to allocate: a few hundred of them stand for the many thousands.
 */
#ifndef TESTS_SCARCE_H
#define TESTS_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

/* Begin to count anew; `nth` counts from 1, 0: none fails.  Not yet armed. */
void scarce_begin(size_t nth, bool for_good);
/* Only what is allocated while armed counts. */
void scarce_arm(bool armed);
/* How many were counted since scarce_begin(). */
size_t scarce_counted(void);
/* For the wrappers: this allocation is to fail. */
bool scarce_is_out(void);

#endif
