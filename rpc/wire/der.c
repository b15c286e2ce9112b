/* SPDX-License-Identifier: Apache-2.0 */
/* Tags and lengths; what stands inside is for the codecs. */
#include "rpc/wire/der.h"

enum { TAG_NUMBER_LONG = 0x1f, LENGTH_LONG = 0x80, LENGTH_BYTES_MAX = 4 };

/* X.690 8.1.3.  No indefinite length: its end would have to be searched for. */
static size_t get_length(struct wire_in *w)
{
	uint8_t first = get_u8(w);
	size_t len = 0;

	if (!(first & LENGTH_LONG))
		return first;
	first &= LENGTH_LONG - 1;
	if (first == 0 || first > LENGTH_BYTES_MAX)
		w->bad = true;
	for (uint8_t i = 0; i < first && !w->bad; i++)
		len = len << 8 | get_u8(w);
	return len;
}

static struct wire_in get_value(struct wire_in *w, uint8_t *tag)
{
	*tag = get_u8(w);
	if ((*tag & TAG_NUMBER_LONG) == TAG_NUMBER_LONG)
		w->bad = true;
	return get_window(w, get_length(w));
}

bool der_next_is(const struct wire_in *w, uint8_t tag)
{
	struct wire_in ahead = *w;
	uint8_t found = get_u8(&ahead);

	return !ahead.bad && found == tag;
}

struct wire_in get_der(struct wire_in *w, uint8_t tag)
{
	uint8_t found;

	if (!der_next_is(w, tag))
		w->bad = true;
	return get_value(w, &found);
}

int32_t get_der_integer(struct wire_in *w)
{
	struct wire_in content = get_der(w, DER_INTEGER);
	uint32_t v = 0;
	size_t len = content.left;

	if (len == 0 || len > sizeof v) {
		w->bad = true;
		return 0;
	}
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = get_u8(&content);

		if (i == 0 && byte & 0x80)
			v = UINT32_MAX;
		v = v << 8 | byte;
	}
	return (int32_t)v;
}

bool der_is_well_formed(struct bytes b)
{
	struct wire_in level[DER_DEPTH_MAX + 1];
	unsigned depth = 0;

	level[0] = wire_in_bytes(b);
	do {
		uint8_t tag;
		struct wire_in content = get_value(&level[depth], &tag);

		if (content.bad || (depth == 0 && level[0].left > 0))
			return false;
		if (tag & DER_CONSTRUCTED) {
			if (depth == DER_DEPTH_MAX)
				return false;
			level[++depth] = content;
		}
		while (depth > 0 && level[depth].left == 0)
			depth--;
	} while (depth > 0);
	return true;
}
