/* SPDX-License-Identifier: Apache-2.0 */
/* A whole TREE_CONNECT answer. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_tree tree;

	smb2_get_tree_connect(message, &tree);
	return 0;
}
