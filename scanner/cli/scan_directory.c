/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/cli/scan_directory.h"

#include <stdlib.h>
#include <string.h>

#include "scanner/cli/commands.h"
#include "scanner/cli/discover_setup.h"
#include "scanner/console/log.h"
#include "scanner/discover/directory_feed.h"
#include "scanner/journal/journal.h"
#include "scanner/targets/directory_file.h"

enum { WHY_MAX = 1024 };

static void say_domain(const struct directory_domain *domain,
		       const struct directory_counts *counts)
{
	char text[DIRECTORY_COUNTS_TEXT];

	log_say(LOG_WARNINGS, domain->dns_name, NULL, "%s",
		directory_counts_write(counts, text, sizeof text));
	discover_say_proof(domain);
}

/* What it holds is said before the first host is asked. */
static void say_file(struct scan_directory *d)
{
	size_t count;
	const struct directory_file_domain *at = directory_file_domains(d->file, &count);

	for (size_t i = 0; i < count; i++)
		say_domain(&at[i].domain, &at[i].counts);
	d->part_missing = !directory_file_is_whole(d->file);
	if (d->part_missing)
		log_say(LOG_ERRORS, d->options->directory, NULL,
			"the directory was not read to its end: some computers are "
			"missing here");
}

bool scan_directory_open(struct scan_directory *d, const struct options *o)
{
	const struct computer_rules rules = discover_setup_rules(o);
	char why[WHY_MAX] = "";

	d->options = o;
	if (o->directory) {
		d->file = directory_file_open(o->directory, &rules, why, sizeof why);
		if (d->file)
			say_file(d);
	} else if (o->domain || o->forest) {
		ldap_link_prepare_process();
		d->feed = directory_feed_open(why, sizeof why);
	}
	if (*why)
		command_fails("%s", why);
	return !*why;
}

struct target_source *scan_directory_source(struct scan_directory *d)
{
	if (d->file)
		return directory_file_source(d->file);
	return d->feed ? directory_feed_source(d->feed) : NULL;
}

/* A domain came to its end, on the loop's thread. */
static void on_domain(const struct directory_domain *domain,
		      const struct directory_counts *counts, void *arg)
{
	struct scan_directory *d = arg;

	say_domain(domain, counts);
	if (d->journal)
		journal_add_domain(d->journal, domain, counts);
}

static void on_lines(char *lines, void *arg)
{
	struct scan_directory *d = arg;

	if (d->journal)
		journal_add_lines(d->journal, lines);
	else
		free(lines);
}

bool scan_directory_begin(struct scan_directory *d, const struct identities *identities)
{
	char why[WHY_MAX];

	if (!d->feed)
		return true;
	if (!discover_setup(&d->reading, d->options, identities, why, sizeof why)) {
		command_fails("%s", why);
		return false;
	}
	d->reading.events = (struct discover_events){ .domain = on_domain,
						      .lines = on_lines,
						      .arg = d };
	d->reading.names_wanted = !d->options->list_only;
	directory_feed_set(d->feed, &d->reading);
	return true;
}

static void add_line(const char *line, size_t len, void *arg)
{
	journal_add_lines(arg, strndup(line, len));
}

void scan_directory_record(struct scan_directory *d, struct journal *journal)
{
	const struct directory_file_domain *at;
	size_t count = 0;

	d->journal = journal;
	at = d->file ? directory_file_domains(d->file, &count) : NULL;
	for (size_t i = 0; i < count; i++)
		journal_add_domain(journal, &at[i].domain, &at[i].counts);
	if (d->file)
		directory_file_each_line(d->file, add_line, journal);
}

/* Reports show them as SIDs. */
static void say_unnamed(const struct directory_feed *feed)
{
	const char *why;
	uint64_t unnamed = directory_feed_unnamed(feed, &why);

	if (unnamed)
		log_say(LOG_ERRORS, NULL, NULL,
			"%llu %s of the domain not named by the directory: %s",
			(unsigned long long)unnamed,
			unnamed == 1 ? "SID was" : "SIDs were", why);
}

bool scan_directory_end(struct scan_directory *d, bool early)
{
	enum discover_end end;
	const char *why;

	if (!d->feed)
		return true;
	if (!early)
		directory_feed_finish(d->feed);
	if (!directory_feed_stop(d->feed))
		return false;
	say_unnamed(d->feed);
	end = directory_feed_end(d->feed, &why);
	d->part_missing = end != DISCOVER_DONE;
	d->guarded = end == DISCOVER_GUARDED && !early;
	if (end != DISCOVER_DONE && !early)
		command_fails("%s", why);
	return true;
}

void scan_directory_close(struct scan_directory *d)
{
	directory_file_close(d->file);
	directory_feed_close(d->feed);
}
