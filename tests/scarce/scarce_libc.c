/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The allocators of the whole process, libraries and libc itself included: what is behind
 * open_memstream(), asprintf(), strdup(), fopen() and cJSON fails like our own.  glibc
 * lets a program bring its own malloc(); a sanitizer, which brings one, too, does not.
 */
#include <stdlib.h>

#include "tests/scarce/scarce.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	return scarce_is_out() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return scarce_is_out() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return scarce_is_out() ? NULL : __libc_realloc(old, size);
}
