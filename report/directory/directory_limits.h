/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory_limits.h - how much one record of the directory may hold, and how many of
 * them policies are worked out from: the one table of these limits.
 *
 * A reader of the directory stays within them and says what it left out; a line that
 * holds more is refused.  Values are counts or bytes, as their names say.
 */
#ifndef REPORT_DIRECTORY_DIRECTORY_LIMITS_H
#define REPORT_DIRECTORY_DIRECTORY_LIMITS_H

#include "report/facts/limits.h"

enum {
	/* gPLink: a link is about 100 bytes, and Windows links at most 999 GPOs. */
	LIMIT_LINK_BYTES = 256 << 10,
	LIMIT_LINKS_A_SCOPE = 999,
	/* An ACL is at most 64 KiB, an entry at least 20 bytes. */
	LIMIT_ACES_A_GPO = 3276,
	/* gPCMachineExtensionNames, gPCFileSysPath and the like. */
	LIMIT_ATTRIBUTE_BYTES = 64 << 10,
	/* GptTmpl.inf as a file, and what of it is kept as text. */
	LIMIT_TEMPLATE_BYTES = 4 << 20,
	LIMIT_TEMPLATE_TEXT_BYTES = 2 << 20,
	LIMIT_DECLARED_RIGHTS = LIMIT_RIGHTS,
	LIMIT_ENTRIES_A_RIGHT = LIMIT_HOLDERS_A_RIGHT,
	LIMIT_ENTRIES_A_TEMPLATE = LIMIT_HOLDERS_A_HOST,
	LIMIT_RESTRICTED_GROUPS = 1000,
	/* msWMI-Parm2, and the queries in it. */
	LIMIT_WMI_BYTES = 64 << 10,
	LIMIT_WMI_QUERIES = 100,
	/* Of one record; a larger group has several. */
	LIMIT_MEMBERS_A_RECORD = 100000,

	/* Of a directory as a whole: more of them is no directory that a client of
	 * Group Policy would get through. */
	LIMIT_GPOS = 100000,
	LIMIT_SCOPES = 1000000,
	LIMIT_GROUPS = 100000,
	/* GPOs that one computer's scopes link. */
	LIMIT_GPOS_A_COMPUTER = 10000,
};

/* Keys, punctuation and a SID of an entry. */
enum { LIMIT_JSON_ENTRY_BYTES = 224 };

_Static_assert(LIMIT_JSON_GROWTH *(LIMIT_TEMPLATE_TEXT_BYTES +
				   6 * LIMIT_ATTRIBUTE_BYTES) +
			       LIMIT_JSON_ENTRY_BYTES *
				       (LIMIT_ENTRIES_A_TEMPLATE + LIMIT_ACES_A_GPO) +
			       LIMIT_JSON_RIGHT_BYTES *
				       (LIMIT_DECLARED_RIGHTS + LIMIT_RESTRICTED_GROUPS) <
		       LIMIT_LINE_READ_BYTES,
	       "a record of a GPO can be read back");

#endif
