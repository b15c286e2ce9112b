/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ber.h - the BER that LDAP uses (RFC 4511 5.1), read and written with definite lengths.
 *
 * Reading is sticky as the cursors of wire.h are.  Constructed elements are written as
 * Active Directory writes them, with four bytes of length.
 */
#ifndef LAB_BER_H
#define LAB_BER_H

#include <stdint.h>

#include "rpc/wire/wire.h"

enum {
	BER_BOOLEAN = 0x01,
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_ENUM = 0x0a,
	BER_SEQUENCE = 0x30,
	BER_SET = 0x31,
};

/* The next element: its tag, and a cursor on its value. */
struct wire_in ber_next(struct wire_in *w, uint8_t *tag);
/* The value of the next element, which must have this tag. */
struct wire_in ber_enter(struct wire_in *w, uint8_t tag);
struct bytes ber_octets(struct wire_in *w, uint8_t tag);
int64_t ber_integer(struct wire_in *w, uint8_t tag);
/* How many bytes the first element of `at` takes; 0: it cannot be said yet, -1: it is no
 * BER or longer than `max`. */
int64_t ber_whole(struct bytes at, size_t max);

/* Begins a constructed element; what comes up to ber_close() is its value. */
size_t ber_open(struct wire_out *w, uint8_t tag);
void ber_close(struct wire_out *w, size_t hole);
void ber_put_integer(struct wire_out *w, uint8_t tag, int64_t value);
void ber_put_octets(struct wire_out *w, uint8_t tag, struct bytes value);
void ber_put_text(struct wire_out *w, uint8_t tag, const char *text);

#endif
