/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/fault.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A sentence that was cut must not end in half of a UTF-8 character. */
static void drop_half_character(char *text)
{
	size_t len = strlen(text), start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xc0)
		text[start - 1] = '\0';
}

void fault_set_words(struct fault *f, const char *step, enum fault_reason reason,
		     enum fault_space space, uint32_t code, const char *what, ...)
{
	va_list args;
	int len;

	if (f->kind != FAULT_NONE)
		return;
	f->step = step;
	f->kind = fault_reason_kind(reason);
	f->reason = reason;
	f->space = space;
	f->code = code;
	va_start(args, what);
	len = vsnprintf(f->what, sizeof(f->what), what, args);
	va_end(args);
	if (len < 0)
		f->what[0] = '\0';
	else if ((size_t)len >= sizeof(f->what))
		drop_half_character(f->what);
}

void fault_set(struct fault *f, const char *step, enum fault_reason reason,
	       enum fault_space space, uint32_t code)
{
	fault_set_words(f, step, reason, space, code, "%s", fault_reason_words(reason));
}
