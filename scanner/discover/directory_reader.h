/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_reader.h - one domain read from one domain controller: what the domain is,
 * and all its computer accounts.
 *
 * On the worker thread, from beginning to end; what is found is handed on through events
 * called on that thread, computers a page at a time.
 */
#ifndef SCANNER_DISCOVER_DIRECTORY_READER_H
#define SCANNER_DISCOVER_DIRECTORY_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory.h"
#include "report/directory/sites.h"
#include "report/text/pool.h"
#include "scanner/discover/directory_names.h"
#include "scanner/discover/ldap_link.h"
#include "scanner/discover/policy_set.h"

/* One page of computers; strings live in `pool`.  Whoever gets it frees it. */
struct computer_batch {
	struct computer_batch *next;
	struct pool pool;
	struct directory_computer *at;
	size_t count, room;
	size_t unreadable; /* entries without a usable DN */
};

void computer_batch_free(struct computer_batch *batch);

struct directory_events {
	/* The login was accepted. */
	void (*accepted)(enum auth_mechanism mechanism, void *arg);
	/* What the domain is; borrowed for the call. */
	void (*domain)(const struct directory_domain *d, void *arg);
	/* The forest's sites, once they were read. */
	void (*sites)(const struct directory_sites *s, void *arg);
	/* Another domain of the forest, by its DNS name. */
	void (*sibling)(const char *dns_name, void *arg);
	/* Owned by the receiver. */
	void (*computers)(struct computer_batch *batch, void *arg);
	void *arg;
};

struct directory_request {
	struct ldap_link_options link;
	const char *domain; /* DNS name that must be served; NULL: whatever is */
	const char *const *bases;
	size_t base_count;  /* 0: the whole domain */
	const char *filter; /* further LDAP filter, or NULL */
	bool siblings;      /* tell the forest's other domains */
	/* The forest's sites, by which computers are placed; read where it is empty.
	 * Borrowed until what came with them was used. */
	struct directory_sites *sites;
	struct directory_names *names; /* keeps the connection; NULL: it is closed */
	bool facts_only;               /* what the domain is, no computers */
	/* Group Policy, as far as LDAP says it, after the computers; NULL: not read.
	 * Links of sites are the forest's: `site_links` for one domain of it. */
	struct policy_set *policies;
	bool site_links;
	struct directory_events events;
};

/* True: read to its end.  False with `fault`; computers that came before stay true.
 * `*login` as ldap_link_open() leaves it. */
bool directory_read(const struct directory_request *r, enum ldap_login *login,
		    struct fault *fault);

#endif
