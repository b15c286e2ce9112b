/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - cells of a row, and which column has the names. */
#include "scanner/targets/table.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *const table_expected =
	"expected one target a line, or a table whose header has a column DNSHostName, "
	"ComputerName, host or Name";

enum { TITLE_MAX = 64, ROW_MAX = 4096 };

/* X(as compared, as shown, may stand alone): the best name to ask by comes first. */
#define TITLES(X)                               \
	X("dnshostname", "DNSHostName", true)   \
	X("fqdn", "FQDN", false)                \
	X("hostname", "HostName", false)        \
	X("computername", "ComputerName", true) \
	X("servername", "ServerName", false)    \
	X("host", "host", true)                 \
	X("name", "Name", true)                 \
	X("ipv4address", "IPv4Address", false)  \
	X("ipaddress", "IPAddress", false)

#define X(compared, shown, alone) { compared, shown, alone },
static const struct {
	const char *compared, *shown;
	bool alone;
} titles[] = { TITLES(X) };
#undef X

enum { TITLE_COUNT = sizeof titles / sizeof *titles };

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && strchr(" \t", text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* A quoted cell without its quotes, in place; behind its end, or NULL: it has none. */
static char *unquote(char *cell)
{
	char *to = cell, *from = cell + 1;

	for (;; from++) {
		if (!*from)
			return NULL;
		if (*from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	/* The quotes are gone, so `to` is before `from`. */
	*to = '\0';
	return from;
}

/* Cuts the cell at `*rest` off; false: a quote is not closed, or something follows it. */
static bool next_cell(char **rest, char separator, char **cell)
{
	char *end = *rest;

	*cell = end;
	if (*end == '"') {
		end = unquote(end);
		if (!end)
			return false;
		end += strspn(end, " ");
		if (*end && *end != separator)
			return false;
	}
	end = strchr(end, separator);
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	*cell = trim(*cell);
	return true;
}

/* How many cells; 0: the row is malformed. */
static size_t split(char *row, char separator, char *cells[TABLE_COLUMNS_MAX])
{
	size_t count = 0;

	while (row && count < TABLE_COLUMNS_MAX)
		if (!next_cell(&row, separator, &cells[count++]))
			return 0;
	return count;
}

/* Letters and digits alone, in small letters. */
static void compared(const char *cell, char text[TITLE_MAX])
{
	size_t n = 0;

	for (; *cell && n < TITLE_MAX - 1; cell++)
		if (!strchr(" _-.", *cell))
			text[n++] = (char)tolower((unsigned char)*cell);
	text[n] = '\0';
}

static void find_names(struct table *t, char *const *cells, size_t count, bool alone)
{
	char text[TITLE_MAX];

	t->name_count = 0;
	for (size_t i = 0; i < TITLE_COUNT; i++)
		for (size_t c = 0; c < count && t->name_count < TABLE_NAMES_MAX; c++) {
			compared(cells[c], text);
			if (strcmp(text, titles[i].compared) != 0 ||
			    (alone && !titles[i].alone))
				continue;
			t->names[t->name_count].column = c;
			t->names[t->name_count++].title = titles[i].shown;
		}
}

/* With this separator.  A word of a plain list stands alone and has no quotes. */
static bool is_header(struct table *t, const char *line, char separator)
{
	char copy[ROW_MAX + 1], *cells[TABLE_COLUMNS_MAX];
	struct table found = *t;
	size_t count;

	memcpy(copy, line, strlen(line) + 1);
	count = split(copy, separator, cells);
	find_names(&found, cells, count, count == 1 && line[0] != '"');
	if (found.name_count)
		*t = found;
	return found.name_count > 0;
}

/* "sep=;", which Excel reads and does not show. */
static bool names_separator(const char *line, char *separator)
{
	if (strncasecmp(line, "sep=", 4) != 0 || !line[4] || line[5])
		return false;
	*separator = line[4];
	return true;
}

enum table_line table_begin(struct table *t, const char *line)
{
	static const char usual[] = "\t;,|";
	const char announced[] = { t->announced, '\0' };

	if (strlen(line) > ROW_MAX)
		return TABLE_NONE;
	if (!t->announced && names_separator(line, &t->announced))
		return TABLE_SEPARATOR;
	/* "server role=client" is a target with its attributes. */
	if (strchr(line, '='))
		return TABLE_NONE;
	for (const char *s = t->announced ? announced : usual; *s; s++)
		if (is_header(t, line, *s)) {
			t->separator = *s;
			if (strchr(line, *s))
				break;
		}
	return t->separator ? TABLE_HEADER : TABLE_NONE;
}

bool table_row(const struct table *t, char *row, char *cells[TABLE_NAMES_MAX])
{
	static char none[] = "";
	char *all[TABLE_COLUMNS_MAX];
	size_t count = split(row, t->separator, all);

	for (size_t i = 0; i < t->name_count; i++)
		cells[i] = t->names[i].column < count ? all[t->names[i].column] : none;
	return count > 0;
}

bool table_is_blank(const char *row)
{
	return row[strspn(row, " \t,;|\"")] == '\0';
}

char *table_name(const struct table *t, char *row)
{
	char *cells[TABLE_NAMES_MAX] = { NULL };
	bool blank = table_is_blank(row);

	if (!table_row(t, row, cells))
		return NULL;
	for (size_t i = 0; i < t->name_count; i++)
		if (*cells[i])
			return cells[i][0] == '#' ? NULL : cells[i];
	return blank ? cells[0] : NULL;
}
