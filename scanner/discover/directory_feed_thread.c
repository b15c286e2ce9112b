/* SPDX-License-Identifier: Apache-2.0 */
/* The reading thread: what discover() finds is written to the file or handed over. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/directory/computer_fact.h"
#include "scanner/discover/directory_feed_internal.h"
#include "scanner/targets/computer_sorter.h"

static void wake_loop(const struct directory_feed *f)
{
	ssize_t n = write(f->pipe[1], "", 1);

	(void)n; /* a full pipe wakes it, too */
}

static bool on_ask(void *arg)
{
	struct directory_feed *f = arg;
	bool yes;

	uv_mutex_lock(&f->lock);
	if (f->answer != ANSWER_NO) {
		f->answer = ANSWER_NONE;
		f->asking = true;
	}
	wake_loop(f);
	while (f->answer == ANSWER_NONE)
		uv_cond_wait(&f->changed, &f->lock);
	yes = f->answer == ANSWER_YES && !atomic_load(&f->abandon);
	uv_mutex_unlock(&f->lock);
	return yes;
}

static void hand_over(struct directory_feed *f, struct note *note)
{
	uv_mutex_lock(&f->lock);
	STAILQ_INSERT_TAIL(&f->notes, note, others);
	uv_mutex_unlock(&f->lock);
	wake_loop(f);
}

/* Without memory for a verdict nothing may go on: the run is given up. */
static void on_login(enum ldap_login login, const struct fault *fault, void *arg)
{
	struct directory_feed *f = arg;
	struct note *note = calloc(1, sizeof *note);

	if (!note) {
		atomic_store(&f->abandon, true);
		return;
	}
	note->login = login;
	if (fault)
		note->fault = *fault;
	hand_over(f, note);
}

static void on_computer(const struct directory_computer *c, bool in_scope,
			enum computer_reason reason, void *arg)
{
	struct directory_feed *f = arg;
	struct computer_fact_texts texts;
	struct directory_fact fact;
	char name[COMPUTER_NAME_MAX];
	bool guessed;

	(void)reason;
	if (!in_scope || !computer_host_name(c, name, &guessed))
		return;
	computer_fact(c, &texts, &fact);
	if (feed_writer_add(&f->writer, name, &fact))
		f->written++;
	else
		f->out_of_room = true;
}

static void on_page(void *arg)
{
	struct directory_feed *f = arg;

	if (!feed_writer_flush(&f->writer))
		f->out_of_room = true;
	if (f->out_of_room)
		atomic_store(&f->abandon, true);
	uv_mutex_lock(&f->lock);
	f->published = f->writer.written;
	f->in_scope = f->written;
	uv_mutex_unlock(&f->lock);
	wake_loop(f);
}

static const char *keep(struct pool *pool, const char *text)
{
	return text ? pool_text(pool, text, strlen(text)) : NULL;
}

static void on_domain(const struct directory_domain *d,
		      const struct directory_counts *counts, void *arg)
{
	struct note *note = calloc(1, sizeof *note);

	if (!note)
		return;
	note->of_domain = true;
	note->counts = *counts;
	note->domain = (struct directory_domain){
		.dns_name = keep(&note->pool, d->dns_name),
		.netbios_name = keep(&note->pool, d->netbios_name),
		.dn = keep(&note->pool, d->dn),
		.sid = keep(&note->pool, d->sid),
		.forest = keep(&note->pool, d->forest),
		.controller = keep(&note->pool, d->controller),
		.proof = d->proof,
		.read_at = keep(&note->pool, d->read_at),
		.error = keep(&note->pool, d->error),
	};
	if (note->domain.dns_name)
		hand_over(arg, note);
	else
		free(note);
}

void directory_feed_hand_lines(struct directory_feed *f, char *lines)
{
	struct note *note = lines ? calloc(1, sizeof *note) : NULL;

	if (!note) {
		atomic_store(&f->abandon, true);
		free(lines);
		return;
	}
	note->lines = lines;
	hand_over(f, note);
}

static void on_lines(char *lines, void *arg)
{
	directory_feed_hand_lines(arg, lines);
}

static void on_opened(const struct directory_domain *d, void *arg)
{
	struct note *note = d->controller ? calloc(1, sizeof *note) : NULL;

	directory_feed_know(arg, d);
	if (!note)
		return;
	note->place = strdup(d->controller);
	if (note->place)
		hand_over(arg, note);
	else
		free(note);
}

void directory_feed_read(void *arg)
{
	struct directory_feed *f = arg;
	struct discover_options options = f->options;
	char why[FEED_WHY_MAX] = "";
	enum discover_end end;

	options.events = (struct discover_events){ .domain = on_domain,
						   .lines = on_lines,
						   .computer = on_computer,
						   .opened = on_opened,
						   .page = on_page,
						   .arg = f };
	options.guard = (struct discover_guard){ on_ask, on_login, f };
	options.abandon = &f->abandon;
	options.names = options.names_wanted ? &f->names : NULL;
	end = discover(&options, why, sizeof why);
	if (f->out_of_room) {
		snprintf(why, sizeof why,
			 "the temporary file of the directory cannot be written");
		end = DISCOVER_INCOMPLETE;
	}
	uv_mutex_lock(&f->lock);
	f->end = end;
	snprintf(f->why, sizeof f->why, "%s", why);
	f->ended = true;
	uv_cond_broadcast(&f->changed);
	wake_loop(f);
	uv_mutex_unlock(&f->lock);
	directory_feed_serve(f);
	directory_names_close(&f->names);
	uv_mutex_lock(&f->lock);
	f->gone = true;
	uv_cond_broadcast(&f->changed);
	uv_mutex_unlock(&f->lock);
}
