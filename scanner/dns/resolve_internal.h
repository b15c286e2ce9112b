/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve_internal.h - what the files of the resolver share.
 *
 *     resolve.c          the channel on the loop; names to addresses
 *     resolve_service.c  services to hosts
 *     resolve_watch.c    c-ares's sockets on the loop
 *     cares_srv.c        SRV records in every version of c-ares
 */
#ifndef SCANNER_DNS_RESOLVE_INTERNAL_H
#define SCANNER_DNS_RESOLVE_INTERNAL_H

#include <ares.h>
#include <sys/queue.h>

#include "scanner/dns/cares_srv.h"
#include "scanner/dns/resolve.h"

/* What c-ares points at. */
struct dns_query {
	struct resolver *resolver;
	struct lookup *lookup; /* NULL: cancelled */
};

/* The first member of each kind of look-up, which is one allocation. */
struct lookup {
	struct resolver *resolver;
	struct dns_query *question;    /* NULL: finished */
	struct dns_query *second;      /* for A alone; NULL: not asked, or answered */
	uint64_t asked;                /* loop's time, ms */
	bool late;                     /* in `late`, not in `asking` */
	void (*tell)(struct lookup *); /* calls `done` and frees the look-up */
	enum resolve_outcome outcome;
	const char *why;
	TAILQ_ENTRY(lookup) others; /* in one of the resolver's lists */
};

TAILQ_HEAD(lookups, lookup);

struct resolver {
	uv_loop_t *loop;
	ares_channel channel;
	LIST_HEAD(, watch) watches;
	struct lookups asking, late, finished;
	size_t questions; /* held by c-ares, also those left behind */
	uv_timer_t tick, teller;
	unsigned handles; /* still to be closed */
	bool telling, ending;
	bool deaf; /* a socket of c-ares's goes unwatched for want of memory */
};

/* c-ares says what it waits for at `socket`, whose watch is made, changed or dropped;
 * `arg` is the resolver. */
void watch_socket(void *arg, ares_socket_t socket, int readable, int writable);
/* One of `handles` is closed; the last frees the resolver. */
void resolver_closed_one(struct resolver *r);

/* A look-up of `size` bytes, not begun.  NULL: out of memory or ended. */
void *lookup_new(struct resolver *r, size_t size, void (*tell)(struct lookup *));
/* `l` is asking from now on; the question is for c-ares and must come back by
 * lookup_answered().  NULL: out of memory, and `l` is as it was. */
struct dns_query *lookup_ask(struct lookup *l);
/* The look-up that waits for this answer, NULL when it was cancelled or needs it no more.
 */
struct lookup *lookup_answered(struct dns_query *q);
/* `done` will be told; `why` is static. */
void lookup_finish(struct lookup *l, enum resolve_outcome outcome, const char *why);
/* The same after a failure of c-ares; `no_data` says what an existing name lacks. */
void lookup_finish_by_status(struct lookup *l, int status, const char *no_data);

/* The hosts of an answer; all zero: none. */
struct service_answer {
	struct srv_records records; /* own the names */
	const char **names;
	uint16_t *ports;
	struct service_hosts hosts;
};

/* An ARES_ status: `hosts` is filled after ARES_SUCCESS, also when none is left.  Free it
 * in any case. */
int service_answer_parse(const unsigned char *bytes, int len,
			 struct service_answer *answer);
void service_answer_free(struct service_answer *answer);

#endif
