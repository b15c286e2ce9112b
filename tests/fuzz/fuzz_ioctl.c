/* SPDX-License-Identifier: Apache-2.0 */
/* A whole IOCTL answer, and its output as that of a validation. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_negotiated n = { 0 };
	struct bytes output;
	volatile uint8_t last;

	if (smb2_get_ioctl(message, FSCTL_PIPE_TRANSCEIVE, NULL, &output) && output.len)
		last = output.at[output.len - 1];
	if (smb2_get_ioctl(message, FSCTL_VALIDATE_NEGOTIATE_INFO, NULL, &output))
		smb2_same_negotiation(output, &n);
	(void)last;
	return 0;
}
