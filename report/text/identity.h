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

#endif
