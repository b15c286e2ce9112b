/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_faults.h - how a simulated controller can misbehave while a file of its SYSVOL is
 * read: one closed list, `file=FAULT` in a host's line.
 *
 * What a reader must make of each: `whole`, `changed`, `too_large` or `refused` of that
 * one file, or the reason for which it leaves the controller.
 */
#ifndef LAB_FILE_FAULTS_H
#define LAB_FILE_FAULTS_H

/* name, word, what comes of it, what the controller does */
#define FILE_FAULTS(X)                                                                   \
	X(FILE_HALVES, "halves", "whole", "gives half of what is asked")                 \
	X(FILE_TINY, "tiny", "endless_answer", "gives one byte a READ")                  \
	X(FILE_EMPTY, "empty", "malformed_answer", "answers a READ with nothing")        \
	X(FILE_LONGER, "longer", "answer_too_large", "gives more than was asked")        \
	X(FILE_LENGTH, "length", "malformed_answer", "claims more data than it sent")    \
	X(FILE_OFFSET, "offset", "malformed_answer", "its data stand behind its answer") \
	X(FILE_MORE, "more", "malformed_answer", "says that more follows, as a pipe")    \
	X(FILE_GROWS, "grows", "changed", "is larger when it is closed")                 \
	X(FILE_WRITTEN, "written", "changed", "was written to when it is closed")        \
	X(FILE_SHRINKS, "shrinks", "changed", "ends at half of its size")                \
	X(FILE_GONE, "gone", "changed", "ends at 0")                                     \
	X(FILE_HUGE, "huge", "too_large", "has 2^63 bytes")                              \
	X(FILE_DIRECTORY, "directory", "refused", "opens as a directory")                \
	X(FILE_LINK, "link", "refused", "STATUS_STOPPED_ON_SYMLINK")                     \
	X(FILE_ELSEWHERE, "elsewhere", "refused", "STATUS_PATH_NOT_COVERED")             \
	X(FILE_DENIED, "denied", "refused", "STATUS_ACCESS_DENIED when it is opened")    \
	X(FILE_READ_DENIED, "read_denied", "request_altered",                            \
	  "STATUS_ACCESS_DENIED when it is read")                                        \
	X(FILE_CLOSED, "closed", "host_error", "forgets the file before it is closed")   \
	X(FILE_PIPES, "pipes", "not_a_file_share", "its SYSVOL is a share of pipes")     \
	X(FILE_NO_SHARE, "no_share", "no_file_share", "STATUS_BAD_NETWORK_NAME")

enum file_fault {
	FILE_GOOD,
#define X(fault, ...) fault,
	FILE_FAULTS(X)
#undef X
		FILE_FAULT_COUNT
};

/* FILE_GOOD: no such word. */
enum file_fault file_fault_by_word(const char *word);
/* A line a fault: its word, what comes of it, what it does. */
void file_faults_print(void);

#endif
