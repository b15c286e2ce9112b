/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_faults.h - how a simulated directory can misbehave, and where: two closed lists.
 *
 * A controller has at most one of these faults (`directory=FAULT@STEP` in its line) and
 * the step at which it shows.  Each row says at which steps it can, and what a reader
 * must make of a controller that is the only one: `whole`, `incomplete`, or `refused`
 * where the credential was; where the step is `bind2`, the second word counts.
 */
#ifndef LAB_LDAP_FAULTS_H
#define LAB_LDAP_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* bind1: the answer that is not the last; objects: any search but the ones below */
#define LDAP_STEPS(X)            \
	X(AT_ACCEPT, "accept")   \
	X(AT_BIND1, "bind1")     \
	X(AT_BIND2, "bind2")     \
	X(AT_ROOT, "root")       \
	X(AT_OBJECTS, "objects") \
	X(AT_PAGE1, "page1")     \
	X(AT_ENTRY, "entry")     \
	X(AT_PAGE2, "page2")     \
	X(AT_END, "end")

enum ldap_step {
#define X(step, word) step,
	LDAP_STEPS(X)
#undef X
		LDAP_STEP_COUNT
};

#define LDAP_RANGE(first, last) ((2u << (last)) - (1u << (first)))
#define LDAP_ONE(step)          LDAP_RANGE(step, step)
#define LDAP_ANY                LDAP_RANGE(AT_ACCEPT, AT_END)
#define LDAP_ANSWERS            LDAP_RANGE(AT_BIND1, AT_END)
#define LDAP_SEALED             LDAP_RANGE(AT_ROOT, AT_END)
/* Answers that are one LDAP result. */
#define LDAP_RESULTS \
	(LDAP_RANGE(AT_BIND2, AT_PAGE1) | LDAP_ONE(AT_PAGE2) | LDAP_ONE(AT_END))
#define LDAP_PAGES (LDAP_ONE(AT_PAGE1) | LDAP_ONE(AT_PAGE2))

/* name, word, steps, outcome, outcome at bind2, what the controller does */
#define LDAP_FAULTS(X)                                                                 \
	X(LDAP_SILENCE, "silence", LDAP_ANY, "incomplete", "incomplete",               \
	  "says nothing more")                                                         \
	X(LDAP_RESET, "reset", LDAP_ANY, "incomplete", "incomplete", "sends RST")      \
	X(LDAP_FIN, "fin", LDAP_ANY, "incomplete", "incomplete", "sends FIN")          \
	X(LDAP_TRICKLE, "trickle", LDAP_ANSWERS, "whole", "whole",                     \
	  "answers in writes of one byte")                                             \
	X(LDAP_DRIP, "drip", LDAP_ANSWERS, "incomplete", "incomplete",                 \
	  "answers a byte, and ten a second from then on")                             \
	X(LDAP_CUT, "cut", LDAP_ANSWERS, "incomplete", "incomplete",                   \
	  "sends half an answer, then FIN")                                            \
	X(LDAP_NOISE, "noise", LDAP_ANY, "incomplete", "incomplete",                   \
	  "answers random bytes")                                                      \
	X(LDAP_GARBAGE, "garbage", LDAP_SEALED, "incomplete", "incomplete",            \
	  "answers random bytes, sealed")                                              \
	X(LDAP_OVERSIZE, "oversize", LDAP_ANSWERS, "incomplete", "incomplete",         \
	  "announces a message of 16 MiB")                                             \
	X(LDAP_WRONG_ID, "wrong_id", LDAP_ANSWERS, "incomplete", "incomplete",         \
	  "answers another request")                                                   \
	X(LDAP_BAD_SEAL, "bad_seal", LDAP_SEALED, "incomplete", "incomplete",          \
	  "one bit of what it sealed is another")                                      \
	X(LDAP_REPLAYED, "replayed", LDAP_SEALED, "incomplete", "incomplete",          \
	  "sends a sealed buffer twice")                                               \
	X(LDAP_UNSEALED, "unsealed", LDAP_SEALED, "incomplete", "incomplete",          \
	  "answers in clear")                                                          \
	X(LDAP_NO_SEAL, "no_seal", LDAP_ONE(AT_BIND1), "incomplete", "",               \
	  "does not offer encryption")                                                 \
	X(LDAP_EARLY_SUCCESS, "early_success", LDAP_ONE(AT_BIND1), "incomplete", "",   \
	  "accepts before anything was proved")                                        \
	X(LDAP_ENDLESS_BIND, "endless_bind", LDAP_ONE(AT_BIND2), "incomplete",         \
	  "incomplete", "asks for one more token, for ever")                           \
	X(LDAP_NO_TOKEN, "no_token", LDAP_ONE(AT_BIND1), "incomplete", "",             \
	  "asks for a token and gives none")                                           \
	X(LDAP_STRONG_AUTH, "strong_auth", LDAP_RESULTS, "incomplete", "incomplete",   \
	  "result 8: strongAuthRequired")                                              \
	X(LDAP_REFERRED, "referral", LDAP_RESULTS, "incomplete", "incomplete",         \
	  "result 10: refers to another server")                                       \
	X(LDAP_BUSY_SERVER, "busy", LDAP_RESULTS, "incomplete", "incomplete",          \
	  "result 51: busy, always")                                                   \
	X(LDAP_BUSY_ONCE, "busy_once", LDAP_PAGES, "whole", "",                        \
	  "result 51: busy, and then no more")                                         \
	X(LDAP_UNWILLING, "unwilling", LDAP_RESULTS, "incomplete", "incomplete",       \
	  "result 53: unwillingToPerform")                                             \
	X(LDAP_STRANGE, "strange_result", LDAP_RESULTS, "incomplete", "incomplete",    \
	  "result 4096, with hostile words")                                           \
	X(LDAP_DATA_525, "data_525", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, no such user")                                                   \
	X(LDAP_DATA_52E, "data_52e", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, wrong password")                                                 \
	X(LDAP_DATA_530, "data_530", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, not at this hour")                                               \
	X(LDAP_DATA_531, "data_531", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, not from this machine")                                          \
	X(LDAP_DATA_532, "data_532", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, password expired")                                               \
	X(LDAP_DATA_533, "data_533", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, account disabled")                                               \
	X(LDAP_DATA_534, "data_534", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, logon type not granted")                                         \
	X(LDAP_DATA_701, "data_701", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, account expired")                                                \
	X(LDAP_DATA_773, "data_773", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, password must change")                                           \
	X(LDAP_DATA_775, "data_775", LDAP_ONE(AT_BIND2), "", "refused",                \
	  "result 49, account locked out")                                             \
	X(LDAP_NO_DATA, "no_data", LDAP_ONE(AT_BIND2), "", "refused",                  \
	  "result 49 without a reason")                                                \
	X(LDAP_NOT_AD, "not_ad", LDAP_ONE(AT_ROOT), "incomplete", "",                  \
	  "is another directory")                                                      \
	X(LDAP_OTHER_DOMAIN, "other_domain", LDAP_ONE(AT_ROOT), "incomplete", "",      \
	  "serves another domain")                                                     \
	X(LDAP_BARE_ROOT, "bare_root", LDAP_ONE(AT_ROOT), "incomplete", "",            \
	  "its root names no partition")                                               \
	X(LDAP_NO_ENTRY, "no_entry", LDAP_ONE(AT_ROOT), "incomplete", "",              \
	  "answers success and no entry")                                              \
	X(LDAP_SIZE_LIMIT, "size_limit", LDAP_ONE(AT_PAGE1), "incomplete", "",         \
	  "does not page: 1,000 entries, then result 4")                               \
	X(LDAP_TIME_LIMIT, "time_limit", LDAP_PAGES, "incomplete", "",                 \
	  "half a page, then result 3")                                                \
	X(LDAP_NO_PAGING, "no_paging", LDAP_ONE(AT_PAGE1), "incomplete", "",           \
	  "result 12: knows no paging")                                                \
	X(LDAP_NO_CONTROL, "no_control", LDAP_PAGES, "incomplete", "",                 \
	  "success without the paging control")                                        \
	X(LDAP_BAD_CONTROL, "bad_control", LDAP_PAGES, "incomplete", "",               \
	  "a paging control that is none")                                             \
	X(LDAP_COOKIE_REFUSED, "cookie_refused", LDAP_ONE(AT_PAGE2), "incomplete", "", \
	  "result 53: the cookie is unknown")                                          \
	X(LDAP_LONG_PAGE, "long_page", LDAP_PAGES, "incomplete", "",                   \
	  "more entries in a page than were asked for, without end")                   \
	X(LDAP_EMPTY_PAGES, "empty_pages", LDAP_ONE(AT_END), "incomplete", "",         \
	  "after the last page an empty one, for ever")                                \
	X(LDAP_ENDLESS_PAGES, "endless_pages", LDAP_ONE(AT_END), "incomplete", "",     \
	  "after the last page the last one again, for ever")                          \
	X(LDAP_BIG_ENTRY, "big_entry", LDAP_ONE(AT_ENTRY), "incomplete", "",           \
	  "an entry of 8 MiB")                                                         \
	X(LDAP_HOSTILE, "hostile", LDAP_ONE(AT_ENTRY), "whole", "",                    \
	  "entries with every escape in their DNs and hostile values")                 \
	X(LDAP_MISSING, "missing", LDAP_ONE(AT_ENTRY), "whole", "",                    \
	  "entries without the attributes that say anything")                          \
	X(LDAP_REFERENCES, "references", LDAP_ONE(AT_ENTRY), "whole", "",              \
	  "continuation references among the entries")                                 \
	X(LDAP_MANY_VALUES, "many_values", LDAP_ONE(AT_ENTRY), "whole", "",            \
	  "20,000 values of one attribute")                                            \
	X(LDAP_SD_IGNORED, "sd_ignored", LDAP_ONE(AT_OBJECTS), "whole", "",            \
	  "ignores the control that makes descriptors readable")                       \
	X(LDAP_RANGE_ERROR, "range_error", LDAP_ONE(AT_OBJECTS), "whole", "",          \
	  "every further range is past the end: result 1")

enum ldap_fault {
	LDAP_GOOD,
#define X(fault, ...) fault,
	LDAP_FAULTS(X)
#undef X
		LDAP_FAULT_COUNT
};

const char *ldap_fault_word(enum ldap_fault fault);
const char *ldap_step_word(enum ldap_step step);
/* "silence@page1"; the step may be left out where there is one alone. */
bool ldap_fault_parse(const char *text, enum ldap_fault *fault, enum ldap_step *step);
bool ldap_fault_shows(enum ldap_fault fault, enum ldap_step step);
/* `whole`, `incomplete` or `refused`. */
const char *ldap_fault_outcome(enum ldap_fault fault, enum ldap_step step);
/* The LDAP result that the fault is, or 0. */
int ldap_fault_result(enum ldap_fault fault);
/* Its diagnostic message, never NULL. */
const char *ldap_fault_text(enum ldap_fault fault);
/* A line a pair. */
void ldap_faults_print(FILE *to);

#endif
