/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exclude.c - the set of what must never be asked.
 */
#include "scanner/targets/exclude.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/targets/target_spec.h"

static bool add_pattern(struct excludes *e, const char *word)
{
	char **patterns = realloc(e->patterns, (e->pattern_count + 1) * sizeof *patterns);

	if (!patterns)
		return false;
	e->patterns = patterns;
	patterns[e->pattern_count] = strdup(word);
	if (!patterns[e->pattern_count])
		return false;
	e->pattern_count++;
	return true;
}

static bool add_spec(struct excludes *e, const struct spec *spec)
{
	/* Port 0 stands for all ports. */
	if (spec->kind == SPEC_NAME)
		return hash_set_add_name(&e->names, spec->name, spec->port) !=
		       HASH_SET_NO_MEMORY;
	return intervals_add(&e->addresses,
			     (struct interval){ spec->port, spec->first, spec->last });
}

bool excludes_add(struct excludes *e, const char *word, char *why, size_t why_size)
{
	struct spec spec;
	bool added;

	if (strpbrk(word, "*?"))
		added = add_pattern(e, word);
	else if (!spec_parse(word, &spec, why, why_size))
		return false;
	else
		added = add_spec(e, &spec);
	if (!added)
		snprintf(why, why_size, "out of memory");
	return added;
}

bool excludes_hold_name(const struct excludes *e, const char *name, uint16_t port)
{
	if (hash_set_holds_name(&e->names, name, 0) ||
	    hash_set_holds_name(&e->names, name, port))
		return true;
	for (size_t i = 0; i < e->pattern_count; i++)
		if (fnmatch(e->patterns[i], name, FNM_CASEFOLD | FNM_NOESCAPE) == 0)
			return true;
	return false;
}

const struct interval *excludes_find(const struct excludes *e, struct address a,
				     uint16_t port)
{
	const struct interval *i = intervals_find(&e->addresses, 0, a);

	return i ? i : intervals_find(&e->addresses, port, a);
}

void excludes_free(struct excludes *e)
{
	for (size_t i = 0; i < e->pattern_count; i++)
		free(e->patterns[i]);
	free(e->patterns);
	hash_set_free(&e->names);
	intervals_free(&e->addresses);
	*e = (struct excludes){ 0 };
}
