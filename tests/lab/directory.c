/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/directory.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "tests/lab/world.h"

static char base[256];
static size_t page = 1000;
static bool forest;

/* ---- making an entry ---- */

void entry_begin(struct lab_entry *e, const char *format, ...)
{
	va_list args;

	e->attribute_count = e->value_count = e->used = 0;
	va_start(args, format);
	vsnprintf(e->dn, sizeof(e->dn), format, args);
	va_end(args);
	e->dn_len = strlen(e->dn);
}

void entry_bytes(struct lab_entry *e, const char *name, const void *at, size_t len)
{
	struct lab_attribute *last = e->attribute_count
					     ? &e->attributes[e->attribute_count - 1]
					     : NULL;

	if (e->used + len > sizeof(e->bytes) || e->value_count == LAB_VALUES_MAX)
		return;
	if (!last || strcmp(last->name, name) != 0) {
		if (e->attribute_count == LAB_ATTRIBUTES_MAX)
			return;
		last = &e->attributes[e->attribute_count++];
		*last = (struct lab_attribute){ .name = name, .first = e->value_count };
	}
	memcpy(e->bytes + e->used, at, len);
	e->values[e->value_count++] = (struct bytes){ e->bytes + e->used, len };
	e->used += len;
	last->count++;
}

void entry_text(struct lab_entry *e, const char *name, const char *format, ...)
{
	char text[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(text))
		entry_bytes(e, name, text, (size_t)len);
}

const struct lab_attribute *entry_attribute(const struct lab_entry *e, const char *name,
					    size_t len)
{
	for (size_t i = 0; i < e->attribute_count; i++)
		if (strlen(e->attributes[i].name) == len &&
		    strncasecmp(e->attributes[i].name, name, len) == 0)
			return &e->attributes[i];
	return NULL;
}

/* ---- what is no computer ---- */

static void class_of(struct lab_entry *e, const char *class, const char *category)
{
	entry_text(e, "objectClass", "top");
	entry_text(e, "objectClass", "%s", class);
	if (category)
		entry_text(e, "objectCategory", "CN=%s,CN=Schema,CN=Configuration,%s",
			   category, base);
}

static void put_head(struct lab_entry *e)
{
	entry_begin(e, "%s", base);
	class_of(e, "domainDNS", "Domain-DNS");
	entry_bytes(e, "objectSid", world.sid.at, world.sid.len);
	entry_text(e, "gPLink",
		   "[LDAP://cn={31B2F340-016D-11D2-945F-00C04FB984F9},cn=policies,"
		   "cn=system,%s;0]",
		   base);
	entry_text(e, "name", "%.*s", (int)strcspn(world.dns, "."), world.dns);
}

static void put_container(struct lab_entry *e, const char *rdn)
{
	entry_begin(e, "%s,%s", rdn, base);
	class_of(e, "container", "Container");
	entry_text(e, "cn", "%.*s", (int)strcspn(rdn + 3, ","), rdn + 3);
}

static void put_configuration(struct lab_entry *e)
{
	entry_begin(e, "CN=Configuration,%s", base);
	class_of(e, "configuration", "Configuration");
}

static void put_partitions(struct lab_entry *e)
{
	entry_begin(e, "CN=Partitions,CN=Configuration,%s", base);
	class_of(e, "crossRefContainer", "Cross-Ref-Container");
}

/* systemFlags 3: a domain of this forest; 1: another partition ([MS-ADTS] 6.1.1.2.1.1).
 */
static void put_cross(struct lab_entry *e, const char *name, const char *prefix,
		      int flags)
{
	entry_begin(e, "CN=%s,CN=Partitions,CN=Configuration,%s", name, base);
	class_of(e, "crossRef", "Cross-Ref");
	entry_text(e, "cn", "%s", name);
	entry_text(e, "systemFlags", "%d", flags);
	if (flags == 3) {
		entry_text(e, "nETBIOSName", "%s", name);
		entry_text(e, "dnsRoot", "%s%s%s", prefix, *prefix ? "." : "", world.dns);
		entry_text(e, "nCName", "%s%s%s%s", *prefix ? "DC=" : "", prefix,
			   *prefix ? "," : "", base);
	} else {
		entry_text(e, "dnsRoot", "%s", world.dns);
		entry_text(e, "nCName", "CN=Configuration,%s", base);
	}
}

static void put_own_cross(struct lab_entry *e)
{
	put_cross(e, world.netbios, "", 3);
}

static void put_configuration_cross(struct lab_entry *e)
{
	put_cross(e, "Enterprise Configuration", "", 1);
}

static void put_east_cross(struct lab_entry *e)
{
	if (forest)
		put_cross(e, "EAST", "east", 3);
	else
		put_cross(e, "Zones", "", 1);
}

static void put_unit(struct lab_entry *e, const char *rdn, const char *link)
{
	entry_begin(e, "%s,%s", rdn, base);
	class_of(e, "organizationalUnit", "Organizational-Unit");
	entry_text(e, "ou", "%.*s", (int)strcspn(rdn + 3, ","), rdn + 3);
	if (*link)
		entry_text(e, "gPLink", "%s", link);
	entry_text(e, "gPOptions", "0");
}

static void put_servers(struct lab_entry *e)
{
	put_unit(e, "OU=Servers",
		 "[LDAP://cn={AAAAAAAA-0000-4000-8000-000000000001},cn=policies,"
		 "cn=system,DC=corp,DC=example;2]");
}

static void put_sql(struct lab_entry *e)
{
	put_unit(e, "OU=SQL,OU=Servers", " ");
}

static void put_desks(struct lab_entry *e)
{
	put_unit(e, "OU=Desks", "");
}

static void put_controllers(struct lab_entry *e)
{
	put_unit(e, "OU=Domain Controllers",
		 "[LDAP://CN={6AC1786C-016F-11D2-945F-00C04FB984F9},CN=Policies,"
		 "CN=System,DC=corp,DC=example;0]");
}

static void put_computers(struct lab_entry *e)
{
	put_container(e, "CN=Computers");
}

static void put_sites(struct lab_entry *e)
{
	put_container(e, "CN=Sites,CN=Configuration");
}

static void put_subnets(struct lab_entry *e)
{
	put_container(e, "CN=Subnets,CN=Sites,CN=Configuration");
}

static void put_policies(struct lab_entry *e)
{
	put_container(e, "CN=Policies,CN=System");
}

static void put_filters(struct lab_entry *e)
{
	put_container(e, "CN=SOM,CN=WMIPolicy,CN=System");
}

static void put_site(struct lab_entry *e, const char *name)
{
	entry_begin(e, "CN=%s,CN=Sites,CN=Configuration,%s", name, base);
	class_of(e, "site", "Site");
	entry_text(e, "cn", "%s", name);
}

static void put_headquarters(struct lab_entry *e)
{
	put_site(e, "HQ");
}

static void put_branch(struct lab_entry *e)
{
	put_site(e, "Branch");
}

static const struct host *first_controller(void)
{
	for (size_t i = 0; i < world.count; i++)
		if (world.hosts[i].role == ROLE_DC)
			return &world.hosts[i];
	return NULL;
}

static void put_server(struct lab_entry *e)
{
	const struct host *h = first_controller();
	char name[HOST_NAME_MAX_LEN] = "NONE";

	if (h)
		host_netbios_name(h, name);
	entry_begin(e, "CN=%s,CN=Servers,CN=HQ,CN=Sites,CN=Configuration,%s", name, base);
	class_of(e, "server", "Server");
	entry_text(e, "cn", "%s", name);
	if (h)
		entry_text(e, "serverReference", "CN=%s,OU=Domain Controllers,%s", name,
			   base);
}

static void put_subnet(struct lab_entry *e, const char *net, const char *site)
{
	entry_begin(e, "CN=%s,CN=Subnets,CN=Sites,CN=Configuration,%s", net, base);
	class_of(e, "subnet", "Subnet");
	entry_text(e, "cn", "%s", net);
	if (site)
		entry_text(e, "siteObject", "CN=%s,CN=Sites,CN=Configuration,%s", site,
			   base);
}

static void put_wide_subnet(struct lab_entry *e)
{
	put_subnet(e, "127.0.0.0/8", "HQ");
}

static void put_narrow_subnet(struct lab_entry *e)
{
	put_subnet(e, "127.17.0.0/16", "Branch");
}

static void put_long_subnet(struct lab_entry *e)
{
	put_subnet(e, "2001:db8:1::/48", "Branch");
}

static void put_lost_subnet(struct lab_entry *e)
{
	put_subnet(e, "10.9.0.0/16", NULL);
}

static void put_policy(struct lab_entry *e)
{
	static const uint8_t descriptor[] = { 1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0,
					      0, 0, 0, 0,    0, 0, 0, 0, 0, 0 };
	static const char guid[] = "{31B2F340-016D-11D2-945F-00C04FB984F9}";

	entry_begin(e, "CN=%s,CN=Policies,CN=System,%s", guid, base);
	class_of(e, "groupPolicyContainer", "Group-Policy-Container");
	entry_text(e, "cn", "%s", guid);
	entry_text(e, "displayName", "Default Domain Policy");
	entry_text(e, "flags", "0");
	entry_text(e, "versionNumber", "3");
	entry_text(e, "gPCFunctionalityVersion", "2");
	entry_text(e, "gPCFileSysPath", "\\\\%s\\SysVol\\%s\\Policies\\%s", world.dns,
		   world.dns, guid);
	entry_bytes(e, "nTSecurityDescriptor", descriptor, sizeof(descriptor));
}

static void put_group(struct lab_entry *e, const char *name, uint32_t rid)
{
	struct lab_sid sid = lab_sid_under(&world.sid, rid);

	entry_begin(e, "CN=%s,CN=Users,%s", name, base);
	class_of(e, "group", "Group");
	entry_text(e, "cn", "%s", name);
	entry_text(e, "sAMAccountName", "%s", name);
	entry_text(e, "sAMAccountType", "268435456");
	entry_text(e, "groupType", "-2147483646");
	entry_bytes(e, "objectSid", sid.at, sid.len);
}

static void put_small_group(struct lab_entry *e)
{
	put_group(e, "Sweepers", 2001);
	for (size_t i = 0; i < 3; i++)
		entry_text(e, "member", "%s", directory_member(i));
}

static void put_large_group(struct lab_entry *e)
{
	put_group(e, "All Machines", 2002);
	e->attributes[e->attribute_count++] =
		(struct lab_attribute){ .name = "member", .members = LAB_MEMBERS };
}

static void (*const objects[])(struct lab_entry *e) = {
	put_head,          put_configuration, put_partitions,
	put_own_cross,     put_servers,       put_configuration_cross,
	put_sql,           put_desks,         put_controllers,
	put_computers,     put_sites,         put_subnets,
	put_headquarters,  put_branch,        put_wide_subnet,
	put_narrow_subnet, put_long_subnet,   put_lost_subnet,
	put_policy,        put_small_group,   put_large_group,
	put_east_cross,    put_server,        put_policies,
	put_filters,
};

/* ---- by number ---- */

enum { OBJECTS = sizeof(objects) / sizeof(objects[0]) };

void directory_set_forest(void)
{
	forest = true;
}

void directory_set_page(size_t entries)
{
	page = entries;
}

size_t directory_page(void)
{
	return page;
}

const char *directory_base(void)
{
	const char *label = world.dns;

	if (*base)
		return base;
	while (*label && strlen(base) + 70 < sizeof(base)) {
		size_t len = strcspn(label, "."), at = strlen(base);

		snprintf(base + at, sizeof(base) - at, "%sDC=%.*s", at ? "," : "",
			 (int)len, label);
		label += len + (label[len] == '.');
	}
	return base;
}

size_t directory_count(void)
{
	return OBJECTS + directory_computer_count();
}

size_t directory_first_computer(void)
{
	return OBJECTS;
}

const char *directory_member(size_t n)
{
	static char dn[320];

	snprintf(dn, sizeof(dn), "CN=PC%07zu,OU=Desks,%s", n + 1, base);
	return dn;
}

void directory_entry(size_t number, struct lab_entry *e)
{
	if (number < OBJECTS)
		objects[number](e);
	else
		directory_computer(number - OBJECTS, e);
}
