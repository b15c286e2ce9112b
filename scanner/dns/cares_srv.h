/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cares_srv.h - SRV records of c-ares, whichever version of it is there: 1.28 and later
 * have records as objects and call the functions of 1.18 (Debian 12) deprecated.
 */
#ifndef SCANNER_DNS_CARES_SRV_H
#define SCANNER_DNS_CARES_SRV_H

#include <ares.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 2782; `host` has no final dot, and is empty where the service is not offered. */
struct srv_record {
	uint16_t priority, weight, port;
	const char *host;
};

struct srv_records {
	struct srv_record *at;
	size_t count;
	void *message; /* c-ares's own, which holds the names */
};

/* Asks for the SRV records of `name`, search domains included.  `done` is called once
 * with an ARES_ status and the whole message, perhaps from within this call. */
void srv_search(ares_channel channel, const char *name, ares_callback done, void *arg);

/* An ARES_ status; ARES_ENODATA where the message has no SRV record.  The caller frees
 * `records` in any case. */
int srv_records_parse(const unsigned char *bytes, int len, struct srv_records *records);
void srv_records_free(struct srv_records *records);

#endif
