/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_credentials.c - any bytes as an authentication file, and as a -U.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/login/credentials_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t used; /* the strings must be readable */

static void read_text(const char *text)
{
	used += text ? strlen(text) : 0;
}

static void read_credential(const struct credential *c)
{
	read_text(c->name);
	read_text(c->user);
	read_text(c->domain);
	read_text(c->realm);
	read_text(c->password);
	read_text(c->keytab);
	read_text(c->principal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct credential_sections sections;
	struct credential c = { .name = "" };
	char *text, why[256];

	if (size > CREDENTIALS_FILE_MAX)
		return 0;
	text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	if (credentials_parse(text, size, "f", &sections, why, sizeof why))
		for (size_t i = 0; i < sections.count; i++)
			read_credential(&sections.at[i]);
	memcpy(text, data, size);
	text[size] = '\0';
	if (credentials_split_user(text, &c, why, sizeof why))
		read_credential(&c);
	free(text);
	return 0;
}
