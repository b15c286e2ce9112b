/* SPDX-License-Identifier: Apache-2.0 */
/* Percent-encodes what would not survive escaping, so that ids stay apart. */
#include "report/text/identity.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"

enum { REPLACEMENT = 0xFFFD, PORT_OF_SMB = 445 };

static bool is_plain(uint32_t c, const char *separators)
{
	if (c == '%' || c == REPLACEMENT || escape_unsafe(c))
		return false;
	return c > 0x7F || !strchr(separators, (int)c);
}

char *identity_of(const char *text, const char *separators)
{
	char *id = malloc(3 * strlen(text) + 1);
	size_t length = 0;

	if (!id)
		return NULL;
	while (*text) {
		uint32_t c;
		const char *next = escape_next(text, &c);

		if (is_plain(c, separators))
			for (; text < next; text++)
				id[length++] = *text;
		for (; text < next; text++)
			length += (size_t)sprintf(id + length, "%%%02X",
						  (unsigned char)*text);
	}
	id[length] = '\0';
	return id;
}

/* An address of IPv6: what has one colon alone could be a name with a port. */
static bool is_address(const char *host)
{
	const char *colon = strchr(host, ':');

	return colon && strchr(colon + 1, ':') && !strchr(host, '[');
}

char *identity_of_host(const char *host, unsigned port)
{
	bool plain = !strpbrk(host, ":[");
	char *id = identity_of(host, ""), *whole = NULL;

	if (port == PORT_OF_SMB && (plain || is_address(host)))
		return id;
	if (!id || asprintf(&whole, plain ? "%s:%u" : "[%s]:%u", id, port) < 0)
		whole = NULL;
	free(id);
	return whole;
}
