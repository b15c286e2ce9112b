/* SPDX-License-Identifier: Apache-2.0 */
/* html_directory.c - coverage of Active Directory by role, unit, site and operating
 * system, folded. */
#include <string.h>

#include "report/text/escape.h"
#include "report/render/html_internal.h"
#include "report/render/phrases.h"

enum { ROWS_MAX = 200 };

/* "organizational_unit" as people write it; static. */
static const char *title_of(const char *by)
{
	return strcmp(by, "role") == 0                  ? "Role"
	       : strcmp(by, "organizational_unit") == 0 ? "Organizational unit"
	       : strcmp(by, "site") == 0                ? "Site"
							: "Operating system";
}

static void put_row(FILE *out, const struct coverage_row *row)
{
	char text[100];

	fprintf(out, "<tr><td>%s</td><td>", title_of(row->by));
	escape_html(out, row->name ? row->name : "not in the directory");
	fprintf(out, "</td><td class=\"number\">%s</td></tr>",
		phrase_share(row->counts.assessed, row->counts.asked, "", text,
			     sizeof(text)));
}

void html_directory(struct rendering *r)
{
	const struct coverage *c = r->about->coverage;
	struct coverage_row row;
	size_t count = 0;

	if (!c || !c->known)
		return;
	fputs("<details class=\"directory\"><summary>Coverage of Active Directory by "
	      "role, unit, site and operating system</summary><table "
	      "class=\"plain\"><thead><tr>"
	      "<th>Group</th><th>Name</th><th class=\"number\">Assessed</th></tr></thead>"
	      "<tbody>",
	      r->out);
	for (; coverage_row(c, count, &row); count++)
		if (count < ROWS_MAX)
			put_row(r->out, &row);
	fputs("</tbody></table>", r->out);
	if (count > ROWS_MAX)
		fprintf(r->out, "<p>And %zu more: see -o json.</p>", count - ROWS_MAX);
	fputs("</details>", r->out);
}
