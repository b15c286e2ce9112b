/* SPDX-License-Identifier: Apache-2.0 */
/* A whole CREATE answer. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_file file;

	smb2_get_create(message, &file);
	return 0;
}
