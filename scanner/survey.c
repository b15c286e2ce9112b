#include "scanner/survey.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/principals.h"
#include "rpc/arena.h"
#include "rpc/dssetup.h"
#include "rpc/lsa.h"
#include "rpc/ntstatus.h"
#include "rpc/sid.h"
#include "rpc/wire.h"

/* Ceilings: the largest request is a batch of 1,000 SIDs; the largest answer decoded is
 * 20,480 SIDs of one right. */
enum { STUB_MAX = 128 << 10, ANSWER_MAX = 4 << 20 };

struct survey {
	struct facts *facts;
	struct right_fact *rights;
	size_t right_count;

	size_t at;    /* the question whose turn it is, index into questions[] */
	size_t asked; /* the question asked last */
	bool done[8]; /* questions that need not be asked again */
	struct wire_out stub;
	struct arena arena; /* what is decoded of one answer */
	char told[200];

	bool has_policy;
	struct lsa_handle policy;
	struct fact_error no_policy;
	uint16_t query_opnum, lookup_opnum;
	bool has_primary_sid, dns_told, account_told;
	struct sid primary_sid, account_sid;
	size_t right_at, holders;
	struct holder **nameless; /* sorted by SID; those a look-up may name */
	size_t nameless_count, nameless_at;
};

typedef bool (*wanted_fn)(struct survey *s);
typedef void (*ask_fn)(struct survey *s, struct survey_call *call);
typedef void (*note_fn)(struct survey *s, const struct session_reply *reply);

static bool role_wanted(struct survey *s);
static void ask_role(struct survey *s, struct survey_call *call);
static void note_role(struct survey *s, const struct session_reply *reply);
static bool open_wanted(struct survey *s);
static void ask_open(struct survey *s, struct survey_call *call);
static void note_open(struct survey *s, const struct session_reply *reply);
static bool query_wanted(struct survey *s);
static void ask_dns_domain(struct survey *s, struct survey_call *call);
static void note_dns_domain(struct survey *s, const struct session_reply *reply);
static void ask_account_domain(struct survey *s, struct survey_call *call);
static void note_account_domain(struct survey *s, const struct session_reply *reply);
static bool right_wanted(struct survey *s);
static void ask_right(struct survey *s, struct survey_call *call);
static void note_right(struct survey *s, const struct session_reply *reply);
static bool names_wanted(struct survey *s);
static void ask_names(struct survey *s, struct survey_call *call);
static void note_names(struct survey *s, const struct session_reply *reply);
static void ask_close(struct survey *s, struct survey_call *call);
static void note_close(struct survey *s, const struct session_reply *reply);

/* A question is asked as long as it is wanted. */
static const struct question {
	const char *topic;
	wanted_fn wanted;
	ask_fn ask;
	note_fn note;
} questions[] = {
	{ "role", role_wanted, ask_role, note_role },
	{ "open policy", open_wanted, ask_open, note_open },
	{ "dns domain", query_wanted, ask_dns_domain, note_dns_domain },
	{ "account domain", query_wanted, ask_account_domain, note_account_domain },
	{ "right", right_wanted, ask_right, note_right },
	{ "names", names_wanted, ask_names, note_names },
	{ "close", query_wanted, ask_close, note_close },
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]), NAMES_QUESTION = 5 };

/* ---- what every question shares ---- */

struct survey *survey_new(struct facts *facts, const char *const *rights, size_t count)
{
	struct survey *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->facts = facts;
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
	free(s->nameless);
	free(s);
}

bool survey_next(struct survey *s, struct survey_call *call)
{
	while (s->at < QUESTIONS && !questions[s->at].wanted(s))
		s->at++;
	if (s->at == QUESTIONS)
		return false;
	s->asked = s->at;
	s->told[0] = '\0';
	wire_reset(&s->stub);
	call->interface = INTERFACE_LSARPC;
	questions[s->at].ask(s, call);
	call->stub = wire_written(&s->stub);
	return true;
}

void survey_hear(struct survey *s, const struct session_reply *reply)
{
	s->done[s->asked] = true;
	questions[s->asked].note(s, reply);
	arena_drop(&s->arena);
}

static void tell(struct survey *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(struct survey *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->told, sizeof(s->told), format, args);
	va_end(args);
}

/* An error in the words of the list its code belongs to. */
static struct fact_error error_of(struct survey *s, enum fault_space space, uint32_t code)
{
	struct fact_error e = { .step = questions[s->asked].topic,
				.code = status_name(space, code),
				.text = status_words(space, code),
				.has_value = true,
				.value = code };

	if (!e.text)
		e.text = "the host answered with an error";
	if (e.code)
		tell(s, "%s (%s)", e.text, e.code);
	else
		tell(s, "%s (0x%08X)", e.text, (unsigned)code);
	return e;
}

static struct fact_error plain_error(struct survey *s, const char *text)
{
	tell(s, "%s", text);
	return (struct fact_error){ .step = questions[s->asked].topic, .text = text };
}

/* True when there is a stub to read; else `error` says why not. */
static bool has_stub(struct survey *s, const struct session_reply *reply,
		     struct fact_error *error)
{
	if (reply->outcome == CALL_FAULTED)
		*error = error_of(s, CODE_RPC, reply->fault_status);
	else if (reply->outcome == CALL_UNAVAILABLE)
		*error = plain_error(s, "the host does not offer this interface");
	return reply->outcome == CALL_ANSWERED;
}

/* Samba of old and small servers know the first edition of a call only. */
static bool lacks_call(const struct session_reply *reply)
{
	return reply->outcome == CALL_FAULTED &&
	       (reply->fault_status == NCA_S_OP_RNG_ERROR ||
		reply->fault_status == RPC_S_PROCNUM_OUT_OF_RANGE);
}

static bool is_denial(const struct fact_error *e)
{
	return e->has_value &&
	       (e->value == STATUS_ACCESS_DENIED || e->value == ERROR_ACCESS_DENIED);
}

static const char *text_or_null(struct facts *f, const char *text)
{
	return text && *text ? facts_text(f, text) : NULL;
}

static const char *sid_text(struct facts *f, const struct sid *sid)
{
	char text[SID_TEXT_MAX];

	sid_format(sid, text);
	return facts_text(f, text);
}

/* ---- role ---- */

static bool role_wanted(struct survey *s)
{
	return !s->done[s->at];
}

static void ask_role(struct survey *s, struct survey_call *call)
{
	call->interface = INTERFACE_DSSETUP;
	call->opnum = DSSETUP_GET_PRIMARY_DOMAIN_INFORMATION;
	dssetup_put_basic(&s->stub);
}

static void note_role(struct survey *s, const struct session_reply *reply)
{
	struct facts *f = s->facts;
	struct dssetup_basic info = { 0 };
	struct fact_error error;
	uint32_t win32;

	if (!has_stub(s, reply, &error))
		return;
	if (!dssetup_get_basic(reply->stub, &s->arena, &info, &win32)) {
		plain_error(s, "malformed answer");
		return;
	}
	if (win32 != ERROR_SUCCESS) {
		error_of(s, CODE_WIN32, win32);
		return;
	}
	f->machine_role_known = true;
	f->machine_role = info.machine_role;
	f->domain = text_or_null(f, info.domain_flat);
	f->dns_domain = text_or_null(f, info.domain_dns);
	f->forest = text_or_null(f, info.forest_dns);
	tell(s, "machine role %u, domain %s", info.machine_role,
	     f->domain ? f->domain : "none");
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

	if (has_stub(s, reply, &error)) {
		if (!lsa_get_open_policy2(reply->stub, &s->policy, &status))
			error = plain_error(s, "malformed answer");
		else if (status != STATUS_SUCCESS)
			error = error_of(s, CODE_NTSTATUS, status);
	}
	s->has_policy = !error.text;
	if (s->has_policy)
		tell(s, "opened");
	else
		refuse_rights(s, error);
}

/* ---- domains ---- */

static bool query_wanted(struct survey *s)
{
	return s->has_policy && !s->done[s->at];
}

static void ask_dns_domain(struct survey *s, struct survey_call *call)
{
	call->opnum = s->query_opnum;
	lsa_put_query_policy(&s->stub, &s->policy, POLICY_DNS_DOMAIN);
}

static void note_dns_domain(struct survey *s, const struct session_reply *reply)
{
	struct facts *f = s->facts;
	struct lsa_dns_domain info = { 0 };
	struct fact_error error;
	uint32_t status;

	if (lacks_call(reply) && s->query_opnum == LSA_QUERY_INFORMATION_POLICY2) {
		s->query_opnum = LSA_QUERY_INFORMATION_POLICY;
		s->done[s->asked] = false;
		return;
	}
	if (!has_stub(s, reply, &error))
		return;
	if (!lsa_get_dns_domain(reply->stub, &s->arena, &info, &status)) {
		plain_error(s, "malformed answer");
	} else if (status != STATUS_SUCCESS) {
		error_of(s, CODE_NTSTATUS, status);
	} else {
		s->dns_told = true;
		s->has_primary_sid = info.has_sid;
		s->primary_sid = info.sid;
		f->domain = text_or_null(f, info.name);
		f->dns_domain = text_or_null(f, info.dns_domain);
		f->forest = text_or_null(f, info.dns_forest);
		f->domain_sid = info.has_sid ? sid_text(f, &info.sid) : NULL;
		tell(s, "%s, %s", info.name, info.has_sid ? "a domain" : "a workgroup");
	}
}

static void ask_account_domain(struct survey *s, struct survey_call *call)
{
	call->opnum = s->query_opnum;
	lsa_put_query_policy(&s->stub, &s->policy, POLICY_ACCOUNT_DOMAIN);
}

/* On a domain controller the account domain is the domain itself, elsewhere it is the
 * machine ([MS-LSAD] 3.1.1.1). */
static void note_accounts(struct survey *s, const struct lsa_account_domain *info)
{
	struct facts *f = s->facts;

	f->policy_known = s->dns_told;
	f->policy_domain_joined = s->has_primary_sid;
	f->policy_is_controller = s->has_primary_sid && info->has_sid &&
				  sid_equal(&info->sid, &s->primary_sid);
	tell(s, "%s", info->name);
	if (f->policy_is_controller)
		return;
	if (info->has_sid)
		f->machine_sid = sid_text(f, &info->sid);
	if (!f->netbios_name)
		f->netbios_name = text_or_null(f, info->name);
}

static void note_account_domain(struct survey *s, const struct session_reply *reply)
{
	struct lsa_account_domain info = { 0 };
	struct fact_error error;
	uint32_t status;

	if (!has_stub(s, reply, &error))
		return;
	if (!lsa_get_account_domain(reply->stub, &s->arena, &info, &status))
		plain_error(s, "malformed answer");
	else if (status != STATUS_SUCCESS)
		error_of(s, CODE_NTSTATUS, status);
	else
		note_accounts(s, &info);
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

	holder->sid = sid_text(f, sid);
	if (!holder->sid || !principal_well_known(holder->sid, &known))
		return;
	holder->name = known.name;
	holder->kind = known.kind;
}

/* False: too many to believe, or memory is out. */
static bool note_holders(struct survey *s, struct right_fact *r,
			 const struct lsa_sids *sids)
{
	if (sids->count > SURVEY_HOLDERS_MAX - s->holders)
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

/* Samba's file server says success with no SIDs where others say NO_MORE_ENTRIES. */
static void note_sids(struct survey *s, struct right_fact *r, const struct lsa_sids *sids,
		      uint32_t status)
{
	r->error = (struct fact_error){ 0 };
	if (ntstatus_is_error(status)) {
		r->error = error_of(s, CODE_NTSTATUS, status);
		if (status == STATUS_NO_SUCH_PRIVILEGE) {
			r->outcome = RIGHT_UNDEFINED;
			r->error = (struct fact_error){ 0 };
		} else if (status == STATUS_ACCESS_DENIED) {
			r->outcome = RIGHT_DENIED;
		}
	} else if (sids->count == 0) {
		r->outcome = RIGHT_NOBODY;
		tell(s, "%s: nobody", r->name);
	} else if (note_holders(s, r, sids)) {
		r->outcome = RIGHT_HELD;
		tell(s, "%s: %zu holders", r->name, sids->count);
	} else {
		r->error = plain_error(s, "more holders than can be believed");
	}
}

static void note_right(struct survey *s, const struct session_reply *reply)
{
	struct right_fact *r = &s->rights[s->right_at++];
	struct lsa_sids sids = { 0 };
	uint32_t status;

	if (!has_stub(s, reply, &r->error)) {
		if (is_denial(&r->error))
			r->outcome = RIGHT_DENIED;
	} else if (!lsa_get_accounts_with_right(reply->stub, &s->arena, &sids, &status)) {
		r->error = plain_error(s, "malformed answer");
	} else {
		note_sids(s, r, &sids, status);
	}
}

/* ---- names ---- */

static int by_sid(const void *a, const void *b)
{
	return strcmp((*(struct holder *const *)a)->sid,
		      (*(struct holder *const *)b)->sid);
}

/* Gather the holders that a look-up may name, once; without memory none is named. */
static void gather_nameless(struct survey *s)
{
	s->done[s->at] = true;
	s->nameless = calloc(s->holders ? s->holders : 1, sizeof(struct holder *));
	for (size_t i = 0; s->nameless && i < s->right_count; i++)
		for (size_t k = 0; k < s->rights[i].holder_count; k++) {
			struct holder *holder = &s->rights[i].holders[k];

			if (holder->sid && holder->kind == KIND_NOT_TOLD)
				s->nameless[s->nameless_count++] = holder;
		}
	if (s->nameless_count)
		qsort(s->nameless, s->nameless_count, sizeof(struct holder *), by_sid);
}

static bool names_wanted(struct survey *s)
{
	if (s->has_policy && !s->done[s->at])
		gather_nameless(s);
	return s->nameless_at < s->nameless_count;
}

/* The end of the run of equal SIDs that begins at `i`. */
static size_t end_of_run(const struct survey *s, size_t i)
{
	size_t end = i + 1;

	while (end < s->nameless_count &&
	       strcmp(s->nameless[i]->sid, s->nameless[end]->sid) == 0)
		end++;
	return end;
}

/* Each SID once, up to a batch.  Returns how many; `*end` is where the next one begins.
 */
static size_t gather_batch(const struct survey *s, struct sid *sids, size_t *end)
{
	size_t count = 0, i = s->nameless_at;

	for (; i < s->nameless_count && count < LSA_LOOKUP_MAX; i = end_of_run(s, i)) {
		if (sids && !sid_parse(s->nameless[i]->sid, &sids[count]))
			sids[count] = (struct sid){ 0 };
		count++;
	}
	*end = i;
	return count;
}

static void ask_names(struct survey *s, struct survey_call *call)
{
	size_t end, count = gather_batch(s, NULL, &end);
	struct sid *sids = arena_take(&s->arena, count, sizeof(*sids));

	call->opnum = s->lookup_opnum;
	if (!sids)
		count = 0;
	else
		gather_batch(s, sids, &end);
	lsa_put_lookup_sids(&s->stub, &s->policy, sids, count,
			    s->lookup_opnum == LSA_LOOKUP_SIDS2);
	arena_drop(&s->arena);
}

static const char *full_name(struct facts *f, const struct lsa_name *n)
{
	char text[1024];

	if (n->use == KIND_DOMAIN || !*n->name)
		return text_or_null(f, n->domain);
	if (!*n->domain)
		return facts_text(f, n->name);
	snprintf(text, sizeof(text), "%s\\%s", n->domain, n->name);
	return facts_text(f, text);
}

/* SID_NAME_USE ([MS-LSAT] 2.2.13) has the numbers of enum holder_kind.  What has no name
 * comes with its own SID as text in place of one: that is not a name. */
static void name_run(struct survey *s, size_t begin, size_t end, const struct lsa_name *n)
{
	enum holder_kind kind = n->use >= KIND_USER && n->use < KIND_COUNT
					? (enum holder_kind)n->use
					: KIND_UNKNOWN;
	bool named = kind != KIND_UNKNOWN && kind != KIND_DELETED && kind != KIND_INVALID;
	const char *name = named ? full_name(s->facts, n) : NULL;

	for (size_t i = begin; i < end; i++) {
		s->nameless[i]->name = name;
		s->nameless[i]->kind = kind;
	}
}

static void note_names(struct survey *s, const struct session_reply *reply)
{
	size_t end, asked = gather_batch(s, NULL, &end);
	struct lsa_names names = { 0 };
	struct fact_error error;
	uint32_t status;

	if (lacks_call(reply) && s->lookup_opnum == LSA_LOOKUP_SIDS2) {
		s->lookup_opnum = LSA_LOOKUP_SIDS;
		return;
	}
	if (has_stub(s, reply, &error)) {
		if (!lsa_get_lookup_sids(reply->stub, &s->arena,
					 s->lookup_opnum == LSA_LOOKUP_SIDS2, asked,
					 &names, &status))
			plain_error(s, "malformed answer");
		else if (names.count != asked)
			error_of(s, CODE_NTSTATUS, status);
		else
			tell(s, "%zu asked", asked);
	}
	for (size_t i = 0; i < names.count; i++) {
		size_t next = end_of_run(s, s->nameless_at);

		name_run(s, s->nameless_at, next, &names.names[i]);
		s->nameless_at = next;
	}
	s->nameless_at = end;
}

/* ---- close ---- */

static void ask_close(struct survey *s, struct survey_call *call)
{
	call->opnum = LSA_CLOSE;
	lsa_put_close(&s->stub, &s->policy);
}

static void note_close(struct survey *s, const struct session_reply *reply)
{
	(void)reply;
	s->has_policy = false;
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
	return s->at >= NAMES_QUESTION ||
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
