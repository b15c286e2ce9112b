/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c - one holder a row, for spreadsheets (RFC 4180, UTF-8, CRLF).
 *
 * A host or right without holders has one row too, so that nothing asked is left out.
 */
#include <stdlib.h>

#include "report/text/escape.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

#define COLUMNS                                                                        \
	"host,port,role,outcome,host_verdict,right,right_outcome,right_verdict,state," \
	"sid,"                                                                         \
	"name,label,finding,severity,waived,reason,mend,error_step,error_code,error_"  \
	"text,"                                                                        \
	"tags,os_version,time\r\n"

void render_csv_begin(struct rendering *r)
{
	fputs(COLUMNS, r->out);
}

static void field(FILE *out, const char *text)
{
	escape_csv(out, text);
	fputc(',', out);
}

static void put_host(FILE *out, const struct judgement *j)
{
	field(out, j->facts->host);
	fprintf(out, "%u,", j->facts->port);
	field(out, role_word(j->facts->role));
	field(out, host_outcome_word(j->facts->outcome));
	field(out, verdict_word(j->verdict));
}

static void put_right(FILE *out, const struct right_judgement *right)
{
	field(out, right ? right->fact->name : NULL);
	field(out, right ? right_outcome_word(right->fact->outcome) : NULL);
	field(out, right ? verdict_word(right->verdict) : NULL);
	field(out, right ? right_state_word(right->state) : NULL);
}

static void put_finding(FILE *out, const struct right_judgement *right,
			const struct finding *f)
{
	char mend[1200];
	bool wrong = f->kind != FINDING_NONE;

	field(out, f->sid);
	field(out, f->name);
	field(out, label_word(f->label));
	field(out, wrong ? finding_id(f->kind) : NULL);
	field(out, wrong ? severity_word(f->severity) : NULL);
	field(out, f->waived ? "yes" : NULL);
	field(out, f->reason);
	field(out, wrong ? judge_mend(right, f, mend, sizeof(mend)) : NULL);
}

/* The columns of put_finding() where there is none: why nothing is known. */
static void put_no_finding(FILE *out, const struct judgement *j,
			   const struct right_judgement *right)
{
	bool unknown = (right ? right->verdict : j->verdict) == VERDICT_UNKNOWN;
	enum finding_kind kind = right ? right->kind : j->kind;

	fputs("\"\",\"\",\"\",", out);
	field(out, unknown ? finding_id(kind) : NULL);
	fputs("\"\",\"\",", out);
	field(out, !unknown ? NULL
		   : right  ? phrase_unknown_right(right)
			    : phrase_unknown_host(j));
	field(out, unknown ? finding_mend(kind) : NULL);
}

static void put_tail(FILE *out, const struct judgement *j,
		     const struct right_judgement *right)
{
	const struct facts *f = j->facts;
	const struct fact_error *e = right && right->fact->error.step
					     ? &right->fact->error
					     : &f->error;

	field(out, e->step);
	field(out, e->code);
	field(out, e->text);
	/* Tags are one field, so each is escaped on its own and joined by blanks. */
	fputc('"', out);
	for (size_t i = 0; i < f->tag_count; i++) {
		char *text = NULL;
		size_t length = 0;
		FILE *one = open_memstream(&text, &length);

		if (!one)
			break;
		escape_csv(one, f->tags[i]);
		fclose(one);
		fprintf(out, "%s%.*s", i ? " " : "", (int)(length - 2), text + 1);
		free(text);
	}
	fputs("\",", out);
	field(out, f->os_version);
	escape_csv(out, f->timestamp);
	fputs("\r\n", out);
}

static void row(FILE *out, const struct judgement *j, const struct right_judgement *right,
		const struct finding *f)
{
	put_host(out, j);
	put_right(out, right);
	if (f)
		put_finding(out, right, f);
	else
		put_no_finding(out, j, right);
	put_tail(out, j, right);
}

void render_csv_host(struct rendering *r, const struct judgement *j,
		     const struct judgement *beside)
{
	(void)beside;
	if (j->right_count == 0)
		row(r->out, j, NULL, NULL);
	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *right = &j->rights[i];

		if (right->holder_count + right->missing_count == 0)
			row(r->out, j, right, NULL);
		for (size_t h = 0; h < right->holder_count; h++)
			row(r->out, j, right, &right->holders[h]);
		for (size_t m = 0; m < right->missing_count; m++)
			row(r->out, j, right, &right->missing[m]);
	}
}

void render_csv_end(struct rendering *r)
{
	(void)r;
}
