/* SPDX-License-Identifier: Apache-2.0 */
/*
 * principals.h - who a SID is, as far as that can be said without a network.
 *
 * Well-known SIDs, built-in groups, domain-relative RIDs, and the derived SIDs of
 * services (S-1-5-80-...), application pools (S-1-5-82-...) and the like.  A derived SID
 * is a hash of a name, so it is recognised by a table of the names that matter; one that
 * is not in the table is still known by its family.
 */
#ifndef REPORT_FACTS_PRINCIPALS_H
#define REPORT_FACTS_PRINCIPALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

/* What sort of principal a SID names: decides how bad it is as a holder nobody asked
 * for.  X(constant, word, what it is) */
#define PRINCIPAL_CLASSES(X)                                                            \
	X(CLASS_BROAD, "broad", "a principal that nearly everybody is part of")         \
	X(CLASS_SYSTEM, "system", "an identity of Windows itself")                      \
	X(CLASS_ADMIN_GROUP, "admin_group", "an administrative group")                  \
	X(CLASS_BUILTIN_GROUP, "builtin_group", "a built-in group")                     \
	X(CLASS_SERVICE, "service", "the identity of one service")                      \
	X(CLASS_APP_POOL, "app_pool", "the identity of one IIS application pool")       \
	X(CLASS_VIRTUAL, "virtual", "a virtual account that Windows makes when needed") \
	X(CLASS_OBSOLETE, "obsolete",                                                   \
	  "an account of IIS 5 or 6, which newer Windows do "                           \
	  "not use")                                                                    \
	X(CLASS_GROUP, "group", "a named group")                                        \
	X(CLASS_ACCOUNT, "account", "a named account")                                  \
	X(CLASS_ORPHAN, "orphan", "an account that no longer exists")                   \
	X(CLASS_CLOUD, "cloud", "an Entra ID object")                                   \
	X(CLASS_UNIDENTIFIED, "unidentified", "a principal that could not be identified")

/* Products whose traces are recognised among holders.  X(constant, word, title) */
#define PRODUCTS(X)                                                               \
	X(PRODUCT_NONE, "none", "")                                               \
	X(PRODUCT_IIS, "iis", "IIS")                                              \
	X(PRODUCT_SQL_SERVER, "sql_server", "SQL Server")                         \
	X(PRODUCT_EXCHANGE, "exchange", "Exchange")                               \
	X(PRODUCT_ADFS, "adfs", "AD FS")                                          \
	X(PRODUCT_HYPER_V, "hyper_v", "Hyper-V")                                  \
	X(PRODUCT_WSUS, "wsus", "WSUS")                                           \
	X(PRODUCT_ENTRA_CONNECT, "entra_connect", "Entra Connect")                \
	X(PRODUCT_SHAREPOINT, "sharepoint", "SharePoint")                         \
	X(PRODUCT_CONFIG_MANAGER, "config_manager", "Configuration Manager")      \
	X(PRODUCT_OPERATIONS_MANAGER, "operations_manager", "Operations Manager") \
	X(PRODUCT_PROTECTED_PRINT, "protected_print", "Windows Protected Print")  \
	X(PRODUCT_CONTAINERS, "containers", "containers")                         \
	X(PRODUCT_CERTIFICATE_SERVICES, "certificate_services",                   \
	  "AD Certificate Services")                                              \
	X(PRODUCT_REMOTE_DESKTOP, "remote_desktop", "Remote Desktop Services")    \
	X(PRODUCT_APPLICATION_GUARD, "application_guard", "Application Guard")

#define X(name, word, sentence) name,
enum principal_class { PRINCIPAL_CLASSES(X) CLASS_COUNT };
enum product { PRODUCTS(X) PRODUCT_COUNT };
#undef X

const char *principal_class_word(enum principal_class c);
const char *principal_class_sentence(enum principal_class c);
const char *product_word(enum product p);
const char *product_title(enum product p);
bool product_from_word(const char *word, enum product *value);

struct principal {
	const char *name; /* "BUILTIN\\Administrators"; static */
	enum holder_kind kind;
	enum principal_class class;
	enum product product; /* whose it is, PRODUCT_NONE: Windows' own */
};

/* True when `sid` has the same name on every Windows; domain RIDs do not count. */
bool principal_well_known(const char *sid, struct principal *p);
/* The SID of a well-known name: "BUILTIN\\Administrators", "NT SERVICE\\W3SVC",
 * "Everyone"; without regard to case; static.  NULL: not in the table. */
const char *principal_sid_of(const char *name);

/* What can be said of any holder that a host lists.  `p->name` is a name for it where one
 * is known without the host, without a domain for a well-known relative id ("Domain
 * Admins"); else NULL. */
void principal_identify(const struct holder *h, struct principal *p);

/* "S-1-5-21-1-2-3-512" below "S-1-5-21-1-2-3": true, 512. */
bool principal_rid(const char *sid, const char *domain, uint32_t *rid);
/* A SID as text: S-1- and decimal numbers; what journals and baselines may name. */
bool principal_is_sid(const char *text);
/* The SID of a domain or a machine, which issues SIDs: "S-1-5-21-" and three numbers. */
bool principal_is_issuer(const char *sid);
/* A group of the forest's root domain, which may be another than a machine's own. */
bool principal_of_forest(uint32_t rid);

#endif
