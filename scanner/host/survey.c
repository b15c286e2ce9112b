/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/host/survey.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts/facts_limits.h"
#include "report/facts/principals.h"
#include "rpc/wire/ntstatus.h"
#include "scanner/host/survey_internal.h"

static bool open_wanted(struct survey *s);
static void ask_open(struct survey *s, struct survey_call *call);
static void note_open(struct survey *s, const struct session_reply *reply);
static bool right_wanted(struct survey *s);
static void ask_right(struct survey *s, struct survey_call *call);
static void note_right(struct survey *s, const struct session_reply *reply);

static const struct question questions[] = {
	[QUESTION_ROLE] = { "role", survey_role_wanted, survey_ask_role,
			    survey_note_role },
	[QUESTION_OPEN_POLICY] = { "open policy", open_wanted, ask_open, note_open },
	[QUESTION_DNS_DOMAIN] = { "dns domain", survey_query_wanted,
				  survey_ask_dns_domain, survey_note_dns_domain },
	[QUESTION_PRIMARY_DOMAIN] = { "primary domain", survey_primary_domain_wanted,
				      survey_ask_primary_domain,
				      survey_note_primary_domain },
	[QUESTION_ACCOUNT_DOMAIN] = { "account domain", survey_query_wanted,
				      survey_ask_account_domain,
				      survey_note_account_domain },
	[QUESTION_RIGHT] = { "right", right_wanted, ask_right, note_right },
	[QUESTION_NAMES] = { "names", survey_names_wanted, survey_ask_names,
			     survey_note_names },
};
_Static_assert(sizeof(questions) / sizeof(questions[0]) == QUESTION_COUNT,
	       "each question has its row");

/* ---- what every question shares ---- */

struct survey *survey_new(struct facts *facts, const char *const *rights, size_t count,
			  struct budget_pot *pot)
{
	struct survey *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->facts = facts;
	s->budget.pot = pot;
	s->rights = facts_take(facts, count, sizeof(*s->rights));
	if (!s->rights && count > 0) {
		free(s);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		s->rights[i] = (struct right_fact){
			.name = rights[i],
			.outcome = RIGHT_FAILED,
			.error = { .step = "right", .text = "not asked" },
		};
	s->right_count = facts->right_count = count;
	facts->rights = s->rights;
	s->stub = wire_out(STUB_MAX);
	s->arena = arena(ANSWER_MAX);
	s->query_opnum = LSA_QUERY_INFORMATION_POLICY2;
	s->lookup_opnum = LSA_LOOKUP_SIDS2;
	return s;
}

void survey_free(struct survey *s)
{
	if (!s)
		return;
	wire_drop(&s->stub);
	arena_drop(&s->arena);
	budget_return(&s->budget);
	free(s->nameless);
	free(s);
}

bool survey_next(struct survey *s, struct survey_call *call)
{
	while (s->at < QUESTION_COUNT && !questions[s->at].wanted(s))
		s->at++;
	if (s->at == QUESTION_COUNT)
		return false;
	s->asked = s->at;
	s->told[0] = '\0';
	wire_reset(&s->stub);
	call->interface = INTERFACE_LSARPC;
	questions[s->at].ask(s, call);
	call->stub = wire_written(&s->stub);
	s->starved = s->stub.bad; /* half a question would get a refusal for an answer */
	return !s->starved;
}

bool survey_hear(struct survey *s, const struct session_reply *reply)
{
	s->done[s->asked] = true;
	questions[s->asked].note(s, reply);
	arena_drop(&s->arena);
	return !s->malformed;
}

bool survey_starved(const struct survey *s)
{
	return s->starved;
}

void survey_tell(struct survey *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->told, sizeof(s->told), format, args);
	va_end(args);
}

static enum fault_reason reason_of(enum fault_space space, uint32_t code)
{
	if (space == CODE_RPC &&
	    (code == NCA_S_OP_RNG_ERROR || code == RPC_S_PROCNUM_OUT_OF_RANGE))
		return REASON_NO_SUCH_CALL;
	return code == STATUS_ACCESS_DENIED || code == ERROR_ACCESS_DENIED
		       ? REASON_ACCESS_DENIED
		       : REASON_HOST_ERROR;
}

/* An error in the words of the list its code belongs to. */
struct fact_error survey_error(struct survey *s, enum fault_space space, uint32_t code)
{
	struct fact_error e = { .step = questions[s->asked].topic,
				.reason = fault_reason_word(reason_of(space, code)),
				.code = status_name(space, code),
				.text = status_words(space, code),
				.has_value = true,
				.value = code };

	if (!e.text)
		e.text = "the host answered with an error";
	if (e.code)
		survey_tell(s, "%s (%s)", e.text, e.code);
	else
		survey_tell(s, "%s (0x%08X)", e.text, (unsigned)code);
	return e;
}

struct fact_error survey_plain_error(struct survey *s, enum fault_reason reason)
{
	survey_tell(s, "%s", fault_reason_words(reason));
	return (struct fact_error){ .step = questions[s->asked].topic,
				    .reason = fault_reason_word(reason),
				    .text = fault_reason_words(reason) };
}

struct fact_error survey_malformed(struct survey *s)
{
	s->malformed = true;
	s->starved = s->arena.starved;
	return survey_plain_error(s, s->starved ? REASON_OUT_OF_MEMORY
						: REASON_MALFORMED_ANSWER);
}

/* Access denied to a bind is a policy's word ("Restrict Unauthenticated RPC clients"), or
 * an RPC filter's; a host without the interface says so otherwise. */
static struct fact_error unavailable(struct survey *s, uint32_t fault_status)
{
	struct fact_error error;

	if (fault_status != ERROR_ACCESS_DENIED)
		return survey_plain_error(s, REASON_NO_LSA_INTERFACE);
	error = survey_error(s, CODE_RPC, fault_status);
	error.reason = fault_reason_word(REASON_RPC_POLICY);
	error.text = fault_reason_words(REASON_RPC_POLICY);
	return error;
}

bool survey_has_stub(struct survey *s, const struct session_reply *reply,
		     struct fact_error *error)
{
	if (reply->outcome == CALL_FAULTED)
		*error = survey_error(s, CODE_RPC, reply->fault_status);
	else if (reply->outcome == CALL_UNAVAILABLE)
		*error = unavailable(s, reply->fault_status);
	return reply->outcome == CALL_ANSWERED;
}

/* Samba of old and small servers know the first edition of a call only. */
bool survey_lacks_call(const struct session_reply *reply)
{
	return reply->outcome == CALL_FAULTED &&
	       reason_of(CODE_RPC, reply->fault_status) == REASON_NO_SUCH_CALL;
}

static bool is_denial(const struct fact_error *e)
{
	return e->has_value &&
	       (e->value == STATUS_ACCESS_DENIED || e->value == ERROR_ACCESS_DENIED);
}

const char *survey_text(struct facts *f, const char *text)
{
	return text && *text ? facts_text_kept(f, text) : NULL;
}

const char *survey_sid_text(struct facts *f, const struct sid *sid)
{
	char text[SID_TEXT_MAX];

	sid_format(sid, text);
	return facts_text(f, text);
}

/* ---- open policy ---- */

static bool open_wanted(struct survey *s)
{
	return !s->done[s->at];
}

static void ask_open(struct survey *s, struct survey_call *call)
{
	call->opnum = LSA_OPEN_POLICY2;
	lsa_put_open_policy2(&s->stub,
			     POLICY_VIEW_LOCAL_INFORMATION | POLICY_LOOKUP_NAMES);
}

static void refuse_rights(struct survey *s, struct fact_error error)
{
	for (size_t i = 0; i < s->right_count; i++) {
		s->rights[i].outcome = is_denial(&error) ? RIGHT_DENIED : RIGHT_FAILED;
		s->rights[i].error = error;
	}
}

static void note_open(struct survey *s, const struct session_reply *reply)
{
	struct fact_error error = { 0 };
	uint32_t status = 0;

	if (survey_has_stub(s, reply, &error)) {
		if (!lsa_get_open_policy2(reply->stub, &s->policy, &status))
			error = survey_malformed(s);
		else if (status != STATUS_SUCCESS)
			error = survey_error(s, CODE_NTSTATUS, status);
	}
	s->has_policy = !error.text;
	if (s->has_policy)
		survey_tell(s, "opened");
	else
		refuse_rights(s, error);
}

/* ---- rights ---- */

static bool right_wanted(struct survey *s)
{
	return s->has_policy && s->right_at < s->right_count;
}

static void ask_right(struct survey *s, struct survey_call *call)
{
	call->opnum = LSA_ENUMERATE_ACCOUNTS_WITH_USER_RIGHT;
	lsa_put_accounts_with_right(&s->stub, &s->policy, s->rights[s->right_at].name);
}

static void note_holder(struct facts *f, const struct sid *sid, struct holder *holder)
{
	struct principal known;

	holder->sid = survey_sid_text(f, sid);
	if (!holder->sid || !principal_well_known(holder->sid, &known))
		return;
	holder->name = known.name;
	holder->kind = known.kind;
}

static size_t digits_of(uint64_t number)
{
	size_t digits = 1;

	while (number >= 10) {
		number /= 10;
		digits++;
	}
	return digits;
}

/* What the holders take in the facts: "S-1-5", "-21" for each sub-authority, and an end.
 */
static size_t size_of_holders(const struct lsa_sids *sids)
{
	enum { AROUND = 5 };
	size_t size = sids->count * (sizeof(struct holder) + AROUND);

	for (size_t i = 0; i < sids->count; i++) {
		const struct sid *sid = &sids->sids[i];

		size += digits_of(sid->authority);
		for (unsigned k = 0; k < sid->sub_count; k++)
			size += 1 + digits_of(sid->sub[k]);
	}
	return size;
}

/* False: too many to believe, or memory is out. */
static bool note_holders(struct survey *s, struct right_fact *r,
			 const struct lsa_sids *sids)
{
	if (sids->count > SURVEY_HOLDERS_MAX - s->holders ||
	    !budget_take(&s->budget, size_of_holders(sids)))
		return false;
	r->holders = facts_take(s->facts, sids->count, sizeof(*r->holders));
	if (!r->holders)
		return false;
	s->holders += sids->count;
	r->holder_count = sids->count;
	for (size_t i = 0; i < sids->count; i++)
		note_holder(s->facts, &sids->sids[i], &r->holders[i]);
	return true;
}

/* Samba's file server says success with no SIDs where others say NO_MORE_ENTRIES.  With
 * any other word, such as MORE_ENTRIES, a list may be a part of one. */
static bool is_whole(uint32_t status)
{
	return status == STATUS_SUCCESS || status == STATUS_NO_MORE_ENTRIES;
}

static void note_sids(struct survey *s, struct right_fact *r, const struct lsa_sids *sids,
		      uint32_t status)
{
	r->error = (struct fact_error){ 0 };
	if (!is_whole(status)) {
		r->error = survey_error(s, CODE_NTSTATUS, status);
		if (status == STATUS_NO_SUCH_PRIVILEGE) {
			r->outcome = RIGHT_UNDEFINED;
			r->error = (struct fact_error){ 0 };
		} else if (status == STATUS_ACCESS_DENIED) {
			r->outcome = RIGHT_DENIED;
		}
	} else if (sids->count == 0) {
		r->outcome = RIGHT_NOBODY;
		survey_tell(s, "%s: nobody", r->name);
	} else if (note_holders(s, r, sids)) {
		r->outcome = RIGHT_HELD;
		survey_tell(s, "%s: %zu holder%s", r->name, sids->count,
			    sids->count == 1 ? "" : "s");
	} else {
		r->error = survey_plain_error(s, REASON_ANSWER_TOO_LARGE);
	}
}

/* What went wrong, told with the right that it went wrong for. */
static void name_right(struct survey *s, const struct right_fact *r)
{
	char told[sizeof(s->told)];

	memcpy(told, s->told, sizeof(told));
	survey_tell(s, "%s: %.100s", r->name, told);
}

static void note_right(struct survey *s, const struct session_reply *reply)
{
	struct right_fact *r = &s->rights[s->right_at++];
	struct lsa_sids sids = { 0 };
	uint32_t status;

	if (!survey_has_stub(s, reply, &r->error)) {
		if (is_denial(&r->error))
			r->outcome = RIGHT_DENIED;
	} else if (!lsa_get_accounts_with_right(reply->stub, &s->arena, &sids, &status)) {
		r->error = survey_malformed(s);
	} else {
		note_sids(s, r, &sids, status);
	}
	if (r->outcome != RIGHT_HELD && r->outcome != RIGHT_NOBODY)
		name_right(s, r);
}

/* ---- the sum of it ---- */

const char *survey_topic(const struct survey *s)
{
	return questions[s->asked].topic;
}

const char *survey_told(const struct survey *s)
{
	return s->told;
}

bool survey_complete(const struct survey *s)
{
	return s->at >= QUESTION_NAMES ||
	       (s->has_policy && s->right_count > 0 && s->right_at == s->right_count);
}

static size_t rights_with(const struct survey *s, enum right_outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < s->right_count; i++)
		n += s->rights[i].outcome == outcome;
	return n;
}

bool survey_answered(const struct survey *s)
{
	return s->facts->machine_role_known ||
	       rights_with(s, RIGHT_HELD) + rights_with(s, RIGHT_NOBODY) +
			       rights_with(s, RIGHT_UNDEFINED) >
		       0;
}

bool survey_denied(const struct survey *s)
{
	return !s->facts->machine_role_known && s->right_count > 0 &&
	       rights_with(s, RIGHT_DENIED) == s->right_count;
}
