/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/journal/journal_line.h"

#include <stdio.h>

#include "report/files/memory_stream.h"
#include "report/text/escape.h"

static bool begin(struct memory_stream *l, const char *sweep)
{
	if (!memory_stream_open(l))
		return false;
	fputs("{\"schema\":\"lsasweep.journal/1\",\"sweep\":", l->out);
	escape_json(l->out, sweep);
	return true;
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
	struct memory_stream l;

	if (!begin(&l, header->sweep))
		return NULL;
	fputs(",\"started\":", l.out);
	escape_json(l.out, header->started);
	fputs(",\"version\":", l.out);
	escape_json(l.out, header->version);
	put_rights(l.out, header);
	if (header->targets_known)
		fprintf(l.out, ",\"targets\":%llu", (unsigned long long)header->targets);
	if (header->parts > 1)
		fprintf(l.out, ",\"shard\":{\"part\":%u,\"parts\":%u}",
			(unsigned)header->part, (unsigned)header->parts);
	fputs("}", l.out);
	return memory_stream_close(&l);
}

char *journal_line_of_service(const struct journal_service *service)
{
	struct memory_stream l;

	if (!begin(&l, service->sweep))
		return NULL;
	fputs(",\"service\":", l.out);
	escape_json(l.out, service->name);
	fprintf(l.out, ",\"port\":%u,\"expanded\":", service->port);
	escape_json(l.out, service->expanded);
	fprintf(l.out, ",\"hosts\":%zu}", service->hosts);
	return memory_stream_close(&l);
}

char *journal_line_of_trailer(const struct journal_trailer *trailer)
{
	const char *comma = "";
	struct memory_stream l;

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
	fprintf(l.out, "}%s}", trailer->guard_stopped ? ",\"guard_stopped\":true" : "");
	return memory_stream_close(&l);
}
