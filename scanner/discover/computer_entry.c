/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes of a computer account are read, and what they hold ([MS-ADTS],
 * [MS-ADA1] to [MS-ADA3]). */
#include "scanner/discover/computer_entry.h"

#include <string.h>
#include <strings.h>

#include "report/directory/dn.h"
#include "report/directory/ldap_time.h"

const char *const computer_attributes[] = {
	"dNSHostName",
	"sAMAccountName",
	"objectSid",
	"userAccountControl",
	"primaryGroupID",
	"operatingSystem",
	"operatingSystemVersion",
	"servicePrincipalName",
	"lastLogonTimestamp",
	"pwdLastSet",
	"whenCreated",
	"objectCategory",
	NULL,
};

const char computer_filter[] = "(sAMAccountType=805306369)";

static int64_t large_integer(const struct entry *e, const char *name, struct pool *pool)
{
	const char *text = entry_text(e, name, pool);

	return text ? ldap_time_large_integer(text) : TIME_NOT_GIVEN;
}

static bool begins_with(const struct bytes *value, const char *start)
{
	size_t len = strlen(start);

	return value->len >= len && strncasecmp((const char *)value->at, start, len) == 0;
}

/* Only this class marks a virtual name: cluster nodes have the others, too. */
static bool is_cluster_name(const struct entry *e)
{
	const struct entry_attribute *a = entry_find(e, "servicePrincipalName");

	for (size_t i = 0; a && i < a->count; i++)
		if (begins_with(&a->values[i], "MSClusterVirtualServer/"))
			return true;
	return false;
}

/* Managed service accounts are classes derived from computer with categories of their
 * own: "CN=ms-DS-Group-Managed-Service-Account,CN=Schema,...". */
static bool is_service_account(const struct entry *e)
{
	const struct entry_attribute *a = entry_find(e, "objectCategory");

	return a && begins_with(a->values, "CN=ms-DS-");
}

/* userAccountControl is a signed number on the wire. */
static void read_account(const struct entry *e, struct directory_computer *c)
{
	int64_t number;

	if (entry_number(e, "userAccountControl", &number) && number >= INT32_MIN &&
	    number <= UINT32_MAX) {
		c->account_control_known = true;
		c->account_control = (uint32_t)number;
	}
	if (entry_number(e, "primaryGroupID", &number) && number > 0 &&
	    number <= UINT32_MAX)
		c->primary_group = (uint32_t)number;
}

bool computer_entry_is_usable(const struct entry *e)
{
	return strlen(e->dn) <= ENTRY_DN_MAX && dn_is_valid(e->dn);
}

bool computer_from_entry(const struct entry *e, const char *domain, struct pool *pool,
			 struct directory_computer *c)
{
	const char *created;

	*c = (struct directory_computer){ .domain = domain };
	if (!computer_entry_is_usable(e))
		return false;
	c->dn = pool_text(pool, e->dn, strlen(e->dn));
	if (!c->dn)
		return false;
	c->account = entry_text(e, "sAMAccountName", pool);
	c->dns_name = entry_text(e, "dNSHostName", pool);
	c->sid = entry_sid(e, "objectSid", pool);
	c->os = entry_text(e, "operatingSystem", pool);
	c->os_version = entry_text(e, "operatingSystemVersion", pool);
	c->last_logon = large_integer(e, "lastLogonTimestamp", pool);
	c->password_set = large_integer(e, "pwdLastSet", pool);
	created = entry_text(e, "whenCreated", pool);
	c->created = created ? ldap_time_generalized(created) : TIME_NOT_GIVEN;
	c->cluster_name = is_cluster_name(e);
	c->service_account = is_service_account(e);
	read_account(e, c);
	return true;
}
