/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scanner/kdc/kdc.h - asks KDCs over TCP, or over UDP where TCP is closed.
 *
 * A request that proves no password goes to one KDC after the other until one answers.
 * One that does goes to a single KDC, once: after its first byte was sent no second KDC,
 * no second connection and no second datagram gets it.
 *
 * Which KDCs: those of krb5.conf; where it names none, the SRV records _kerberos._tcp and
 * _kerberos._udp of the realm.  They are looked up once a realm, and whoever answered is
 * asked first the next time.
 */
#ifndef SCANNER_KDC_KDC_H
#define SCANNER_KDC_KDC_H

#include "rpc/auth/kdc.h"

struct kdc_options {
	const char *const *dns_servers; /* as for resolve_begin(); borrowed */
	unsigned proof_ms;              /* how long a verdict is waited for */
};

/* The link of a whole sweep; all threads may ask.  NULL: out of memory. */
struct kdc_link *kdc_link_new(const struct kdc_options *options);
void kdc_link_free(struct kdc_link *link);

#endif
