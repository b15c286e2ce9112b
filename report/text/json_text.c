/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"

static bool make_room(struct json_text *t, size_t more)
{
	size_t room = t->room ? t->room : 256;
	char *bytes;

	if (t->failed || more > SIZE_MAX / 4 || t->len > SIZE_MAX / 4) {
		t->failed = true;
		return false;
	}
	while (room < t->len + more + 1)
		room *= 2;
	if (room == t->room)
		return true;
	bytes = realloc(t->bytes, room);
	if (!bytes) {
		t->failed = true;
		return false;
	}
	t->bytes = bytes;
	t->room = room;
	return true;
}

void json_text_begin(struct json_text *t, size_t expected)
{
	*t = (struct json_text){ 0 };
	make_room(t, expected);
}

char *json_text_take(struct json_text *t)
{
	char *bytes = NULL;

	if (make_room(t, 0)) {
		bytes = t->bytes;
		bytes[t->len] = '\0';
	} else {
		free(t->bytes);
	}
	*t = (struct json_text){ 0 };
	return bytes;
}

static void put(struct json_text *t, const char *bytes, size_t len)
{
	if (!make_room(t, len))
		return;
	memcpy(t->bytes + t->len, bytes, len);
	t->len += len;
}

void json_put_raw(struct json_text *t, const char *text)
{
	put(t, text, strlen(text));
}

static void put_unit(struct json_text *t, uint32_t unit)
{
	static const char digits[] = "0123456789abcdef";
	const char escape[6] = { '\\',
				 'u',
				 digits[unit >> 12 & 15],
				 digits[unit >> 8 & 15],
				 digits[unit >> 4 & 15],
				 digits[unit & 15] };

	put(t, escape, sizeof(escape));
}

static void put_escaped(struct json_text *t, uint32_t scalar)
{
	if (scalar < 0x10000) {
		put_unit(t, scalar);
		return;
	}
	put_unit(t, 0xD800 + ((scalar - 0x10000) >> 10));
	put_unit(t, 0xDC00 + ((scalar - 0x10000) & 0x3FF));
}

static bool plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

/* One character that is not plain ASCII; returns what follows it. */
static const char *put_odd(struct json_text *t, const char *text)
{
	uint32_t scalar;
	const char *next = escape_next(text, &scalar);

	if (scalar == '"' || scalar == '\\') {
		put(t, "\\", 1);
		put(t, text, 1);
	} else if (scalar == 0xFFFD && next == text + 1) {
		put(t, "\xEF\xBF\xBD", 3); /* a byte that is no UTF-8 */
	} else if (escape_unsafe(scalar)) {
		put_escaped(t, scalar);
	} else {
		put(t, text, (size_t)(next - text));
	}
	return next;
}

void json_put_string(struct json_text *t, const char *text)
{
	if (!text) {
		put(t, "null", 4);
		return;
	}
	put(t, "\"", 1);
	while (*text) {
		const char *end = text;

		while (plain(*end))
			end++;
		put(t, text, (size_t)(end - text));
		text = *end ? put_odd(t, end) : end;
	}
	put(t, "\"", 1);
}

void json_put_bool(struct json_text *t, bool value)
{
	json_put_raw(t, value ? "true" : "false");
}

void json_put_unsigned(struct json_text *t, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(t, digits + at, sizeof(digits) - at);
}

void json_put_milliseconds(struct json_text *t, double value)
{
	uint64_t thousandths, rest;
	char decimals[3];
	size_t len = sizeof(decimals);

	if (!(value >= 0) || value > 1e12) {
		put(t, "null", 4);
		return;
	}
	thousandths = (uint64_t)(value * 1000 + 0.5);
	rest = thousandths % 1000;
	json_put_unsigned(t, thousandths / 1000);
	for (size_t i = len; i-- > 0; rest /= 10)
		decimals[i] = (char)('0' + rest % 10);
	while (len > 0 && decimals[len - 1] == '0')
		len--;
	if (len > 0) {
		put(t, ".", 1);
		put(t, decimals, len);
	}
}
