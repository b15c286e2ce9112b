/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox_posix.c - which files stay, by Landlock's plain system calls; then the other
 * layers.
 */
#include "scanner/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scanner/console/log.h"
#include "scanner/sandbox/sandbox_internal.h"
#include "scanner/console/sanitized.h"

/*
 * Landlock's interface (Linux, Documentation/userspace-api/landlock.rst).  Its numbers
 * stand here because the headers of older systems know only the first of them.
 */
enum {
	SYS_CREATE_RULESET = 444,
	SYS_ADD_RULE = 445,
	SYS_RESTRICT_SELF = 446,
	ASK_VERSION = 1,
	PATH_BENEATH = 1
};

enum {
	MAY_EXECUTE = 1 << 0,
	MAY_WRITE = 1 << 1,
	MAY_READ = 1 << 2,
	MAY_LIST = 1 << 3,
	MAY_REMOVE_FOLDER = 1 << 4,
	MAY_REMOVE = 1 << 5,
	MAY_MAKE_FILE = 1 << 8,
	MAY_TRUNCATE = 1 << 14,
	READS = MAY_READ | MAY_LIST,
	WRITES = READS | MAY_WRITE | MAY_REMOVE | MAY_MAKE_FILE | MAY_TRUNCATE,
	ON_FILES = MAY_READ | MAY_WRITE | MAY_TRUNCATE,
};

/* What each version of the interface can refuse. */
enum {
	FILES_1 = (1 << 13) - 1,
	FILES_2 = FILES_1 | 1 << 13,
	FILES_3 = FILES_2 | MAY_TRUNCATE,
	LISTEN_4 = 1 << 0,         /* to bind to a port */
	SCOPE_6 = 1 << 0 | 1 << 1, /* others' abstract sockets; signals to others */
};

struct ruleset {
	uint64_t files, network, scope;
};

struct path_rule {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

static uint64_t handled_files(const struct sandbox *s)
{
	return s->version >= 3 ? FILES_3 : s->version == 2 ? FILES_2 : FILES_1;
}

static void allow_system(struct sandbox *s);

void sandbox_begin(struct sandbox *s)
{
	struct ruleset rules = { 0 };
	long version = syscall(SYS_CREATE_RULESET, NULL, 0, ASK_VERSION);

	s->version = version > 0 ? (int)version : 0;
	s->ruleset = -1;
	s->others = false;
	if (s->version == 0)
		return;
	rules.files = handled_files(s);
	rules.network = s->version >= 4 ? LISTEN_4 : 0;
	rules.scope = s->version >= 6 ? SCOPE_6 : 0;
	s->ruleset = (int)syscall(SYS_CREATE_RULESET, &rules, sizeof rules, 0);
	if (s->ruleset >= 0)
		allow_system(s);
}

/* ---- what stays ---- */

static void allow(struct sandbox *s, const char *path, uint64_t what)
{
	struct path_rule rule = { what & handled_files(s), -1 };
	struct stat st;

	if (s->ruleset < 0)
		return;
	rule.folder = open(path, O_PATH | O_CLOEXEC);
	if (rule.folder < 0)
		return;
	if (fstat(rule.folder, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= ON_FILES;
	/* Pipes are refused as rules, and never forbidden. */
	(void)syscall(SYS_ADD_RULE, s->ruleset, PATH_BENEATH, &rule, 0);
	close(rule.folder);
}

/* The folder of a path into `folder`; false when it would be too long. */
static bool folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	int len = slash == path ? 1 : slash ? (int)(slash - path) : 0;

	return snprintf(folder, PATH_MAX, "%.*s", len ? len : 1, len ? path : ".") <
	       PATH_MAX;
}

void sandbox_allow_read(struct sandbox *s, const char *path)
{
	s->others |= sandbox_needs_capabilities(path, R_OK);
	allow(s, path, READS);
}

/* In a folder such as /tmp only root may replace what another user has put there. */
static void allow_results(struct sandbox *s, const char *path, uint64_t what)
{
	char folder[PATH_MAX];
	struct stat st;

	if (!folder_of(path, folder))
		return;
	s->others |= (lstat(path, &st) == 0 && st.st_uid != geteuid()) ||
		     sandbox_needs_capabilities(folder, W_OK | X_OK);
	allow(s, folder, what);
}

void sandbox_allow_naming(struct sandbox *s, const char *path)
{
	allow_results(s, path, MAY_MAKE_FILE | MAY_REMOVE);
}

void sandbox_allow_output(struct sandbox *s, const char *path)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;

	if (!there || S_ISREG(st.st_mode)) {
		allow_results(s, path, WRITES);
		return;
	}
	s->others |= sandbox_needs_capabilities(path, W_OK);
	allow(s, path, MAY_WRITE | MAY_READ);
}

void sandbox_allow_scratch(struct sandbox *s, const char *folder)
{
	char parent[PATH_MAX];

	s->others |= sandbox_needs_capabilities(folder, W_OK | X_OK);
	allow(s, folder, WRITES);
	if (folder_of(folder, parent))
		allow(s, parent, MAY_REMOVE_FOLDER);
}

/* Libraries, and what they read of the machine whenever a name is looked up or a host
 * logged on to; the daemons that keep it outside /etc are those of Debian, Fedora and
 * SUSE. */
static const char *const system_paths[] = {
	"/etc",
	"/etc/hosts", /* these may be links to elsewhere */
	"/etc/krb5.conf",
	"/etc/ssl/openssl.cnf",
	"/usr",
	"/opt",
	"/lib",
	"/lib32",
	"/lib64",
	"/run/systemd/resolve",
	"/run/resolvconf",
	"/run/NetworkManager",
	"/run/netconfig",
	"/run/nscd",
	"/run/samba/smb_krb5",
	"/var/lib/samba/smb_krb5",
	"/var/lib/sss/mc",
	"/var/lib/sss/pubconf",
	"/var/lib/extrausers",
	"/dev/random",
	"/dev/urandom",
	"/sys/devices/system/cpu",
	"/proc/sys/crypto",
#if HUNTS_LEAKS
	"/proc/self",
#endif
};

/* Their environment variables that name files: one, or several between colons. */
static const char *const variables[] = {
	"KRB5_CONFIG",     "GSS_MECH_CONFIG", "OPENSSL_CONF",
	"OPENSSL_MODULES", "HOSTALIASES",     "LD_LIBRARY_PATH",
#if HUNTS_LEAKS
	"LSAN_OPTIONS",
#endif
};

/* "/one:/two", "suppressions=/path": the words that are paths. */
static void allow_words(struct sandbox *s, const char *words)
{
	char path[PATH_MAX];

	while (*words) {
		size_t len = strcspn(words, ":=");

		if (len > 0 && len < sizeof path && memchr(words, '/', len)) {
			memcpy(path, words, len);
			path[len] = '\0';
			sandbox_allow_read(s, path);
		}
		words += len + (words[len] != '\0');
	}
}

/* Where resolv.conf is kept by whatever else writes it: it is read again when changed. */
static void allow_resolver(struct sandbox *s)
{
	char path[PATH_MAX], folder[PATH_MAX];

	if (realpath("/etc/resolv.conf", path) && folder_of(path, folder))
		allow(s, folder, READS);
}

static void allow_system(struct sandbox *s)
{
	const char *trace = getenv("KRB5_TRACE");

	for (size_t i = 0; i < sizeof system_paths / sizeof *system_paths; i++)
		allow(s, system_paths[i], READS);
	allow_resolver(s);
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (getenv(variables[i]))
			allow_words(s, getenv(variables[i]));
	allow(s, "/dev/null", MAY_READ | MAY_WRITE);
	if (trace)
		sandbox_allow_output(s, trace);
}

/* ---- enter ---- */

static int restrict_files(struct sandbox *s)
{
	int e = ENOSYS;

	if (s->ruleset < 0)
		return e;
	e = syscall(SYS_RESTRICT_SELF, s->ruleset, 0) == 0 ? 0 : errno;
	close(s->ruleset);
	s->ruleset = -1;
	return e;
}

static void tell(const char *layer, int e)
{
	if (e)
		log_say(LOG_STEPS, NULL, "sandbox", "without %s: %s", layer, strerror(e));
}

void sandbox_enter(struct sandbox *s)
{
	/* Landlock and filters are for processes that can gain nothing by them. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	tell("Landlock", restrict_files(s));
	tell("a filter of system calls", sandbox_refuse_calls());
	tell("leave to drop capabilities", sandbox_drop_capabilities(s->others));
}
