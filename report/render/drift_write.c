/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drift_write.c - the changes between two sweeps as text and as JSON.
 */
#include "report/judge/drift.h"

#include <string.h>

#include "report/text/escape.h"

struct writer {
	FILE *out;
	bool colour;
	size_t written;
	char host[256]; /* the host whose heading stands above (text) */
	uint16_t port;
};

static const char *const kind_colour[DRIFT_KIND_COUNT] = {
	[DRIFT_GAINED] = "31",       [DRIFT_LOST] = "32",       [DRIFT_HOST_NEW] = "36",
	[DRIFT_HOST_GONE] = "36",    [DRIFT_UNREADABLE] = "33", [DRIFT_READABLE] = "36",
	[DRIFT_ROLE_CHANGED] = "33",
};

static const char kind_sign[DRIFT_KIND_COUNT] = {
	[DRIFT_GAINED] = '+',       [DRIFT_LOST] = '-',       [DRIFT_HOST_NEW] = '*',
	[DRIFT_HOST_GONE] = '*',    [DRIFT_UNREADABLE] = '?', [DRIFT_READABLE] = '!',
	[DRIFT_ROLE_CHANGED] = '~',
};

static const char *kind_title(enum drift_kind k)
{
#define X(name, word, sentence) [name] = sentence,
	static const char *const titles[] = { DRIFT_KINDS(X) };
#undef X
	return titles[k];
}

static void heading(struct writer *w, const struct drift_change *c)
{
	char host[sizeof(w->host)];

	snprintf(host, sizeof(host), "%s", c->host);
	if (w->written && w->port == c->port && strcmp(w->host, host) == 0)
		return;
	memcpy(w->host, host, sizeof(host));
	w->port = c->port;
	if (w->written)
		fputc('\n', w->out);
	escape_terminal_cell(w->out, c->host,
			     (unsigned)(escape_terminal_width(c->host) < 70
						? escape_terminal_width(c->host)
						: 70));
	if (c->port != 445)
		fprintf(w->out, ":%u", c->port);
	fprintf(w->out, " (%s)\n", role_title(c->role));
}

static void name_of(FILE *out, const struct drift_change *c)
{
	size_t width = escape_terminal_width(c->name ? c->name : c->sid);

	escape_terminal_cell(out, c->name ? c->name : c->sid,
			     width < 44 ? (unsigned)width : 44);
	if (c->name && strcmp(c->name, c->sid) != 0) {
		fputs("\n      ", out);
		escape_terminal(out, c->sid);
	}
}

static void text_change(const struct drift_change *c, void *arg)
{
	struct writer *w = arg;

	heading(w, c);
	w->written++;
	if (w->colour)
		fprintf(w->out, "\033[%sm", kind_colour[c->kind]);
	fprintf(w->out, "  %c %s", kind_sign[c->kind], drift_kind_word(c->kind));
	if (w->colour)
		fputs("\033[0m", w->out);
	if (c->right) {
		fputc(' ', w->out);
		escape_terminal(w->out, c->right);
	}
	if (c->sid) {
		fputc(' ', w->out);
		name_of(w->out, c);
	}
	if (c->before || c->after)
		fprintf(w->out, ": %s%s%s", c->before ? c->before : "",
			c->before && c->after ? " -> " : "", c->after ? c->after : "");
	fputc('\n', w->out);
}

static void text_totals(const struct writer *w, const struct drift_totals *t)
{
	if (w->written)
		fputc('\n', w->out);
	fprintf(w->out, "%zu host%s before, %zu after, %zu in both\n", t->hosts_old,
		t->hosts_old == 1 ? "" : "s", t->hosts_new, t->hosts_compared);
	for (unsigned k = 0; k < DRIFT_KIND_COUNT; k++)
		if (t->changes[k])
			fprintf(w->out, "%6zu %s\n", t->changes[k],
				kind_title((enum drift_kind)k));
	if (t->rights_not_compared)
		fprintf(w->out,
			"%6zu rights asked in one of the sweeps only: not "
			"compared\n",
			t->rights_not_compared);
	if (drift_total(t) == 0)
		fputs("no change\n", w->out);
}

static void member(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",\"%s\":", key);
	escape_json(out, value);
}

static void json_change(const struct drift_change *c, void *arg)
{
	struct writer *w = arg;

	fprintf(w->out, "%s\n  {\"change\":\"%s\",\"host\":", w->written++ ? "," : "",
		drift_kind_word(c->kind));
	escape_json(w->out, c->host);
	fprintf(w->out, ",\"port\":%u,\"role\":\"%s\"", c->port, role_word(c->role));
	if (c->right)
		member(w->out, "right", c->right);
	if (c->sid) {
		member(w->out, "sid", c->sid);
		member(w->out, "name", c->name);
	}
	if (c->before)
		member(w->out, "before", c->before);
	if (c->after)
		member(w->out, "after", c->after);
	fputc('}', w->out);
}

static void json_sweep(FILE *out, const char *key, const struct journal_set *set)
{
	const struct journal_info *info = journal_set_info(set);

	fprintf(out, "\"%s\":{\"id\":", key);
	escape_json(out, info->sweep);
	member(out, "started", info->started);
	member(out, "finished", info->finished);
	fprintf(out, ",\"hosts\":%zu}", journal_set_hosts(set));
}

static void json_totals(const struct writer *w, const struct drift_totals *t)
{
	fprintf(w->out,
		"%s],\n \"summary\":{\"hosts_compared\":%zu,"
		"\"rights_not_compared\":%zu,\"changes\":%zu",
		w->written ? "\n " : "", t->hosts_compared, t->rights_not_compared,
		drift_total(t));
	for (unsigned k = 0; k < DRIFT_KIND_COUNT; k++)
		fprintf(w->out, ",\"%s\":%zu", drift_kind_word((enum drift_kind)k),
			t->changes[k]);
	fputs("}}\n", w->out);
}

bool drift_report(const struct journal_set *old, const struct journal_set *new,
		  enum drift_format format, bool colour, FILE *out, bool *changed,
		  char *why, size_t why_size)
{
	struct writer w = { .out = out, .colour = colour };
	struct drift_totals totals;

	if (format == DRIFT_JSON) {
		fputs("{\"schema\":\"lsasweep.diff/1\",\n ", out);
		json_sweep(out, "old", old);
		fputs(",\n ", out);
		json_sweep(out, "new", new);
		fputs(",\n \"changes\":[", out);
	}
	if (!drift_compare(old, new, format == DRIFT_JSON ? json_change : text_change, &w,
			   &totals, why, why_size))
		return false;
	if (format == DRIFT_JSON)
		json_totals(&w, &totals);
	else
		text_totals(&w, &totals);
	*changed = drift_total(&totals) > 0;
	return true;
}
