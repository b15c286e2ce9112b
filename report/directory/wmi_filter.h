/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wmi_filter.h - WMI filters of Group Policy: which one a GPO has, and whether a computer
 * passes it ([MS-GPOL] 2.2.4, 3.2.5.1.7).
 *
 * Pure, nothing allocates.
 */
#ifndef REPORT_DIRECTORY_WMI_FILTER_H
#define REPORT_DIRECTORY_WMI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/wql.h"

/* What gPCWQLFilter names: "[corp.example;{ID};0]".  Not NUL-terminated. */
struct wmi_filter_name {
	const char *domain, *id;
	size_t domain_len, id_len;
};

enum wmi_filter_answer { WMI_FILTER_NONE, WMI_FILTER_ONE, WMI_FILTER_MALFORMED };

/* WMI_FILTER_NONE: NULL, empty or blank. */
enum wmi_filter_answer wmi_filter_name(const char *attribute,
				       struct wmi_filter_name *name);

/* What msWMI-Parm2 says of one computer: WQL_YES when each of its queries returns a row.
 * `machines` are all that the computer may be; unless they agree it is unknown.  The form
 * is "N;" and N times "3;LEN;LEN;WQL;NAMESPACE;QUERY;"; where its lengths are wrong, as
 * scripts write them, fields end at their `;`. */
enum wql_answer wmi_filter_evaluate(const char *query, const struct wql_machine *machines,
				    size_t count);

#endif
