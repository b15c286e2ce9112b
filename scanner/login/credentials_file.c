/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_file.c - smbclient's authentication file, with sections.
 */
#include "scanner/login/credentials_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/text/decode.h"
#include "scanner/login/secrets.h"

static bool say(char *why, size_t why_size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool say(char *why, size_t why_size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, why_size, format, args);
	va_end(args);
	return false;
}

bool credentials_split_user(char *text, struct credential *c, char *why, size_t why_size)
{
	char *separator = strpbrk(text, "\\/"), *at = strrchr(text, '@');

	if (strchr(text, '%'))
		return say(why, why_size,
			   "\"%%\": a password does not belong there; expected "
			   "[DOMAIN\\]USER or USER@REALM");
	if (separator) {
		*separator = '\0';
		c->domain = text;
		c->user = separator + 1;
	} else if (at) {
		*at = '\0';
		c->user = text;
		c->realm = at + 1;
	} else {
		c->user = text;
	}
	if (!*c->user || (c->domain && !*c->domain) || (c->realm && !*c->realm))
		return say(why, why_size, "expected [DOMAIN\\]USER or USER@REALM");
	return true;
}

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && strchr(" \t", text[len - 1]))
		text[--len] = '\0';
	return text;
}

/* X(key, field) */
#define KEYS(X)                 \
	X("username", user)     \
	X("user", user)         \
	X("password", password) \
	X("domain", domain)     \
	X("realm", realm)       \
	X("keytab", keytab)     \
	X("principal", principal)

static const char **find_field(struct credential *c, const char *key)
{
#define X(name, field)                  \
	if (strcasecmp(key, name) == 0) \
		return &c->field;
	KEYS(X)
#undef X
	return NULL;
}

static bool take_pair(struct credential *c, char *line, char *why, size_t why_size)
{
	char *equals = strchr(line, '='), *value, *key;
	const char **field;

	/* The line is not shown: it may be a password on a line of its own. */
	if (!equals)
		return say(why, why_size, "expected KEY = VALUE or [SECTION]");
	*equals = '\0';
	key = trim(line);
	value = equals + 1;
	field = find_field(c, key);
	if (!field)
		return say(
			why, why_size,
			"\"%.32s\": expected username, password, domain, realm, keytab "
			"or principal",
			key);
	/* As smbclient: what follows a password's first letter is the password. */
	value = field == &c->password ? value + strspn(value, " \t") : trim(value);
	if (strlen(value) > CREDENTIAL_TEXT_MAX)
		return say(why, why_size, "%s longer than %d bytes", key,
			   CREDENTIAL_TEXT_MAX);
	/* smbclient writes an empty "domain ="; an empty password is refused with the
	 * rest. */
	if (!*value && field != &c->password)
		return true;
	if (*field)
		return say(why, why_size, "a second %s in this section", key);
	*field = value;
	return field != &c->user || credentials_split_user(value, c, why, why_size);
}

static bool take_section(struct credential_sections *s, char *line, char *why,
			 size_t why_size)
{
	char *end = strchr(line, ']'), *name;

	if (!end || *trim(end + 1))
		return say(why, why_size, "expected [SECTION]");
	*end = '\0';
	name = trim(line + 1);
	if (!*name || strpbrk(name, " \t") || strlen(name) > 64)
		return say(
			why, why_size,
			"expected a section name of 1 to 64 characters without blanks");
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->at[i].name, name) == 0)
			return say(why, why_size, "a second section [%s]", name);
	if (s->count == CREDENTIAL_SECTIONS_MAX)
		return say(why, why_size, "more than %d sections",
			   CREDENTIAL_SECTIONS_MAX - 1);
	s->at[s->count++] = (struct credential){ .name = name };
	return true;
}

static bool take_line(struct credential_sections *s, char *line, char *why,
		      size_t why_size)
{
	line += strspn(line, " \t");
	if (!*line || *line == '#' || *line == ';')
		return true;
	/* A password that is guessed costs a failed logon. */
	if (strstr(line, "\xef\xbf\xbd"))
		return say(why, why_size,
			   "bytes that are not text; expected UTF-8 or UTF-16");
	if (*line == '[')
		return take_section(s, line, why, why_size);
	return take_pair(&s->at[s->count - 1], line, why, why_size);
}

static bool whole(const struct credential *c, char *why, size_t why_size)
{
	const char *name = *c->name ? c->name : "the part before the first section";

	if (!c->keytab != !c->principal)
		return say(why, why_size, "%s: keytab and principal go together", name);
	if (c->keytab && c->user)
		return say(why, why_size, "%s: expected username or keytab, not both",
			   name);
	if (*c->name && !c->user && !c->keytab)
		return say(why, why_size, "[%s]: expected username or keytab", name);
	return true;
}

bool credentials_parse(char *text, size_t len, const char *path,
		       struct credential_sections *sections, char *why, size_t why_size)
{
	char *line = text, *rest, reason[160];
	unsigned long number = 0;

	memset(sections, 0, sizeof *sections);
	sections->at[0].name = "";
	sections->count = 1;
	if (memchr(text, '\0', len))
		return say(why, why_size, "%s: NUL bytes; expected a text file", path);
	for (; line; line = rest) {
		size_t end = strcspn(line, "\r\n");

		rest = line[end] ? line + end + 1 : NULL;
		if (line[end] == '\r' && line[end + 1] == '\n')
			rest++;
		line[end] = '\0';
		number++;
		if (!take_line(sections, line, reason, sizeof reason))
			return say(why, why_size, "%s:%lu: %s", path, number, reason);
	}
	for (size_t i = 0; i < sections->count; i++)
		if (!whole(&sections->at[i], reason, sizeof reason))
			return say(why, why_size, "%s: %s", path, reason);
	return true;
}

static bool private_file(int fd, const char *path, char *why, size_t why_size)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return say(why, why_size, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return say(why, why_size,
			   "%s: not a file; expected one with username=", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return say(why, why_size,
			   "%s: belongs to another user (uid %u); expected you or root",
			   path, (unsigned)st.st_uid);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return say(why, why_size,
			   "%s: mode %04o lets others in; expected 0600 (chmod 600 %s)",
			   path, (unsigned)st.st_mode & 07777, path);
	return true;
}

/* How many bytes; negative: errno tells. */
static ssize_t read_all(int fd, char *text, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room && (got = read(fd, text + n, room - n)) != 0) {
		if (got < 0)
			return -1;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

/* As UTF-8, in memory for secrets; NULL: out of memory. */
static char *decode(const char *bytes, size_t len, size_t *text_len)
{
	char *text = secret_take(DECODED_MAX(len) + 1);
	struct decoder d;

	if (!text)
		return NULL;
	decoder_begin(&d, NULL);
	*text_len = decoder_put(&d, bytes, len, true, text);
	text[*text_len] = '\0';
	explicit_bzero(&d, sizeof d);
	return text;
}

bool credentials_read(const char *path, struct credential_sections *sections, char *why,
		      size_t why_size)
{
	char *bytes = secret_take(CREDENTIALS_FILE_MAX + 1), *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t text_len;
	ssize_t len;

	if (fd < 0)
		return say(why, why_size, "%s: %s", path, strerror(errno));
	if (!bytes || !private_file(fd, path, why, why_size)) {
		close(fd);
		return bytes ? false : say(why, why_size, "out of memory");
	}
	len = read_all(fd, bytes, CREDENTIALS_FILE_MAX + 1);
	close(fd);
	if (len < 0)
		return say(why, why_size, "%s: %s", path, strerror(errno));
	if (len > CREDENTIALS_FILE_MAX)
		return say(why, why_size, "%s: larger than %d bytes", path,
			   CREDENTIALS_FILE_MAX);
	text = decode(bytes, (size_t)len, &text_len);
	explicit_bzero(bytes, CREDENTIALS_FILE_MAX + 1);
	if (!text)
		return say(why, why_size, "out of memory");
	return credentials_parse(text, text_len, path, sections, why, why_size);
}
