/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ndr.h"

#include <string.h>

void ndr_align(struct call *c, size_t n)
{
	put_align(c->w, c->start, n);
}

void ndr_pointer(struct call *c, bool there)
{
	ndr_align(c, 4);
	put_u32le(c->w, there ? 0x20000 + 4 * c->referent++ : 0);
}

void ndr_string(struct call *c, size_t units, bool there)
{
	put_u16le(c->w, (uint16_t)(2 * units));
	put_u16le(c->w, (uint16_t)(2 * units));
	ndr_pointer(c, there);
}

void ndr_string_buffer(struct call *c, const uint16_t *units, size_t len)
{
	ndr_align(c, 4);
	put_u32le(c->w, (uint32_t)len);
	put_u32le(c->w, 0);
	put_u32le(c->w, (uint32_t)len);
	for (size_t i = 0; i < len; i++)
		put_u16le(c->w, units[i]);
}

void ndr_sid(struct call *c, const struct lab_sid *sid)
{
	ndr_align(c, 4);
	put_u32le(c->w, sid->at[1]);
	put_bytes(c->w, sid->at, sid->len);
}

bool ndr_get_sid(struct wire_in *in, struct lab_sid *sid)
{
	uint32_t count;

	get_align(in, 4);
	count = get_u32le(in);
	sid->at[0] = get_u8(in);
	sid->at[1] = get_u8(in);
	if (count > 15 || sid->at[1] != count || sid->at[0] != 1)
		in->bad = true;
	if (in->bad)
		return false;
	sid->len = (uint8_t)(8 + 4 * count);
	get_copy(in, sid->at + 2, sid->len - 2u);
	return !in->bad;
}

void ndr_text(struct call *c, const char *utf8)
{
	uint16_t units[HOST_NAME_MAX_LEN + 1];
	size_t len = lab_units(utf8, units, HOST_NAME_MAX_LEN);

	units[len++] = 0;
	ndr_string_buffer(c, units, len);
}

void ndr_skip_text(struct wire_in *in)
{
	uint32_t actual;

	get_align(in, 4);
	if (get_u32le(in) == 0)
		return;
	get_skip(in, 8);
	actual = get_u32le(in);
	if (actual > 4096)
		in->bad = true;
	get_skip(in, 2 * (size_t)actual);
	get_align(in, 4);
}
