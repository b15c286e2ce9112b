/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/escape.h"

#include <string.h>

#define REPLACEMENT   0xFFFDu
#define LABEL_CEILING 120

/* How many bytes a lead byte announces, with the smallest scalar that needs them. */
static unsigned sequence_length(unsigned char lead, uint32_t *bits, uint32_t *smallest)
{
	if (lead < 0x80) {
		*bits = lead;
		*smallest = 0;
		return 1;
	}
	if (lead >= 0xC2 && lead <= 0xDF) {
		*bits = lead & 0x1Fu;
		*smallest = 0x80;
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		*bits = lead & 0x0Fu;
		*smallest = 0x800;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*bits = lead & 0x07u;
		*smallest = 0x10000;
		return 4;
	}
	return 0;
}

const char *escape_next(const char *text, uint32_t *scalar)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t value, smallest;
	unsigned length = sequence_length(p[0], &value, &smallest);

	*scalar = REPLACEMENT;
	if (!length)
		return text + 1;
	/* The terminating NUL is no continuation byte, so this never runs past it. */
	for (unsigned i = 1; i < length; i++) {
		if ((p[i] & 0xC0u) != 0x80u)
			return text + 1;
		value = value << 6 | (p[i] & 0x3Fu);
	}
	if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return text + 1;
	*scalar = value;
	return text + length;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

#define IN(c, ranges) in_ranges(c, ranges, sizeof(ranges) / sizeof((ranges)[0]))

bool escape_unsafe(uint32_t c)
{
	static const struct range invisible[] = {
		{ 0x00, 0x1F },       { 0x7F, 0x9F },     { 0xAD, 0xAD },
		{ 0x61C, 0x61C },     { 0x115F, 0x1160 }, { 0x180B, 0x180F },
		{ 0x200B, 0x200F },   { 0x2028, 0x202E }, { 0x2060, 0x206F },
		{ 0x3164, 0x3164 },   { 0xFDD0, 0xFDEF }, { 0xFEFF, 0xFEFF },
		{ 0xFFA0, 0xFFA0 },   { 0xFFF0, 0xFFFB }, { 0x1D173, 0x1D17A },
		{ 0xE0000, 0xE0FFF },
	};

	return (c & 0xFFFE) == 0xFFFE || IN(c, invisible);
}

static void put_scalar(FILE *out, uint32_t c)
{
	if (c < 0x80) {
		fputc((int)c, out);
		return;
	}
	if (c < 0x800) {
		fputc((int)(0xC0 | c >> 6), out);
	} else if (c < 0x10000) {
		fputc((int)(0xE0 | c >> 12), out);
		fputc((int)(0x80 | (c >> 6 & 0x3F)), out);
	} else {
		fputc((int)(0xF0 | c >> 18), out);
		fputc((int)(0x80 | (c >> 12 & 0x3F)), out);
		fputc((int)(0x80 | (c >> 6 & 0x3F)), out);
	}
	fputc((int)(0x80 | (c & 0x3F)), out);
}

static void put_visible(FILE *out, uint32_t c)
{
	if (escape_unsafe(c))
		fprintf(out, "<U+%04X>", c);
	else
		put_scalar(out, c);
}

/* Columns on a terminal: East Asian wide and emoji take two, combining marks none. */
static unsigned scalar_width(uint32_t c)
{
	static const struct range none[] = {
		{ 0x300, 0x36F },   { 0x483, 0x489 },   { 0x591, 0x5BD },
		{ 0x610, 0x61A },   { 0x64B, 0x65F },   { 0x1AB0, 0x1AFF },
		{ 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F },
		{ 0xFE20, 0xFE2F },
	};
	static const struct range wide[] = {
		{ 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0xA4CF },
		{ 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },
		{ 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },
		{ 0x1F300, 0x1F64F }, { 0x1F680, 0x1F9FF }, { 0x20000, 0x3FFFD },
	};

	if (escape_unsafe(c))
		return c > 0xFFFF ? (c > 0xFFFFF ? 10 : 9) : 8; /* "<U+202E>" */
	return IN(c, none) ? 0 : IN(c, wide) ? 2 : 1;
}

size_t escape_terminal_width(const char *text)
{
	size_t width = 0;
	uint32_t c;

	for (const char *p = text; p && *p;) {
		p = escape_next(p, &c);
		width += scalar_width(c);
	}
	return width;
}

void escape_terminal(FILE *out, const char *text)
{
	uint32_t c;

	for (const char *p = text; p && *p;) {
		p = escape_next(p, &c);
		put_visible(out, c);
	}
}

void escape_terminal_cell(FILE *out, const char *text, unsigned columns)
{
	bool whole = escape_terminal_width(text) <= columns;
	unsigned room = whole ? columns : columns ? columns - 1 : 0;
	unsigned marks = 0;
	uint32_t c;

	for (const char *p = text; p && *p;) {
		p = escape_next(p, &c);
		unsigned width = scalar_width(c);
		/* A pile of combining marks takes no column and yet covers other lines.
		 */
		marks = width ? 0 : marks + 1;
		if (width > room)
			break;
		if (marks > 4)
			continue;
		put_visible(out, c);
		room -= width;
	}
	if (!whole && columns)
		fputs("…", out);
	while (room-- > 0)
		fputc(' ', out);
}

static void put_markup(FILE *out, const char *text)
{
	uint32_t c;

	for (const char *p = text; p && *p;) {
		p = escape_next(p, &c);
		switch (c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			if (escape_unsafe(c))
				fprintf(out, "&lt;U+%04X&gt;", c);
			else
				put_scalar(out, c);
		}
	}
}

void escape_html(FILE *out, const char *text)
{
	put_markup(out, text);
}

void escape_xml(FILE *out, const char *text)
{
	put_markup(out, text);
}

static void put_json_escape(FILE *out, uint32_t c)
{
	if (c > 0xFFFF) {
		c -= 0x10000;
		fprintf(out, "\\u%04x\\u%04x", 0xD800 + (c >> 10), 0xDC00 + (c & 0x3FF));
		return;
	}
	fprintf(out, "\\u%04x", c);
}

void escape_json(FILE *out, const char *text)
{
	uint32_t c;

	if (!text) {
		fputs("null", out);
		return;
	}
	fputc('"', out);
	for (const char *p = text; *p;) {
		p = escape_next(p, &c);
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", (int)c);
		else if (c == '<' || c == '>' || escape_unsafe(c))
			put_json_escape(out, c);
		else
			put_scalar(out, c);
	}
	fputc('"', out);
}

static bool starts_formula(uint32_t c)
{
	/* The full-width forms are formulas to some spreadsheets as well. */
	return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xFF1D ||
	       c == 0xFF0B || c == 0xFF0D || c == 0xFF20 || c == '|';
}

static bool separates(uint32_t c)
{
	return c == ',' || c == ';' || c == '"' || c == '\t' || c == '\n' || c == '\r';
}

void escape_csv(FILE *out, const char *text)
{
	bool cell_begins = true;
	uint32_t c;

	fputc('"', out);
	for (const char *p = text; p && *p;) {
		p = escape_next(p, &c);
		if (cell_begins && starts_formula(c))
			fputc('\'', out);
		if (c == '"')
			fputc('"', out);
		put_visible(out, c);
		cell_begins = separates(c) || (cell_begins && (c == ' ' || c == 0xA0));
	}
	fputc('"', out);
}

void escape_label(FILE *out, const char *text)
{
	unsigned count = 0;
	uint32_t c;

	fputc('"', out);
	for (const char *p = text; p && *p && count < LABEL_CEILING; count++) {
		p = escape_next(p, &c);
		if (c == '"' || c == '\\')
			fputc('\\', out);
		put_visible(out, c);
	}
	fputc('"', out);
}
