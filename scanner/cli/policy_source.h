/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_source.h - a recorded directory as `policy` needs it: its Group Policy in a
 * store, and the accounts of the computers that were asked for.
 */
#ifndef SCANNER_CLI_POLICY_SOURCE_H
#define SCANNER_CLI_POLICY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "report/directory/directory.h"
#include "report/directory/policy.h"
#include "report/directory/computer.h"
#include "report/render/policy_write.h"
#include "report/text/pool.h"

/* A computer that was asked for, by its DNS name, its NetBIOS name or its account. */
struct policy_wanted {
	const char *name;                          /* as typed */
	const struct directory_computer *computer; /* NULL: not found */
	size_t found;                              /* how many accounts have this name */
};

struct policy_source {
	struct policy_store *store; /* sealed */
	struct policy_wanted *wanted;
	size_t wanted_count;
	bool whole; /* the record has its last line */
	struct pool pool, line_pool;
};

/* Empty; false: out of memory.  policy_source_close() in any case. */
bool policy_source_begin(struct policy_source *s, const char *const *names, size_t count);
/* A line of Group Policy, or of another kind, which is passed over.  False with `why`. */
bool policy_source_take(struct policy_source *s, const char *line, size_t len, char *why,
			size_t why_size);
/* An account, kept if it was asked for.  False: out of memory. */
bool policy_source_note(struct policy_source *s, const struct directory_computer *c);
/* All is taken.  False with `why`: out of memory, or nothing of Group Policy. */
bool policy_source_ready(struct policy_source *s, char *why, size_t why_size);
/* Begin and take from a file.  False with `why`. */
bool policy_source_read(struct policy_source *s, const char *path,
			const char *const *names, size_t count, char *why,
			size_t why_size);
/* The same, and ready.  False with `why`. */
bool policy_source_open(struct policy_source *s, const char *path,
			const char *const *names, size_t count, char *why,
			size_t why_size);
void policy_source_close(struct policy_source *s);

/* Calls for each computer of the file at `path`; false with `why`; `fn` is false when it
 * is out of memory. */
typedef bool (*policy_computer_fn)(const struct directory_computer *c, void *arg);
bool policy_source_each(const char *path, policy_computer_fn fn, void *arg, char *why,
			size_t why_size);

/* True for the account's own name, its NetBIOS name or its DNS name. */
bool policy_source_is_named(const struct directory_computer *c, const char *name);

/* One computer with its policy; borrows from the account, the store and itself. */
struct policy_subject {
	struct policy_view view;
	char version[40], site[256], name[COMPUTER_NAME_MAX];
};

/* False: out of memory. */
bool policy_subject_make(struct policy_subject *subject, struct policy_store *store,
			 const struct directory_computer *c);

#endif
