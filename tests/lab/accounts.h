/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accounts.h - the domain's users: passwords, states, and what was tried with them.
 *
 * Every host of the domain asks this one table, so attempts are counted as a domain
 * controller would count them, however many hosts they reach.
 */
#ifndef LAB_ACCOUNTS_H
#define LAB_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc/wire/wire.h"

#define LAB_STATES(X)                                                      \
	X(ACCOUNT_ENABLED, "enabled", 0)                                   \
	X(ACCOUNT_DISABLED, "disabled", STATUS_ACCOUNT_DISABLED)           \
	X(ACCOUNT_EXPIRED, "expired", STATUS_PASSWORD_EXPIRED)             \
	X(ACCOUNT_MUST_CHANGE, "must_change", STATUS_PASSWORD_MUST_CHANGE) \
	X(ACCOUNT_LOCKED, "locked", STATUS_ACCOUNT_LOCKED_OUT)             \
	X(ACCOUNT_NOT_GRANTED, "not_granted", STATUS_LOGON_TYPE_NOT_GRANTED)

struct account {
	char *name;
	uint8_t nt_hash[16];
	bool admin;        /* in Administrators of every host */
	const char *state; /* one of the words above */
	uint32_t refuses;  /* the status a right password gets, 0: may log on */
	unsigned lasts;    /* logons until its password is another; 0: it stays */
	unsigned attempts, failures, successes;
	unsigned bad_passwords; /* since the last success */
	/* NTOWFv2 for the domain last given, as most clients give the same each time. */
	uint8_t ntowf[16];
	uint8_t domain[64];
	size_t domain_len;
	bool ntowf_known;
};

/* False: no such state, or a name or password longer than 64 characters. */
bool account_add(const char *name, const char *password, bool admin, const char *state);
/* An account is locked after so many wrong passwords in a row; 0: never. */
void accounts_lock_after(unsigned failures);
/* After so many logons the password of the account is another.  False: no such account.
 */
bool account_change_after(const char *name, unsigned logons);
/* `name` as it stands in an AUTHENTICATE message, UTF-16LE; compared without case.
 * Counts an attempt on it, known or not.  NULL: unknown. */
struct account *account_attempt(struct bytes name);
/* NTOWFv2 of the account for the domain the client gave. */
const uint8_t *account_key(struct account *a, struct bytes domain);
/* Judge an attempt whose proof was right or wrong; the status to answer. */
uint32_t account_judge(struct account *a, bool right_password);
/* For the statistics. */
size_t account_count(void);
const struct account *account_at(size_t i);
unsigned accounts_unknown(void);
void accounts_drop(void);

#endif
