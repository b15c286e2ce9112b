/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/journal/journal_line.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/text/escape.h"

/* A stream that becomes a line. */
struct line {
	char *text;
	size_t len;
	FILE *out;
};

static bool begin(struct line *l, const char *sweep)
{
	*l = (struct line){ 0 };
	l->out = open_memstream(&l->text, &l->len);
	if (!l->out)
		return false;
	fputs("{\"schema\":\"lsasweep.journal/1\",\"sweep\":", l->out);
	escape_json(l->out, sweep);
	return true;
}

static char *end(struct line *l)
{
	bool whole = !ferror(l->out);

	if (fclose(l->out) == 0 && whole)
		return l->text;
	free(l->text);
	return NULL;
}

static void put_rights(FILE *out, const struct journal_header *header)
{
	fputs(",\"rights\":[", out);
	for (size_t i = 0; i < header->right_count; i++) {
		if (i > 0)
			fputc(',', out);
		escape_json(out, header->rights[i]);
	}
	fputc(']', out);
}

char *journal_line_of_header(const struct journal_header *header)
{
	struct line l;

	if (!begin(&l, header->sweep))
		return NULL;
	fputs(",\"started\":", l.out);
	escape_json(l.out, header->started);
	fputs(",\"version\":", l.out);
	escape_json(l.out, header->version);
	put_rights(l.out, header);
	if (header->targets_known)
		fprintf(l.out, ",\"targets\":%llu", (unsigned long long)header->targets);
	fputs("}", l.out);
	return end(&l);
}

char *journal_line_of_service(const struct journal_service *service)
{
	struct line l;

	if (!begin(&l, service->sweep))
		return NULL;
	fputs(",\"service\":", l.out);
	escape_json(l.out, service->name);
	fprintf(l.out, ",\"port\":%u,\"expanded\":", service->port);
	escape_json(l.out, service->expanded);
	fprintf(l.out, ",\"hosts\":%zu}", service->hosts);
	return end(&l);
}

char *journal_line_of_trailer(const struct journal_trailer *trailer)
{
	const char *comma = "";
	struct line l;

	if (!begin(&l, trailer->sweep))
		return NULL;
	fputs(",\"finished\":", l.out);
	escape_json(l.out, trailer->finished);
	fprintf(l.out, ",\"hosts\":%llu,\"outcomes\":{",
		(unsigned long long)trailer->hosts);
	for (unsigned o = 0; o < HOST_OUTCOME_COUNT; o++) {
		if (trailer->outcomes[o] == 0)
			continue;
		fprintf(l.out, "%s\"%s\":%llu", comma,
			host_outcome_word((enum host_outcome)o),
			(unsigned long long)trailer->outcomes[o]);
		comma = ",";
	}
	fputs("}}", l.out);
	return end(&l);
}
