/* SPDX-License-Identifier: Apache-2.0 */
/* A whole nTSecurityDescriptor, and every entry of its DACL. */
#include <stdlib.h>

#include "rpc/wire/security_descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes descriptor = { data, size };
	struct acl acl;
	struct ace ace;
	bool present;
	unsigned entries = 0;

	if (!security_descriptor_dacl(descriptor, &present, &acl))
		return 0;
	while (acl_next(&acl, &ace)) {
		if (ace.sid.sub_count > SID_SUB_MAX || !present)
			abort();
		/* An entry takes at least 16 bytes. */
		if (++entries > size / 16)
			abort();
	}
	return 0;
}
