/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/targets/computer_sorter.h"

#include <stdio.h>

/* Without memory an account is rather asked twice than not at all. */
static bool is_new(struct hash_set *set, const char *name)
{
	return hash_set_add_name(set, name, 0) != HASH_SET_KNOWN;
}

static bool is_in_scope(struct computer_sorter *s, const struct directory_computer *c,
			char name[COMPUTER_NAME_MAX], enum computer_reason *reason)
{
	computer_reasons reasons = computer_reasons_of(c, &s->rules);
	bool guessed;

	if (computer_left_out(reasons, &s->rules, reason))
		return false;
	*reason = COMPUTER_NO_NAME;
	if (!computer_host_name(c, name, &guessed))
		return false;
	*reason = COMPUTER_DUPLICATE;
	return is_new(&s->names, name);
}

enum computer_place computer_sort(struct computer_sorter *s,
				  const struct directory_computer *c,
				  struct directory_counts *counts,
				  char name[COMPUTER_NAME_MAX],
				  enum computer_reason *reason)
{
	if (!is_new(&s->accounts, c->sid ? c->sid : c->dn))
		return COMPUTER_MET;
	counts->total++;
	if (is_in_scope(s, c, name, reason)) {
		counts->in_scope++;
		return COMPUTER_IN_SCOPE;
	}
	counts->left_out[*reason]++;
	return COMPUTER_LEFT_OUT;
}

void target_line_of_computer(struct target_line *line, const char *name,
			     const struct directory_fact *fact)
{
	*line = (struct target_line){ .spec.kind = SPEC_NAME,
				      .directory = fact,
				      .file = "directory" };
	snprintf(line->spec.name, sizeof line->spec.name, "%s", name);
}

void computer_sorter_clear(struct computer_sorter *s)
{
	hash_set_free(&s->names);
	hash_set_free(&s->accounts);
}
