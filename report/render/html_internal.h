/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html_internal.h - the slots of report/render/html/report.html; each function fills one.
 *
 * Filled by html.c, html_sections.c and html_waivers.c.
 */
#ifndef REPORT_RENDER_HTML_INTERNAL_H
#define REPORT_RENDER_HTML_INTERNAL_H

#include "report/render/render.h"

void html_policy(struct rendering *r);
void html_title(struct rendering *r);
void html_css(struct rendering *r);
void html_js(struct rendering *r);
void html_masthead(struct rendering *r);
void html_coverage(struct rendering *r);
void html_directory(struct rendering *r); /* a part of the coverage */
void html_cards(struct rendering *r);
void html_findings(struct rendering *r);
void html_fixes(struct rendering *r);
void html_waivers(struct rendering *r);
void html_principals(struct rendering *r);
void html_matrix(struct rendering *r);
void html_footer(struct rendering *r);

#endif
