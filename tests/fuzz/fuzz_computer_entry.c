/* SPDX-License-Identifier: Apache-2.0 */
/* LDAP entries of computers: any values make a record that can be sorted and written. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "rpc/wire/wire.h"
#include "scanner/discover/computer_entry.h"

enum { NAMES = 12 };

/* The input: a DN up to a NUL, then for each attribute its number, a length, a value. */
static void take(struct wire_in *in, struct entry *e, struct bytes *values)
{
	while (in->left && e->count < ENTRY_ATTRIBUTES_MAX) {
		size_t i = e->count, name = get_u8(in) % NAMES, len = get_u16le(in);

		values[i] = get_bytes(in, len < in->left ? len : in->left);
		e->attributes[i] = (struct entry_attribute){ computer_attributes[name],
							     &values[i], 1 };
		e->count++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct computer_rules rules = { .stale_days = 60, .now = 1800000000 };
	static struct bytes values[ENTRY_ATTRIBUTES_MAX];
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	struct directory_computer c;
	struct pool pool = { 0 };
	struct entry e = { .dn = (const char *)data };
	struct wire_in in;
	char *line;

	if (!end)
		return 0;
	in = wire_in(end + 1, size - (size_t)(end + 1 - data));
	take(&in, &e, values);
	if (computer_from_entry(&e, "corp.example", &pool, &c)) {
		computer_reasons_of(&c, &rules);
		line = directory_computer_to_json(&c);
		free(line);
	}
	pool_free(&pool);
	return 0;
}
