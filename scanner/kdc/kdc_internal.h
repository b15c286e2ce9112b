/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kdc_internal.h - where KDCs are, and how one of them is asked; for this folder.
 */
#ifndef SCANNER_KDC_KDC_INTERNAL_H
#define SCANNER_KDC_KDC_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/auth/kdc.h"
#include "scanner/dns/resolve.h"

enum { KDC_NAMES_MAX = 16, KDC_ROUTES_MAX = 64 };

/* One way to a KDC. */
struct kdc_route {
	union host_address address;
	bool udp;
	unsigned id; /* its place when it was found */
};

/* All ways to a realm's KDCs: those by TCP first. */
struct kdc_routes {
	struct kdc_route at[KDC_ROUTES_MAX];
	size_t count;
	bool known; /* a KDC is named somewhere, even if it has no address */
};

/* Blocks while name servers are asked. */
void kdc_routes_find(const struct kdc_question *q, const char *const *dns_servers,
		     struct kdc_routes *found);

/* "tcp/dc1.corp.example:88" of krb5.conf.  `host` has room for 256 bytes.  False: not
 * something that can be asked (a proxy by HTTPS). */
struct kdc_name {
	char host[256];
	uint16_t port;
	bool tcp, udp;
};
bool kdc_name_parse(const char *text, struct kdc_name *name);

/* Milliseconds of a clock that only goes forward. */
uint64_t kdc_now(void);

/* A TCP connection to the first of `routes` that accepts one, in their order, each with a
 * head start before the next; nothing is sent.  What was refused is marked in `tried`,
 * and so is `*chosen`.  -1: there is none left. */
int kdc_connect(const struct kdc_routes *routes, bool tried[KDC_ROUTES_MAX],
		size_t *chosen);

/* A socket that sends to this route alone.  -1: there is no way to it. */
int kdc_open_udp(const struct kdc_route *route);

enum kdc_talk {
	KDC_TALK_DONE,     /* `reply` is the caller's to free() */
	KDC_TALK_NOT_SENT, /* no byte of the request has left */
	KDC_TALK_SILENT    /* no whole reply within the time */
};

/* One request and its reply on a connection. */
enum kdc_talk kdc_talk(int fd, bool udp, struct bytes request, unsigned wait_ms,
		       struct bytes *reply);

#endif
