/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h - how a sweep asks: one struct, filled by the options, read by everybody.
 *
 * The command line fills it once (scanner/cli/options.c); from then on it is passed by
 * const pointer down to each host, and no module keeps a copy of a field.  What belongs
 * to one run (credentials, targets, sockets, the sweep's id) is not here.  The room lies
 * below cli, sweep and host, because all three read it, and includes nothing of them.
 *
 * Durations are milliseconds; 0: no limit.
 */
#ifndef SCANNER_SETTINGS_SETTINGS_H
#define SCANNER_SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SETTINGS_IN_FLIGHT_MAX = 65536 };

struct settings {
	/* what is asked: names of the catalogue (report/facts/rights.h), in this order */
	const char *const *rights;
	size_t right_count;

	/* how a connection is protected */
	bool require_encryption;           /* refuse hosts without it */
	uint16_t dialect_min, dialect_max; /* [MS-SMB2] 2.2.3; 0: no bound */
	bool session_probe;                /* see rpc/session/session.h */
	bool insist; /* log on to hosts outside of the credential's domain, too */

	/* how fast, how long */
	uint32_t in_flight;          /* hosts; 1 to SETTINGS_IN_FLIGHT_MAX */
	uint32_t rate;               /* new connections a second; 0: no limit */
	uint32_t per_subnet;         /* hosts in flight in one /24 or /64; 0: no limit */
	uint32_t retries;            /* further attempts a host */
	uint32_t max_logon_failures; /* refused logins that stop a credential, from 1 */
	uint64_t connect_ms;         /* one TCP connection */
	uint64_t login_ms;           /* the answer to the proof of a password */
	uint64_t request_ms;         /* one request on an open connection */
	uint64_t host_ms;            /* one host, total */
	uint64_t runtime_ms;         /* the sweep */

	/* whom to ask for addresses: "ADDRESS[:PORT]", NULL behind the last; NULL: the
	 * name servers of the system */
	const char *const *dns_servers;

	/* what is printed meanwhile */
	bool quiet, verbose;
	uint64_t stats_ms; /* between progress lines, off a terminal */
};

#endif
