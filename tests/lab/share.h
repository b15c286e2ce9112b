/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share.h - the files of SYSVOL, which every simulated controller has: those of one real
 * folder, by names without regard to case, for reading.
 */
#ifndef LAB_SHARE_H
#define LAB_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

struct share_file {
	int descriptor;
	bool directory;
	uint64_t size, written; /* bytes, FILETIME */
};

/* The folder, from the description; false: there is none, or not this. */
bool share_set_folder(const char *folder);
bool share_is_there(void);
/* `name` is UTF-16LE, counted from the share.  An NTSTATUS; `*file` only with success. */
uint32_t share_open(struct bytes name, struct share_file *file);
/* Up to `len` bytes at `offset`, appended to `w`; how many they were. */
uint32_t share_read(const struct share_file *file, uint64_t offset, uint32_t len,
		    struct wire_out *w);
void share_close(struct share_file *file);

#endif
