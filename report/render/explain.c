/* SPDX-License-Identifier: Apache-2.0 */
/* Topics of `lsasweep explain`: which there are, and findings and principals themselves;
 * rights are explain_right.c, words of closed lists explain_outcome.c. */
#include "report/render/explain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/baseline/baseline.h"
#include "report/facts/principals.h"
#include "report/facts/rights.h"
#include "report/files/memory_stream.h"
#include "report/judge/judge.h"
#include "report/render/explain_internal.h"
#include "report/render/render.h"
#include "report/text/wrap.h"

struct explanation {
	FILE *out;
	bool out_of_memory;
};

/* ---- principals ---- */

/* The roles, a bit each, where `bounded` (" SID ") holds a right by default. */
static unsigned stock_roles(const struct right *r, const char *bounded)
{
	char stock[1000];
	unsigned roles = 0;

	for (int role = 0; role < ROLE_UNKNOWN; role++) {
		snprintf(stock, sizeof(stock), " %s ",
			 rights_stock(r, (enum role)role, UINT32_MAX));
		if (strstr(stock, bounded))
			roles |= 1u << role;
	}
	return roles;
}

static void print_role_set(FILE *out, unsigned roles)
{
	const char *between = "";

	if (roles == (1u << ROLE_UNKNOWN) - 1) {
		fputs("every role\n", out);
		return;
	}
	for (int role = 0; role < ROLE_UNKNOWN; role++) {
		if (!(roles & 1u << role))
			continue;
		fprintf(out, "%s%s", between, role_title((enum role)role));
		between = ", ";
	}
	putc('\n', out);
}

/* Rights that `sid` holds by default on each role. */
static void print_stock_of(FILE *out, const char *sid)
{
	char bounded[120];
	size_t found = 0;

	snprintf(bounded, sizeof(bounded), " %s ", sid);
	for (size_t i = 0; i < rights_count(); i++) {
		unsigned roles = stock_roles(rights_at(i), bounded);

		if (!roles)
			continue;
		if (!found++)
			fputs("\nHolds by default\n", out);
		fprintf(out, "  %s: ", rights_at(i)->name);
		print_role_set(out, roles);
	}
	if (!found)
		fputs("  By default no user right names it; it holds what its groups "
		      "hold.\n",
		      out);
}

static void print_principal(FILE *out, const char *sid, const struct principal *p)
{
	fprintf(out, "%s\n", sid);
	if (p->name)
		fprintf(out, "  %s\n", p->name);
	fprintf(out, "  %s", principal_class_sentence(p->class));
	if (p->product)
		fprintf(out, ", of %s", product_title(p->product));
	putc('\n', out);
	print_stock_of(out, sid);
	putc('\n', out);
}

static bool explain_principal(const char *topic, FILE *out)
{
	const char *sid = principal_is_sid(topic) ? topic : principal_sid_of(topic);
	struct holder h = { sid, NULL, KIND_NOT_TOLD };
	struct principal p;

	if (!sid)
		return false;
	principal_identify(&h, &p);
	print_principal(out, sid, &p);
	return true;
}

/* ---- findings and topics ---- */

static bool explain_finding(const char *topic, FILE *out)
{
	enum finding_kind kind;

	if (!finding_from_id(topic, &kind))
		return false;
	fprintf(out, "%s: %s", finding_id(kind), finding_title(kind));
	if (finding_severity(kind) != SEVERITY_NONE)
		fprintf(out, " (%s)", severity_word(finding_severity(kind)));
	fputs("\n\nWhat it means\n", out);
	wrap_paragraph(out, finding_meaning(kind), EXPLAIN_COLUMNS, 2);
	fputs("\nHow to fix it\n", out);
	wrap_paragraph(out, finding_remediation(kind), EXPLAIN_COLUMNS, 2);
	putc('\n', out);
	return true;
}

static void explain_baseline(const char *name, struct explanation *e)
{
	char why[500];
	struct baseline *b = baseline_load(name, why, sizeof(why));

	e->out_of_memory = !b;
	if (!b)
		return;
	fprintf(e->out, "%s %s\n", b->name, b->version);
	wrap_paragraph(e->out, b->source, EXPLAIN_COLUMNS, 2);
	if (b->description)
		wrap_paragraph(e->out, b->description, EXPLAIN_COLUMNS, 2);
	fprintf(e->out,
		"  Rules for %zu rights; `lsasweep explain RIGHT` shows them.\n\n",
		b->right_count);
	baseline_free(b);
}

/* Two columns; what is too wide for them goes on below. */
static void print_row(FILE *out, const char *name, const char *text)
{
	enum { NAME = 33, TEXT = NAME + 4 };

	if (strlen(name) > NAME)
		fprintf(out, "  %s\n  %*s  ", name, NAME, "");
	else
		fprintf(out, "  %-*s  ", NAME, name);
	wrap_words(out, text, EXPLAIN_COLUMNS, TEXT, TEXT);
}

void explain_topics(FILE *out)
{
	fputs("Rights\n", out);
	for (size_t i = 0; i < rights_count(); i++)
		print_row(out, rights_at(i)->name, rights_at(i)->policy);
	fputs("\nFindings\n", out);
	for (int k = FINDING_NONE + 1; k < FINDING_COUNT; k++)
		print_row(out, finding_id((enum finding_kind)k),
			  finding_title((enum finding_kind)k));
	fputs("\nShipped baselines\n", out);
	for (size_t i = 0; baseline_shipped(i); i++)
		fprintf(out, "  %s\n", baseline_shipped(i));
	fputs("\nReport formats (-o)\n", out);
	for (size_t i = 0; i < renderer_count(); i++)
		print_row(out, renderer_at(i)->name, renderer_at(i)->about);
	explain_outcomes(out);
	fputs("\nA SID or a well-known name is explained, too.\n", out);
}

void explain_each_topic(void (*fn)(const char *topic, const char *about, void *arg),
			void *arg)
{
	for (size_t i = 0; i < rights_count(); i++)
		fn(rights_at(i)->name, rights_at(i)->policy, arg);
	for (int k = FINDING_NONE + 1; k < FINDING_COUNT; k++)
		fn(finding_id((enum finding_kind)k), finding_title((enum finding_kind)k),
		   arg);
	explain_each_outcome(fn, arg);
	for (size_t i = 0; baseline_shipped(i); i++)
		fn(baseline_shipped(i), NULL, arg);
}

/* Rights whose name or policy holds the words asked for. */
static void name_the_nearest(const char *topic, char *why, size_t why_size)
{
	size_t len;

	snprintf(why, why_size,
		 "\"%.60s\": expected a right, a principal, an outcome, a finding or a "
		 "baseline",
		 topic);
	for (size_t i = 0; *topic && i < rights_count(); i++) {
		if (!strcasestr(rights_at(i)->name, topic) &&
		    !strcasestr(rights_at(i)->policy, topic))
			continue;
		len = strlen(why);
		snprintf(why + len, why_size - len, "; did you mean %s?",
			 rights_at(i)->name);
		return;
	}
	len = strlen(why);
	snprintf(why + len, why_size - len, "; `lsasweep explain` lists all of them");
}

static void on_right(const struct right *r, void *arg)
{
	struct explanation *e = arg;

	e->out_of_memory = !explain_right(r, e->out) || e->out_of_memory;
}

/* False: no such topic. */
static bool explain_topic(const char *topic, struct explanation *e)
{
	size_t length;

	if (explain_finding(topic, e->out) || explain_outcome(topic, e->out) ||
	    explain_principal(topic, e->out) || rights_match(topic, on_right, e) > 0)
		return true;
	if (!baseline_shipped_text(topic, &length))
		return false;
	explain_baseline(topic, e);
	return true;
}

/* Nothing is written before all of it is there. */
bool explain(const char *topic, FILE *out, char *why, size_t why_size)
{
	struct memory_stream all;
	struct explanation e = { 0 };
	char *text = NULL;
	bool found = false, ok;

	if (memory_stream_open(&all)) {
		e.out = all.out;
		found = explain_topic(topic, &e);
		text = memory_stream_close(&all);
	}
	ok = text && !e.out_of_memory;
	if (!ok)
		snprintf(why, why_size, "out of memory");
	else if (!found)
		name_the_nearest(topic, why, why_size);
	else
		fwrite(text, 1, all.length, out);
	free(text);
	return ok && found;
}
