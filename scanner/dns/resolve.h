/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h - names to addresses, services to hosts, without threads: c-ares on the loop.
 *
 * /etc/hosts first, then DNS as /etc/resolv.conf has it (or the servers given): A and
 * AAAA, search domains, several addresses, ordered as RFC 6724 wants.  It is not
 * nsswitch: names that only mDNS, NIS or winbind know are not found.
 *
 * Each look-up waits for its own answers alone; a server that says nothing delays
 * nobody else, and one that is silent about AAAA delays a host by a fraction of a second.
 * Loop's thread only.
 */
#ifndef SCANNER_DNS_RESOLVE_H
#define SCANNER_DNS_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct resolver;
struct lookup;

enum { HOST_ADDRESSES_MAX = 8 };

union host_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Where a name lives; kept by the caller when a host is put off, so that it need not be
 * resolved twice. */
struct host_addresses {
	union host_address at[HOST_ADDRESSES_MAX];
	unsigned count;
};

enum resolve_outcome {
	RESOLVED,          /* at least one address */
	RESOLVE_NO_NAME,   /* the servers say that there is no such name or address */
	RESOLVE_NO_ANSWER, /* no server answered in time */
	RESOLVE_FAILED,    /* the servers failed or answered nonsense */
	RESOLVE_STARVED,   /* this machine could not listen to them */
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

/* The hosts that the SRV records of a service name (RFC 2782): those of the lowest
 * priority first, of one priority the heaviest first, then by name; no final dot. */
enum { SERVICE_HOSTS_MAX = 1000 };

struct service_hosts {
	const char *const *names;
	const uint16_t *ports;
	size_t count;    /* at most SERVICE_HOSTS_MAX */
	size_t left_out; /* further ones, and what is no name of a host */
};

/* `hosts` is borrowed for the call, and empty but for RESOLVED. */
typedef void (*service_fn)(enum resolve_outcome outcome,
			   const struct service_hosts *hosts, const char *why, void *arg);

/* Ask for the SRV records of `name`, such as _ldap._tcp.dc._msdcs.corp.example; all else
 * as for resolve_name().  A service that is said not to be offered (a target of ".") is
 * RESOLVE_NO_NAME. */
struct lookup *resolve_service(struct resolver *r, const char *name, service_fn done,
			       void *arg);

/* Stop waiting: `done` comes soon, with RESOLVE_CANCELLED unless its result was already
 * on the way. */
void resolve_cancel(struct lookup *l);
/* Close everything; what still waits is cancelled and told.  Run the loop until it is
 * idle before closing it; the resolver frees itself then. */
void resolve_end(struct resolver *r);

#endif
