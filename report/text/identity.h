/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.h - a name as an id: different names give different ids, whatever is in them.
 *
 * Escaping for people is not injective: two names of invisible characters, or of bytes
 * that are no UTF-8, may look the same.  Where a reader keys on a name (test cases,
 * events, label sets) it gets this.
 */
#ifndef REPORT_TEXT_IDENTITY_H
#define REPORT_TEXT_IDENTITY_H

/* `text` with each "%", each byte of `separators`, of unsafe characters (escape.h) and of
 * what is no UTF-8 as %XX; free() it.  NULL: out of memory. */
char *identity_of(const char *text, const char *separators);
/* A host and its port as one word, which no other host and port have: "srv1",
 * "srv1:4445", "fe80::1", "[fe80::1]:4445".  Encoded as above; free() it.  NULL: out of
 * memory. */
char *identity_of_host(const char *host, unsigned port);

#endif
