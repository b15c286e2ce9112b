/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox_play.h - what the sandbox is tested with: a process of its own for each probe,
 * and folders, some for results and some not.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_SANDBOX_PLAY_H
#define SCANNER_SANDBOX_PLAY_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "report/files/output_file.h"
#include "report/files/temporary_file.h"
#include "scanner/console/log.h"
#include "scanner/sandbox/sandbox.h"
#include "scanner/console/sanitized.h"

enum { FOLDER_MAX = 64 };

/* Folders of the test's own. */
static char results[FOLDER_MAX], others[FOLDER_MAX];
static char report[FOLDER_MAX + 16];

typedef int (*probe_fn)(void); /* 0, or what tells a reader what went wrong */

static void enter_for_results(void)
{
	struct sandbox box;

	temporary_file_prepare(1);
	sandbox_begin(&box);
	sandbox_allow_output(&box, report);
	sandbox_enter(&box);
}

/* The probe's answer, as a child in the sandbox gives it. */
static int in_sandbox(void (*enter)(void), probe_fn probe)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		enter();
		_exit(probe());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool has_landlock(void)
{
	return syscall(444, NULL, 0, 1) > 0;
}

/* The errno that `result` came with; 0 when it was no failure. */
static int error_of(long result)
{
	return result < 0 ? errno : 0;
}

/* ---- folders ---- */

static int make_folders(void **state)
{
	char path[FOLDER_MAX + 16];
	int fd;

	(void)state;
	strcpy(results, "/var/tmp/sandbox-results-XXXXXX");
	strcpy(others, "/var/tmp/sandbox-others-XXXXXX");
	if (!mkdtemp(results) || !mkdtemp(others))
		return -1;
	snprintf(report, sizeof report, "%s/report", results);
	snprintf(path, sizeof path, "%s/file", others);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	snprintf(path, sizeof path, "%s/pipe", others);
	if (fd < 0 || mkfifo(path, 0600) != 0)
		return -1;
	return close(fd);
}

static int remove_folders(void **state)
{
	static const char *const names[] = { "file", "new", "pipe", "report" };
	char path[FOLDER_MAX + 16];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", others, names[i]);
		unlink(path);
		snprintf(path, sizeof path, "%s/%s", results, names[i]);
		unlink(path);
	}
	return rmdir(results) + rmdir(others);
}

#endif
