/* SPDX-License-Identifier: Apache-2.0 */
/*
 * discover.h - Active Directory read: domain controllers found, one after another tried,
 * every domain asked for, each computer sorted.
 *
 * Blocks until it is done, on the caller's thread.  The credential passes a guard: a
 * refused login ends it, and never goes to a second domain controller.
 */
#ifndef SCANNER_DISCOVER_DISCOVER_H
#define SCANNER_DISCOVER_DISCOVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory_json.h"
#include "rpc/auth/auth.h"
#include "scanner/discover/directory_names.h"
#include "scanner/discover/ldap_link.h"
#include "scanner/discover/policy_set.h"
#include "scanner/settings/settings.h"

struct guard_seat;

/* Whoever keeps the credential's guard: asked before each login and told how it ended.
 * `fault` is NULL where it was accepted.  Without `ask` discover() has one of its own. */
struct discover_guard {
	bool (*ask)(void *arg);
	void (*tell)(enum ldap_login login, const struct fault *fault, void *arg);
	void *arg;
};

struct discover_events {
	/* Once a domain, after its computers. */
	void (*domain)(const struct directory_domain *d,
		       const struct directory_counts *counts, void *arg);
	/* Further lines of the record (directory_json.h) with newlines between them: a
	 * forest's sites, before its computers.  Owned by the receiver; NULL: memory was
	 * out for them. */
	void (*lines)(char *lines, void *arg);
	/* Each account once; `reason` counts where it is not in scope. */
	void (*computer)(const struct directory_computer *c, bool in_scope,
			 enum computer_reason reason, void *arg);
	/* What a domain is, before its computers; borrowed for the call.  May be NULL. */
	void (*opened)(const struct directory_domain *d, void *arg);
	/* After each page of computers; may be NULL. */
	void (*page)(void *arg);
	void *arg;
};

struct discover_options {
	const char *domain; /* DNS name; NULL: the domain of the first `dcs` */
	const char *const *controllers; /* NULL-terminated; none: from DNS (SRV) */
	const char *const *bases;       /* NULL-terminated */
	const char *filter;
	bool forest;
	bool tls;
	const char *ca_file;
	struct computer_rules rules;
	const struct settings *settings; /* time limits and name servers */
	const struct auth_provider *provider;
	struct discover_events events;
	/* Group Policy: its events come after a domain's computers and before the domain;
	 * NULL: it is not read. */
	const struct policy_events *policies;
	struct discover_guard guard;
	const atomic_bool *abandon; /* true ends it soon; may be NULL */
	/* Takes the connections of the domains that were read; NULL: they are closed. */
	struct directory_names *names;
	bool names_wanted; /* of a feed: it names the SIDs that hosts hold */
};

enum discover_end {
	DISCOVER_DONE,
	DISCOVER_INCOMPLETE, /* some domain could not be read to its end */
	DISCOVER_GUARDED,    /* the credential was refused */
	DISCOVER_FAILED,     /* nothing could be read */
};

/* `why` says what went wrong, unless done. */
enum discover_end discover(const struct discover_options *options, char *why,
			   size_t why_size);
/* How a login ended, as the guard must know it: on the guard's thread. */
void discover_tell_guard(struct guard_seat *seat, enum ldap_login login,
			 const struct fault *fault);

/* On stderr where nothing proved that who answered is a domain controller. */
void discover_say_proof(const struct directory_domain *domain);

#endif
