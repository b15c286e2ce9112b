/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/dce/ndr.h"

#include "rpc/wire/utf16.h"

enum { FIRST_REFERENT = 0x00020000, REFERENT_STEP = 4, UNICODE_MAX = 0xfffe };

/* --- reading ----------------------------------------------------------------- */

uint16_t ndr_get_u16(struct wire_in *w)
{
	get_align(w, 2);
	return get_u16le(w);
}

uint32_t ndr_get_u32(struct wire_in *w)
{
	get_align(w, 4);
	return get_u32le(w);
}

bool ndr_get_pointer(struct wire_in *w)
{
	return ndr_get_u32(w) != 0;
}

size_t ndr_get_count(struct wire_in *w, size_t max, size_t least)
{
	uint32_t count = ndr_get_u32(w);

	if (count > max || count > w->left / least)
		w->bad = true;
	return w->bad ? 0 : count;
}

void ndr_get_conformance(struct wire_in *w, size_t count)
{
	if (ndr_get_u32(w) != count)
		w->bad = true;
}

void ndr_get_handle(struct wire_in *w, uint8_t handle[static NDR_HANDLE_BYTES])
{
	get_align(w, 4);
	get_copy(w, handle, NDR_HANDLE_BYTES);
}

void ndr_get_sid(struct wire_in *w, struct sid *sid)
{
	uint32_t max_count = ndr_get_u32(w);
	struct sid found = { 0 };

	sid_get(w, &found);
	if (max_count != found.sub_count)
		w->bad = true;
	if (!w->bad)
		*sid = found;
}

struct ndr_unicode ndr_get_unicode(struct wire_in *w)
{
	struct ndr_unicode string;
	uint16_t maximum;

	get_align(w, 4);
	string.len = get_u16le(w);
	maximum = get_u16le(w);
	string.present = ndr_get_pointer(w);
	if (string.len % 2 || string.len > maximum || (string.len && !string.present))
		w->bad = true;
	return string;
}

/* The three counts of a conformant varying array of UTF-16 units, then the units. */
static struct bytes get_varying(struct wire_in *w)
{
	uint32_t max_count = ndr_get_u32(w), offset = ndr_get_u32(w);
	size_t actual = ndr_get_count(w, max_count, 2);

	if (offset != 0)
		w->bad = true;
	return get_bytes(w, actual * 2);
}

struct bytes ndr_get_unicode_buffer(struct wire_in *w, struct ndr_unicode string)
{
	struct bytes buffer = { NULL, 0 };

	if (string.present)
		buffer = get_varying(w);
	if (string.present && buffer.len != string.len)
		w->bad = true;
	return buffer;
}

struct bytes ndr_get_string(struct wire_in *w)
{
	struct bytes units = get_varying(w);

	if (units.len < 2 || units.at[units.len - 1] || units.at[units.len - 2]) {
		w->bad = true;
		return (struct bytes){ NULL, 0 };
	}
	units.len -= 2;
	return units;
}

bool ndr_done(const struct wire_in *w)
{
	return !w->bad && w->left <= NDR_SLACK_BYTES;
}

/* --- writing ----------------------------------------------------------------- */

struct ndr_out ndr_out(struct wire_out *w)
{
	return (struct ndr_out){
		.w = w,
		.start = w->len,
		.referent = FIRST_REFERENT - REFERENT_STEP,
	};
}

void ndr_put_u16(struct ndr_out *n, uint16_t v)
{
	put_align(n->w, n->start, 2);
	put_u16le(n->w, v);
}

void ndr_put_u32(struct ndr_out *n, uint32_t v)
{
	put_align(n->w, n->start, 4);
	put_u32le(n->w, v);
}

void ndr_put_pointer(struct ndr_out *n)
{
	n->referent += REFERENT_STEP;
	ndr_put_u32(n, n->referent);
}

void ndr_put_null(struct ndr_out *n)
{
	ndr_put_u32(n, 0);
}

void ndr_put_handle(struct ndr_out *n, const uint8_t handle[static NDR_HANDLE_BYTES])
{
	put_align(n->w, n->start, 4);
	put_bytes(n->w, handle, NDR_HANDLE_BYTES);
}

void ndr_put_sid(struct ndr_out *n, const struct sid *sid)
{
	ndr_put_u32(n, sid->sub_count);
	sid_put(n->w, sid);
}

void ndr_put_unicode(struct ndr_out *n, const char *text)
{
	size_t lengths, counts, begin, len;

	put_align(n->w, n->start, 4);
	lengths = put_hole(n->w, 4);
	ndr_put_pointer(n);
	counts = put_hole(n->w, 12);
	begin = n->w->len;
	put_utf16(n->w, text);
	len = n->w->len - begin;
	if (len > UNICODE_MAX)
		n->w->bad = true;
	fill_u16le(n->w, lengths, (uint16_t)len);          /* Length */
	fill_u16le(n->w, lengths + 2, (uint16_t)len);      /* MaximumLength */
	fill_u32le(n->w, counts, (uint32_t)(len / 2));     /* max_count */
	fill_u32le(n->w, counts + 8, (uint32_t)(len / 2)); /* actual_count; offset 0 */
}
