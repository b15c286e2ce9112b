/* SPDX-License-Identifier: Apache-2.0 */
#include "report/directory/counts.h"

#include <stdio.h>

void directory_counts_add(struct directory_counts *sum,
			  const struct directory_counts *more)
{
	sum->total += more->total;
	sum->in_scope += more->in_scope;
	for (int i = 0; i < COMPUTER_REASON_COUNT; i++)
		sum->left_out[i] += more->left_out[i];
}

char *directory_counts_write(const struct directory_counts *counts, char *text,
			     size_t size)
{
	size_t len = (size_t)snprintf(
		text, size, "Active Directory lists %llu computer%s: %llu in scope",
		(unsigned long long)counts->total, counts->total == 1 ? "" : "s",
		(unsigned long long)counts->in_scope);

	for (int i = 0; i < COMPUTER_REASON_COUNT && len < size; i++)
		if (counts->left_out[i])
			len += (size_t)snprintf(
				text + len, size - len, ", %llu %s",
				(unsigned long long)counts->left_out[i],
				computer_reason_word((enum computer_reason)i));
	return text;
}
