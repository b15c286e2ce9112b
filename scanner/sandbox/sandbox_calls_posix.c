/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox_calls_posix.c - which system calls are refused from now on, and which
 * capabilities go.
 *
 * A list of what is refused, not of what is allowed: libraries that are loaded later
 * (GSSAPI's mechanisms, nsswitch's modules) must go on to work with any version of glibc.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scanner/sandbox/sandbox_internal.h"
#include "scanner/console/sanitized.h"

/* Names that this machine's processor or kernel does not know are passed over. */
static const char *const refused[] = {
	/* other programs, and a copy of this one that would outlive the sweep */
	"execve", "execveat",
#if !HUNTS_LEAKS
	"fork", "vfork", "ptrace",
#endif
	/* other processes; what an administrator could still look into */
	"process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd",
	"pidfd_open", "pidfd_send_signal", "kill", "tkill", "rt_sigqueueinfo", "kcmp",
	"perf_event_open", "userfaultfd", "process_mrelease", "move_pages",
	"migrate_pages", "setpriority", "ioprio_set", "sched_setaffinity",
	"sched_setattr", "sched_setscheduler", "sched_setparam",
	/* memory, queues and keys that other processes of the user share */
	"shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget",
	"msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "add_key", "request_key",
	"keyctl",
	/* to be asked by others */
	"listen", "accept", "accept4",
	/* calls that go past this filter */
	"io_uring_setup", "io_uring_enter", "io_uring_register",
	/* another view of files */
	"mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
	"fsconfig", "fsmount", "fspick", "mount_setattr", "unshare", "setns", "mknod",
	"mknodat", "open_by_handle_at", "quotactl", "quotactl_fd", "fanotify_init",
	/* what Landlock does not look at: files by their names, any of the user's */
	"chmod", "fchmodat", "fchmodat2", "chown", "chown32", "lchown", "lchown32",
	"fchownat", "setxattr", "lsetxattr", "setxattrat", "removexattr", "lremovexattr",
	"removexattrat", "utime", "utimes", "futimesat", "utimensat", "utimensat_time64",
	"truncate", "truncate64",
	/* another kernel */
	"bpf", "init_module", "finit_module", "delete_module", "kexec_load",
	"kexec_file_load", "reboot", "swapon", "swapoff", "acct", "syslog", "iopl",
	"ioperm", "modify_ldt", "lookup_dcookie",
	/* another machine, another time */
	"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname",
	"setdomainname", "vhangup"
};

enum {
#if defined(__s390__)
	CLONE_FLAGS = 1 /* which argument they are */
#else
	CLONE_FLAGS = 0
#endif
};

/* What the network and name look-ups speak.  Local daemons (AF_UNIX) do not belong to it:
 * a bus, a service manager or a container daemon starts programs for whoever asks, and a
 * filter cannot see which socket is meant.  Libraries that would ask nscd, sssd or
 * systemd-resolved by its socket go on to files and DNS. */
static bool spoken(int family)
{
	return family == AF_INET || family == AF_INET6 || family == AF_NETLINK;
}

static int refuse_family(scmp_filter_ctx filter, enum scmp_compare compare, int family)
{
	const struct scmp_arg_cmp rule = { 0, compare, (scmp_datum_t)family, 0 };

	return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
				      SCMP_SYS(socket), 1, &rule);
}

static int refuse_sockets(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_routes[] = {
		{ 0, SCMP_CMP_EQ, AF_NETLINK, 0 },
		{ 2, SCMP_CMP_NE, NETLINK_ROUTE, 0 },
	};
	int e = refuse_family(filter, SCMP_CMP_GT, AF_NETLINK);

	for (int family = 0; family <= AF_NETLINK && e == 0; family++)
		if (!spoken(family))
			e = refuse_family(filter, SCMP_CMP_EQ, family);
	if (e == 0) /* the firewall's, the auditor's and all such families */
		e = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPROTONOSUPPORT),
					   SCMP_SYS(socket), 2, no_routes);
	return e;
}

/* Threads go on to be made: clone() says what for in its flags, clone3() where a filter
 * cannot look, and glibc does without it.  Signals go to our own threads alone. */
static int refuse_processes(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp not_ours = { 0, SCMP_CMP_NE, (scmp_datum_t)getpid(),
					       0 };
	const struct scmp_arg_cmp named = { 0, SCMP_CMP_NE, 0, 0 };
	int e = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1,
				       &not_ours);

	/* Limits of ourselves, who are 0, may be set; a process that is named is another.
	 */
	if (e == 0)
		e = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM),
					   SCMP_SYS(prlimit64), 1, &named);
#if !HUNTS_LEAKS
	const struct scmp_arg_cmp no_thread = { CLONE_FLAGS, SCMP_CMP_MASKED_EQ,
						CLONE_THREAD, 0 };

	if (e == 0)
		e = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone),
					   1, &no_thread);
	if (e == 0)
		e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
#endif
	return e;
}

static int fill(scmp_filter_ctx filter)
{
	int e = refuse_sockets(filter);

	if (e == 0)
		e = refuse_processes(filter);

	for (size_t i = 0; i < sizeof refused / sizeof *refused && e == 0; i++) {
		int number = seccomp_syscall_resolve_name(refused[i]);

		if (number != __NR_SCMP_ERROR)
			e = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
	}
	return e;
}

int sandbox_refuse_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int e = filter ? fill(filter) : -ENOMEM;

	/* Calls of another architecture's table would not meet these rules. */
	if (e == 0)
		e = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				     SCMP_ACT_ERRNO(ENOSYS));
	if (e == 0)
		e = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (e == 0)
		e = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	return -e;
}

typedef struct __user_cap_data_struct capabilities[_LINUX_CAPABILITY_U32S_3];

static struct __user_cap_header_struct ours = { _LINUX_CAPABILITY_VERSION_3, 0 };

bool sandbox_needs_capabilities(const char *path, int mode)
{
	capabilities own, none;
	bool needed;

	if (syscall(SYS_capget, &ours, own) != 0)
		return false;
	memcpy(none, own, sizeof none);
	none[0].effective = none[1].effective = 0;
	syscall(SYS_capset, &ours, none);
	/* A kernel that cannot tell counts as a yes. */
	needed = syscall(SYS_faccessat2, AT_FDCWD, path, mode, AT_EACCESS) != 0 &&
		 errno != ENOENT;
	syscall(SYS_capset, &ours, own);
	return needed;
}

enum { FOR_FILES = 1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH | 1 << CAP_FOWNER };

int sandbox_drop_capabilities(bool keep_for_files)
{
	capabilities own;

	if (syscall(SYS_capget, &ours, own) != 0)
		return errno;
	if (!(own[0].permitted | own[1].permitted))
		return 0;
	own[0].effective &= keep_for_files ? FOR_FILES : 0;
	own[0].permitted &= keep_for_files ? FOR_FILES : 0;
	own[1].effective = own[1].permitted = 0;
	own[0].inheritable = own[1].inheritable = 0;
	return syscall(SYS_capset, &ours, own) == 0 ? 0 : errno;
}
