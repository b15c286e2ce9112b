/* SPDX-License-Identifier: Apache-2.0 */
#include "report/files/temporary_file.h"

enum { PREPARED_MAX = 256 };

/* Of the process, as the folder is: only what runs before the sandbox fills it. */
static FILE *prepared[PREPARED_MAX];
static size_t prepared_count;

void temporary_file_prepare(size_t count)
{
	for (; count > 0 && prepared_count < PREPARED_MAX; count--) {
		FILE *file = tmpfile();

		if (!file)
			return;
		prepared[prepared_count++] = file;
	}
}

FILE *temporary_file_take(void)
{
	return prepared_count > 0 ? prepared[--prepared_count] : tmpfile();
}
