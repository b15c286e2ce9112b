/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shard.c - which part of a divided sweep a host belongs to (targets.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/targets/targets.h"

enum { PARTS_MAX = 100000 };

/* Digits only, up to `max`. */
static bool whole_number(const char *text, unsigned long max, uint32_t *value)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long v;

	if (digits == 0 || digits > 9 || text[digits])
		return false;
	v = strtoul(text, NULL, 10);
	if (v > max)
		return false;
	*value = (uint32_t)v;
	return true;
}

/* The index that an indexed Kubernetes job or a Slurm array gives each of its parts. */
static bool part_of_environment(uint32_t parts, uint32_t *part, char *why,
				size_t why_size)
{
	static const char *const names[] = { "JOB_COMPLETION_INDEX",
					     "SLURM_ARRAY_TASK_ID" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = getenv(names[i]);

		if (!text)
			continue;
		if (whole_number(text, parts - 1, part))
			return true;
		snprintf(why, why_size, "%s is \"%.32s\"; expected 0 to %u", names[i],
			 text, parts - 1);
		return false;
	}
	snprintf(why, why_size,
		 "\"auto\" needs JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID in the "
		 "environment");
	return false;
}

bool shard_parse(const char *text, struct shard *shard, char *why, size_t why_size)
{
	const char *slash = strchr(text, '/');
	char part[16] = "";
	struct shard s = { 0, 0 };

	if (slash && (size_t)(slash - text) < sizeof part)
		memcpy(part, text, (size_t)(slash - text));
	if (!slash || !whole_number(slash + 1, PARTS_MAX, &s.parts) || s.parts == 0) {
		snprintf(why, why_size,
			 "expected I/N or auto/N, with N from 1 to %d and I from 0",
			 PARTS_MAX);
		return false;
	}
	if (strcmp(part, "auto") == 0) {
		if (!part_of_environment(s.parts, &s.part, why, why_size))
			return false;
	} else if (!whole_number(part, s.parts - 1, &s.part)) {
		snprintf(why, why_size, "expected a part from 0 to %u", s.parts - 1);
		return false;
	}
	*shard = s;
	return true;
}

/* FNV-1a over the lower-case name, its bits spread by the finalizer of splitmix64: no
 * secret is in it, because every machine must come to the same part, for ever.  Names
 * that were made to share a hash land in one part, and nothing worse. */
static uint64_t stable_hash(const char *name)
{
	uint64_t v = 0xcbf29ce484222325;

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c | 0x20);
		v = (v ^ c) * 0x100000001b3;
	}
	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

uint32_t shard_of(const char *name, uint32_t parts)
{
	return parts > 1 ? (uint32_t)(stable_hash(name) % parts) : 0;
}
