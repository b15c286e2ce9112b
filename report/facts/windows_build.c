/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/windows_build.h"

#include <stdio.h>
#include <string.h>

/* Releases by build, the oldest first; NULL: none of that kind. */
static const struct release {
	uint32_t build;
	const char *server, *client;
} releases[] = {
	{ 3790, "Server 2003", NULL },       { 6000, NULL, "Vista" },
	{ 6001, "Server 2008", "Vista" },    { 6002, "Server 2008", "Vista" },
	{ 6003, "Server 2008", NULL },       { 7600, "Server 2008 R2", "7" },
	{ 7601, "Server 2008 R2", "7" },     { 9200, "Server 2012", "8" },
	{ 9600, "Server 2012 R2", "8.1" },   { 10240, NULL, "10 1507" },
	{ 10586, NULL, "10 1511" },          { 14393, "Server 2016", "10 1607" },
	{ 15063, NULL, "10 1703" },          { 16299, "Server 1709", "10 1709" },
	{ 17134, "Server 1803", "10 1803" }, { 17763, "Server 2019", "10 1809" },
	{ 18362, "Server 1903", "10 1903" }, { 18363, "Server 1909", "10 1909" },
	{ 19041, "Server 2004", "10 2004" }, { 19042, "Server 20H2", "10 20H2" },
	{ 19043, NULL, "10 21H1" },          { 19044, NULL, "10 21H2" },
	{ 19045, NULL, "10 22H2" },          { 20348, "Server 2022", NULL },
	{ 22000, NULL, "11 21H2" },          { 22621, NULL, "11 22H2" },
	{ 22631, NULL, "11 23H2" },          { 25398, "Server 23H2", NULL },
	{ 26100, "Server 2025", "11 24H2" }, { 26200, NULL, "11 25H2" },
};

enum { RELEASES = sizeof releases / sizeof *releases };

uint32_t windows_branch_end(uint32_t build)
{
	static const struct {
		uint32_t first, last;
	} branches[] = {
		{ 18362, 18363 },
		{ 19041, 19045 },
		{ 22621, 22631 },
		{ 26100, 26200 },
	};

	for (size_t i = 0; i < sizeof branches / sizeof *branches; i++)
		if (branches[i].first == build)
			return branches[i].last;
	return build;
}

static bool read_build(const char *version, uint32_t *build)
{
	unsigned major, minor, number;

	if (sscanf(version, "%5u.%5u.%9u", &major, &minor, &number) != 3 || major != 10)
		return false;
	*build = number;
	return true;
}

bool windows_version_may_be(const char *reported, const char *recorded)
{
	uint32_t first, build;

	if (strcmp(reported, recorded) == 0)
		return true;
	return read_build(reported, &first) && read_build(recorded, &build) &&
	       build >= first && build <= windows_branch_end(first);
}

bool windows_build_is_base(const struct facts *f)
{
	return f->os_version && f->os_version_of_ntlm;
}

/* The release of a build, and the last one of its branch. */
struct names {
	const char *first, *last;
};

static const char *name_of(const struct release *r, bool server)
{
	return server ? r->server : r->client;
}

static struct names find(uint32_t build, uint32_t end, bool server)
{
	struct names names = { NULL, NULL };

	for (size_t i = 0; i < RELEASES; i++) {
		const char *name = name_of(&releases[i], server);

		if (!name || releases[i].build < build || releases[i].build > end)
			continue;
		if (!names.first && releases[i].build != build)
			break;
		names.first = names.first ? names.first : name;
		names.last = name;
	}
	return names;
}

/* The version alone: "22H2" of "10 22H2". */
static const char *version_of(const char *name)
{
	const char *blank = strrchr(name, ' ');

	return blank ? blank + 1 : name;
}

static int put(char *out, size_t size, struct names names)
{
	if (names.first == names.last)
		return snprintf(out, size, "Windows %s", names.first);
	return snprintf(out, size, "Windows %s to %s", names.first,
			version_of(names.last));
}

const char *windows_name(const struct facts *f, char out[WINDOWS_NAME_MAX])
{
	unsigned major, minor, build;
	bool client = f->role == ROLE_CLIENT || f->role == ROLE_UNKNOWN;
	bool server = f->role != ROLE_CLIENT;
	struct names as_server = { NULL, NULL }, as_client = { NULL, NULL };
	uint32_t end;
	int len = 0;

	if (f->directory && f->directory->os) {
		snprintf(out, WINDOWS_NAME_MAX, "%s", f->directory->os);
		return out;
	}
	if (!f->os_version ||
	    sscanf(f->os_version, "%5u.%5u.%9u", &major, &minor, &build) != 3)
		return NULL;
	end = windows_build_is_base(f) ? windows_branch_end(build) : build;
	if (server)
		as_server = find(build, end, true);
	if (client)
		as_client = find(build, end, false);
	if (as_server.first)
		len = put(out, WINDOWS_NAME_MAX, as_server);
	if (as_server.first && as_client.first)
		len += snprintf(out + len, WINDOWS_NAME_MAX - (size_t)len, " or ");
	if (as_client.first)
		put(out + len, WINDOWS_NAME_MAX - (size_t)len, as_client);
	return as_server.first || as_client.first ? out : NULL;
}
