/* SPDX-License-Identifier: Apache-2.0 */
/* A whole SESSION_SETUP answer: flags and token. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_setup setup;
	volatile uint8_t last;

	if (smb2_get_setup(message, &setup) && setup.token.len)
		last = setup.token.at[setup.token.len - 1];
	(void)last;
	return 0;
}
