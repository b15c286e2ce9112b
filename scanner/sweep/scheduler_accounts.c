/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts of a sweep: one guard each, shared with other shards where there are any.
 */
#include <stdlib.h>

#include "scanner/sweep/scheduler_internal.h"

static void on_shared(void *arg)
{
	struct scheduler *s = arg;

	if (!s->finished)
		scheduler_pump_later(s, 0);
}

static bool share(struct scheduler *s, struct account *a, struct shard_record *record)
{
	if (record)
		a->shared = shared_guard_new(s->loop, s->host.workers, record, a->guard,
					     on_shared, s);
	return a->shared || !record;
}

/* The account of the i-th credential: an earlier one's, or a new one. */
static struct account *find_account(struct scheduler *s, size_t i)
{
	const struct sweep_credential *from = s->inputs->credentials;
	struct account *a;

	for (size_t k = 0; k < i; k++)
		if (from[i].group && from[k].group == from[i].group)
			return s->credentials[k].account;
	a = &s->accounts[s->account_count++];
	a->scheduler = s;
	a->credential = i;
	job_line_init(&a->places);
	a->guard = guard_new(from[i].name, s->settings->max_logon_failures);
	if (a->guard)
		guard_set_check(a->guard, scheduler_check, a);
	return a->guard && share(s, a, from[i].record) ? a : NULL;
}

bool scheduler_make_accounts(struct scheduler *s)
{
	size_t count = s->inputs->credential_count;

	s->credentials = calloc(count ? count : 1, sizeof(*s->credentials));
	s->accounts = calloc(count ? count : 1, sizeof(*s->accounts));
	if (!s->credentials || !s->accounts)
		return false;
	for (size_t i = 0; i < count; i++) {
		job_line_init(&s->credentials[i].waiting);
		s->credentials[i].account = find_account(s, i);
		if (!s->credentials[i].account)
			return false;
		if (s->inputs->credentials[i].proven)
			guard_prove(s->credentials[i].account->guard);
	}
	return true;
}
