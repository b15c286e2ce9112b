/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_ntlm_challenge.c - security tokens of a host.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/auth/ntlm_challenge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = arena(1 << 20);
	struct ntlm_challenge c = { 0 };

	if (ntlm_challenge_read((struct bytes){ data, size }, &a, &c) &&
	    c.netbios_computer && strlen(c.netbios_computer) > size * 3)
		abort();
	arena_drop(&a);
	return 0;
}
