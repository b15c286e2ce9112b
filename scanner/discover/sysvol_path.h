/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysvol_path.h - where a Group Policy Object's files lie, from gPCFileSysPath
 * ([MS-GPOL] 2.2.4), which is data of the directory and hostile.
 *
 * Only "\\DOMAIN\SysVol\DOMAIN\Policies\{GUID}" is taken, DOMAIN being the domain that
 * holds the object, without regard to case.  The host in it is never contacted: what
 * comes out counts from the share of the domain controller that is asked.
 */
#ifndef SCANNER_DISCOVER_SYSVOL_PATH_H
#define SCANNER_DISCOVER_SYSVOL_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a path of a file below SYSVOL, with its NUL. */
enum { SYSVOL_PATH_MAX = 512 };

/* "corp.example\Policies\{GUID}\" and `file` behind it, in `path`.  False: not of this
 * form, or it does not fit. */
bool sysvol_path(const char *file_sys_path, const char *domain, const char *file,
		 char path[static SYSVOL_PATH_MAX]);

#endif
