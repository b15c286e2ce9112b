/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard_play.h - hosts at the guard, and what they may do there.  For the tests of the
 * guard; include it after cmocka.h.
 */
#ifndef SCANNER_GUARD_PLAY_H
#define SCANNER_GUARD_PLAY_H

#include "scanner/console/log.h"
#include "scanner/login/guard.h"

/* A seat that remembers what it was told. */
struct guest {
	struct guard_seat seat;
	int told; /* times */
	enum guard_answer answer;
};

static inline void note(struct guard_seat *seat, enum guard_answer answer)
{
	struct guest *guest = (struct guest *)seat;

	guest->told++;
	guest->answer = answer;
}

static const struct fault wrong_password = {
	.step = "authenticate",
	.kind = FAULT_LOGON_REFUSED,
	.space = CODE_NTSTATUS,
	.code = 0xC000006D,
	.what = "the logon was refused",
};

static inline enum guard_answer ask(struct guard *g, struct guest *guest)
{
	guest->seat.told = note;
	return guard_ask(g, &guest->seat);
}

/* One login that the host refuses with `code`. */
static inline void refuse(struct guard *g, uint32_t code)
{
	struct fault fault = wrong_password;
	struct guest a = { 0 };

	fault.code = code;
	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_refused(&a.seat, &fault);
	guard_leave(&a.seat);
}

/* One login that ends in silence. */
static inline void say_nothing(struct guard *g)
{
	struct guest a = { 0 };

	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_leave(&a.seat);
}

static inline void accept(struct guard *g)
{
	struct guest a = { 0 };

	assert_int_equal(ask(g, &a), GUARD_GO);
	guard_proof_sent(&a.seat);
	guard_accepted(&a.seat);
	guard_leave(&a.seat);
}

/* Places left to check at, and how often one was asked for. */
struct places {
	int left, asked;
};

static inline bool check(void *arg)
{
	struct places *places = arg;

	places->asked++;
	return places->left-- > 0;
}

static inline struct guard *proven_guard(unsigned limit, struct places *places)
{
	struct guard *g = guard_new("", limit);

	guard_set_check(g, check, places);
	accept(g);
	return g;
}

/* A login is under way, and its proof was sent. */
static inline void begin(struct guard *g, struct guest *guest)
{
	assert_int_equal(ask(g, guest), GUARD_GO);
	guard_proof_sent(&guest->seat);
}

#endif
