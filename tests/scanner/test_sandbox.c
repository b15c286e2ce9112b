/* SPDX-License-Identifier: Apache-2.0 */
/* What an intruder can no longer do once the sandbox stands, and what a sweep still can.
 * Each probe runs in a process of its own, for the sandbox cannot be left. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/scanner/sandbox_play.h"

/* ---- what fails ---- */

static int start_a_program(void)
{
	char *const arguments[] = { "/bin/true", NULL }, *const environment[] = { NULL };

	return error_of(execve("/bin/true", arguments, environment));
}

static void no_program_starts(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, start_a_program), EPERM);
}

static int write_into(const char *folder, int flags)
{
	char path[FOLDER_MAX + 16];
	int fd;

	snprintf(path, sizeof path, "%s/file", folder);
	fd = open(path, O_WRONLY | flags, 0600);
	return error_of(fd);
}

static int write_elsewhere(void)
{
	return write_into(others, 0);
}

static int create_elsewhere(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/new", others);
	return error_of(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int read_elsewhere(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/file", others);
	return error_of(open(path, O_RDONLY));
}

static int remove_elsewhere(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/file", others);
	return error_of(unlink(path));
}

static int read_temporary_files(void)
{
	return error_of(open("/tmp", O_RDONLY | O_DIRECTORY));
}

static int write_to_etc(void)
{
	return error_of(open("/etc/hosts", O_WRONLY));
}

static void no_other_file_is_touched(void **state)
{
	(void)state;
	if (!has_landlock())
		skip();
	assert_int_equal(in_sandbox(enter_for_results, write_elsewhere), EACCES);
	assert_int_equal(in_sandbox(enter_for_results, create_elsewhere), EACCES);
	assert_int_equal(in_sandbox(enter_for_results, read_elsewhere), EACCES);
	assert_int_equal(in_sandbox(enter_for_results, remove_elsewhere), EACCES);
	assert_int_equal(in_sandbox(enter_for_results, write_to_etc), EACCES);
	assert_int_equal(in_sandbox(enter_for_results, read_temporary_files), EACCES);
}

static int call_forbidden(void)
{
	int one[2];

	if (error_of(mount("none", "/mnt", "tmpfs", 0, NULL)) != EPERM)
		return 1;
	if (error_of(syscall(SYS_bpf, 0, NULL, 0)) != EPERM)
		return 2;
	if (error_of(syscall(SYS_init_module, NULL, 0, "")) != EPERM)
		return 3;
	if (error_of(syscall(SYS_kexec_load, 0, 0, NULL, 0)) != EPERM)
		return 4;
	if (error_of(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0)) !=
	    EPERM)
		return 5;
	if (error_of(syscall(SYS_io_uring_setup, 1, NULL)) != EPERM)
		return 6;
	if (error_of(socket(AF_PACKET, SOCK_RAW, 0)) != EAFNOSUPPORT)
		return 7;
	if (error_of(socket(AF_ALG, SOCK_SEQPACKET, 0)) != EAFNOSUPPORT)
		return 8;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, one) != 0)
		return 9;
	if (error_of(listen(one[0], 1)) != EPERM)
		return 10;
	if (error_of(socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER)) != EPROTONOSUPPORT)
		return 11;
	if (error_of(unshare(CLONE_NEWUSER)) != EPERM)
		return 12;
	if (error_of(kill(getppid(), 0)) != EPERM)
		return 13;
	return error_of(syscall(SYS_tgkill, getppid(), getppid(), 0)) == EPERM ? 0 : 14;
}

static int speak_to_a_daemon(void)
{
	if (error_of(socket(AF_UNIX, SOCK_STREAM, 0)) != EAFNOSUPPORT)
		return 1;
	if (error_of(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) != EAFNOSUPPORT)
		return 2;
	return error_of(socket(AF_UNIX, SOCK_SEQPACKET, 0)) == EAFNOSUPPORT ? 0 : 3;
}

/* D-Bus, systemd and docker start programs for whoever connects to them. */
static void no_local_daemon_is_spoken_to(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, speak_to_a_daemon), 0);
}

/* In the order of the README: another process, its memory, its limits, its priority. */
static int touch_another_process(void)
{
	struct rlimit limit = { 1, 1 };
	struct sched_param priority = { 0 };
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (error_of(prlimit(getppid(), RLIMIT_CPU, &limit, NULL)) != EPERM)
		return 1;
	if (error_of(prlimit(getppid(), RLIMIT_CPU, NULL, &limit)) != EPERM)
		return 2;
	if (error_of(setpriority(PRIO_PROCESS, (id_t)getppid(), 19)) != EPERM)
		return 3;
	if (error_of(sched_setaffinity(getppid(), sizeof cpus, &cpus)) != EPERM)
		return 4;
	if (error_of(sched_setscheduler(getppid(), SCHED_IDLE, &priority)) != EPERM)
		return 5;
	if (error_of(shmget(IPC_PRIVATE, 4096, 0600)) != EPERM)
		return 6;
	if (error_of(syscall(SYS_keyctl, 0, 0, 0, 0, 0)) != EPERM)
		return 7;
	if (error_of(syscall(SYS_pidfd_open, getppid(), 0)) != EPERM)
		return 8;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
			       setrlimit(RLIMIT_NOFILE, &limit) == 0
		       ? 0
		       : 9;
}

static void no_other_process_is_touched(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, touch_another_process), 0);
}

/* Landlock says nothing of these; the filter does. */
static int change_how_a_file_is_kept(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/file", others);
	if (error_of(chmod(path, 0777)) != EPERM)
		return 1;
	if (error_of(fchmodat(AT_FDCWD, path, 0777, 0)) != EPERM)
		return 2;
	if (error_of(chown(path, getuid(), getgid())) != EPERM)
		return 3;
	if (error_of(lchown(path, getuid(), getgid())) != EPERM)
		return 4;
	if (error_of(setxattr(path, "user.a", "b", 1, 0)) != EPERM)
		return 5;
	if (error_of(utimensat(AT_FDCWD, path, NULL, 0)) != EPERM)
		return 6;
	return error_of(truncate(path, 0)) == EPERM ? 0 : 7;
}

static void no_other_file_changes_its_mode_owner_or_size(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, change_how_a_file_is_kept), 0);
}

static int become_two(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (error_of(child) != EPERM)
		return 1;
	if (error_of(vfork()) != EPERM)
		return 2;
	child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0);
	if (child == 0)
		_exit(0);
	return error_of(child) == EPERM ? 0 : 3;
}

/* The leak checker of a test build is a copy that looks into us. */
static void no_copy_outlives_the_sweep(void **state)
{
	(void)state;
	if (HUNTS_LEAKS)
		skip();
	assert_int_equal(in_sandbox(enter_for_results, become_two), 0);
}

static void forbidden_calls_fail(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, call_forbidden), 0);
}

static void *on_thread(void *probe)
{
	return (void *)(intptr_t)(*(probe_fn *)probe)();
}

static int start_a_program_on_a_thread(void)
{
	probe_fn probe = start_a_program;
	void *said = NULL;
	pthread_t thread;

	if (pthread_create(&thread, NULL, on_thread, &probe) != 0)
		return 1;
	pthread_join(thread, &said);
	return (int)(intptr_t)said;
}

static void threads_inherit_it(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, start_a_program_on_a_thread),
			 EPERM);
}

/* "CapEff:\t0000000000000006" and the like, of /proc/self/status. */
static unsigned long long status_number(const char *text, const char *key, int base)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, base) : ~0ULL;
}

static int status_file = -1;
static unsigned long long capabilities; /* that are left */

static int write_a_report(void);

static int read_status(void)
{
	char text[4096];
	ssize_t len = pread(status_file, text, sizeof text - 1, 0);

	if (len <= 0)
		return 1;
	text[len] = '\0';
	if (status_number(text, "CapPrm:", 16) != capabilities)
		return 2;
	if (status_number(text, "CapEff:", 16) != capabilities)
		return 3;
	if (status_number(text, "NoNewPrivs:", 10) != 1)
		return 4;
	return status_number(text, "Seccomp:", 10) == 2 ? 0 : 5;
}

static void enter_with_status_open(void)
{
	status_file = open("/proc/self/status", O_RDONLY);
	enter_for_results();
}

static void the_kernel_says_so(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_with_status_open, read_status), 0);
}

/* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER stay where root was asked to write
 * into a folder of another user, and it can. */
static void root_writes_where_it_was_told(void **state)
{
	enum { NOBODY = 65534 };
	char theirs[FOLDER_MAX + 8];

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(theirs, sizeof theirs, "%s/theirs", results);
	assert_int_equal(mkdir(theirs, 0700), 0);
	assert_int_equal(chown(theirs, NOBODY, NOBODY), 0);
	snprintf(report, sizeof report, "%s/r", theirs);
	capabilities = 1 << 1 | 1 << 2 | 1 << 3;
	assert_int_equal(in_sandbox(enter_with_status_open, read_status), 0);
	assert_int_equal(in_sandbox(enter_for_results, write_a_report), 0);
	capabilities = 0;
	unlink(report);
	rmdir(theirs);
	snprintf(report, sizeof report, "%s/report", results);
}

/* ---- what goes on ---- */

static int write_a_report(void)
{
	char why[256];
	struct output_file out;
	FILE *part = temporary_file_take();

	if (!part || fputs("part", part) < 0 || fflush(part) != 0)
		return 1;
	if (!output_file_open(&out, report, 0600, why, sizeof why))
		return 2;
	fputs("a report", out.stream);
	if (!output_file_commit(&out, why, sizeof why))
		return 3;
	return access(report, F_OK) == 0 ? 0 : 4;
}

static void reports_are_written(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, write_a_report), 0);
	/* And over the one that is there. */
	assert_int_equal(in_sandbox(enter_for_results, write_a_report), 0);
}

static void enter_for_a_reserved_report(void)
{
	struct sandbox box;

	temporary_file_prepare(1);
	if (!output_file_reserve(report))
		_exit(99);
	sandbox_begin(&box);
	sandbox_allow_naming(&box, report);
	sandbox_enter(&box);
}

/* The report itself, once it is there, stands for any file beside or below it. */
static int read_what_is_there(void)
{
	return error_of(open(report, O_RDONLY));
}

static int empty_what_is_there(void)
{
	return error_of(open(report, O_WRONLY | O_TRUNC));
}

/* It is made, and stays empty. */
static int make_a_file_with_content(void)
{
	char path[FOLDER_MAX + 16];
	int error;

	snprintf(path, sizeof path, "%s/new", results);
	error = error_of(open(path, O_WRONLY | O_CREAT, 0600));
	unlink(path);
	return error;
}

static int list_the_folder(void)
{
	return error_of(open(results, O_RDONLY | O_DIRECTORY));
}

static void nothing_else_in_a_reports_folder_is_opened(void **state)
{
	static const probe_fn probes[] = { read_what_is_there, empty_what_is_there,
					   make_a_file_with_content, list_the_folder };
	int first = in_sandbox(enter_for_a_reserved_report, write_a_report);

	(void)state;
	if (first == 99)
		skip(); /* no nameless files here */
	assert_int_equal(first, 0);
	assert_int_equal(in_sandbox(enter_for_a_reserved_report, write_a_report), 0);
	for (size_t i = 0; has_landlock() && i < sizeof probes / sizeof *probes; i++)
		assert_int_equal(in_sandbox(enter_for_a_reserved_report, probes[i]),
				 EACCES);
}

static char scratch[FOLDER_MAX + 16];

static void enter_with_scratch(void)
{
	struct sandbox box;

	sandbox_begin(&box);
	sandbox_allow_scratch(&box, scratch);
	sandbox_enter(&box);
}

static int remove_scratch(void)
{
	char path[FOLDER_MAX + 32];
	int fd;

	snprintf(path, sizeof path, "%s/facts", scratch);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return 1;
	if (unlink(path) != 0)
		return 2;
	return rmdir(scratch) == 0 ? 0 : 3;
}

static void scratch_is_removed(void **state)
{
	(void)state;
	snprintf(scratch, sizeof scratch, "%s/scratch", results);
	assert_int_equal(mkdir(scratch, 0700), 0);
	assert_int_equal(in_sandbox(enter_with_scratch, remove_scratch), 0);
}

static int look_up_names(void)
{
	struct addrinfo *found = NULL;
	int resolv = open("/etc/hosts", O_RDONLY),
	    random = open("/dev/urandom", O_RDONLY);

	if (resolv < 0 || random < 0)
		return 1;
	if (getaddrinfo("localhost", "445", NULL, &found) != 0)
		return 2;
	freeaddrinfo(found);
	return socket(AF_INET6, SOCK_STREAM, 0) >= 0 || errno == EAFNOSUPPORT ? 0 : 3;
}

static void names_are_looked_up(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_results, look_up_names), 0);
}

static void enter_with_variables(void)
{
	char words[2 * FOLDER_MAX];

	snprintf(words, sizeof words, "/nowhere:%s/file", others);
	setenv("KRB5_CONFIG", words, 1);
	enter_for_results();
}

static void enter_with_ccache(void)
{
	char words[2 * FOLDER_MAX];

	snprintf(words, sizeof words, "FILE:%s/file", others);
	setenv("KRB5CCNAME", words, 1);
	enter_for_results();
}

static void files_of_the_environment_are_read(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_with_variables, read_elsewhere), 0);
}

/* Its ticket was copied before. */
static void the_credential_cache_is_closed(void **state)
{
	(void)state;
	if (!has_landlock())
		skip();
	assert_int_equal(in_sandbox(enter_with_ccache, read_elsewhere), EACCES);
}

static int named_pipe(const char *name)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/%s", others, name);
	return error_of(open(path, O_RDWR | O_NONBLOCK));
}

static void enter_for_output(const char *folder, const char *name)
{
	char path[FOLDER_MAX + 16];
	struct sandbox box;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	sandbox_begin(&box);
	sandbox_allow_output(&box, path);
	sandbox_enter(&box);
}

static void enter_for_pipe(void)
{
	enter_for_output(others, "pipe");
}

static int write_to_pipe(void)
{
	return named_pipe("pipe");
}

static int write_beside_pipe(void)
{
	return named_pipe("file");
}

static void a_pipe_is_written_and_nothing_beside_it(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_for_pipe, write_to_pipe), 0);
	if (has_landlock())
		assert_int_equal(in_sandbox(enter_for_pipe, write_beside_pipe), EACCES);
}

static void enter_for_link(void)
{
	enter_for_output(results, "link");
}

static int write_through_link(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/link", results);
	return error_of(open(path, O_WRONLY | O_APPEND));
}

static int create_beside_link(void)
{
	char path[FOLDER_MAX + 16];

	snprintf(path, sizeof path, "%s/new", results);
	return error_of(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
}

/* As /dev/stderr is one, to a file of the user's: /dev stays closed. */
static void a_link_is_written_through_and_nothing_beside_it(void **state)
{
	char link[FOLDER_MAX + 16], file[FOLDER_MAX + 16];

	(void)state;
	snprintf(link, sizeof link, "%s/link", results);
	snprintf(file, sizeof file, "%s/file", others);
	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(in_sandbox(enter_for_link, write_through_link), 0);
	if (has_landlock())
		assert_int_equal(in_sandbox(enter_for_link, create_beside_link), EACCES);
	unlink(link);
}

/* ---- kernels without Landlock ---- */

/* As such a kernel answers. */
static void take_landlock_away(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int number = 444; filter && number <= 446; number++)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
	if (!filter || seccomp_load(filter) != 0)
		_exit(99);
	seccomp_release(filter);
}

static FILE *said;

/* Its words go to a file, so that they can be read again. */
static void enter_without_landlock(void)
{
	take_landlock_away();
	said = tmpfile();
	dup2(fileno(said), STDERR_FILENO);
	log_set_level(LOG_STEPS);
	enter_for_results();
}

static int other_layers_hold(void)
{
	char text[512] = "";

	fflush(stderr);
	if (pread(fileno(said), text, sizeof text - 1, 0) <= 0 ||
	    !strstr(text, "without Landlock: Function not implemented"))
		return 200;
	if (start_a_program() != EPERM)
		return 201;
	return write_elsewhere() == 0 && write_a_report() == 0 ? 0 : 202;
}

static void enter_quietly_without_landlock(void)
{
	take_landlock_away();
	said = tmpfile();
	dup2(fileno(said), STDERR_FILENO);
	log_set_level(LOG_WARNINGS);
	enter_for_results();
}

static int nothing_was_said(void)
{
	return lseek(fileno(said), 0, SEEK_END) == 0 ? 0 : 1;
}

static void a_kernel_without_landlock_will_do(void **state)
{
	(void)state;
	assert_int_equal(in_sandbox(enter_without_landlock, other_layers_hold), 0);
	assert_int_equal(in_sandbox(enter_quietly_without_landlock, nothing_was_said), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_program_starts),
		cmocka_unit_test(no_other_file_is_touched),
		cmocka_unit_test(forbidden_calls_fail),
		cmocka_unit_test(no_local_daemon_is_spoken_to),
		cmocka_unit_test(no_other_process_is_touched),
		cmocka_unit_test(no_other_file_changes_its_mode_owner_or_size),
		cmocka_unit_test(no_copy_outlives_the_sweep),
		cmocka_unit_test(threads_inherit_it),
		cmocka_unit_test(the_kernel_says_so),
		cmocka_unit_test(root_writes_where_it_was_told),
		cmocka_unit_test(reports_are_written),
		cmocka_unit_test(scratch_is_removed),
		cmocka_unit_test(names_are_looked_up),
		cmocka_unit_test(nothing_else_in_a_reports_folder_is_opened),
		cmocka_unit_test(files_of_the_environment_are_read),
		cmocka_unit_test(the_credential_cache_is_closed),
		cmocka_unit_test(a_pipe_is_written_and_nothing_beside_it),
		cmocka_unit_test(a_link_is_written_through_and_nothing_beside_it),
		cmocka_unit_test(a_kernel_without_landlock_will_do),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
