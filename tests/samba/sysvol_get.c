/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysvol_get.c - a file of a domain controller's SYSVOL by our own client, for a
 * comparison with others: test_policy.py.
 *
 *     sysvol_get [DIALECT] [seal] DOMAIN\USER ADDRESS[:PORT] PATH...
 *
 * The password comes from stdin.
 *
 * Each file goes to stdout behind a line with its outcome, NTSTATUS and length; the last
 * line says how the session was protected.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/auth/auth_gss.h"
#include "rpc/wire/limits.h"
#include "scanner/discover/sysvol.h"

enum { WAIT_MS = 30000 };

static int fail(const struct fault *fault)
{
	fprintf(stderr, "%s: %s: %s\n", fault_reason_word(fault->reason), fault->step,
		fault->what);
	return 1;
}

static int read_all(struct sysvol *v, char **paths)
{
	const struct session_peer *peer = sysvol_peer(v);
	struct fault fault = { 0 };

	for (; *paths; paths++) {
		struct session_file file;

		if (!sysvol_read(v, *paths, LIMIT_FILE_BYTES, &file, &fault))
			return fail(&fault);
		printf("%d %08" PRIx32 " %zu\n", (int)file.outcome, file.status,
		       file.data.len);
		if (file.data.len)
			fwrite(file.data.at, 1, file.data.len, stdout);
	}
	printf("%04x %s\n", (unsigned)peer->dialect, peer->sealed ? "sealed" : "signed");
	return 0;
}

int main(int argc, char **argv)
{
	char password[128] = "";
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(SYSVOL_PORT) };
	struct sysvol_options options = { .connect_ms = WAIT_MS,
					  .login_ms = WAIT_MS,
					  .request_ms = WAIT_MS,
					  .address = (struct sockaddr *)&address };
	struct auth_gss_options who = { .password = password };
	struct fault fault = { 0 };
	struct auth_provider *provider;
	enum ldap_login login;
	struct sysvol *v;
	char *slash, *colon;
	int at = 1, status;

	if (at < argc && strncmp(argv[at], "0x", 2) == 0) {
		options.dialect_min = (uint16_t)strtoul(argv[at++], NULL, 16);
		options.dialect_max = options.dialect_min;
	}
	if (at < argc && strcmp(argv[at], "seal") == 0) {
		options.require_encryption = true;
		at++;
	}
	slash = at + 2 < argc ? strchr(argv[at], '\\') : NULL;
	if (!slash || !fgets(password, sizeof password, stdin))
		return 2;
	*slash = '\0';
	password[strcspn(password, "\n")] = '\0';
	who.domain = argv[at];
	who.user = slash + 1;
	options.host = argv[at + 1];
	colon = strchr(argv[at + 1], ':');
	if (colon) {
		*colon = '\0';
		address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	}
	if (inet_pton(AF_INET, options.host, &address.sin_addr) != 1)
		return 2;
	provider = auth_gss_new(&who, &fault);
	if (!provider)
		return fail(&fault);
	options.provider = provider;
	v = sysvol_open(&options, &login, &fault);
	status = v ? read_all(v, argv + at + 2) : fail(&fault);
	sysvol_close(v);
	auth_gss_free(provider);
	return status;
}
