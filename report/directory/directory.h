/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory.h - what Active Directory said, as plain structs: domains and computers.
 *
 * Facts, not opinions: a record keeps what the attributes hold; what follows from them
 * (which computers are left out of a sweep and why) is computer.h.
 *
 * All strings are UTF-8 as the directory gave them, hostile until a renderer has escaped
 * them, and borrowed: whoever fills a record says how long they live.  NULL: the
 * attribute did not come, which is not the same as empty, zero or never: an ordinary
 * account cannot read everything everywhere.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_H
#define REPORT_DIRECTORY_DIRECTORY_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds since 1970 UTC. */
enum { TIME_NOT_GIVEN = -1, TIME_NEVER = 0 };

/* What has proved that who answered is a domain controller: a ticket for the service that
 * only they have, or a certificate.  By NTLM any member of the domain could answer. */
#define DIRECTORY_PROOF_KERBEROS "kerberos"
#define DIRECTORY_PROOF_TLS      "tls"
#define DIRECTORY_PROOF_NONE     "none"

/* One domain of a forest. */
struct directory_domain {
	const char *dns_name;     /* "corp.example", never NULL */
	const char *netbios_name; /* "CORP" */
	const char *dn;           /* "DC=corp,DC=example" */
	const char *sid;          /* "S-1-5-21-..." */
	const char *forest;       /* DNS name of the forest's root domain */
	const char *controller;   /* the domain controller that answered */
	const char *proof;        /* of a controller, one of the words below */
	const char *read_at;      /* RFC 3339 UTC */
	const char *error;        /* why it could not be read, or not to its end */
};

/* One computer account ([MS-ADTS] 2.2.16 for the bits). */
struct directory_computer {
	const char *domain;   /* DNS name of the domain that holds it, never NULL */
	const char *dn;       /* never NULL */
	const char *account;  /* sAMAccountName, "SRV1$" */
	const char *dns_name; /* dNSHostName */
	const char *sid;
	const char *os;            /* "Windows Server 2022 Standard" */
	const char *os_version;    /* "10.0 (20348)" */
	const char *site;          /* name; NULL: not known without an address */
	const char *site_evidence; /* SITE_BY_... (sites.h); NULL with `site` */
	bool account_control_known;
	uint32_t account_control; /* userAccountControl */
	uint32_t primary_group;   /* RID; 0: did not come */
	int64_t last_logon;       /* lastLogonTimestamp: up to 14 days behind */
	int64_t password_set;     /* pwdLastSet */
	int64_t created;          /* whenCreated */
	bool cluster_name;        /* an SPN says MSClusterVirtualServer/ */
	bool service_account;     /* of a category of its own: gMSA, sMSA, dMSA */
};

enum {
	ACCOUNT_DISABLED = 0x2,
	ACCOUNT_SERVER_TRUST = 0x2000,
	ACCOUNT_PARTIAL_SECRETS = 0x4000000, /* read-only domain controller */
	GROUP_DOMAIN_CONTROLLERS = 516,
	GROUP_READ_ONLY_CONTROLLERS = 521,
};

#endif
