/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_directory.h - the directory whose computers a scan asks: a recorded one
 * (--directory), or one that is read meanwhile (--domain, --forest).
 */
#ifndef SCANNER_CLI_SCAN_DIRECTORY_H
#define SCANNER_CLI_SCAN_DIRECTORY_H

#include <stdbool.h>

#include "scanner/cli/identities.h"
#include "scanner/cli/options.h"
#include "scanner/discover/discover.h"

struct directory_feed;
struct directory_file;
struct journal;
struct target_source;

struct scan_directory {
	const struct options *options;
	struct directory_file *file; /* recorded; NULL: it is not */
	struct directory_feed *feed; /* read meanwhile; NULL: it is not */
	struct discover_options reading;
	struct journal *journal; /* takes a line a domain; NULL: none does */
	bool part_missing;       /* of the directory */
	bool guarded;            /* its login was refused */
};

/* Nothing is asked yet.  False: it was said on stderr. */
bool scan_directory_open(struct scan_directory *d, const struct options *o);
/* NULL: no directory gives targets. */
struct target_source *scan_directory_source(struct scan_directory *d);
/* Says with which credential it is read.  False: it was said on stderr. */
bool scan_directory_begin(struct scan_directory *d, const struct identities *identities);
/* Its domains get a line in `journal`, those to come too. */
void scan_directory_record(struct scan_directory *d, struct journal *journal);
/* The sweep is over.  `early`: nobody waited for the directory's end.  False: a thread is
 * inside a call that blocks, and uses `d` until the process ends. */
bool scan_directory_end(struct scan_directory *d, bool early);
void scan_directory_close(struct scan_directory *d);

#endif
