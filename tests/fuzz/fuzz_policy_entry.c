/* SPDX-License-Identifier: Apache-2.0 */
/* LDAP entries of Group Policy: any values make records that can be written and read. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/directory/directory_json.h"
#include "rpc/wire/wire.h"
#include "scanner/discover/extended_dn.h"
#include "scanner/discover/policy_entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SCOPE_NAMES = 4, GPO_NAMES = 11, FILTER_NAMES = 4 };

/* Attributes: each its number, a length, a value. */
static void take(struct wire_in *in, const char *const *names, size_t count,
		 struct entry *e, struct bytes *values)
{
	while (in->left && e->count < ENTRY_ATTRIBUTES_MAX) {
		size_t i = e->count, name = get_u8(in) % count, len = get_u16le(in);

		values[i] = get_bytes(in, len < in->left ? len : in->left);
		e->attributes[i] = (struct entry_attribute){ names[name], &values[i], 1 };
		e->count++;
	}
}

/* What was written is read back. */
static void check(char *line)
{
	struct pool pool = { 0 };
	struct directory_line read;
	char why[200] = "";

	if (!line ||
	    !directory_from_json(line, strlen(line), &pool, &read, why, sizeof why)) {
		fprintf(stderr, "%s\n%s\n", why, line ? line : "out of memory");
		abort();
	}
	free(line);
	pool_free(&pool);
}

static void make(uint8_t kind, struct wire_in in, struct entry *e)
{
	static struct bytes values[ENTRY_ATTRIBUTES_MAX];
	struct directory_wmi_filter f;
	struct directory_scope s;
	struct directory_gpo g;
	struct pool pool = { 0 };

	if (kind == 0) {
		take(&in, scope_attributes, SCOPE_NAMES, e, values);
		if (scope_from_entry(e, "corp.example", SCOPE_OU, &pool, &s))
			check(directory_scope_to_json(&s));
	} else if (kind == 1) {
		take(&in, gpo_attributes, GPO_NAMES, e, values);
		if (gpo_from_entry(e, "corp.example", &pool, &g))
			check(directory_gpo_to_json(&g));
	} else {
		take(&in, wmi_filter_attributes, FILTER_NAMES, e, values);
		if (wmi_filter_from_entry(e, "corp.example", &pool, &f))
			check(directory_wmi_filter_to_json(&f));
	}
	pool_free(&pool);
}

/* The input: what kind it is, a DN up to a NUL, attributes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 1 ? memchr(data + 1, 0, size - 1) : NULL;
	struct entry e = { 0 };
	struct sid sid;

	extended_dn_sid((struct bytes){ data, size }, &sid);
	if (extended_dn_name((struct bytes){ data, size }).len > size)
		abort();
	if (!end)
		return 0;
	e.dn = (const char *)data + 1;
	make(data[0] % 3, wire_in(end + 1, size - (size_t)(end + 1 - data)), &e);
	return 0;
}
