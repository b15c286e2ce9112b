/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c - one holder a row, for spreadsheets (RFC 4180, UTF-8, CRLF).
 *
 * A host or right without holders has one row too, so that nothing asked is left out.
 */
#include <stdlib.h>

#include "report/facts/windows_build.h"
#include "report/files/memory_stream.h"
#include "report/text/escape.h"
#include "report/render/render.h"
#include "report/render/phrases.h"

#define COLUMNS                                                                        \
	"host,port,role,outcome,host_verdict,right,right_outcome,right_verdict,state," \
	"sid,"                                                                         \
	"name,label,finding,severity,waived,reason,remediation,error_step,"            \
	"error_code,error_text,tags,os_version,time,ou,last_logon,address,dns_name,"   \
	"netbios_name,domain,windows,rule,site,directory_conflict\r\n"

static void csv_begin(struct rendering *r)
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
	char remediation[JUDGE_REMEDIATION_ROOM];
	bool wrong = f->kind != FINDING_NONE;

	field(out, f->sid);
	field(out, f->name);
	field(out, label_word(f->label));
	field(out, wrong ? finding_id(f->kind) : NULL);
	field(out, wrong ? severity_word(f->severity) : NULL);
	field(out, f->waived ? "yes" : NULL);
	field(out, f->reason);
	field(out, wrong ? judge_remediation(right, f, remediation, sizeof(remediation))
			 : NULL);
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
	field(out, unknown ? finding_remediation(kind) : NULL);
}

/* Tags are one field; each of them could be a formula, so each is escaped as a field of
 * its own and loses its quotes. */
static void put_tags(struct rendering *r, const struct facts *f)
{
	fputc('"', r->out);
	for (size_t i = 0; i < f->tag_count; i++) {
		struct memory_stream one;
		char *text = NULL;

		if (memory_stream_open(&one)) {
			escape_csv(one.out, f->tags[i]);
			text = memory_stream_close(&one);
		}
		if (!text)
			r->fault = RENDERING_NO_MEMORY;
		else
			fprintf(r->out, "%s%.*s", i ? " " : "", (int)(one.length - 2),
				text + 1);
		free(text);
	}
	fputs("\",", r->out);
}

static void put_tail(struct rendering *r, const struct judgement *j,
		     const struct right_judgement *right)
{
	const struct facts *f = j->facts;
	const struct directory_fact *d = f->directory;
	char windows[WINDOWS_NAME_MAX];
	const struct fact_error *e = right && right->fact->error.step
					     ? &right->fact->error
					     : &f->error;

	field(r->out, e->step);
	field(r->out, e->code);
	field(r->out, e->text);
	put_tags(r, f);
	field(r->out, f->os_version);
	field(r->out, f->timestamp);
	field(r->out, d ? d->ou : NULL);
	field(r->out, d ? d->last_logon : NULL);
	field(r->out, f->address);
	field(r->out, f->dns_name);
	field(r->out, f->netbios_name);
	field(r->out, phrase_domain(f));
	field(r->out, windows_name(f, windows));
	field(r->out, right && right->rule ? right->rule->rule : NULL);
	field(r->out, d ? d->site : NULL);
	escape_csv(r->out, j->directory_conflict);
	fputs("\r\n", r->out);
}

static void row(struct rendering *r, const struct judgement *j,
		const struct right_judgement *right, const struct finding *f)
{
	put_host(r->out, j);
	put_right(r->out, right);
	if (f)
		put_finding(r->out, right, f);
	else
		put_no_finding(r->out, j, right);
	put_tail(r, j, right);
}

static void csv_host(struct rendering *r, const struct judgement *j,
		     const struct judgement *compared)
{
	(void)compared;
	if (j->right_count == 0)
		row(r, j, NULL, NULL);
	for (size_t i = 0; i < j->right_count; i++) {
		const struct right_judgement *right = &j->rights[i];

		if (right->holder_count + right->missing_count == 0)
			row(r, j, right, NULL);
		for (size_t h = 0; h < right->holder_count; h++)
			row(r, j, right, &right->holders[h]);
		for (size_t m = 0; m < right->missing_count; m++)
			row(r, j, right, &right->missing[m]);
	}
}

const struct renderer renderer_csv = {
	.name = "csv",
	.suffix = "csv",
	.about = "one holder a row, for spreadsheets",
	.mode = 0600,
	.begin = csv_begin,
	.host = csv_host,
};
