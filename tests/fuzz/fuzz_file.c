/* SPDX-License-Identifier: Apache-2.0 */
/* Whole CREATE and CLOSE answers of a file; fuzz_read.c has its READ. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_opened opened;
	struct smb2_closed closed;

	smb2_get_open(message, &opened);
	smb2_get_close(message, &closed);
	return 0;
}
