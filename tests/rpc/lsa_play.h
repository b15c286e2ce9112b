/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lsa_play.h - one way of reading each reply of LSA, so that all can be cut and bent
 * alike.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef RPC_LSA_PLAY_H
#define RPC_LSA_PLAY_H

#include <stdio.h>
#include <string.h>

#include "rpc/calls/lsa.h"
#include "rpc/dce/ndr.h"
#include "rpc/wire/ntstatus.h"
#include "tests/rpc/golden_lsa.h"
#include "tests/hex.h"

enum { ARENA_MAX = 1 << 20 };

static const struct lsa_handle handle = {
	{ 0x00, 0x00, 0x00, 0x00, 0x85, 0xb8, 0x1e, 0xb4, 0x6f, 0xc4,
	  0x50, 0x46, 0xa7, 0x09, 0xa1, 0xda, 0x2e, 0xd2, 0xce, 0xe2 },
};

static inline struct sid sid(const char *text)
{
	struct sid parsed;

	assert_true(sid_parse(text, &parsed));
	return parsed;
}

static inline void assert_sid(const struct sid *found, const char *text)
{
	char formatted[SID_TEXT_MAX];

	sid_format(found, formatted);
	assert_string_equal(formatted, text);
}

static inline void assert_written(struct wire_out *w, const char *text)
{
	struct bytes want = unhex(text);

	assert_false(w->bad);
	assert_int_equal(w->len, want.len);
	assert_memory_equal(w->at, want.at, want.len);
	hex_free(want);
	wire_drop(w);
}

/* --- one way of reading each reply, so that all can be cut and bent alike --- */

struct reply {
	struct arena arena;
	uint32_t status;
	struct lsa_handle handle;
	struct lsa_account_domain account;
	struct lsa_primary_domain primary;
	struct lsa_dns_domain dns;
	struct lsa_sids sids;
	struct lsa_names names;
};

typedef bool (*read_fn)(struct bytes stub, size_t asked, struct reply *r);

static inline bool read_open(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_open_policy2(stub, &r->handle, &r->status);
}

static inline bool read_close(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_close(stub, &r->status);
}

static inline bool read_account(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_account_domain(stub, &r->arena, &r->account, &r->status);
}

static inline bool read_primary(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_primary_domain(stub, &r->arena, &r->primary, &r->status);
}

static inline bool read_dns(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_dns_domain(stub, &r->arena, &r->dns, &r->status);
}

static inline bool read_right(struct bytes stub, size_t asked, struct reply *r)
{
	(void)asked;
	return lsa_get_accounts_with_right(stub, &r->arena, &r->sids, &r->status);
}

static inline bool read_lookup(struct bytes stub, size_t asked, struct reply *r)
{
	return lsa_get_lookup_sids(stub, &r->arena, false, asked, &r->names, &r->status);
}

static inline bool read_lookup2(struct bytes stub, size_t asked, struct reply *r)
{
	return lsa_get_lookup_sids(stub, &r->arena, true, asked, &r->names, &r->status);
}

static inline bool hear(read_fn read, const char *text, size_t asked, struct reply *r)
{
	struct bytes stub = unhex(text);
	bool well_formed;

	*r = (struct reply){ .arena = arena(ARENA_MAX) };
	well_formed = read(stub, asked, r);
	hex_free(stub); /* nothing may point into it */
	return well_formed;
}

static inline bool refused(read_fn read, const char *text, size_t asked)
{
	struct reply r;
	bool well_formed = hear(read, text, asked, &r);

	arena_drop(&r.arena);
	return !well_formed;
}

#endif
