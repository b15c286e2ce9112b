/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identities.c - one provider a credential; of several shards one asks the KDC.
 */
#include "scanner/cli/identities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rpc/auth/auth_gss.h"
#include "scanner/cli/advice.h"
#include "scanner/console/log.h"
#include "scanner/login/account.h"
#include "scanner/login/verdict.h"

enum { TURN_PAUSE_NS = 100 * 1000 * 1000, NO_VERDICTS_MOST = 2 };

/* Says no, as the KDC did. */
struct refusal {
	struct auth_provider provider; /* first: a provider is one of these */
	struct fault fault;
};

static struct auth *refuse(const struct auth_provider *p, const char *host,
			   struct fault *fault)
{
	(void)host;
	*fault = ((const struct refusal *)p)->fault;
	return NULL;
}

static enum auth_mechanism no_mechanism(const struct auth *a)
{
	(void)a;
	return AUTH_UNKNOWN;
}

static void end_nothing(struct auth *a)
{
	(void)a;
}

static const struct auth_provider *refusal_new(const struct fault *fault)
{
	struct refusal *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->provider.begin = refuse;
	r->provider.mechanism = no_mechanism;
	r->provider.end = end_nothing;
	r->fault = *fault;
	return &r->provider;
}

/* The cache that was tried only because nothing was said may be missing, when targets
 * name sections. */
static bool by_default(const struct credentials *c, size_t i)
{
	const struct credential *from = credentials_at(c, i);

	return i == 0 && credentials_count(c) > 1 && !from->user && !from->keytab;
}

static const char *domain_of(const struct credentials *c, size_t i)
{
	const struct credential *from = credentials_at(c, i);

	return from->domain ? from->domain : from->realm;
}

static bool is_refusal(const struct auth_provider *p)
{
	return p->begin == refuse;
}

static const char *account_of(const struct auth_provider *p)
{
	return is_refusal(p) ? NULL : auth_gss_identity(p);
}

static void close_one(const struct sweep_credential *credential)
{
	struct auth_provider *p = (struct auth_provider *)credential->provider;

	if (is_refusal(p))
		free(p);
	else
		auth_gss_free(p);
}

/* The same account's password that a KDC has refused already; NULL: none was. */
static const struct fault *known_refusal(const struct identities *ids, size_t group)
{
	for (size_t k = 0; k < ids->count; k++) {
		const struct auth_provider *p = ids->at[k].provider;

		if (ids->at[k].group == group && is_refusal(p) &&
		    ((const struct refusal *)p)->fault.reason ==
			    REASON_KDC_REFUSED_PASSWORD)
			return &((const struct refusal *)p)->fault;
	}
	return NULL;
}

/* What a KDC refused under one name of an account is tried under no other. */
static bool spread_refusals(struct identities *ids, char *why, size_t why_size)
{
	for (size_t i = 0; i < ids->count; i++) {
		const struct fault *fault = known_refusal(ids, ids->at[i].group);
		const struct auth_provider *p;

		if (!fault || is_refusal(ids->at[i].provider))
			continue;
		p = refusal_new(fault);
		if (!p) {
			snprintf(why, why_size, "out of memory");
			return false;
		}
		close_one(&ids->at[i]);
		ids->at[i].provider = p;
		ids->at[i].account = NULL;
	}
	return true;
}

static const struct auth_provider *make_provider(const struct identities *ids,
						 const struct credentials *c, size_t i,
						 size_t group, struct kdc_link *kdc,
						 struct fault *fault)
{
	struct auth_gss_options options = credentials_auth(c, i);
	const struct fault *known = known_refusal(ids, group);
	const struct auth_provider *p;

	if (known)
		return refusal_new(known);
	options.kdc = kdc;
	p = auth_gss_new(&options, fault);
	if (!p && (fault->kind == FAULT_LOGON_REFUSED || by_default(c, i)))
		p = refusal_new(fault);
	return p;
}

/* ---- with other shards ---- */

/* A KDC judges the password or the key when the provider is made. */
static bool asks_kdc(const struct credentials *c, size_t i)
{
	return credentials_at(c, i)->keytab || credentials_at(c, i)->realm;
}

/* What shards found before; waits for one that is at it.  False: there is no lock. */
static bool take_turn(struct shard_record *record, struct guard_standing *known)
{
	enum shard_turn turn;

	while ((turn = shard_record_take(record, known)) == SHARD_TURN_TAKEN)
		nanosleep(&(struct timespec){ 0, TURN_PAUSE_NS }, NULL);
	return turn == SHARD_TURN_OURS;
}

/* The guard tells of it before the first login. */
static const struct auth_provider *refused_to_others(const struct guard_standing *known)
{
	struct fault fault = { 0 };

	fault_set(&fault, "authenticate", REASON_KDC_REFUSED_PASSWORD,
		  (enum fault_space)known->space, known->code);
	return refusal_new(&fault);
}

/* False: the KDC said nothing of the credential. */
static bool note_answer(const struct auth_provider *p, bool asked_for_sure,
			const struct fault *fault, struct guard_standing *known)
{
	enum verdict verdict = verdict_of(fault);

	if (p && !is_refusal(p)) {
		*known = (struct guard_standing){ .proven = 1 };
		return asked_for_sure;
	}
	if (fault->reason == REASON_KDC_GAVE_NO_VERDICT) {
		known->stopped = ++known->unjudged >= NO_VERDICTS_MOST;
		return true;
	}
	*known = (struct guard_standing){
		.stopped = 1, .refusals = 1, .space = fault->space, .code = fault->code
	};
	return verdict == VERDICT_COUNTS || verdict == VERDICT_LOCKED;
}

/* One shard asks, and the others take over what it was answered.  A refusal that we heard
 * ourselves is told at the first host, as without shards. */
static const struct auth_provider *make_shared(struct identities *ids,
					       const struct credentials *c, size_t i,
					       size_t group, struct kdc_link *kdc,
					       struct fault *fault)
{
	struct shard_record **record = &ids->records[group];
	const struct auth_provider *p;
	struct guard_standing known;
	bool turn;

	if (!*record || !asks_kdc(c, i))
		return make_provider(ids, c, i, group, kdc, fault);
	turn = take_turn(*record, &known);
	if (turn && known.stopped) {
		shard_record_give(*record, NULL);
		return refused_to_others(&known);
	}
	p = make_provider(ids, c, i, group, kdc, fault);
	if (turn)
		shard_record_give(*record,
				  note_answer(p, !credentials_auth(c, i).ntlm_fallback,
					      fault, &known)
					  ? &known
					  : NULL);
	if (p && is_refusal(p)) {
		shard_record_close(*record);
		*record = NULL;
	}
	return p;
}

static bool open_record(struct identities *ids, const struct credential *c, size_t group,
			const struct identities_shard *shard, char *why, size_t why_size)
{
	struct shard_member member = { .folder = shard->folder,
				       .part = shard->part,
				       .account = account_key(c),
				       .password = c->password,
				       .keytab = c->keytab };
	enum shard_opening opening = SHARD_UNLOCKED;

	if (shard->parts < 2 || !member.account || ids->records[group])
		return true;
	snprintf(why, why_size, "no --journal FILE");
	if (shard->folder)
		opening = shard_record_open(&ids->records[group], &member, why, why_size);
	if (opening == SHARD_UNLOCKED)
		log_say(LOG_WARNINGS, NULL, "credential guard",
			"%s: this shard tries the credential by itself, and a wrong "
			"password costs each shard a refused login",
			why);
	return opening != SHARD_REFUSED;
}

static bool open_one(struct identities *ids, const struct credentials *c, size_t i,
		     size_t group, struct kdc_link *kdc, char *why, size_t why_size)
{
	struct fault fault = { 0 };
	const struct auth_provider *p = make_shared(ids, c, i, group, kdc, &fault);
	char whom[300];

	credentials_describe(c, i, whom, sizeof whom);
	if (!p) {
		snprintf(why, why_size, "%s: %s; %s", whom, fault.what,
			 advice_for_fault(&fault));
		return false;
	}
	ids->at[i] = (struct sweep_credential){ .name = credentials_names(c)[i],
						.provider = p,
						.account = account_of(p),
						.domain = domain_of(c, i),
						.proven = !is_refusal(p) &&
							  auth_gss_has_ticket(p),
						.group = group,
						.record = ids->records[group] };
	ids->count = i + 1;
	return true;
}

bool identities_open(struct identities *ids, const struct credentials *credentials,
		     struct kdc_link *kdc, const struct identities_shard *shard,
		     char *why, size_t why_size)
{
	size_t groups[CREDENTIAL_SECTIONS_MAX];
	bool good = accounts_group(credentials, groups, why, why_size);

	*ids = (struct identities){ 0 };
	for (size_t i = 0; good && i < credentials_count(credentials); i++)
		good = open_record(ids, credentials_at(credentials, i), groups[i], shard,
				   why, why_size) &&
		       open_one(ids, credentials, i, groups[i], kdc, why, why_size);
	good = good && spread_refusals(ids, why, why_size);
	if (!good)
		identities_close(ids);
	return good;
}

const char *identities_name(const struct identities *ids, size_t i)
{
	return ids->at[i].account;
}

void identities_close(struct identities *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		close_one(&ids->at[i]);
	for (size_t i = 0; i <= CREDENTIAL_SECTIONS_MAX; i++)
		shard_record_close(ids->records[i]);
	*ids = (struct identities){ 0 };
}
