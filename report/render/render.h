/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render.h - the seam between judgements and formats, and the one list of the formats.
 *
 * A format is one row of functions, all of them optional.  `begin` sees the finished
 * totals (so a page can begin with its summary), `host` every host once, in the order of
 * host names, `end` comes last.  What a renderer writes depends on nothing but what it is
 * given: no clock, no locale, no order of arrival; so the same facts give the same bytes.
 *
 * What a renderer must remember between these calls is its own `state`; nobody else reads
 * it.  A renderer that cannot write everything says so in `fault`: then the report as a
 * whole fails, and no file of it is left behind.
 *
 * To add a format: report/README.md.
 */
#ifndef REPORT_RENDER_RENDER_H
#define REPORT_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/journal/journal_read.h"
#include "report/judge/coverage.h"
#include "report/judge/fixes.h"
#include "report/judge/judge.h"
#include "report/judge/scorecard.h"

/* What every renderer may know.  All borrowed. */
struct render_context {
	const struct journal_info *journal;
	const struct scorecard *score; /* of the baseline that decides; finished */
	struct scorecard *const
		*compared; /* of the other baselines, in the order given */
	size_t compared_count;
	size_t unrecorded; /* targets without a record in their journal */
	const struct coverage
		*coverage; /* NULL, or `known` false: no directory gave targets */
	/* Where violations can be fixed, most hosts first; no place: no policy is known.
	 */
	const struct fixes *fixes;
	bool full; /* text: every host and finding, however many */
};

/* Why a report is not whole. */
enum rendering_fault {
	RENDERING_WHOLE,
	RENDERING_NO_MEMORY,
	RENDERING_NO_TEMPORARY_FILE, /* none could be opened, written or read */
};

/* One report being written. */
struct rendering {
	FILE *out;
	const struct render_context *about;
	void *state;    /* `state_size` bytes of the renderer's own, zero at `begin` */
	bool colour;    /* text: a terminal reads it */
	enum role role; /* a format of one file a role: whose file this is */
	enum rendering_fault fault;
};

typedef void (*render_begin_fn)(struct rendering *r);
/* `j` is the judgement that decides; `compared` those of the other baselines. */
typedef void (*render_host_fn)(struct rendering *r, const struct judgement *j,
			       const struct judgement *compared);
typedef void (*render_end_fn)(struct rendering *r);
typedef void (*render_release_fn)(void *state);

struct renderer {
	const char *name;   /* what users write: "gpo-inf" */
	const char *suffix; /* of its files, without the dot */
	const char *about;  /* what it is, in a few words */
	unsigned
		mode; /* of its files, as chmod(2) takes it; 0600 where hosts are named */
	bool per_role;          /* NAME.inf becomes NAME-member_server.inf, ... */
	size_t temporary_files; /* it opens at most, beforehand */
	size_t state_size;      /* 0: it needs none */
	/* NULL: nothing to do then. */
	render_begin_fn begin;
	render_host_fn host;
	render_end_fn end;
	render_release_fn release; /* closes what is open in `state`, whatever happened */
};

/* The formats in the order of the help.  X(name of its row, renderer_NAME) */
#define RENDERERS(X)  \
	X(text)       \
	X(json)       \
	X(ndjson)     \
	X(csv)        \
	X(html)       \
	X(markdown)   \
	X(prometheus) \
	X(junit)      \
	X(ocsf)       \
	X(gpo_inf)

#define X(name) extern const struct renderer renderer_##name;
RENDERERS(X)
#undef X

size_t renderer_count(void);
/* The i-th, below renderer_count(). */
const struct renderer *renderer_at(size_t i);
/* The one of that name; "_" is as good as "-".  NULL: no such format. */
const struct renderer *renderer_find(const char *name);

/* For renderers whose hosts must wait: writes what is in the temporary file `from` to
 * `r->out`.  NULL is an empty one.  What was not written or cannot be read again is a
 * fault. */
void rendering_append(struct rendering *r, FILE *from);

#endif
