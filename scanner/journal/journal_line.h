/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_line.h - the lines of a journal that are no facts, as text without a newline.
 * Private to the journal.
 */
#ifndef SCANNER_JOURNAL_JOURNAL_LINE_H
#define SCANNER_JOURNAL_JOURNAL_LINE_H

#include "scanner/journal/journal.h"

/* To be freed; NULL: out of memory. */
char *journal_line_of_header(const struct journal_header *header);
char *journal_line_of_service(const struct journal_service *service);
char *journal_line_of_trailer(const struct journal_trailer *trailer);

#endif
