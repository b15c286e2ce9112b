/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/principals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten thousand characters, made of blocks of a hundred. */
#define HUNDRED                                                                          \
	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz" \
	"abcdefg"                                                                        \
	"hijklmnopqrstuv"
#define THOUSAND \
	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define LONG_NAME                                                                        \
	THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND THOUSAND \
		THOUSAND

#define BUILTIN(word, letter, rid, name, german)                            \
	{                                                                   \
		word, letter, "S-1-5-32-" #rid, USE_ALIAS, "BUILTIN", name, \
			"VORDEFINIERT", german                              \
	}
#define AUTHORITY(word, letter, sid, name, german)                                       \
	{                                                                                \
		word, letter, sid, USE_WELL_KNOWN, "NT AUTHORITY", name, "NT-AUTORITÄT", \
			german                                                           \
	}
#define SERVICE(word, letter, sid, name)                                          \
	{                                                                         \
		word, letter, sid, USE_WELL_KNOWN, "NT SERVICE", name, NULL, NULL \
	}
#define POOL(word, letter, sid, name)                                              \
	{                                                                          \
		word, letter, sid, USE_WELL_KNOWN, "IIS APPPOOL", name, NULL, NULL \
	}
#define DOMAIN(word, rid, use, name)                                  \
	{                                                             \
		word, "", "DOMAIN-" #rid, use, NULL, name, NULL, NULL \
	}

/* To add a principal, add a row; a stock list may name it by its letter, a description by
 * its word. */
static const struct principal table[] = {
	BUILTIN("administrators", "A", 544, "Administrators", "Administratoren"),
	BUILTIN("users", "U", 545, "Users", "Benutzer"),
	BUILTIN("guests", "G", 546, "Guests", "Gäste"),
	BUILTIN("account_operators", "AO", 548, "Account Operators", "Konten-Operatoren"),
	BUILTIN("server_operators", "SO", 549, "Server Operators", "Server-Operatoren"),
	BUILTIN("print_operators", "PO", 550, "Print Operators", "Druck-Operatoren"),
	BUILTIN("backup_operators", "BO", 551, "Backup Operators",
		"Sicherungs-Operatoren"),
	BUILTIN("pre_windows_2000", "PRE", 554, "Pre-Windows 2000 Compatible Access",
		"Prä-Windows 2000 kompatibler Zugriff"),
	BUILTIN("remote_desktop_users", "RDU", 555, "Remote Desktop Users",
		"Remotedesktopbenutzer"),
	BUILTIN("performance_log_users", "PLU", 559, "Performance Log Users",
		"Leistungsprotokollbenutzer"),
	BUILTIN("iis_iusrs", "IIS", 568, "IIS_IUSRS", "IIS_IUSRS"),
	{ "everyone", "EV", "S-1-1-0", USE_WELL_KNOWN, "", "Everyone", "", "Jeder" },
	AUTHORITY("service", "SVC", "S-1-5-6", "SERVICE", "DIENST"),
	AUTHORITY("anonymous", "AN", "S-1-5-7", "ANONYMOUS LOGON", "ANONYMOUS-ANMELDUNG"),
	AUTHORITY("enterprise_domain_controllers", "EDC", "S-1-5-9",
		  "ENTERPRISE DOMAIN CONTROLLERS", "DOMÄNENCONTROLLER DER ORGANISATION"),
	AUTHORITY("authenticated_users", "AU", "S-1-5-11", "Authenticated Users",
		  "Authentifizierte Benutzer"),
	AUTHORITY("interactive", "INT", "S-1-5-4", "INTERACTIVE", "INTERAKTIV"),
	AUTHORITY("network", "NET", "S-1-5-2", "NETWORK", "NETZWERK"),
	AUTHORITY("local_service", "LS", "S-1-5-19", "LOCAL SERVICE", "LOKALER DIENST"),
	AUTHORITY("network_service", "NS", "S-1-5-20", "NETWORK SERVICE",
		  "NETZWERKDIENST"),
	AUTHORITY("local_account", "LA", "S-1-5-113", "Local account", "Lokales Konto"),
	{ "window_manager", "WM", "S-1-5-90-0", USE_WELL_KNOWN, "Window Manager",
	  "Window Manager Group", NULL, NULL },
	SERVICE("all_services", "ALLSVC", "S-1-5-80-0", "ALL SERVICES"),
	SERVICE("wdi_service_host", "WDI",
		"S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420",
		"WdiServiceHost"),
	SERVICE("mssqlserver", "",
		"S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003",
		"MSSQLSERVER"),
	SERVICE("sqlserveragent", "",
		"S-1-5-80-344959196-2060754871-2302487193-2804545603-1466107430",
		"SQLSERVERAGENT"),
	POOL("default_app_pool", "DAP",
	     "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415",
	     "DefaultAppPool"),
	DOMAIN("domain_administrator", 500, USE_USER, "Administrator"),
	DOMAIN("domain_guest", 501, USE_USER, "Guest"),
	DOMAIN("domain_admins", 512, USE_GROUP, "Domain Admins"),
	DOMAIN("domain_users", 513, USE_GROUP, "Domain Users"),
	DOMAIN("svc-web", 1105, USE_USER, "svc-web"),
	DOMAIN("svc-backup", 1106, USE_USER, "svc-backup"),
	DOMAIN("helpdesk", 1107, USE_GROUP, "Helpdesk"),
	DOMAIN("hostile-script", 1201, USE_USER, "<script>alert(1)</script>"),
	DOMAIN("hostile-ansi", 1202, USE_USER, "\033[2J\033[31mred\a"),
	DOMAIN("hostile-surrogate", 1203, USE_USER, "lone\xee\x80\x80surrogate"),
	DOMAIN("hostile-formula", 1204, USE_USER, "=cmd|' /C calc'!A0"),
	DOMAIN("hostile-rtl", 1205, USE_USER, "nimda\xe2\x80\xaeresu"),
	DOMAIN("hostile-lines", 1206, USE_USER,
	       "two\r\nlines,\"quoted\"\t'and' \\tabbed"),
	DOMAIN("hostile-label", 1207, USE_USER, "x\"} 1\nlsasweep_up{host=\"evil\"} 1"),
	DOMAIN("hostile-long", 1208, USE_USER, LONG_NAME),
	{ "orphan", "", "S-1-5-21-1111111111-2222222222-3333333333-1234", USE_UNKNOWN,
	  NULL, NULL, NULL, NULL },
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

const struct principal *principal_by_word(const char *word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(table[i].word, word) == 0)
			return &table[i];
	return NULL;
}

const struct principal *principal_by_letter(const char *letter, size_t len)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strlen(table[i].letter) == len &&
		    strncmp(table[i].letter, letter, len) == 0)
			return &table[i];
	return NULL;
}

const struct principal *principal_by_text(const char *text)
{
	for (size_t i = 0; i < ROWS; i++)
		if (table[i].use != USE_UNKNOWN && strcmp(table[i].text, text) == 0)
			return &table[i];
	return NULL;
}

const struct principal *principal_by_rid(uint32_t rid)
{
	char text[24];

	snprintf(text, sizeof(text), "DOMAIN-%u", rid);
	return principal_by_text(text);
}

bool principal_sid(const char *word, const struct lab_sid *domain, struct lab_sid *sid)
{
	const struct principal *known = principal_by_word(word);
	const char *text = known ? known->text : word;

	if (strncmp(text, "DOMAIN-", 7) != 0)
		return lab_sid_parse(text, sid);
	*sid = lab_sid_under(domain, (uint32_t)strtoul(text + 7, NULL, 10));
	return true;
}

bool lab_sid_parse(const char *text, struct lab_sid *sid)
{
	struct lab_sid found = { .len = 8, .at = { 1 } };
	char *end;
	uint64_t authority;

	if (strncmp(text, "S-1-", 4) != 0)
		return false;
	authority = strtoull(text + 4, &end, 0);
	if (end == text + 4 || authority >> 48)
		return false;
	for (unsigned i = 0; i < 6; i++)
		found.at[2 + i] = (uint8_t)(authority >> (40 - 8 * i));
	while (*end == '-') {
		const char *at = end + 1;
		unsigned long long sub = strtoull(at, &end, 10);

		if (end == at || sub > UINT32_MAX || found.at[1] == 15)
			return false;
		for (unsigned i = 0; i < 4; i++)
			found.at[found.len++] = (uint8_t)(sub >> (8 * i));
		found.at[1]++;
	}
	if (*end)
		return false;
	*sid = found;
	return true;
}

static uint32_t sub_authority(const struct lab_sid *sid, unsigned i)
{
	const uint8_t *at = sid->at + 8 + 4 * i;

	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

void lab_sid_text(const struct lab_sid *sid, char text[static LAB_SID_TEXT_MAX])
{
	uint64_t authority = 0;
	int len;

	for (unsigned i = 0; i < 6; i++)
		authority = authority << 8 | sid->at[2 + i];
	len = snprintf(text, LAB_SID_TEXT_MAX,
		       authority >> 32 ? "S-1-0x%llx" : "S-1-%llu",
		       (unsigned long long)authority);
	for (unsigned i = 0; i < sid->at[1]; i++)
		len += snprintf(text + len, LAB_SID_TEXT_MAX - (size_t)len, "-%u",
				sub_authority(sid, i));
}

bool lab_sid_equal(const struct lab_sid *a, const struct lab_sid *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

struct lab_sid lab_sid_under(const struct lab_sid *domain, uint32_t rid)
{
	struct lab_sid sid = *domain;

	if (sid.at[1] == 15)
		abort();
	for (unsigned i = 0; i < 4; i++)
		sid.at[sid.len++] = (uint8_t)(rid >> (8 * i));
	sid.at[1]++;
	return sid;
}

bool lab_sid_split(const struct lab_sid *sid, struct lab_sid *domain, uint32_t *rid)
{
	if (sid->at[1] == 0)
		return false;
	*rid = sub_authority(sid, sid->at[1] - 1u);
	*domain = *sid;
	domain->len = (uint8_t)(domain->len - 4);
	domain->at[1]--;
	return true;
}

/* One code point of well-formed UTF-8 (our own tables and files). */
static uint32_t next_point(const uint8_t **at)
{
	uint32_t first = *(*at)++;
	unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
	uint32_t point = more == 0 ? first : first & (0x3fu >> more);

	while (more-- > 0 && (**at & 0xc0) == 0x80)
		point = point << 6 | (*(*at)++ & 0x3f);
	return point;
}

size_t lab_units(const char *utf8, uint16_t *units, size_t max)
{
	const uint8_t *at = (const uint8_t *)utf8;
	size_t len = 0;

	while (*at && len + 2 <= max) {
		uint32_t point = next_point(&at);

		if (point >= 0xe000 && point <= 0xe0ff)
			point = point - 0xe000 + 0xd800;
		if (point < 0x10000) {
			units[len++] = (uint16_t)point;
			continue;
		}
		units[len++] = (uint16_t)(0xd800 + ((point - 0x10000) >> 10));
		units[len++] = (uint16_t)(0xdc00 + ((point - 0x10000) & 0x3ff));
	}
	return len;
}
