/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target_spec.h - the words of a target list, parsed: no files, no state.
 */
#ifndef SCANNER_TARGETS_TARGET_SPEC_H
#define SCANNER_TARGETS_TARGET_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scanner/targets/address.h"
#include "scanner/targets/targets.h"

enum spec_kind { SPEC_NAME, SPEC_ADDRESSES };

struct spec {
	enum spec_kind kind;
	uint16_t port;                  /* 0: none was given */
	char name[TARGET_NAME_MAX + 1]; /* of a name: as typed, no final dot */
	struct address first, last;     /* of addresses: both belong to it */
};

/* What to say when it is neither of them. */
extern const char *const spec_expected;

/* False with `why`, which says what was expected; `text` is not repeated there. */
bool spec_parse(const char *text, struct spec *spec, char *why, size_t why_size);

/* A line of a target list; strings are borrowed from the line.  The last four are its
 * source's to fill. */
struct target_line {
	struct spec spec;
	const char *tags[TARGET_TAGS_MAX];
	size_t tag_count;
	bool hint_known;
	enum role hint;
	const char *user;                       /* NULL: the default credential */
	const struct directory_fact *directory; /* the computer account, or NULL */
	size_t credential;                      /* index into targets_options.sections */
	const char *file;                       /* where it was named: struct target */
	unsigned long number;
};

enum target_line_answer { TARGET_LINE_EMPTY, TARGET_LINE_GOOD, TARGET_LINE_BAD };

/* `line` is cut into words in place.  When bad, `offending` is the word and `why` says
 * what was expected. */
enum target_line_answer target_line_parse(char *line, size_t len, struct target_line *t,
					  const char **offending, char *why,
					  size_t why_size);

/* The next blank-separated word, NUL-terminated in place; NULL at the end of the line or
 * at a word that begins with '#'. */
char *line_word(char **rest);

#endif
