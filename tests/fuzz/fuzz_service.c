/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_service.c - any bytes as a name server's answer about a service.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/dns/resolve_internal.h"
#include "scanner/targets/target_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever was said: what comes out may stand in a target list as a host. */
static void hold(const char *name)
{
	struct spec spec;
	char why[200];

	if (!spec_parse(name, &spec, why, sizeof why) || spec.kind != SPEC_NAME ||
	    spec.port != 0 || target_is_service(name) || strlen(name) > TARGET_NAME_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct service_answer answer;

	if (size > 65535)
		return 0;
	if (service_answer_parse(data, (int)size, &answer) == ARES_SUCCESS) {
		if (answer.hosts.count > SERVICE_HOSTS_MAX)
			abort();
		for (size_t i = 0; i < answer.hosts.count; i++)
			hold(answer.hosts.names[i]);
	}
	service_answer_free(&answer);
	return 0;
}
