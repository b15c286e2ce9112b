/* SPDX-License-Identifier: Apache-2.0 */
/*
 * render.h - the seam between judgements and formats, and the table that names them all.
 *
 * A format is three functions.  All of them see the finished totals (so a page can begin
 * with its summary), then every host once, in the order of host names, then the end.
 * What a renderer writes depends on nothing but what it is given: no clock, no locale, no
 * order of arrival; so the same facts give the same bytes.
 *
 * To add a format, write render_NAME.c, declare its functions below and add a row to
 * RENDERERS.
 */
#ifndef REPORT_RENDER_RENDER_H
#define REPORT_RENDER_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/journal/journal_read.h"
#include "report/judge/judge.h"
#include "report/judge/scorecard.h"

/* What every renderer may know.  All borrowed. */
struct render_context {
	const struct journal_info *journal;
	const struct scorecard *score;   /* of the baseline that decides; finished */
	struct scorecard *const *beside; /* of the others, in the order given */
	size_t beside_count;
	size_t unrecorded; /* targets without a record in their journal */
};

/* One report being written. */
struct rendering {
	FILE *out;
	const struct render_context *about;
	bool colour;             /* text: a terminal reads it */
	enum role role;          /* a format of one file a role: whose file this is */
	size_t written;          /* the renderer's own count of what it wrote */
	FILE *spool[ROLE_COUNT]; /* temporary files of the renderer, closed by the caller
				  */
	size_t spooled[ROLE_COUNT][4];
	bool failed; /* memory or a temporary file was not to be had: it is not whole */
	char domain_sid[200]; /* gpo-inf: of the hosts of that role */
	bool domains_differ;
};

typedef void (*render_begin_fn)(struct rendering *r);
/* `j` is the judgement that decides; `beside` those of the other baselines. */
typedef void (*render_host_fn)(struct rendering *r, const struct judgement *j,
			       const struct judgement *beside);
typedef void (*render_end_fn)(struct rendering *r);

/* X(name, file suffix, mode of its file, one file a role, spools it takes at most, what
 * it is).  Prometheus' file is read by another account (node_exporter's) and names no
 * host. */
#define RENDERERS(X)                                                                   \
	X(text, "txt", 0600, false, 1, "for people, in 100 columns")                   \
	X(json, "json", 0600, false, 0, "the whole report, for programs")              \
	X(ndjson, "ndjson", 0600, false, 0, "one finding a line")                      \
	X(csv, "csv", 0600, false, 0, "one holder a row, for spreadsheets")            \
	X(html, "html", 0600, false, 0, "one self-contained page")                     \
	X(prometheus, "prom", 0644, false, 0, "metrics for a textfile collector")      \
	X(junit, "xml", 0600, false, ROLE_COUNT, "test results, a suite a role")       \
	X(ocsf, "ocsf.ndjson", 0600, false, 0, "OCSF Compliance Findings, one a line") \
	X(gpo_inf, "inf", 0600, true, 0, "the mend as security templates, one a role")

struct renderer {
	const char *name; /* "gpo_inf", which users may also write "gpo-inf" */
	const char *suffix, *about;
	unsigned mode;
	bool per_role; /* NAME.inf becomes NAME-member_server.inf, ... */
	size_t spools;
	render_begin_fn begin;
	render_host_fn host;
	render_end_fn end;
};

size_t renderer_count(void);
const struct renderer *renderer_at(size_t i);
/* NULL: no such format. */
const struct renderer *renderer_find(const char *name);

#define X(name, suffix, mode, per_role, spools, about)                            \
	void render_##name##_begin(struct rendering *r);                          \
	void render_##name##_host(struct rendering *r, const struct judgement *j, \
				  const struct judgement *beside);                \
	void render_##name##_end(struct rendering *r);
RENDERERS(X)
#undef X

#endif
