/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_internal.h - the JSON report, which the HTML page embeds.
 */
#ifndef REPORT_RENDER_JSON_INTERNAL_H
#define REPORT_RENDER_JSON_INTERNAL_H

#include <stdbool.h>

#include "report/render/render.h"
#include "report/text/json_write.h"

/* The state of whoever writes it: whether a host was written. */
enum { JSON_REPORT_STATE = sizeof(bool) };

void json_report_begin(struct rendering *r);
void json_report_host(struct rendering *r, const struct judgement *judged,
		      const struct judgement *compared);
void json_report_end(struct rendering *r);

/* The "coverage" of the report; null where no directory gave targets. */
void json_put_coverage(struct json *j, const struct coverage *c);

#endif
