/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_write.h - the Group Policy of one computer, for people and for programs
 * (lsasweep.policy/1, schemas/policy.schema.json).
 */
#ifndef REPORT_RENDER_POLICY_WRITE_H
#define REPORT_RENDER_POLICY_WRITE_H

#include <stdio.h>

#include "report/directory/policy.h"
#include "report/text/json_write.h"

struct policy_view {
	const char *computer; /* its name as people know it, never NULL */
	const char *dn;       /* never NULL */
	const char *site;     /* NULL: not known; "": none */
	enum policy_site_source site_source;
	const struct policy *policy;
};

/* One object and a newline.  Every right of the catalogue is in it. */
void policy_write_json(FILE *out, const struct policy_view *v);
/* The members of a right's object: who sets it, what is declared, and who else would. */
void policy_write_right(struct json *j, const struct policy *p,
			const struct policy_right *r);
/* A paragraph; rights that no GPO defines are counted. */
void policy_write_text(FILE *out, const struct policy_view *v);
/* What a change does to one computer; true when some right differs, else nothing is
 * written.  One object and a newline (lsasweep.policy-change/1), or a paragraph. */
bool policy_change_write_json(FILE *out, const struct policy_view *before,
			      const struct policy_view *after);
bool policy_change_write_text(FILE *out, const struct policy_view *before,
			      const struct policy_view *after);
/* True when a right of the catalogue is uncertain. */
bool policy_is_uncertain(const struct policy *p);

/* Who sets the right, behind an indent of four and `word`, with what is declared. */
void policy_write_setter(FILE *out, const char *word, const struct policy *p,
			 const struct policy_right *r);
/* "{31B2F340-...}" of a place of the list, into `id`; "": it has none. */
enum { POLICY_ID_MAX = 256 };
void policy_gpo_id(const struct policy_gpo *g, char id[static POLICY_ID_MAX]);

#endif
