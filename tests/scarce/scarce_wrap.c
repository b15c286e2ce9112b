/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the linker puts in the place of the allocators that our own objects call.  cJSON
 * allocates within its library, where no linker reaches: it is asked to allocate here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "tests/scarce/scarce.h"

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *length);
FILE *__wrap_open_memstream(char **text, size_t *length);
int __wrap_asprintf(char **text, const char *format, ...);

void *__wrap_malloc(size_t size)
{
	return scarce_is_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return scarce_is_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return scarce_is_out() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return scarce_is_out() ? NULL : __real_strdup(text);
}

FILE *__wrap_open_memstream(char **text, size_t *length)
{
	return scarce_is_out() ? NULL : __real_open_memstream(text, length);
}

int __wrap_asprintf(char **text, const char *format, ...)
{
	va_list arguments;
	int length;

	if (scarce_is_out())
		return -1;
	va_start(arguments, format);
	length = vasprintf(text, format, arguments);
	va_end(arguments);
	return length;
}

__attribute__((constructor)) static void begin(void)
{
	cJSON_Hooks hooks = { .malloc_fn = __wrap_malloc, .free_fn = free };

	cJSON_InitHooks(&hooks);
}
