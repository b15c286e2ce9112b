/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h - the simulated domain: its hosts, and who holds what on each.
 *
 * A host is found by the address a client connected to.  Hosts live from the description
 * to the end of the program; 100,000 of them take some ten megabytes.
 */
#ifndef LAB_WORLD_H
#define LAB_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/lab/faults.h"
#include "tests/lab/ldap_faults.h"
#include "tests/lab/principals.h"
#include "tests/lab/stock.h"

enum lab_change { CHANGE_GRANT, CHANGE_REVOKE, CHANGE_NOBODY, CHANGE_UNKNOWN };

/* One planted difference from the stock holders. */
struct change {
	struct change *next;
	enum lab_change what;
	unsigned right;
	struct lab_sid sid; /* of CHANGE_GRANT and CHANGE_REVOKE */
};

enum { CIPHER_ANY = 0xff, SIGNING_ANY = 0xff };
enum { ENCRYPT_NEVER, ENCRYPT_SESSION, ENCRYPT_SHARE };

/* How a host speaks; what a description's settings set. */
struct manner {
	uint8_t fault, step;           /* enum lab_fault, enum lab_step */
	uint8_t ldap_fault, ldap_step; /* of a controller's directory */
	uint8_t file_fault;            /* enum file_fault, of its SYSVOL */
	uint16_t dialect;              /* the highest it speaks */
	uint16_t dialect_min;
	uint8_t signing, cipher; /* ids, or *_ANY: what the client likes best */
	uint8_t encrypt;
	bool signing_required;
	bool alter_refused; /* one interface a pipe */
	bool old_calls;     /* knows neither opnum 46 nor 57 */
	bool german, hostile_banner;
	bool pending;          /* an interim answer before each call's */
	bool workgroup;        /* a client that is no member of the domain */
	uint16_t credits;      /* granted at most a time */
	uint16_t fragment;     /* the largest RPC fragment, 0: the client's */
	uint16_t build;        /* 20348 and so on; 10.0 */
	uint16_t delay_ms;     /* before each answer */
	uint16_t invents;      /* accounts that hold every right; 0: none */
	uint16_t long_names;   /* letters of their names; 0: nobody knows a name */
	uint32_t logon_status; /* to whoever knows the password; 0: success */
};

struct host {
	uint32_t address; /* host byte order */
	uint32_t number;  /* unique; names, SIDs and GUIDs are made from it */
	char *name;       /* NULL: made from role and number */
	char *tags;       /* blank-separated, NULL: none */
	enum lab_role role;
	struct manner manner;
	struct change *changes;
};

enum {
	HOST_NAME_MAX_LEN = 128,
	HOLDERS_MAX = 64,
	INVENTED_MAX = 20480,
	LONG_NAMES_MAX = 10000
};

struct world {
	char netbios[16], dns[64];
	struct lab_sid sid;
	uint32_t next_address, next_black; /* where the next host goes */
	struct host *hosts;
	size_t count, room;
};

extern struct world world;

/* An empty domain CORP, corp.example. */
void world_start(void);
void world_drop(void);
/* A copy of `host` with an address, unless it has one. */
struct host *world_add(const struct host *host);
/* After the last world_add(); later ones are not found. */
void world_index(void);
const struct host *world_by_address(uint32_t address);
/* By "name" or "name.corp.example", without case. */
const struct host *world_by_name(const char *name, size_t len);

void host_plant(struct host *h, enum lab_change what, unsigned right,
		const struct lab_sid *sid);
/* "srv00007"; lower case, no domain. */
void host_name(const struct host *h, char name[static HOST_NAME_MAX_LEN]);
/* "srv00007.corp.example", or the bare name outside a domain. */
void host_dns_name(const struct host *h, char name[static HOST_NAME_MAX_LEN]);
/* "SRV00007" */
void host_netbios_name(const struct host *h, char name[static HOST_NAME_MAX_LEN]);
bool host_in_domain(const struct host *h);
uint16_t host_dsrole(const struct host *h);
/* The machine's own account domain. */
struct lab_sid host_machine_sid(const struct host *h);
/* The i-th of the accounts that `h` invents, and whether a SID is one of them. */
struct lab_sid host_invented(const struct host *h, uint32_t i);
bool host_invented_it(const struct host *h, const struct lab_sid *sid);
/* Who holds a right there; -1 when this Windows does not know it. */
int host_holders(const struct host *h, unsigned right,
		 struct lab_sid sids[static HOLDERS_MAX]);

#endif
