/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets_play.h - what target lists are tested with: all targets as text.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_TARGETS_PLAY_H
#define SCANNER_TARGETS_PLAY_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scanner/targets/hash_set.h"
#include "scanner/targets/target_source.h"
#include "scanner/targets/target_spec.h"
#include "scanner/targets/targets.h"

static char complaints[8192];

static inline void on_complaint(const char *complaint, void *arg)
{
	(void)arg;
	strncat(complaints, complaint, sizeof complaints - strlen(complaints) - 2);
	strcat(complaints, "\n");
}

/* All targets as "name:port name:port ". */
static inline char *walk(struct targets *t)
{
	static char all[16384];
	struct target target;
	size_t at = 0;

	all[0] = '\0';
	while (targets_next(t, &target) == TARGETS_ONE)
		at += (size_t)snprintf(all + at, sizeof all - at, "%s:%u ", target.name,
				       target.port);
	return all;
}

static inline struct targets *open_words(const char *const *words, size_t count,
					 const char *exclude)
{
	/* Borrowed until close: static. */
	static struct targets_options o;
	static const char *excludes[1];

	excludes[0] = exclude;
	complaints[0] = '\0';
	o = (struct targets_options){ .specs = words,
				      .spec_count = count,
				      .excludes = excludes,
				      .exclude_count = exclude != NULL,
				      .complain = on_complaint };
	return targets_open(&o);
}

#define WORDS(...)   ((const char *const[]){ __VA_ARGS__ })
#define COUNT(words) (sizeof(words) / sizeof *(words))

#define assert_targets(expected, exclude, ...)                                     \
	do {                                                                       \
		const char *const *words_ = WORDS(__VA_ARGS__);                    \
		struct targets *t_ = open_words(words_, COUNT(WORDS(__VA_ARGS__)), \
						exclude);                          \
		if (!t_)                                                           \
			print_error("%s", complaints);                             \
		assert_non_null(t_);                                               \
		assert_string_equal(walk(t_), expected);                           \
		targets_close(t_);                                                 \
	} while (0)

#endif
