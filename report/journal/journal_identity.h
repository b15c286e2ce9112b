/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_identity.h - whose a template is, by its path.
 *
 * An export is called after its file, without the ending; a policy after the "{GUID}" in
 * its path.  Where several files of one run would have the same name, each has the folder
 * before it: SRV1/secpol and SRV2/secpol, corp.example/{GUID} and child.example/{GUID}.
 */
#ifndef REPORT_JOURNAL_JOURNAL_IDENTITY_H
#define REPORT_JOURNAL_JOURNAL_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

/* The names of `count` paths into `names`; free() each.  False: out of memory, and
 * nothing is to be freed. */
bool journal_identities(const char *const *paths, size_t count, char **names);

#endif
