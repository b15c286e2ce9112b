/* SPDX-License-Identifier: Apache-2.0 */
/* Read downwards: when it was read, check and count, then one target after another. */
#include "scanner/targets/directory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/directory/computer_fact.h"
#include "report/directory/directory_json.h"
#include "report/text/line_reader.h"
#include "report/text/timestamp.h"
#include "scanner/targets/computer_sorter.h"

enum { LINE_BYTES_MAX = 256 << 10, DOMAINS_MAX = 1000 };

struct directory_file {
	struct target_source source; /* first */
	char *path;
	FILE *stream;
	struct line_reader reader;
	uint64_t number; /* of the line in hand */
	struct directory_line line;
	struct pool line_pool;
	struct computer_sorter sorter;

	struct directory_file_domain *domains;
	size_t domain_count, domain_room;
	struct pool domain_pool;
	uint64_t in_scope, given;
	bool ended;
	bool others; /* lines that are neither domains nor computers nor the end */

	/* of the target in hand */
	char name[COMPUTER_NAME_MAX];
	struct directory_fact fact;
	struct computer_fact_texts texts;

	char *why;
	size_t why_size;
};

static bool find_day(struct directory_file *d);
static bool count(struct directory_file *d);
static enum targets_answer next(struct target_source *source, struct target_line *line);
static bool left(const struct target_source *source, uint64_t *number);

static bool refuse(struct directory_file *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool refuse(struct directory_file *d, const char *format, ...)
{
	char what[300];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	if (d->number)
		snprintf(d->why, d->why_size, "%s:%llu: %s", d->path,
			 (unsigned long long)d->number, what);
	else
		snprintf(d->why, d->why_size, "%s: %s", d->path, what);
	return false;
}

static bool open_stream(struct directory_file *d)
{
	int fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return refuse(d, "%s", strerror(errno));
	d->stream = fdopen(fd, "r");
	if (!d->stream) {
		close(fd);
		return refuse(d, "out of memory");
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refuse(d, "expected a file, which is read twice");
	return true;
}

static void start_over(struct directory_file *d)
{
	rewind(d->stream);
	line_reader_close(&d->reader);
	line_reader_open(&d->reader, d->stream, LINE_BYTES_MAX);
	d->number = 0;
}

struct directory_file *directory_file_open(const char *path,
					   const struct computer_rules *rules, char *why,
					   size_t why_size)
{
	struct directory_file *d = calloc(1, sizeof *d);

	if (!d) {
		snprintf(why, why_size, "%s: out of memory", path);
		return NULL;
	}
	d->source = (struct target_source){ .next = next, .left = left, .alone = true };
	d->sorter.rules = *rules;
	d->why = why;
	d->why_size = why_size;
	d->path = strdup(path);
	if (!d->path || !open_stream(d) || !find_day(d) || !count(d)) {
		directory_file_close(d);
		return NULL;
	}
	return d;
}

void directory_file_close(struct directory_file *d)
{
	if (!d)
		return;
	if (d->stream)
		fclose(d->stream);
	line_reader_close(&d->reader);
	computer_sorter_clear(&d->sorter);
	pool_free(&d->line_pool);
	pool_free(&d->domain_pool);
	free(d->path);
	free(d);
}

/* ---- lines ---- */

enum line_answer { LINE_READ, LINE_NO_MORE, LINE_REFUSED };

static enum line_answer next_line(struct directory_file *d)
{
	if (!line_reader_next(&d->reader)) {
		if (!d->reader.failed)
			return LINE_NO_MORE;
		refuse(d, "cannot be read: %s", strerror(errno));
		return LINE_REFUSED;
	}
	d->number++;
	if (!d->reader.too_long)
		return LINE_READ;
	refuse(d, "a line of %llu bytes, expected at most %d",
	       (unsigned long long)d->reader.length, LINE_BYTES_MAX);
	return LINE_REFUSED;
}

static bool parse(struct directory_file *d)
{
	char why[200];

	pool_clear(&d->line_pool);
	return directory_from_json(d->reader.line, (size_t)d->reader.length,
				   &d->line_pool, &d->line, why, sizeof why) ||
	       refuse(d, "%s", why);
}

/* ---- domains ---- */

static const char *keep(struct directory_file *d, const char *text)
{
	return text ? pool_text(&d->domain_pool, text, strlen(text)) : NULL;
}

/* The domain of that name, made where there is none; NULL: refused. */
static struct directory_file_domain *domain_named(struct directory_file *d,
						  const char *name)
{
	struct directory_file_domain *at;
	void *grown;

	for (size_t i = 0; i < d->domain_count; i++)
		if (strcasecmp(d->domains[i].domain.dns_name, name) == 0)
			return &d->domains[i];
	if (d->domain_count == DOMAINS_MAX) {
		refuse(d, "more than %d domains", DOMAINS_MAX);
		return NULL;
	}
	if (d->domain_count == d->domain_room) {
		grown = pool_grow(&d->domain_pool, d->domains, &d->domain_room,
				  sizeof *d->domains);
		if (!grown) {
			refuse(d, "out of memory");
			return NULL;
		}
		d->domains = grown;
	}
	at = &d->domains[d->domain_count];
	*at = (struct directory_file_domain){ .domain.dns_name = keep(d, name) };
	if (!at->domain.dns_name) {
		refuse(d, "out of memory");
		return NULL;
	}
	d->domain_count++;
	return at;
}

static bool note_domain(struct directory_file *d)
{
	const struct directory_domain *from = &d->line.domain;
	struct directory_file_domain *at = domain_named(d, from->dns_name);

	if (!at)
		return false;
	at->domain = (struct directory_domain){
		.dns_name = at->domain.dns_name,
		.netbios_name = keep(d, from->netbios_name),
		.dn = keep(d, from->dn),
		.sid = keep(d, from->sid),
		.forest = keep(d, from->forest),
		.controller = keep(d, from->controller),
		.read_at = keep(d, from->read_at),
		.error = keep(d, from->error),
		.proof = keep(d, from->proof),
	};
	return true;
}

/* ---- the first reading ---- */

/* Only lines of domains say it, and they stand behind their computers. */
static bool find_day(struct directory_file *d)
{
	static const char mark[] = "\"read_at\"";
	int64_t latest = 0, ms;
	enum line_answer answer;

	start_over(d);
	while ((answer = next_line(d)) == LINE_READ) {
		const struct line_reader *r = &d->reader;

		if (!memmem(r->line, (size_t)r->length, mark, sizeof mark - 1))
			continue;
		if (!parse(d))
			return false;
		if (d->line.kind == DIRECTORY_DOMAIN && d->line.domain.read_at &&
		    timestamp_parse(d->line.domain.read_at, &ms) && ms > latest)
			latest = ms;
	}
	if (latest)
		d->sorter.rules.now = latest / 1000;
	return answer == LINE_NO_MORE;
}

static bool count_computer(struct directory_file *d)
{
	struct directory_file_domain *of = domain_named(d, d->line.computer.domain);
	enum computer_reason reason;

	if (!of)
		return false;
	d->in_scope += computer_sort(&d->sorter, &d->line.computer, &of->counts, d->name,
				     &reason) == COMPUTER_IN_SCOPE;
	return true;
}

static bool count_line(struct directory_file *d)
{
	if (!parse(d))
		return false;
	switch (d->line.kind) {
	case DIRECTORY_COMPUTER:
		return count_computer(d);
	case DIRECTORY_DOMAIN:
		return note_domain(d);
	case DIRECTORY_END:
		d->ended = true;
		break;
	case DIRECTORY_POLICIES:
	case DIRECTORY_SCOPE:
	case DIRECTORY_GPO:
	case DIRECTORY_WMI_FILTER:
	case DIRECTORY_GROUP:
	case DIRECTORY_SITE:
	case DIRECTORY_SUBNET:
	case DIRECTORY_SERVER:
	case DIRECTORY_NAME:
	case DIRECTORY_OTHER:
		d->others = true;
		break;
	}
	return true;
}

static bool count(struct directory_file *d)
{
	enum line_answer answer;

	start_over(d);
	while ((answer = next_line(d)) == LINE_READ)
		if (!count_line(d))
			return false;
	if (answer == LINE_REFUSED)
		return false;
	if (!d->number)
		return refuse(d, "empty, expected a recorded directory "
				 "(discover -o directory=FILE)");
	computer_sorter_clear(&d->sorter);
	start_over(d);
	return true;
}

/* ---- the second reading ---- */

/* A file that was changed meanwhile ends where it does not fit any more. */
static enum targets_answer next(struct target_source *source, struct target_line *line)
{
	struct directory_file *d = (struct directory_file *)source;
	struct directory_counts ignored = { 0 };
	enum computer_reason reason;
	char why[300];

	d->why = why;
	d->why_size = sizeof why;
	while (next_line(d) == LINE_READ && parse(d)) {
		if (d->line.kind != DIRECTORY_COMPUTER ||
		    computer_sort(&d->sorter, &d->line.computer, &ignored, d->name,
				  &reason) != COMPUTER_IN_SCOPE)
			continue;
		d->given++;
		computer_fact(&d->line.computer, &d->texts, &d->fact);
		target_line_of_computer(line, d->name, &d->fact);
		return TARGETS_ONE;
	}
	return TARGETS_END;
}

static bool left(const struct target_source *source, uint64_t *number)
{
	const struct directory_file *d = (const struct directory_file *)source;

	*number = d->in_scope > d->given ? d->in_scope - d->given : 0;
	return true;
}

/* ---- what it holds ---- */

struct target_source *directory_file_source(struct directory_file *d)
{
	return &d->source;
}

const struct directory_file_domain *directory_file_domains(const struct directory_file *d,
							   size_t *count_of)
{
	*count_of = d->domain_count;
	return d->domains;
}

/* Computers are most of a record: they are told by their first bytes. */
static bool is_other(struct directory_file *d)
{
	static const char computer[] =
		"{\"schema\":\"lsasweep.directory/1\",\"kind\":\"computer\"";
	const struct line_reader *r = &d->reader;

	if (r->length >= sizeof computer - 1 &&
	    memcmp(r->line, computer, sizeof computer - 1) == 0)
		return false;
	return parse(d) && d->line.kind != DIRECTORY_DOMAIN &&
	       d->line.kind != DIRECTORY_COMPUTER && d->line.kind != DIRECTORY_END;
}

void directory_file_each_line(struct directory_file *d,
			      void (*each)(const char *line, size_t len, void *arg),
			      void *arg)
{
	char why[300];

	if (!d->others)
		return;
	d->why = why;
	d->why_size = sizeof why;
	while (next_line(d) == LINE_READ)
		if (is_other(d))
			each(d->reader.line, strcspn(d->reader.line, "\r\n"), arg);
	start_over(d);
}

bool directory_file_is_whole(const struct directory_file *d)
{
	for (size_t i = 0; i < d->domain_count; i++)
		if (d->domains[i].domain.error)
			return false;
	return d->ended;
}
