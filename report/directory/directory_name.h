/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_name.h - whom a SID belongs to, as the directory has it: the same words a
 * host's own look-up would give.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_NAME_H
#define REPORT_DIRECTORY_DIRECTORY_NAME_H

#include "report/facts/facts.h"

struct directory_name {
	const char *sid;  /* never NULL */
	const char *name; /* "CORP\\Helpdesk"; NULL: the directory has no such account */
	enum holder_kind kind; /* KIND_UNKNOWN without a name */
};

#endif
