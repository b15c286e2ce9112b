/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/policy_entry.h"

#include <string.h>
#include <strings.h>

#include "report/directory/directory.h"
#include "report/directory/directory_limits.h"
#include "report/directory/dn.h"
#include "report/directory/ldap_time.h"
#include "report/facts/principals.h"
#include "rpc/wire/security_descriptor.h"

const char *const scope_attributes[] = { "objectClass", "gPLink", "gPOptions",
					 "whenChanged", NULL };

const char *const gpo_attributes[] = {
	"objectClass",    "cn",
	"displayName",    "flags",
	"versionNumber",  "gPCFunctionalityVersion",
	"gPCFileSysPath", "gPCMachineExtensionNames",
	"gPCWQLFilter",   "nTSecurityDescriptor",
	"whenChanged",    NULL,
};

const char *const wmi_filter_attributes[] = { "cn", "msWMI-ID", "msWMI-Name",
					      "msWMI-Parm2", NULL };

enum {
	/* [MS-ADTS] 5.1.3.2 */
	RIGHT_DS_READ_PROPERTY = 0x10,
	RIGHT_DS_CONTROL_ACCESS = 0x100,
	GENERIC_ALL_RIGHT = 0x10000000,
	ID_MAX = 256, /* a GUID has 38 characters */
};
#define GENERIC_READ_RIGHT 0x80000000u

/* Apply-Group-Policy, edacfd8f-ffb3-11d1-b41d-00a0c968f939 as it is on the wire. */
static const uint8_t apply_group_policy[GUID_SIZE] = { 0x8f, 0xfd, 0xac, 0xed, 0xb3, 0xff,
						       0xd1, 0x11, 0xb4, 0x1d, 0x00, 0xa0,
						       0xc9, 0x68, 0xf9, 0x39 };

/* ---- what all have in common ---- */

static const char *take_dn(const struct entry *e, struct pool *pool)
{
	if (strlen(e->dn) > ENTRY_DN_MAX || !dn_is_valid(e->dn))
		return NULL;
	return pool_text(pool, e->dn, strlen(e->dn));
}

static int64_t take_changed(const struct entry *e, struct pool *pool)
{
	const char *text = entry_text(e, "whenChanged", pool);

	return text ? ldap_time_generalized(text) : TIME_NOT_GIVEN;
}

/* LDAP INTEGERs are signed, flags are not. */
static bool take_flags(const struct entry *e, const char *name, uint32_t *value)
{
	int64_t number;

	if (!entry_number(e, name, &number) || number < INT32_MIN || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	return true;
}

/* False: it came and cannot be kept.  An empty value is none. */
static bool take_text(const struct entry *e, const char *name, size_t max,
		      struct pool *pool, const char **text)
{
	const struct entry_attribute *a = entry_find(e, name);

	*text = entry_text_within(e, name, max, pool);
	return *text || !a || !a->values->len;
}

/* "CN={...}" of its own DN, where the attribute did not come. */
static const char *take_cn(const struct entry *e, struct pool *pool)
{
	const char *cn = entry_text(e, "cn", pool), *rest = e->dn;
	char value[ID_MAX];
	struct dn_part part;
	size_t len;

	if (cn || !dn_next(&rest, &part))
		return cn;
	len = dn_part_value(&part, value, sizeof value);
	if (!len || len >= sizeof value || memchr(value, 0, len))
		return NULL;
	return pool_text(pool, value, len);
}

/* ---- scopes ---- */

bool scope_from_entry(const struct entry *e, const char *domain,
		      enum directory_scope_type type, struct pool *pool,
		      struct directory_scope *s)
{
	struct directory_scope found = { .domain = domain, .type = type };

	if (!entry_find(e, "objectClass") || e->cut)
		return false;
	found.dn = take_dn(e, pool);
	if (!found.dn || !take_text(e, "gPLink", LIMIT_LINK_BYTES, pool, &found.gp_link))
		return false;
	found.gp_options_known = take_flags(e, "gPOptions", &found.gp_options);
	found.changed = take_changed(e, pool);
	*s = found;
	return true;
}

/* ---- the DACL of a GPO ---- */

/* Property sets and single properties do not count: what reads a GPO reads all of it. */
static bool speaks_of_reading(const struct ace *ace)
{
	return !ace->has_object_type &&
	       ace->mask &
		       (RIGHT_DS_READ_PROPERTY | GENERIC_ALL_RIGHT | GENERIC_READ_RIGHT);
}

static bool speaks_of_applying(const struct ace *ace)
{
	return ace->mask & (RIGHT_DS_CONTROL_ACCESS | GENERIC_ALL_RIGHT) &&
	       (!ace->has_object_type ||
		memcmp(ace->object_type, apply_group_policy, GUID_SIZE) == 0);
}

static enum directory_ace_form form_of(uint8_t type)
{
	if (type >= ACE_TYPE_ALLOWED_CALLBACK)
		return ACE_CONDITIONAL;
	return type >= ACE_TYPE_ALLOWED_OBJECT ? ACE_OBJECT : ACE_PLAIN;
}

static bool is_denial(uint8_t type)
{
	return type == ACE_TYPE_DENIED || type == ACE_TYPE_DENIED_OBJECT ||
	       type == ACE_TYPE_DENIED_CALLBACK ||
	       type == ACE_TYPE_DENIED_CALLBACK_OBJECT;
}

/* A SID that is no principal's, one without sub-authorities, is in no token. */
static bool add_ace(struct directory_gpo *g, const struct ace *ace, size_t *room,
		    struct pool *pool)
{
	char sid[SID_TEXT_MAX];
	struct directory_ace *a;

	sid_format(&ace->sid, sid);
	if (!principal_is_sid(sid))
		return true;
	if (g->ace_count == LIMIT_ACES_A_GPO)
		return false;
	if (g->ace_count == *room) {
		void *grown = pool_grow(pool, g->aces, room, sizeof *g->aces);

		if (!grown)
			return false;
		g->aces = grown;
	}
	a = &g->aces[g->ace_count++];
	*a = (struct directory_ace){ .sid = pool_text(pool, sid, strlen(sid)),
				     .form = form_of(ace->type),
				     .deny = is_denial(ace->type),
				     .read = speaks_of_reading(ace),
				     .apply = speaks_of_applying(ace) };
	return a->sid;
}

static bool read_entries(struct acl *acl, struct directory_gpo *g, struct pool *pool)
{
	struct ace ace;
	size_t room = 0;

	while (acl_next(acl, &ace)) {
		if (ace.flags & ACE_FLAG_INHERIT_ONLY ||
		    (!speaks_of_reading(&ace) && !speaks_of_applying(&ace)))
			continue;
		if (!add_ace(g, &ace, &room, pool))
			return false;
	}
	return !acl_is_bad(acl);
}

static void read_dacl(const struct entry *e, struct directory_gpo *g, struct pool *pool)
{
	const struct entry_attribute *a = entry_find(e, "nTSecurityDescriptor");
	bool present;
	struct acl acl;

	if (!a)
		return;
	if (!security_descriptor_dacl(*a->values, &present, &acl) ||
	    (present && !read_entries(&acl, g, pool))) {
		g->error = "its security descriptor is malformed";
		g->aces = NULL;
		g->ace_count = 0;
		return;
	}
	g->dacl = present ? DACL_PRESENT : DACL_ABSENT;
}

/* ---- GPOs ---- */

static bool read_texts(const struct entry *e, struct directory_gpo *g, struct pool *pool)
{
	return take_text(e, "displayName", ENTRY_TEXT_MAX, pool, &g->name) &&
	       take_text(e, "gPCFileSysPath", LIMIT_ATTRIBUTE_BYTES, pool, &g->path) &&
	       take_text(e, "gPCMachineExtensionNames", LIMIT_ATTRIBUTE_BYTES, pool,
			 &g->extensions) &&
	       take_text(e, "gPCWQLFilter", LIMIT_ATTRIBUTE_BYTES, pool, &g->wmi_filter);
}

static bool is_container(const struct entry_attribute *classes)
{
	static const char name[] = "groupPolicyContainer";

	for (size_t i = 0; i < classes->count; i++)
		if (classes->values[i].len == sizeof name - 1 &&
		    strncasecmp((const char *)classes->values[i].at, name,
				sizeof name - 1) == 0)
			return true;
	return false;
}

bool gpo_from_entry(const struct entry *e, const char *domain, struct pool *pool,
		    struct directory_gpo *g)
{
	const struct entry_attribute *classes = entry_find(e, "objectClass");
	struct directory_gpo found = { .domain = domain,
				       .template = { .written = TIME_NOT_GIVEN } };

	found.dn = take_dn(e, pool);
	if (!found.dn || (classes && !is_container(classes)))
		return false;
	found.id = take_cn(e, pool);
	found.changed = take_changed(e, pool);
	found.flags_known = take_flags(e, "flags", &found.flags);
	found.version_known = take_flags(e, "versionNumber", &found.version);
	found.functionality_known = take_flags(e, "gPCFunctionalityVersion",
					       &found.functionality);
	found.readable = found.flags_known || found.version_known ||
			 found.functionality_known;
	if (!found.readable)
		found.error = "the account may not read this object";
	read_dacl(e, &found, pool);
	if (!read_texts(e, &found, pool) || e->cut) {
		found.readable = false;
		found.error = "an attribute is not text, or longer than any";
	}
	*g = found;
	return found.id;
}

/* ---- WMI filters ---- */

bool wmi_filter_from_entry(const struct entry *e, const char *domain, struct pool *pool,
			   struct directory_wmi_filter *f)
{
	struct directory_wmi_filter found = { .domain = domain };

	found.id = entry_text(e, "msWMI-ID", pool);
	if (!found.id)
		found.id = take_cn(e, pool);
	found.name = entry_text(e, "msWMI-Name", pool);
	if (!found.id ||
	    !take_text(e, "msWMI-Parm2", LIMIT_WMI_BYTES, pool, &found.query))
		return false;
	*f = found;
	return true;
}
