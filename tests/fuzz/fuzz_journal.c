/* SPDX-License-Identifier: Apache-2.0 */
/* Journals: any file is either an index that can be read back or refused with a reason.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/journal/journal_read.h"

static void read_all(const struct journal_set *set)
{
	char why[200];

	for (size_t i = 0; i < journal_set_hosts(set); i++) {
		struct journal_outcome was;
		struct facts f;

		facts_init(&f);
		if (!journal_set_read(set, i, &f, why, sizeof(why)))
			abort(); /* what was indexed can be read */
		if (!journal_set_outcome(set, f.host, f.port, &was) ||
		    was.outcome != f.outcome)
			abort();
		facts_free(&f);
	}
}

/* One file in memory serves all inputs: making one costs more than reading it. */
static void write_file(char *path, size_t path_size, const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("journal", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)size) != 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	snprintf(path, path_size, "/proc/self/fd/%d", fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[40], why[200] = "";
	const char *paths[] = { path };
	struct journal_set *set;

	write_file(path, sizeof(path), data, size);
	set = journal_set_open(paths, 1, NULL, NULL, why, sizeof(why));
	if (set) {
		if (journal_set_whole_bytes(set, 0) > size)
			abort();
		read_all(set);
	} else if (!why[0]) {
		abort();
	}
	journal_set_free(set);
	return 0;
}
