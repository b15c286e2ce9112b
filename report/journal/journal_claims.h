/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_claims.h - which hosts reported the same name or machine SID as another one.
 *
 * Private to the journal.  A name is claimed by its keyed hash, so that nobody can make
 * two different ones look the same.  Controllers of one domain share a machine SID and
 * do not claim it.
 */
#ifndef REPORT_JOURNAL_JOURNAL_CLAIMS_H
#define REPORT_JOURNAL_JOURNAL_CLAIMS_H

#include "report/journal/journal_index.h"

/* What the host of `f` claims, into its entry.  False: no randomness is to be had. */
bool journal_claims_note(struct journal_index *index, struct journal_entry *entry,
			 const struct facts *f);
/* After merging: sets `name_shared` and `sid_shared` of the entries.  False: out of
 * memory. */
bool journal_claims_compare(struct journal_index *index);

#endif
