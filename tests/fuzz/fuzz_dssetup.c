/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_dssetup.c - replies of DsRolerGetPrimaryDomainInformation.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/calls/dssetup.h"
#include "rpc/wire/ntstatus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = arena(1 << 20);
	struct dssetup_basic info = { 0 };
	uint32_t win32 = 0;

	if (dssetup_get_basic((struct bytes){ data, size }, &a, &info, &win32) &&
	    info.domain_flat && strlen(info.domain_flat) > size * 3)
		abort();
	if (!win32_name(win32) != !win32_words(win32))
		abort();
	arena_drop(&a);
	return 0;
}
