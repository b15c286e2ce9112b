/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template.h - what a security template of SYSVOL declares: GptTmpl.inf as
 * [MS-GPSB] 2.2 describes it, its [Privilege Rights] (2.2.6) and [Group Membership]
 * (2.2.10).
 *
 * UTF-16 of either byte order, UTF-8 or ANSI (windows-1252).  Names of sections and
 * rights without regard to case; of a right that stands there twice the last line counts;
 * nothing behind `=` is a value: nobody.  Rights that no Windows knows are kept.
 *
 * Entries are kept as they are written.  They get a SID where one is written, or where
 * the name means the same on every Windows; a name that may be anybody's has none, and
 * stays to be looked up in the directory or on the host.
 */
#ifndef REPORT_DIRECTORY_TEMPLATE_H
#define REPORT_DIRECTORY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/directory/directory_policy.h"
#include "report/text/pool.h"

/* At most LIMIT_TEMPLATE_BYTES.  Sets rights and groups (in `pool`) and the state of
 * `t`: TEMPLATE_READ, or TEMPLATE_FAILED with its `error` ("line 7: ..."), for a file
 * that is not within its limits or not of its form.  `domain_sid`: of the domain that
 * holds the GPO, or NULL. */
void template_read(const void *bytes, size_t len, const char *domain_sid,
		   struct pool *pool, struct directory_template *t);
/* `Version=` of gpt.ini's [General].  False: there is none. */
bool template_read_version(const void *bytes, size_t len, uint32_t *version);

#endif
