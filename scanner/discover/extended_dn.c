/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/extended_dn.h"

#include <string.h>
#include <strings.h>

/* The length of "<KEY=VALUE>" at the cursor, 0: there is none. */
static size_t part_length(const struct wire_in *in)
{
	const uint8_t *end = in->left && *in->at == '<' ? memchr(in->at, '>', in->left)
							: NULL;

	return end ? (size_t)(end - in->at) + 1 : 0;
}

struct bytes extended_dn_name(struct bytes value)
{
	struct wire_in in = wire_in_bytes(value);
	size_t len;

	while ((len = part_length(&in)) > 0) {
		get_skip(&in, len);
		if (in.left)
			get_skip(&in, 1); /* the `;` */
	}
	return get_bytes(&in, in.left);
}

bool extended_dn_sid(struct bytes value, struct sid *sid)
{
	static const char key[] = "<SID=";
	const size_t key_len = sizeof key - 1;
	struct wire_in in = wire_in_bytes(value);
	size_t len;

	while ((len = part_length(&in)) > 0) {
		struct bytes part = get_bytes(&in, len);
		char text[SID_TEXT_MAX];

		if (in.left)
			get_skip(&in, 1); /* the `;` */
		if (len <= key_len ||
		    strncasecmp((const char *)part.at, key, key_len) != 0)
			continue;
		len -= key_len + 1;
		if (len >= sizeof text)
			return false;
		memcpy(text, part.at + key_len, len);
		text[len] = '\0';
		return strlen(text) == len && sid_parse(text, sid);
	}
	return false;
}
