/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey_internal.h - what the files of a survey share: its state, and how a question
 * looks.
 */
#ifndef SCANNER_HOST_SURVEY_INTERNAL_H
#define SCANNER_HOST_SURVEY_INTERNAL_H

#include "report/facts/limits.h"
#include "rpc/wire/arena.h"
#include "rpc/wire/limits.h"
#include "rpc/calls/lsa.h"
#include "rpc/wire/sid.h"
#include "rpc/wire/wire.h"
#include "scanner/host/budget.h"
#include "scanner/host/survey.h"

/* Ceilings: the largest request is a batch of 1,000 SIDs; the largest answer decoded is
 * 20,480 SIDs of one right. */
enum { STUB_MAX = 128 << 10, ANSWER_MAX = 4 << 20 };

/* The questions, in the order they are asked; survey.c has a row for each. */
enum question_id {
	QUESTION_ROLE,
	QUESTION_OPEN_POLICY,
	QUESTION_DNS_DOMAIN,
	QUESTION_PRIMARY_DOMAIN,
	QUESTION_ACCOUNT_DOMAIN,
	QUESTION_RIGHT,
	QUESTION_NAMES,
	QUESTION_COUNT
};

/* A holder that a look-up may name: the hash of its SID, and where it stands. */
struct nameless {
	uint32_t hash;
	uint16_t right, holder;
};
_Static_assert(LIMIT_RIGHTS <= UINT16_MAX && SURVEY_HOLDERS_MAX <= UINT16_MAX,
	       "a holder's place fits");

/* The session, an answer while its memory grows, what is kept of the answers, and the
 * pointers of those without a name. */
_Static_assert(LIMIT_SESSION_BYTES + LIMIT_ANSWER_GROWING_BYTES + BUDGET_HOST_MAX +
			       SURVEY_HOLDERS_MAX * sizeof(struct nameless) <=
		       BUDGET_IN_FLIGHT,
	       "one host in flight stays within its budget");

struct survey {
	struct facts *facts;
	struct right_fact *rights;
	size_t right_count;

	size_t at;    /* the question whose turn it is, index into questions[] */
	size_t asked; /* the question asked last */
	bool done[QUESTION_COUNT]; /* questions that need not be asked again */
	struct wire_out stub;
	struct arena arena; /* what is decoded of one answer */
	bool malformed;     /* an answer was */
	bool starved;       /* no: memory was out when it was read */
	char told[200];

	bool has_policy;
	struct lsa_handle policy;
	struct fact_error no_policy;
	uint16_t query_opnum, lookup_opnum;
	bool has_primary_sid, domain_told, account_told;
	struct sid primary_sid, account_sid;
	size_t right_at, holders;
	bool (*elsewhere)(const char *sid, void *arg); /* NULL: nobody */
	void *elsewhere_arg;
	struct nameless *nameless; /* sorted; those a look-up may name */
	size_t nameless_count, nameless_at;
	bool names_refused;        /* there was no room for more */
	struct host_budget budget; /* for holders and their names */
};

/* A question is asked as long as it is wanted, then the next one's turn comes. */
struct question {
	const char *topic;
	bool (*wanted)(struct survey *s);
	void (*ask)(struct survey *s, struct survey_call *call);
	void (*note)(struct survey *s, const struct session_reply *reply);
};

/* What kind of machine it is and where it belongs: survey_machine.c. */
bool survey_role_wanted(struct survey *s);
void survey_ask_role(struct survey *s, struct survey_call *call);
void survey_note_role(struct survey *s, const struct session_reply *reply);
bool survey_query_wanted(struct survey *s);
void survey_ask_dns_domain(struct survey *s, struct survey_call *call);
void survey_note_dns_domain(struct survey *s, const struct session_reply *reply);
bool survey_primary_domain_wanted(struct survey *s);
void survey_ask_primary_domain(struct survey *s, struct survey_call *call);
void survey_note_primary_domain(struct survey *s, const struct session_reply *reply);
void survey_ask_account_domain(struct survey *s, struct survey_call *call);
void survey_note_account_domain(struct survey *s, const struct session_reply *reply);

/* The names of holders: survey_names.c. */
bool survey_names_wanted(struct survey *s);
void survey_ask_names(struct survey *s, struct survey_call *call);
void survey_note_names(struct survey *s, const struct session_reply *reply);

/* What came of the question in hand, for survey_told(). */
void survey_tell(struct survey *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* An error in the words of the list its code belongs to; told too. */
struct fact_error survey_error(struct survey *s, enum fault_space space, uint32_t code);
struct fact_error survey_plain_error(struct survey *s, enum fault_reason reason);
/* The same for an answer that makes no sense. */
struct fact_error survey_malformed(struct survey *s);
/* True when there is a stub to read; else `error` says why not. */
bool survey_has_stub(struct survey *s, const struct session_reply *reply,
		     struct fact_error *error);
/* The host knows an older edition of the call only. */
bool survey_lacks_call(const struct session_reply *reply);
/* A copy that belongs to `f`; NULL for "". */
const char *survey_text(struct facts *f, const char *text);
const char *survey_sid_text(struct facts *f, const struct sid *sid);

#endif
