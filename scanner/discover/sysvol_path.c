/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/sysvol_path.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Moves `*at` past `word`, if it stands there. */
static bool pass(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

/* "{31B2F340-016D-11D2-945F-00C04FB984F9}" and nothing behind it. */
static bool is_guid(const char *text)
{
	static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

	for (size_t i = 0; i < sizeof form - 1; i++) {
		bool digit = (text[i] >= '0' && text[i] <= '9') ||
			     ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'f');

		if (form[i] == 'x' ? !digit : text[i] != form[i])
			return false;
	}
	return text[sizeof form - 1] == '\0';
}

/* A domain's name becomes a folder: letters, digits, dots and hyphens, as DNS has them,
 * and what is not ASCII. */
static bool is_domain(const char *domain)
{
	if (!*domain || *domain == '.' || strstr(domain, ".."))
		return false;
	for (; *domain; domain++) {
		unsigned char c = (unsigned char)*domain;

		if (c <= ' ' || c == 0x7F || strchr("\\/:*?\"<>|{}", c))
			return false;
	}
	return true;
}

bool sysvol_path(const char *file_sys_path, const char *domain, const char *file,
		 char path[static SYSVOL_PATH_MAX])
{
	const char *at = file_sys_path;
	char made[SYSVOL_PATH_MAX];
	int len;

	if (!is_domain(domain) || !pass(&at, "\\\\") || !pass(&at, domain) ||
	    !pass(&at, "\\SysVol\\") || !pass(&at, domain) ||
	    !pass(&at, "\\Policies\\") || !is_guid(at))
		return false;
	len = snprintf(made, sizeof made, "%s\\Policies\\%s\\%s", domain, at, file);
	if (len < 0 || (size_t)len >= sizeof made)
		return false;
	memcpy(path, made, (size_t)len + 1);
	return true;
}
