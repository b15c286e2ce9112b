/*
 * resolve.h - names to addresses without threads: c-ares on the loop.
 *
 * /etc/hosts first, then DNS as /etc/resolv.conf has it (or the servers given): A and
 * AAAA, search domains, several addresses, ordered as RFC 6724 wants.  It is not
 * nsswitch: names that only mDNS, NIS or winbind know are not found.
 *
 * Each look-up waits for its own answers alone; a server that says nothing delays
 * nobody else.  Loop's thread only.
 */
#ifndef SCANNER_RESOLVE_H
#define SCANNER_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "scanner/host.h"

struct resolver;
struct lookup;

enum resolve_outcome {
	RESOLVED,          /* at least one address */
	RESOLVE_NO_NAME,   /* the servers say that there is no such name or address */
	RESOLVE_NO_ANSWER, /* no server answered in time */
	RESOLVE_FAILED,    /* the servers failed or answered nonsense; memory is out */
	RESOLVE_CANCELLED,
};

/* `why` is static and in words, "" when resolved.  `addresses` are borrowed for the call
 * and carry the port. */
typedef void (*resolve_fn)(enum resolve_outcome outcome,
			   const struct host_addresses *addresses, const char *why,
			   void *arg);

/* `servers` is a NULL-terminated list of "ADDRESS", "ADDRESS:PORT" or "[IPv6]:PORT", or
 * NULL for the system's; `try_ms` is how long one server is waited for at first (each is
 * tried twice, the second time twice as long), 0: 2,000.  NULL with `why` filled. */
struct resolver *resolve_begin(uv_loop_t *loop, const char *const *servers,
			       unsigned try_ms, char *why, size_t why_size);
/* Look `name` up.  `done` runs exactly once, from the loop, never from inside this or
 * any other function here; the handle is valid until then.  A literal address is
 * answered without a question.  NULL: out of memory or ended, `done` will not run. */
struct lookup *resolve_name(struct resolver *r, const char *name, uint16_t port,
			    resolve_fn done, void *arg);
/* Stop waiting: `done` comes soon, with RESOLVE_CANCELLED unless its result was already
 * on the way. */
void resolve_cancel(struct lookup *l);
/* Close everything; what still waits is cancelled and told.  Run the loop until it is
 * idle before closing it; the resolver frees itself then. */
void resolve_end(struct resolver *r);

#endif
