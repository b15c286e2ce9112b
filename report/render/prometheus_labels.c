/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prometheus_labels.c - the labels that every sample has: of which baseline and domain it
 * is, so that the files of several sweeps live side by side.
 */
#include <stdlib.h>
#include <string.h>

#include "report/files/memory_stream.h"
#include "report/render/prometheus_internal.h"
#include "report/text/escape.h"

/* The domain that gave the targets, or the forest of several; NULL: a list did. */
static const char *domain_of(const struct journal_info *info)
{
	const char *forest = info->domain_count ? info->domains[0].domain.forest : NULL;

	if (info->domain_count == 0)
		return NULL;
	if (info->domain_count == 1)
		return info->domains[0].domain.dns_name;
	for (size_t i = 1; i < info->domain_count; i++) {
		const char *other = info->domains[i].domain.forest;

		if (!forest || !other || strcmp(forest, other) != 0)
			return "several";
	}
	return forest;
}

/* NULL: out of memory. */
static char *labels_of(const struct render_context *about)
{
	const char *domain = domain_of(about->journal);
	struct memory_stream m;

	if (!memory_stream_open(&m))
		return NULL;
	fputs("baseline=", m.out);
	escape_label(m.out, about->score->baseline->name);
	if (domain) {
		fputs(",domain=", m.out);
		escape_label(m.out, domain);
	}
	return memory_stream_close(&m);
}

/* "NAME 1" or "NAME{...} 1", with our labels behind its own. */
static void put_sample(FILE *out, const char *line, size_t len, const char *labels)
{
	size_t value = len;

	while (value > 0 && line[value - 1] != ' ')
		value--;
	if (value >= 2 && line[value - 2] == '}')
		fprintf(out, "%.*s,%s} ", (int)(value - 2), line, labels);
	else
		fprintf(out, "%.*s{%s} ", (int)(value ? value - 1 : 0), line, labels);
	fprintf(out, "%.*s\n", (int)(len - value), line + value);
}

void prometheus_put(struct rendering *r, const char *samples)
{
	char *labels = labels_of(r->about);

	if (!labels) {
		r->fault = RENDERING_NO_MEMORY;
		return;
	}
	while (*samples) {
		size_t len = strcspn(samples, "\n");

		if (*samples == '#')
			fprintf(r->out, "%.*s\n", (int)len, samples);
		else
			put_sample(r->out, samples, len, labels);
		samples += len + (samples[len] == '\n');
	}
	free(labels);
}
