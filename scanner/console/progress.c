/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/console/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/text/escape.h"

/* The rate is that of the latest SAMPLES notes, a second apart. */
enum { SAMPLES = 10, SAMPLE_MS = 900, COLUMNS = 80 };

struct progress {
	bool terminal, shown;
	uint64_t every_ms, printed_at;
	struct {
		uint64_t at, done;
	} samples[SAMPLES];
	unsigned sampled;
};

struct progress *progress_begin(bool quiet, uint64_t every_ms)
{
	const char *term = getenv("TERM");
	struct progress *p = quiet ? NULL : calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->terminal = isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);
	p->every_ms = p->terminal ? SAMPLE_MS : every_ms;
	return p;
}

/* "1204" -> "1,204" */
static const char *grouped(uint64_t n, char text[static 32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *to = text;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

/* "00:39", from an hour on "1:02:03" */
static const char *clock_text(uint64_t ms, char text[static 32])
{
	unsigned long long s = ms / 1000;

	if (s < 3600)
		snprintf(text, 32, "%02llu:%02llu", s / 60, s % 60);
	else
		snprintf(text, 32, "%llu:%02llu:%02llu", s / 3600, s / 60 % 60, s % 60);
	return text;
}

static void put_count(FILE *out, const char *name, uint64_t n)
{
	char text[32];

	if (n)
		fprintf(out, " %s %s", name, grouped(n, text));
}

void progress_format(const struct progress_state *s, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");
	char a[32], b[32];

	text[0] = '\0';
	if (!out)
		return;
	fprintf(out, "%s %s", clock_text(s->elapsed_ms, a), grouped(s->done, b));
	if (s->total)
		fprintf(out, "/%s %llu%%", grouped(s->total, a),
			(unsigned long long)(s->done * 100 / s->total));
	fprintf(out, " %.0f/s in flight %s", s->rate, grouped(s->in_flight, a));
	fprintf(out, " answered %s", grouped(s->answered, a));
	put_count(out, "denied", s->denied);
	put_count(out, "unreachable", s->unreachable);
	put_count(out, "other", s->other);
	if (s->slowest && s->slowest_ms >= 1000)
		fprintf(out, " slowest %s %llus", s->slowest,
			(unsigned long long)s->slowest_ms / 1000);
	if (s->total > s->done && s->rate > 0)
		fprintf(out, " eta %s",
			clock_text(
				(uint64_t)((double)(s->total - s->done) / s->rate * 1000),
				a));
	fclose(out);
}

static double rate_of(struct progress *p, const struct progress_state *s)
{
	unsigned newest = p->sampled % SAMPLES;
	unsigned oldest = p->sampled < SAMPLES ? 0 : (p->sampled + 1) % SAMPLES;
	uint64_t ms;

	p->samples[newest].at = s->elapsed_ms;
	p->samples[newest].done = s->done;
	if (p->sampled < SAMPLES && newest == 0)
		return s->elapsed_ms ? (double)s->done * 1000 / (double)s->elapsed_ms : 0;
	ms = s->elapsed_ms - p->samples[oldest].at;
	return ms ? (double)(s->done - p->samples[oldest].done) * 1000 / (double)ms : 0;
}

static void print_line(struct progress *p, const char *line)
{
	struct winsize window;
	unsigned columns = COLUMNS;

	if (!p->terminal) {
		escape_terminal(stderr, line);
		fputc('\n', stderr);
		return;
	}
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1)
		columns = window.ws_col;
	fputc('\r', stderr);
	escape_terminal_cell(stderr, line, columns - 1);
	fflush(stderr);
	p->shown = true;
}

void progress_note(struct progress *p, struct progress_state *state)
{
	char line[1024];

	if (!p)
		return;
	state->rate = rate_of(p, state);
	p->sampled++;
	if (state->elapsed_ms < p->printed_at + p->every_ms)
		return;
	p->printed_at = state->elapsed_ms;
	progress_format(state, line, sizeof(line));
	print_line(p, line);
}

void progress_clear(void *arg)
{
	struct progress *p = arg;

	if (!p || !p->shown)
		return;
	fputs("\r\033[K", stderr);
	p->shown = false;
}

void progress_end(struct progress *p)
{
	progress_clear(p);
	free(p);
}
