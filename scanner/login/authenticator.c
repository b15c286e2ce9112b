/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/login/authenticator.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define container_of(pointer, type, member) \
	((type *)((char *)(pointer)-offsetof(type, member)))

static void step_on_worker(struct work_item *item);
static void end_on_worker(struct work_item *item);
static void on_worked(struct work_item *item);

void authenticator_init(struct authenticator *p, struct workers *workers,
			struct authenticator_pool *pool,
			const struct auth_provider *provider, const char *host,
			authenticator_fn started)
{
	*p = (struct authenticator){ .workers = workers,
				     .pool = pool,
				     .provider = provider,
				     .host = host,
				     .started = started };
}

bool authenticator_busy(const struct authenticator *p)
{
	return p->busy;
}

bool authenticator_in_line(const struct authenticator *p)
{
	return p->in_line;
}

bool authenticator_crashed(const struct authenticator *p)
{
	return p->busy && p->item.crashed;
}

/* What is later in a login goes first: it ends mechanisms, the other begins them.  After
 * an opening every step is a later one, for the host has answered and its time runs. */
static void have_done(struct authenticator *p, work_item_fn work)
{
	p->item.work = work;
	p->item.done = on_worked;
	workers_do(p->workers, &p->item, p->auth || p->provider->opening.len);
}

/* ---- a place in the pool ---- */

void authenticator_pool_init(struct authenticator_pool *pool, unsigned room)
{
	pool->room = room;
	pool->live = 0;
	TAILQ_INIT(&pool->line);
}

static void take_place(struct authenticator *p)
{
	p->placed = true;
	if (p->pool)
		p->pool->live++;
	p->started(p);
	have_done(p, step_on_worker);
}

static void stand_in_line(struct authenticator *p)
{
	p->in_line = true;
	TAILQ_INSERT_TAIL(&p->pool->line, p, others);
}

static void leave_line(struct authenticator *p)
{
	TAILQ_REMOVE(&p->pool->line, p, others);
	p->in_line = false;
}

static void give_place(struct authenticator *p)
{
	struct authenticator_pool *pool = p->pool;
	struct authenticator *next;

	if (!p->placed || p->auth)
		return;
	p->placed = false;
	if (!pool)
		return;
	pool->live--;
	next = pool->live < pool->room ? TAILQ_FIRST(&pool->line) : NULL;
	if (!next)
		return;
	leave_line(next);
	take_place(next);
}

/* ---- one step ---- */

bool authenticator_open(struct authenticator *p, struct bytes *token)
{
	*token = p->provider->opening;
	p->begun |= token->len > 0;
	return token->len > 0;
}

/* What a host says before our first token is no answer to it. */
bool authenticator_step(struct authenticator *p, struct bytes peer_token,
			authenticator_fn done)
{
	if (p->complete)
		return false;
	p->peer_token = p->begun ? peer_token : (struct bytes){ 0 };
	p->done = done;
	p->begun = p->busy = true;
	if (p->placed || p->provider->opening.len)
		have_done(p, step_on_worker);
	else if (p->pool && p->pool->live >= p->pool->room)
		stand_in_line(p);
	else
		take_place(p);
	return true;
}

static bool copy_bytes(struct bytes from, struct bytes *copy)
{
	uint8_t *at = malloc(from.len);

	if (!at)
		return false;
	memcpy(at, from.at, from.len);
	copy->at = at;
	copy->len = from.len;
	return true;
}

/* The mechanism is released in the same item as its last step, to save a second one; a
 * token that goes with completion outlives it as a copy. */
static void finish(struct authenticator *p)
{
	struct bytes last = p->token;

	p->failed = !p->provider->key(p->auth, &p->key, &p->fault);
	p->token = (struct bytes){ 0 };
	if (last.len > 0 && !p->failed)
		p->failed = !copy_bytes(last, &p->token);
	p->provider->end(p->auth);
	p->auth = NULL;
}

static void step_on_worker(struct work_item *item)
{
	struct authenticator *p = container_of(item, struct authenticator, item);

	if (!p->auth)
		p->auth = p->provider->begin(p->provider, p->host, &p->fault);
	p->token = (struct bytes){ 0 };
	p->failed = !p->auth || !p->provider->step(p->auth, p->peer_token, &p->token,
						   &p->complete, &p->fault);
	if (p->auth)
		p->mechanism = p->provider->mechanism(p->auth);
	if (p->failed)
		p->complete = false;
	else if (p->complete)
		finish(p);
}

static void on_worked(struct work_item *item)
{
	struct authenticator *p = container_of(item, struct authenticator, item);

	p->busy = false;
	p->failed |= item->cancelled;
	if (p->failed)
		fault_set(&p->fault, "authenticate", REASON_OUT_OF_MEMORY, CODE_NONE, 0);
	give_place(p);
	p->done(p);
}

bool authenticator_cancel(struct authenticator *p)
{
	if (p->in_line) {
		leave_line(p);
		p->busy = false;
		return true;
	}
	if (p->busy)
		workers_cancel(p->workers, &p->item);
	return false;
}

void authenticator_wipe(struct authenticator *p)
{
	explicit_bzero(&p->key, sizeof(p->key));
	if (p->complete && p->token.at) {
		explicit_bzero((void *)p->token.at, p->token.len);
		free((void *)p->token.at);
	}
	p->token = (struct bytes){ 0 };
}

bool authenticator_end(struct authenticator *p, authenticator_fn done)
{
	if (!p->auth)
		return false;
	p->done = done;
	p->busy = true;
	have_done(p, end_on_worker);
	return true;
}

static void end_on_worker(struct work_item *item)
{
	struct authenticator *p = container_of(item, struct authenticator, item);

	p->provider->end(p->auth);
	p->auth = NULL;
}
