/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inf.h - security templates as facts: `secedit /export` files and GptTmpl.inf.
 *
 * So that machines no network reaches join the same report.  Read are the lines of
 * [Privilege Rights]; a right with nothing behind its `=` is held by nobody, a right
 * without a line is not told (which is not the same).  UTF-16 or UTF-8, with a byte order
 * mark or without; a file that is neither is taken for windows-1252.
 *
 * A template does not say whose it is.  A comment may, anywhere in the file:
 *
 *	; lsasweep: host=srv1.corp.example role=member_server os=10.0.20348 tag=web
 *
 * Without it the host is the file's name without its ending; for a GptTmpl.inf the
 * "{GUID}" folder it lies in.  Holders given by name only keep it, in place of the SID.
 */
#ifndef REPORT_FACTS_INF_H
#define REPORT_FACTS_INF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

/* `f` must be initialised and is to be freed in any case; `when` becomes its timestamp.
 * False: `why` says file, line, what was found and what was expected. */
bool inf_to_facts(const uint8_t *bytes, size_t length, const char *path, const char *when,
		  struct facts *f, char *why, size_t why_size);

#endif
