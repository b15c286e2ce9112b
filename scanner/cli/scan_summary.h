/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_summary.h - the last words of a scan, on stderr: what was assessed, where it is,
 * what is missing and how to get it.
 */
#ifndef SCANNER_CLI_SCAN_SUMMARY_H
#define SCANNER_CLI_SCAN_SUMMARY_H

#include "report/journal/journal_read.h"
#include "scanner/cli/options.h"
#include "scanner/cli/report_setup.h"
#include "scanner/sweep/sweep.h"

/* "--journal -": stdout is the journal's. */
bool scan_streams_facts(const struct options *o);
/* After the reports. */
void scan_summary(const struct options *o, const struct sweep_result *result,
		  const struct report_setup *reporting);
/* `hosts` were logged on to by NTLM, which USER@REALM may not expect. */
void scan_say_ntlm(const struct options *o, uint64_t hosts);

/* Of the `hosts` that the resumed journal held, `met` were targets of this run: the
 * others are no longer in the lists, or excluded, and in the reports all the same. */
void scan_say_left(const char *journal, const struct sweep_result *result, size_t hosts,
		   size_t met);

/* A part of a divided sweep is resumed as that part.  False: said on stderr. */
bool scan_is_same_part(const struct options *o, const char *journal,
		       const struct journal_info *info);

#endif
