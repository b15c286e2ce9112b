/* SPDX-License-Identifier: Apache-2.0 */
/* Computer accounts: those of hosts, and those that nobody answers for. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/lab/directory.h"
#include "tests/lab/world.h"

/* [MS-ADTS] 2.2.16 */
enum {
	ACCOUNT_DISABLE = 0x2,
	WORKSTATION_TRUST = 0x1000,
	SERVER_TRUST = 0x2000,
	TRUSTED_FOR_DELEGATION = 0x80000,
};

/* kind, the reason to leave it out, or "" */
#define KINDS(X)                           \
	X(KIND_CLIENT, "")                 \
	X(KIND_SERVER, "")                 \
	X(KIND_NO_DNS_NAME, "")            \
	X(KIND_OFF, "disabled")            \
	X(KIND_OLD, "stale")               \
	X(KIND_FRESH, "prestaged")         \
	X(KIND_CLUSTER, "cluster")         \
	X(KIND_LINUX, "not_windows")       \
	X(KIND_SERVICE, "service_account") \
	X(KIND_ENTRA, "entra")

enum kind {
#define X(kind, word) kind,
	KINDS(X)
#undef X
		KIND_COUNT
};

static const char *const reasons[KIND_COUNT] = {
#define X(kind, word) word,
	KINDS(X)
#undef X
};

static struct {
	size_t count; /* that are no hosts */
	uint32_t *hosts;
	size_t host_count;
	time_t now;
} all;

void directory_set_computers(size_t count)
{
	all.count = count;
}

void directory_index(void)
{
	all.hosts = calloc(world.count ? world.count : 1, sizeof(*all.hosts));
	if (!all.hosts)
		abort();
	for (size_t i = 0; i < world.count; i++)
		if (host_in_domain(&world.hosts[i]))
			all.hosts[all.host_count++] = (uint32_t)i;
	all.now = time(NULL);
	directory_base();
}

void directory_drop(void)
{
	free(all.hosts);
}

size_t directory_computer_count(void)
{
	return all.host_count + all.count;
}

static enum kind kind_of(size_t n)
{
	static const uint8_t kinds[] = {
		[1] = KIND_SERVER,   [2] = KIND_OFF,      [5] = KIND_OLD,
		[8] = KIND_FRESH,    [11] = KIND_CLUSTER, [14] = KIND_LINUX,
		[17] = KIND_SERVICE, [20] = KIND_SERVER,  [23] = KIND_NO_DNS_NAME,
		[39] = KIND_CLIENT,
	};

	return n == 3 ? KIND_ENTRA : (enum kind)kinds[n % sizeof(kinds)];
}

/* 100 ns since 1601 */
static long long filetime(int days_ago)
{
	return ((long long)all.now - days_ago * 86400LL + 11644473600LL) * 10000000LL;
}

static void put_created(struct lab_entry *e, int days_ago)
{
	time_t at = all.now - days_ago * (time_t)86400;
	char text[32];
	struct tm parts;

	gmtime_r(&at, &parts);
	strftime(text, sizeof(text), "%Y%m%d%H%M%S.0Z", &parts);
	entry_text(e, "whenCreated", "%s", text);
}

static void put_identity(struct lab_entry *e, const char *account, uint32_t rid)
{
	struct lab_sid sid = lab_sid_under(&world.sid, rid);

	entry_text(e, "objectClass", "computer");
	entry_text(e, "sAMAccountType", "805306369");
	entry_text(e, "sAMAccountName", "%s$", account);
	entry_bytes(e, "objectSid", sid.at, sid.len);
}

static void put_category(struct lab_entry *e, const char *category)
{
	entry_text(e, "objectCategory", "CN=%s,CN=Schema,CN=Configuration,%s", category,
		   directory_base());
}

static void put_system(struct lab_entry *e, const char *name, const char *version)
{
	entry_text(e, "operatingSystem", "%s", name);
	if (version)
		entry_text(e, "operatingSystemVersion", "%s", version);
}

static void put_use(struct lab_entry *e, unsigned control, int logon, int password)
{
	entry_text(e, "userAccountControl", "%u", control);
	entry_text(e, "primaryGroupID", "%d", control & SERVER_TRUST ? 516 : 515);
	if (logon >= 0)
		entry_text(e, "lastLogonTimestamp", "%lld", filetime(logon));
	entry_text(e, "pwdLastSet", "%lld", filetime(password));
}

static void put_host(const struct host *h, struct lab_entry *e)
{
	static const char *const units[] = { [ROLE_DC] = "OU=Domain Controllers",
					     [ROLE_MEMBER] = "OU=Servers",
					     [ROLE_STANDALONE] = "CN=Computers",
					     [ROLE_CLIENT] = "OU=Desks" };
	char name[HOST_NAME_MAX_LEN], account[HOST_NAME_MAX_LEN], version[32];

	host_netbios_name(h, account);
	host_dns_name(h, name);
	snprintf(version, sizeof(version), "10.0 (%u)", h->manner.build);
	entry_begin(e, "CN=%s,%s,%s", account, units[h->role], directory_base());
	put_identity(e, account, 3000 + h->number);
	entry_text(e, "dNSHostName", "%s", name);
	put_system(e,
		   h->role == ROLE_CLIENT ? "Windows 10 Enterprise"
					  : "Windows Server 2022 Standard",
		   version);
	entry_text(e, "servicePrincipalName", "HOST/%s", name);
	entry_text(e, "servicePrincipalName", "HOST/%s", account);
	put_use(e,
		h->role == ROLE_DC ? SERVER_TRUST | TRUSTED_FOR_DELEGATION
				   : WORKSTATION_TRUST,
		3, 10);
	put_created(e, 400);
	put_category(e, "Computer");
}

static void put_dated(struct lab_entry *e, enum kind kind)
{
	unsigned control = WORKSTATION_TRUST | (kind == KIND_OFF ? ACCOUNT_DISABLE : 0);

	if (kind == KIND_FRESH) {
		put_use(e, control, -1, 1);
		put_created(e, 1);
	} else {
		put_use(e, control, kind == KIND_OLD ? 300 : 3,
			kind == KIND_OLD ? 310 : 10);
		put_created(e, 400);
	}
}

static void put_names(struct lab_entry *e, enum kind kind, const char *name)
{
	entry_text(e, "dNSHostName", "%s.%s", name, world.dns);
	if (kind == KIND_CLUSTER)
		entry_text(e, "servicePrincipalName", "MSClusterVirtualServer/%s", name);
	entry_text(e, "servicePrincipalName", "HOST/%s.%s", name, world.dns);
	entry_text(e, "servicePrincipalName", "RestrictedKrbHost/%s.%s", name, world.dns);
	entry_text(e, "servicePrincipalName", "TERMSRV/%s.%s", name, world.dns);
}

static void put_generated(size_t n, struct lab_entry *e)
{
	enum kind kind = kind_of(n);
	bool server = kind == KIND_SERVER || kind == KIND_CLUSTER;
	char name[32];

	snprintf(name, sizeof(name), kind == KIND_ENTRA ? "AZUREADSSOACC" : "pc%07zu",
		 n + 1);
	entry_begin(e, "CN=%s%07zu,%s,%s", kind == KIND_ENTRA ? "AZ" : "PC", n + 1,
		    server ? "OU=SQL,OU=Servers" : "OU=Desks", directory_base());
	put_identity(e, name, (uint32_t)(2000000 + n));
	if (kind != KIND_NO_DNS_NAME && kind != KIND_FRESH && kind != KIND_ENTRA)
		put_names(e, kind, name);
	if (kind == KIND_LINUX)
		put_system(e, "pc-linux-gnu", NULL);
	else if (server)
		put_system(e, "Windows Server 2019 Standard", "10.0 (17763)");
	else if (kind != KIND_FRESH && kind != KIND_ENTRA)
		put_system(e, "Windows 11 Enterprise", "10.0 (22631)");
	put_dated(e, kind);
	put_category(e, kind == KIND_SERVICE ? "ms-DS-Group-Managed-Service-Account"
					     : "Computer");
}

void directory_computer(size_t n, struct lab_entry *e)
{
	if (n < all.host_count)
		put_host(&world.hosts[all.hosts[n]], e);
	else
		put_generated(n - all.host_count, e);
}

void directory_print(FILE *to)
{
	size_t counts[KIND_COUNT] = { 0 }, in_scope = all.host_count;

	for (size_t n = 0; n < all.count; n++)
		counts[kind_of(n)]++;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		in_scope += *reasons[kind] ? 0 : counts[kind];
	fprintf(to, "{\"total\":%zu,\"in_scope\":%zu,\"left_out\":{",
		directory_computer_count(), in_scope);
	for (int kind = 0, shown = 0; kind < KIND_COUNT; kind++)
		if (*reasons[kind])
			fprintf(to, "%s\"%s\":%zu", shown++ ? "," : "", reasons[kind],
				counts[kind]);
	fputs("}}\n", to);
}
