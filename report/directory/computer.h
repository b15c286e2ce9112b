/* SPDX-License-Identifier: Apache-2.0 */
/*
 * computer.h - which computer accounts are machines to ask, and why the others are not.
 *
 * Pure functions over one record.  A computer can have several reasons to be left out; it
 * counts under the first one, in the order of the list, that was not included.
 */
#ifndef REPORT_DIRECTORY_COMPUTER_H
#define REPORT_DIRECTORY_COMPUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/directory.h"
#include "report/facts/facts.h"

/* X(constant, word, sentence, may be included) */
#define COMPUTER_REASONS(X)                                                            \
	X(COMPUTER_DISABLED, "disabled", "the account is disabled", true)              \
	X(COMPUTER_PRESTAGED, "prestaged",                                             \
	  "the account was made in advance and no machine has used it", true)          \
	X(COMPUTER_STALE, "stale",                                                     \
	  "neither a logon nor a new password for longer than --stale-days", true)     \
	X(COMPUTER_CLUSTER, "cluster",                                                 \
	  "a cluster's virtual name: its nodes have accounts of their own", true)      \
	X(COMPUTER_ENTRA, "entra", "an account of Microsoft Entra, no machine", false) \
	X(COMPUTER_SERVICE_ACCOUNT, "service_account",                                 \
	  "a managed service account, no machine", false)                              \
	X(COMPUTER_NOT_WINDOWS, "not_windows", "the operating system is not Windows",  \
	  true)                                                                        \
	X(COMPUTER_NO_NAME, "no_name", "the account has no usable host name", false)   \
	X(COMPUTER_DUPLICATE, "duplicate", "another account has the same host name",   \
	  false)

#define X(constant, word, sentence, may) constant,
enum computer_reason { COMPUTER_REASONS(X) COMPUTER_REASON_COUNT };
#undef X

/* A set of reasons: bit N is reason N. */
typedef uint32_t computer_reasons;
#define COMPUTER_REASON_BIT(reason) ((computer_reasons)1 << (reason))

/* The largest --stale-days. */
enum { STALE_DAYS_MAX = 36500 };

struct computer_rules {
	unsigned stale_days;       /* 0: nothing is stale */
	int64_t now;               /* seconds since 1970: when the directory was read */
	computer_reasons included; /* these do not leave a computer out */
};

/* Bytes of a host name as computer_host_name() writes it, with its NUL. */
enum { COMPUTER_NAME_MAX = 256 };

/* Everything but COMPUTER_DUPLICATE, which one record cannot show. */
computer_reasons computer_reasons_of(const struct directory_computer *c,
				     const struct computer_rules *rules);
/* False: in scope.  True: left out, for `*reason`. */
bool computer_left_out(computer_reasons reasons, const struct computer_rules *rules,
		       enum computer_reason *reason);

/* The name to connect to: dNSHostName, else the account's name and the domain
 * (`*guessed`).  False: there is none, or it is no host name (RFC 1123 with `_`). */
bool computer_host_name(const struct directory_computer *c, char name[COMPUTER_NAME_MAX],
			bool *guessed);
/* The role that the account suggests; false: it suggests none. */
bool computer_role_hint(const struct directory_computer *c, enum role *role);
bool computer_is_controller(const struct directory_computer *c);
/* "10.0 (20348)" as "10.0.20348"; false: it has no such form. */
bool computer_build(const struct directory_computer *c, char *version, size_t size);

const char *computer_reason_word(enum computer_reason r);
/* --include: "disabled,stale", "all"; `-` and `_` are alike.  False with `why`. */
bool computer_reasons_parse(const char *text, computer_reasons *included, char *why,
			    size_t why_size);

#endif
