/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.h - what shall be asked, one host at a time.
 *
 * A target specification is `HOST`, `HOST:PORT`, an IPv4 or IPv6 address, `[IPv6]:PORT`,
 * a network `ADDRESS/BITS` or a range `a.b.c.d-e`; the last two may carry `:PORT` too.  A
 * name such as `_ldap._tcp.corp.example` is a service (RFC 2782) and stands for every
 * host that its SRV records name; it is given as it is, and who asks DNS for the hosts is
 * their source.  A line of a target list is a specification and then words: `role=ROLE`,
 * `tag=TAG` (repeatable), `user=SECTION`; `#` starts a comment.  Lists are one source of
 * targets; target_source.h says how a further one looks.
 *
 * Nothing is expanded or loaded: a network is two addresses and a place between them, a
 * file is read line by line.  What grows is the memory of what was given already: 18 to
 * 37 bytes a name or single address (hash_set.h), and an interval for each network or
 * range that does not touch an earlier one.
 *
 * Loop's thread only, and nothing here waits: a pipe with nothing to say is
 * TARGETS_LATER.
 */
#ifndef SCANNER_TARGETS_TARGETS_H
#define SCANNER_TARGETS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "report/facts/facts.h"

enum {
	TARGET_PORT = 445,
	TARGET_NAME_MAX = 255, /* bytes; more is refused */
	TARGET_TAGS_MAX = 32,  /* tags of one line */
	TARGET_LINE_MAX = 4096,
};

struct targets;

/* One host to ask.  From targets_next() everything is borrowed until the next call on
 * the same targets; a target_copy() owns what it points at. */
struct target {
	const char *name; /* as typed; an address in its canonical form, no brackets */
	uint16_t port;
	const char *const *tags;
	size_t tag_count;
	bool hint_known;
	enum role hint;
	const struct directory_fact *directory; /* NULL: no directory named it */
	size_t credential;                      /* index into targets_options.sections */
	const char *file; /* where it was named: a path, "-" or "command line" */
	unsigned long line;
};

/* I of N; `parts` 0 or 1: everything. */
struct shard {
	uint32_t part, parts;
};

struct targets_options {
	const char *const *specs; /* of the command line */
	size_t spec_count;
	const char *const *files; /* lists; "-" is stdin, at most once */
	size_t file_count;
	/* Specifications, names with `*` and `?`; separated by commas or blanks. */
	const char *const *excludes;
	size_t exclude_count;
	const char *const *exclude_files; /* a line as above, `#` comments */
	size_t exclude_file_count;
	/* Names of credential sections; the first is "".  `user=` must be one of them. */
	const char *const *sections;
	size_t section_count;
	uint16_t port; /* where none is given; 0: TARGET_PORT */
	struct shard shard;
	/* Hosts to pass over, such as those a resumed journal holds; NULL: none. */
	bool (*passed)(const char *name, uint16_t port, size_t credential, void *arg);
	void *passed_arg;
	/* A bad line of a list (not of the command line, and never one of an exclude
	 * list) is complained about, counted and passed over. */
	bool skip_bad_lines;
	/* Receives what is good to know of a list; NULL: nobody. */
	void (*note)(const char *note, void *arg);
	void *note_arg;
	/* Receives one complaint, without newline; NULL: stderr. */
	void (*complain)(const char *complaint, void *arg);
	void *complain_arg;
};

/* Check everything that can be read twice (the command line, excludes, regular files),
 * count it, and stand before the first target.  `options` and all it points at are
 * borrowed until targets_close().  NULL: out of memory, a file that cannot be opened, or
 * bad lines; each was complained about as "FILE:LINE: "TEXT": what was expected". */
struct targets *targets_open(const struct targets_options *options);
void targets_close(struct targets *t);

enum targets_answer {
	TARGETS_ONE,    /* `target` is filled */
	TARGETS_LATER,  /* none for now: poll targets_descriptor() to be readable, and
			   expect the call of targets_on_ready() */
	TARGETS_PASSED, /* TARGETS_PASSED_MOST were passed over and none was given: ask
			   again, after what else there is to do */
	TARGETS_END,
};
/* Excluded, of another part, met before, or of no interest. */
enum { TARGETS_PASSED_MOST = 4096 };

/* The next target.  A bad line of a pipe is complained about, counted and passed over. */
enum targets_answer targets_next(struct targets *t, struct target *target);
/* How many targets_next() passed over when it was called last. */
size_t targets_passed(const struct targets *t);
/* After TARGETS_LATER: the pipe, terminal or socket that is waited for; -1: none. */
int targets_descriptor(const struct targets *t);
/* `ready` runs, on the loop's thread, when a source has more after TARGETS_LATER or
 * TARGETS_END: ask targets_next() again, but not from within it.  NULL: nobody listens.
 */
void targets_on_ready(struct targets *t, void (*ready)(void *arg), void *arg);
/* Bad lines and reading errors met by targets_next(): what they named was not asked, so
 * the sweep is incomplete. */
uint64_t targets_bad(const struct targets *t);
/* Of them, lines passed over because of `skip_bad_lines`. */
uint64_t targets_skipped(const struct targets *t);
/* How many there will be, duplicates and excluded ones counted until they are met.
 * False when unknown: a pipe is read. */
bool targets_total(const struct targets *t, uint64_t *total);
/* How many targets_next() gave. */
uint64_t targets_given(const struct targets *t);
/* A name may lead to an excluded address: ask before connecting.  Exclusion always
 * wins. */
bool targets_excluded(const struct targets *t, const struct sockaddr *address,
		      uint16_t port);

/* True of the names of services: `_SERVICE._PROTOCOL.NAME`, with a port or without.  A
 * service belongs to every part of a divided sweep; its hosts are what is divided. */
bool target_is_service(const char *name);
/* The service given last or earlier was expanded: it does not count as a host. */
void targets_expanded(struct targets *t);

/* One allocation that stands alone, but for `file`, which belongs to the options; NULL:
 * out of memory.  free() it. */
struct target *target_copy(const struct target *target);

/* "I/N" or "auto/N" (JOB_COMPLETION_INDEX or SLURM_ARRAY_TASK_ID from the environment,
 * counted from 0).  False with `why`. */
bool shard_parse(const char *text, struct shard *shard, char *why, size_t why_size);
/* The part of `parts` a host belongs to: the same for ever, on every machine.  Port and
 * the case of letters do not count. */
uint32_t shard_of(const char *name, uint32_t parts);

#endif
