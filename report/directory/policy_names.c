/* SPDX-License-Identifier: Apache-2.0 */
/* Names as keys of maps: distinguished names normalised as dn_equal() compares them, all
 * others in small letters. */
#include <string.h>

#include "report/directory/dn.h"
#include "report/directory/policy_internal.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t put_lower(char *key, size_t at, const char *text, size_t len)
{
	for (size_t i = 0; i < len && at < POLICY_KEY_MAX; i++)
		key[at++] = lower(text[i]);
	return at;
}

/* "ou=sql\0dc=corp\0"; 0: no name, or longer than any. */
static size_t dn_key(const char *dn, size_t len, char key[static POLICY_KEY_MAX])
{
	char copy[POLICY_KEY_MAX], value[POLICY_KEY_MAX];
	const char *rest = copy;
	struct dn_part part;
	size_t at = 0;

	if (len >= sizeof(copy))
		return 0;
	memcpy(copy, dn, len);
	copy[len] = '\0';
	while (rest) {
		size_t value_len;

		if (!dn_next(&rest, &part))
			return 0;
		value_len = dn_part_value(&part, value, sizeof(value));
		at = put_lower(key, at, part.type, part.type_len);
		at = put_lower(key, at, "=", 1);
		at = put_lower(key, at, value, value_len);
		at = put_lower(key, at, "", 1);
	}
	return at < POLICY_KEY_MAX ? at : 0;
}

bool policy_find_dn(const struct digest_map *map, const char *dn, size_t len,
		    uint32_t *index)
{
	char key[POLICY_KEY_MAX];
	size_t key_len = dn_key(dn, len, key);

	return key_len && digest_map_find(map, key, key_len, index);
}

/* A name that no look-up finds is no fault. */
bool policy_set_dn(struct digest_map *map, const char *dn, size_t len, uint32_t index)
{
	char key[POLICY_KEY_MAX];
	size_t key_len = dn_key(dn, len, key);

	return !key_len || digest_map_set(map, key, key_len, index);
}

bool policy_find_name(const struct digest_map *map, const char *name, size_t len,
		      uint32_t *index)
{
	char key[POLICY_KEY_MAX];

	return len < sizeof(key) &&
	       digest_map_find(map, key, put_lower(key, 0, name, len), index);
}

bool policy_set_name(struct digest_map *map, const char *name, size_t len, uint32_t index)
{
	char key[POLICY_KEY_MAX];

	return len >= sizeof(key) ||
	       digest_map_set(map, key, put_lower(key, 0, name, len), index);
}

static size_t filter_key(const struct wmi_filter_name *name,
			 char key[static POLICY_KEY_MAX])
{
	size_t at = put_lower(key, 0, name->domain, name->domain_len);

	at = put_lower(key, at, ";", 1);
	return put_lower(key, at, name->id, name->id_len);
}

bool policy_find_filter(const struct policy_store *s, const struct wmi_filter_name *name,
			uint32_t *index)
{
	char key[POLICY_KEY_MAX];

	return digest_map_find(&s->filter_of, key, filter_key(name, key), index);
}

bool policy_set_filter(struct policy_store *s, const struct directory_wmi_filter *f,
		       uint32_t index)
{
	const struct wmi_filter_name name = { f->domain, f->id, strlen(f->domain),
					      strlen(f->id) };
	char key[POLICY_KEY_MAX];

	return digest_map_set(&s->filter_of, key, filter_key(&name, key), index);
}
