/* SPDX-License-Identifier: Apache-2.0 */
/* A whole READ answer; the same bytes as an answer to WRITE. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct bytes data_read;
	uint32_t count;
	volatile uint8_t last;

	if (smb2_get_read(message, &data_read) && data_read.len)
		last = data_read.at[data_read.len - 1];
	smb2_get_write(message, &count);
	(void)last;
	return 0;
}
