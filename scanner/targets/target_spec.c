/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_spec.c - specifications and lines of a target list.
 */
#include "scanner/targets/target_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const spec_expected = "expected HOST, ADDRESS, ADDRESS/BITS or a.b.c.d-e, "
				  "each with :PORT if need be ([IPv6]:PORT)";

enum { V6_BITS_MIN = 96 }; /* a network of 4 billion hosts is where a sweep ends */

static bool say(char *why, size_t why_size, const char *what)
{
	snprintf(why, why_size, "%s", what);
	return false;
}

/* A decimal number of 1 to 5 digits up to `max`. */
static bool number(const char *text, unsigned max, unsigned *value)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > 5 || text[digits])
		return false;
	*value = (unsigned)strtoul(text, NULL, 10);
	return *value <= max;
}

static bool parse_port(const char *text, struct spec *spec, char *why, size_t why_size)
{
	unsigned port;

	if (!number(text, UINT16_MAX, &port) || port == 0)
		return say(why, why_size, "bad port; expected a number from 1 to 65535");
	spec->port = (uint16_t)port;
	return true;
}

static bool parse_network(char *text, char *slash, struct spec *spec, char *why,
			  size_t why_size)
{
	struct address a;
	unsigned bits;

	*slash = '\0';
	if (!address_parse(text, &a))
		return say(why, why_size,
			   "bad address of a network; expected ADDRESS/BITS");
	if (address_is_v4(a) && !strchr(text, ':')) {
		if (!number(slash + 1, 32, &bits))
			return say(why, why_size,
				   "bad network; expected /0 to /32 for IPv4");
	} else if (address_is_v4(a) || !number(slash + 1, 128, &bits) ||
		   bits < V6_BITS_MIN) {
		return say(why, why_size, "bad network; expected /96 to /128 for IPv6");
	}
	address_network(a, bits, &spec->first, &spec->last);
	return true;
}

/* a.b.c.d-e, or a.b.c.d-f.g.h.i */
static bool parse_range(char *text, char *dash, struct spec *spec, char *why,
			size_t why_size)
{
	unsigned last;

	*dash = '\0';
	if (!address_parse(text, &spec->first) || !address_is_v4(spec->first))
		return say(why, why_size, "bad range; expected a.b.c.d-e");
	if (number(dash + 1, 255, &last))
		spec->last = (struct address){ 0, (spec->first.low & ~0xffull) | last };
	else if (!address_parse(dash + 1, &spec->last) || !address_is_v4(spec->last))
		return say(why, why_size,
			   "bad end of a range; expected 0 to 255 or an IPv4 address");
	if (address_compare(spec->first, spec->last) > 0)
		return say(why, why_size, "the range ends before it begins");
	return true;
}

static bool parse_name(char *text, struct spec *spec, char *why, size_t why_size)
{
	size_t len = strlen(text);
	const char *label;

	if (len > 1 && text[len - 1] == '.')
		text[--len] = '\0';
	label = strrchr(text, '.');
	label = label ? label + 1 : text;
	if (len == 0 || text[0] == '-' || text[0] == '.' || strstr(text, "..") ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789-_.") != len)
		return say(why, why_size, spec_expected);
	if (len > 253)
		return say(why, why_size, "a host name has at most 253 characters");
	/* A name whose last label is a number is a mistyped address (RFC 1123 2.1). */
	if (label[strspn(label, "0123456789")] == '\0')
		return say(why, why_size,
			   "not an IPv4 address; expected a.b.c.d, each 0 to 255");
	spec->kind = SPEC_NAME;
	memcpy(spec->name, text, len + 1);
	return true;
}

/* "fe80::1%eth0": only the system can make an address of it, so it stays a text. */
static bool parse_scoped(const char *text, char *percent, struct spec *spec)
{
	struct address a;

	*percent = '\0';
	if (!address_parse(text, &a) || !percent[1])
		return false;
	*percent = '%';
	spec->kind = SPEC_NAME;
	memcpy(spec->name, text, strlen(text) + 1);
	return true;
}

/* What stands before the port, without brackets. */
static bool parse_host(char *text, struct spec *spec, char *why, size_t why_size)
{
	char *slash = strchr(text, '/'), *dash = strchr(text, '-');
	char *percent = strchr(text, '%');

	spec->kind = SPEC_ADDRESSES;
	if (slash)
		return parse_network(text, slash, spec, why, why_size);
	if (address_parse(text, &spec->first)) {
		spec->last = spec->first;
		return true;
	}
	if (percent && strlen(text) <= TARGET_NAME_MAX)
		return parse_scoped(text, percent, spec) ||
		       say(why, why_size, spec_expected);
	/* "10-web" is a name; "10.0.0.1-web" is a mistyped range. */
	if (dash && (size_t)(dash - text) == strspn(text, "0123456789.") &&
	    memchr(text, '.', (size_t)(dash - text)))
		return parse_range(text, dash, spec, why, why_size);
	return parse_name(text, spec, why, why_size);
}

/* "[IPv6]" or "[IPv6]:PORT" */
static bool parse_bracketed(char *text, struct spec *spec, char *why, size_t why_size)
{
	char *end = strchr(text, ']');

	if (!end || (end[1] && end[1] != ':'))
		return say(why, why_size, "expected [IPv6] or [IPv6]:PORT");
	if (end[1] && !parse_port(end + 2, spec, why, why_size))
		return false;
	*end = '\0';
	if (!strchr(text, ':'))
		return say(why, why_size, "expected an IPv6 address in brackets");
	return parse_host(text + 1, spec, why, why_size);
}

bool spec_parse(const char *text, struct spec *spec, char *why, size_t why_size)
{
	char copy[TARGET_NAME_MAX + 64], *colon;
	size_t len = strlen(text);

	memset(spec, 0, sizeof *spec);
	if (len >= sizeof copy)
		return say(why, why_size, spec_expected);
	memcpy(copy, text, len + 1);
	if (copy[0] == '[')
		return parse_bracketed(copy, spec, why, why_size);
	colon = strchr(copy, ':');
	if (colon && !strchr(colon + 1, ':')) {
		*colon = '\0';
		if (!parse_port(colon + 1, spec, why, why_size))
			return false;
	}
	return parse_host(copy, spec, why, why_size);
}

bool target_is_service(const char *name)
{
	const char *dot = strchr(name, '.');

	return name[0] == '_' && dot && dot[1] == '_';
}

char *line_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\v\f\r");
	size_t len = strcspn(word, " \t\v\f\r");

	if (len == 0 || word[0] == '#')
		return NULL;
	*rest = word + len + (word[len] != '\0');
	word[len] = '\0';
	return word;
}

static bool take_tag(struct target_line *t, const char *tag, char *why, size_t why_size)
{
	if (!*tag)
		return say(why, why_size, "expected tag=TEXT");
	if (t->tag_count == TARGET_TAGS_MAX)
		return say(why, why_size, "too many tags; at most 32 a host");
	for (size_t i = 0; i < t->tag_count; i++)
		if (strcmp(t->tags[i], tag) == 0)
			return true;
	t->tags[t->tag_count++] = tag;
	return true;
}

static bool take_role(struct target_line *t, const char *role, char *why, size_t why_size)
{
	if (t->hint_known)
		return say(why, why_size, "a second role; expected one");
	if (!role_from_word(role, &t->hint) || t->hint == ROLE_UNKNOWN)
		return say(why, why_size,
			   "not a role; expected domain_controller, member_server, "
			   "standalone_server or client");
	t->hint_known = true;
	return true;
}

static bool take_user(struct target_line *t, const char *user, char *why, size_t why_size)
{
	if (t->user)
		return say(why, why_size, "a second user; expected one");
	if (!*user)
		return say(why, why_size, "expected user=SECTION of the -A file");
	t->user = user;
	return true;
}

static bool take_word(struct target_line *t, const char *word, char *why, size_t why_size)
{
	if (strncmp(word, "tag=", 4) == 0)
		return take_tag(t, word + 4, why, why_size);
	if (strncmp(word, "role=", 5) == 0)
		return take_role(t, word + 5, why, why_size);
	if (strncmp(word, "user=", 5) == 0)
		return take_user(t, word + 5, why, why_size);
	return say(why, why_size,
		   "expected role=ROLE, tag=TAG, user=SECTION or a # comment");
}

static bool plain_text(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c < 0x20 && !strchr("\t\v\f\r", c)) || c == 0 || c == 0x7f)
			return false;
	}
	return true;
}

enum target_line_answer target_line_parse(char *line, size_t len, struct target_line *t,
					  const char **offending, char *why,
					  size_t why_size)
{
	char *rest = line, *word;

	memset(t, 0, sizeof *t);
	*offending = line;
	if (!plain_text(line, len)) {
		say(why, why_size, "control bytes; expected a text file");
		return TARGET_LINE_BAD;
	}
	/* The decoder's U+FFFD (report/text/decode.h). */
	if (strstr(line, "\xef\xbf\xbd")) {
		say(why, why_size,
		    "bytes that are not text; expected UTF-8, UTF-16 or windows-1252");
		return TARGET_LINE_BAD;
	}
	word = line_word(&rest);
	if (!word)
		return TARGET_LINE_EMPTY;
	*offending = word;
	if (!spec_parse(word, &t->spec, why, why_size))
		return TARGET_LINE_BAD;
	while ((word = line_word(&rest))) {
		*offending = word;
		if (!take_word(t, word, why, why_size))
			return TARGET_LINE_BAD;
	}
	return TARGET_LINE_GOOD;
}
