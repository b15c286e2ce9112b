/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inf.h - security templates as facts: `secedit /export` files and GptTmpl.inf.
 *
 * So that machines no network reaches join the same report.  Read are [Privilege Rights]
 * and, of [System Access], what the built-in accounts are called.  A right with nothing
 * behind its `=` is held by nobody.  An export is whole: a right of the catalogue without
 * a line is held by nobody, too.  A policy (GptTmpl.inf) leaves such a right alone, and
 *so does a part of an export: secedit writes [Unicode] and [Version] around what it
 *exports.
 *
 * Bytes as report/text/decode.h takes them, ANSI being windows-1252.  A `;` outside of
 * quotes begins a comment.  What stands behind a `*` is a SID or the file is refused;
 * names are resolved as report/facts/names.h says, and what stays a name stands in place
 * of the SID.
 *
 * A template does not say whose it is.  Attributes do (report/facts/attributes.h), given
 *by the caller or in a comment anywhere in the file:
 *
 *	; lsasweep: host=srv1.corp.example role=member_server os=10.0.20348 tag=web
 */
#ifndef REPORT_FACTS_INF_H
#define REPORT_FACTS_INF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/facts/facts.h"

struct inf_file {
	const char *path; /* for messages; its name tells a policy from an export */
	const char *host; /* whose it is unless an attribute says so */
	const char *when; /* becomes the timestamp */
	const char *const *attributes; /* they count before those in the file */
	size_t attribute_count;
};

enum inf_result {
	INF_READ,
	INF_PART, /* read; a part of an export, which tells of no right without a line */
	INF_NO_RIGHTS, /* a template without [Privilege Rights] */
	INF_REFUSED,
};

/* `f` must be initialised and is to be freed in any case.  Unless it was read: `why` says
 * file, line where there is one, what was found and what was expected. */
enum inf_result inf_to_facts(const uint8_t *bytes, size_t length,
			     const struct inf_file *file, struct facts *f, char *why,
			     size_t why_size);

/* True for the path of a policy's template: its name is GptTmpl.inf. */
bool inf_is_policy(const char *path);

#endif
