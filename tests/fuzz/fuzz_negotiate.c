/* SPDX-License-Identifier: Apache-2.0 */
/* A whole NEGOTIATE answer with its contexts, to an offer of every dialect. */
#include "rpc/smb2/smb2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes message = { data, size };
	struct smb2_offer offer = { 0 };
	struct smb2_negotiated n;
	volatile uint8_t last;

	smb2_offer_dialects(&offer, 0, 0);
	if (smb2_get_negotiate(message, &offer, &n) && n.token.len)
		last = n.token.at[n.token.len - 1];
	(void)last;
	return 0;
}
