/* Journals: any file is either an index that can be read back or refused with a reason.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/journal_read.h"

static void read_all(const struct journal_set *set)
{
	char why[200];

	for (size_t i = 0; i < journal_set_hosts(set); i++) {
		enum host_outcome outcome;
		struct facts f;

		facts_init(&f);
		if (!journal_set_read(set, i, &f, why, sizeof(why)))
			abort(); /* what was indexed can be read */
		if (!journal_set_outcome(set, f.host, f.port, &outcome) ||
		    outcome != f.outcome)
			abort();
		facts_free(&f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("journal", MFD_CLOEXEC);
	char path[40], why[200] = "";
	const char *paths[] = { path };
	struct journal_set *set;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	set = journal_set_open(paths, 1, NULL, NULL, why, sizeof(why));
	if (set) {
		if (journal_set_whole_bytes(set, 0) > size)
			abort();
		read_all(set);
	} else if (!why[0]) {
		abort();
	}
	journal_set_free(set);
	close(fd);
	return 0;
}
