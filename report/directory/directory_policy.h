/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_policy.h - what Active Directory and SYSVOL said about Group Policy, as plain
 * structs: scopes with their links, Group Policy Objects with what they declare and who
 * may apply them, WMI filters, and the groups that security filters name.
 *
 * Facts, not opinions: links, filters and extensions are kept as the attributes hold
 * them; what follows from them is gplink.h, wmi_filter.h and policy.h.  [MS-GPOL] 2.2.2
 * to 2.2.5 for the attributes, [MS-GPSB] 2.2 for the template.
 *
 * Strings as in directory.h: UTF-8, borrowed, hostile; NULL: the attribute did not come.
 * How much one record may hold is in directory_limits.h.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_POLICY_H
#define REPORT_DIRECTORY_DIRECTORY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a scope of management is.  X(constant, word) */
#define DIRECTORY_SCOPES(X)       \
	X(SCOPE_DOMAIN, "domain") \
	X(SCOPE_OU, "ou")         \
	X(SCOPE_SITE, "site")

/* What an access control entry is.  A plain one (types 0 and 1) and an object one (types
 * 5 and 6) can differ in what clients make of them; of a conditional one (types 9 to 12)
 * nobody but Windows knows whether it counts. */
#define DIRECTORY_ACE_FORMS(X)  \
	X(ACE_PLAIN, "plain")   \
	X(ACE_OBJECT, "object") \
	X(ACE_CONDITIONAL, "conditional")

/* The DACL of a GPO: not read, none at all (everybody may), or there (perhaps empty). */
#define DIRECTORY_DACLS(X)           \
	X(DACL_NOT_READ, "not_read") \
	X(DACL_ABSENT, "absent")     \
	X(DACL_PRESENT, "present")

/* What became of reading a GPO's GptTmpl.inf. */
#define DIRECTORY_TEMPLATES(X)             \
	X(TEMPLATE_NOT_READ, "not_read")   \
	X(TEMPLATE_READ, "read")           \
	X(TEMPLATE_NO_FILE, "no_file")     \
	X(TEMPLATE_NO_FOLDER, "no_folder") \
	X(TEMPLATE_DENIED, "denied")       \
	X(TEMPLATE_FAILED, "failed")

#define X(constant, word) constant,
enum directory_scope_type { DIRECTORY_SCOPES(X) SCOPE_TYPE_COUNT };
enum directory_ace_form { DIRECTORY_ACE_FORMS(X) ACE_FORM_COUNT };
enum directory_dacl { DIRECTORY_DACLS(X) DACL_COUNT };
enum directory_template_state { DIRECTORY_TEMPLATES(X) TEMPLATE_STATE_COUNT };
#undef X

/* One a domain that its policies were asked of: without it nothing is known about the
 * GPOs of a domain, and a link to one that has no record is no orphan. */
struct directory_policies {
	const char *domain;     /* DNS name, never NULL */
	const char *controller; /* whose SYSVOL was read */
	const char *read_at;    /* RFC 3339 UTC */
	const char *error;      /* why not all of it could be read */
	/* Each was read to its end: scopes with their links, GPOs and WMI filters. */
	bool scopes_complete, gpos_complete, filters_complete;
	/* SYSVOL was read from a server that proved who it is (Kerberos, not NTLM). */
	bool server_authenticated;
};

/* A place where GPOs are linked.  Recorded are all sites, the domain's head and every OU,
 * those without links too: an OU without a record is one that could not be read. */
struct directory_scope {
	const char
		*domain; /* DNS name; of a site, the forest's root domain; never NULL */
	const char *dn;  /* never NULL */
	const char *gp_link; /* gPLink as it is; NULL: none */
	int64_t changed;     /* whenChanged */
	uint32_t gp_options; /* gPOptions */
	enum directory_scope_type type;
	bool gp_options_known;
};

/* An entry of a GPO's DACL that speaks of reading it or of applying it, in stored order.
 * Left out are entries that are only inherited by others (INHERIT_ONLY), and those of
 * neither right. */
struct directory_ace {
	const char *sid; /* never NULL */
	enum directory_ace_form form;
	bool deny;
	bool read; /* RIGHT_DS_READ_PROPERTY 0x10 of the whole object */
	/* RIGHT_DS_CONTROL_ACCESS 0x100, of Apply-Group-Policy or of every right */
	bool apply;
};

/* Whom a template names: as it writes it, and the SID where it is known. */
struct directory_entry {
	const char *text; /* "*S-1-5-32-544", "CORP\\svc-web", never NULL */
	const char *sid;  /* "S-1-5-32-544" */
};

/* A line of [Privilege Rights]: who shall have the right; no entry: nobody. */
struct directory_declared {
	const char *right; /* as the template writes it, never NULL */
	struct directory_entry *entries;
	size_t entry_count;
};

/* A line of [Group Membership] ([MS-GPSB] 2.2.10): `group__Members`, the group's members
 * shall be exactly these; or `group__Memberof`, the group is put into these. */
struct directory_restricted {
	struct directory_entry group;
	struct directory_entry *entries;
	size_t entry_count;
	bool member_of;
};

/* What a GPO's security template declares. */
struct directory_template {
	const char *error; /* of DENIED and FAILED */
	struct directory_declared *rights;
	size_t right_count;
	struct directory_restricted *groups;
	size_t group_count;
	int64_t written;      /* last write time of the file */
	uint32_t gpt_version; /* Version= of gpt.ini: user half << 16 | machine half */
	enum directory_template_state state;
	bool gpt_version_known;
};

struct directory_gpo {
	const char *domain;     /* DNS name of the domain that holds it, never NULL */
	const char *dn;         /* never NULL */
	const char *id;         /* "{31B2F340-016D-11D2-945F-00C04FB984F9}", its cn */
	const char *name;       /* displayName */
	const char *path;       /* gPCFileSysPath */
	const char *extensions; /* gPCMachineExtensionNames */
	const char *wmi_filter; /* gPCWQLFilter */
	const char *error;      /* why the object could not be read */
	struct directory_ace *aces;
	size_t ace_count;
	struct directory_template template;
	int64_t changed; /* whenChanged: when this domain controller got the change */
	uint32_t flags, version, functionality;
	enum directory_dacl dacl;
	/* False: the object is there, but we may not read it. */
	bool readable;
	bool flags_known, version_known, functionality_known;
};

struct directory_wmi_filter {
	const char *domain; /* never NULL */
	const char *id;     /* "{...}", its msWMI-ID or cn, never NULL */
	const char *name;   /* msWMI-Name */
	const char *query;  /* msWMI-Parm2 as it is */
};

/* A group that an entry of a GPO's DACL names, or that is a member of such a group.  A
 * group may have several records: their members add up.  Members by primary group are
 * not among them: computers tell them by themselves. */
struct directory_group {
	const char *sid; /* never NULL */
	const char *dn;
	const char *name;     /* "CORP\\Filter" */
	const char **members; /* SIDs of direct members: computers and groups */
	size_t member_count;
	int64_t changed; /* whenChanged */
	bool complete;   /* with the records before it, all its members are known */
};

const char *directory_scope_word(enum directory_scope_type t);
const char *directory_ace_form_word(enum directory_ace_form f);
const char *directory_dacl_word(enum directory_dacl d);
const char *directory_template_word(enum directory_template_state s);

#endif
