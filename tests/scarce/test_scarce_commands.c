/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of every command that reads and writes reports fails, once; every few,
 * for good.  The command ends as it would have and its output is whole, or it says that
 * memory is out, ends with 2, and leaves no file that is not whole.
 *
 * The program runs as a function, some forty thousand times; it has no sandbox, which it
 * could enter only once (tests/sweep/test_scarce.py has it).  LSASWEEP_SCARCE_EVERY=N
 * takes each N-th allocation only; unset, it is 29.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/render/render.h"
#include "tests/scarce/scarce.h"

#undef main

enum {
	ARGUMENTS_MAX = 40,
	EXIT_NO_MEMORY = 2,
	EXIT_UNASKED = 3, /* what was not asked is named */
	FOR_GOOD = 5,     /* each so many-th of them */
};

int lsasweep_main(int argc, char **argv);
struct sandbox;
void __wrap_sandbox_enter(struct sandbox *s);

void __wrap_sandbox_enter(struct sandbox *s)
{
	(void)s;
}

/* ---- what the commands read ---- */

#define HOLDER(sid, name, kind) \
	"{\"sid\":\"" sid "\",\"name\":\"" name "\",\"kind\":\"" kind "\"}"
#define ADMINISTRATORS HOLDER("S-1-5-32-544", "BUILTIN\\\\Administrators", "alias")
#define EVERYONE       HOLDER("S-1-1-0", "Everyone", "well_known_group")
#define MANY           HOLDER("S-1-5-21-1-2-3-1105", "CORP\\\\svc-web", "user")
#define HOST_OF(name, account, role, holders)                                            \
	"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","          \
	"\"sweep\":\"11111111-2222-4333-8444-555555555555\",\"host\":\"" name "\","      \
	"\"port\":445,\"address\":\"10.1.2.3\",\"tags\":[\"iis\",\"=1+1\"],"             \
	"\"outcome\":\"answered\",\"step\":\"close\",\"error\":null,\"attempts\":1,"     \
	"\"role\":{\"value\":\"" role "\",\"evidence\":\"dssetup\",\"conflict\":null},"  \
	"\"machine\":{\"domain_sid\":\"S-1-5-21-1-2-3\","                                \
	"\"os_version\":\"10.0.20348\"},\"smb\":{\"dialect\":\"3.1.1\","                 \
	"\"signing_required\":true,\"encryption\":null,\"mechanism\":\"ntlm\"}," account \
	"\"rights\":{\"SeImpersonatePrivilege\":{\"outcome\":\"held\",\"holders\":"      \
	"[" holders "]}},\"timing_ms\":{\"total\":9.1}}\n"
#define HOST(name, role, holders) HOST_OF(name, "", role, holders)
#define SILENT(name)                                                                    \
	"{\"schema\":\"lsasweep.facts/1\",\"ts\":\"2026-01-02T03:04:05.678Z\","         \
	"\"sweep\":\"s\",\"host\":\"" name "\",\"port\":445,\"tags\":[],"               \
	"\"outcome\":\"timeout\",\"step\":\"connect\",\"error\":{\"step\":\"connect\"," \
	"\"code\":\"ETIMEDOUT\",\"value\":null,\"text\":\"no answer\"},\"attempts\":1," \
	"\"role\":{\"value\":\"unknown\",\"evidence\":\"none\",\"conflict\":null},"     \
	"\"machine\":null,\"smb\":null,\"rights\":{},\"timing_ms\":{\"total\":1}}\n"
#define HEADER                                                            \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"started\":" \
	"\"2026-01-02T03:00:00.000Z\",\"version\":\"0.1.0\",\"rights\":"  \
	"[\"SeImpersonatePrivilege\"],\"targets\":3}\n"
#define TRAILER                                                            \
	"{\"schema\":\"lsasweep.journal/1\",\"sweep\":\"s\",\"finished\":" \
	"\"2026-01-02T03:10:00.000Z\"}\n"

#define DIRECTORY(rest) "{\"schema\":\"lsasweep.directory/1\"," rest "}\n"
#define GPO(name, entries)                                                              \
	DIRECTORY(                                                                      \
		"\"kind\":\"gpo\",\"domain\":\"d\",\"dn\":\"CN={" name                  \
		"},DC=d\",\"id\":\"{" name "}\",\"name\":\"" name                       \
		"\",\"flags\":0,\"version\":1,"                                         \
		"\"functionality\":2,\"readable\":true,\"extensions\":"                 \
		"\"[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}]\","                         \
		"\"wmi_filter\":\"[d;{F};0]\",\"dacl\":\"present\",\"aces\":[{\"sid\":" \
		"\"S-1-5-11\",\"form\":\"object\",\"read\":true},{\"sid\":"             \
		"\"S-1-5-21-1-2-3-2001\",\"form\":\"object\",\"apply\":true}],"         \
		"\"template\":{\"state\":\"read\",\"rights\":[{\"right\":"              \
		"\"SeImpersonatePrivilege\",\"entries\":[" entries "]}]}")
#define POLICIES                                                                         \
	DIRECTORY("\"kind\":\"policies\",\"domain\":\"d\",\"scopes_complete\":true,"     \
		  "\"gpos_complete\":true,\"filters_complete\":true")                    \
	DIRECTORY("\"kind\":\"scope\",\"type\":\"site\",\"domain\":\"d\","               \
		  "\"dn\":\"CN=Paris,CN=Sites,DC=d\"")                                   \
	DIRECTORY(                                                                       \
		"\"kind\":\"scope\",\"type\":\"domain\",\"domain\":\"d\",\"dn\":"        \
		"\"DC=d\",\"gp_link\":\"[LDAP://CN={A},DC=d;0][LDAP://CN={B},DC=d;2]\"") \
	GPO("A", "{\"text\":\"*S-1-5-6\",\"sid\":\"S-1-5-6\"}")                          \
	GPO("B", "{\"text\":\"CORP\\\\svc-web\"}")                                       \
	DIRECTORY("\"kind\":\"wmi_filter\",\"domain\":\"d\",\"id\":\"{F}\",\"query\":"   \
		  "\"1;3;10;9;WQL;root\\\\CIMv2;SELECT * FROM Win32_OperatingSystem "    \
		  "WHERE ProductType=3;\"")                                              \
	DIRECTORY(                                                                       \
		"\"kind\":\"group\",\"sid\":\"S-1-5-21-1-2-3-2001\",\"complete\":true,"  \
		"\"members\":[\"S-1-5-21-1-2-3-1104\"]")
#define COMPUTER                                                                    \
	DIRECTORY("\"kind\":\"computer\",\"domain\":\"d\",\"dn\":\"CN=SRV1,DC=d\"," \
		  "\"account\":\"SRV1$\",\"dns_name\":\"srv1.d\","                  \
		  "\"sid\":\"S-1-5-21-1-2-3-1104\",\"os\":\"Windows Server 2022\"," \
		  "\"os_version\":\"10.0 (20348)\",\"primary_group\":515")
#define IN_DIRECTORY                                                       \
	"\"directory\":{\"domain\":\"d\",\"dn\":\"CN=SRV1,DC=d\",\"sid\":" \
	"\"S-1-5-21-1-2-3-1104\",\"site\":\"Paris\",\"role\":\"member_server\"},"

static const struct input {
	const char *name, *text;
} inputs[] = {
	{ "old", HEADER HOST("srv1", "member_server", ADMINISTRATORS "," MANY)
			 HOST("dc1", "domain_controller", ADMINISTRATORS) SILENT("srv2")
				 TRAILER },
	{ "new",
	  HEADER HOST("srv1", "member_server", ADMINISTRATORS "," MANY "," EVERYONE)
		  HOST("srv3", "member_server", MANY) TRAILER },
	{ "rules",
	  "{\"schema\":\"lsasweep.baseline/1\",\"name\":\"rules\",\"version\":\"1\","
	  "\"source\":\"test\",\"rights\":{\"SeImpersonatePrivilege\":{"
	  "\"member_server\":{\"match\":\"exactly\",\"principals\":[\"S-1-5-32-544\"],"
	  "\"any_of\":[[\"S-1-5-6\",\"S-1-5-19\"]],\"allow\":[{\"principal\":"
	  "\"S-1-5-32-568\",\"reason\":\"IIS\",\"when\":{\"tag\":\"iis\"}}]},"
	  "\"domain_controller\":{\"match\":\"at_most\",\"principals\":"
	  "[\"DOMAIN-512\"]}}},\"waivers\":[{\"host\":\"*\",\"right\":\"*\","
	  "\"principal\":\"CORP\\\\svc-web\",\"reason\":\"CHG-1\","
	  "\"expires\":\"2099-12-31\"}]}" },
	{ "directory", POLICIES COMPUTER DIRECTORY("\"kind\":\"end\"") },
	{ "joined", HEADER POLICIES HOST_OF("srv1.d", IN_DIRECTORY, "member_server",
					    ADMINISTRATORS "," MANY) TRAILER },
	{ "GptTmpl.inf", "[Privilege Rights]\nSeTcbPrivilege=*S-1-1-0,Guests\n" },
	{ "targets", "10.0.0.1 role=client tag=a tag=b\n10.0.1.0/30\nh3.example\n" },
	{ "excluded", "*.example\n10.0.1.1\n" },
};

static bool is_input(const char *name)
{
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		if (strcmp(name, inputs[i].name) == 0)
			return true;
	return false;
}

static char folder[] = "/tmp/lsasweep-scarce.XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		FILE *file = fopen(inputs[i].name, "w");

		if (!file || fputs(inputs[i].text, file) < 0 || fclose(file) != 0)
			return -1;
	}
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		unlink(inputs[i].name);
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

/* ---- one run, and what is left of it ---- */

enum { OUTPUT_MAX = 1 << 20, FILES_MAX = 16 };

struct content {
	char name[64];
	char *bytes;
	size_t length;
};

struct run {
	int status;
	size_t allocations;
	struct content out, errors;
	struct content files[FILES_MAX];
	size_t file_count;
};

static void read_all(int fd, struct content *c)
{
	static char all[OUTPUT_MAX];
	ssize_t got;

	c->length = 0;
	while ((got = read(fd, all + c->length, OUTPUT_MAX - c->length)) > 0)
		c->length += (size_t)got;
	assert_true(c->length < OUTPUT_MAX);
	c->bytes = malloc(c->length + 1);
	memcpy(c->bytes, all, c->length);
	c->bytes[c->length] = '\0';
}

static void take_files(struct run *run)
{
	DIR *list = opendir(".");
	struct dirent *entry;

	assert_non_null(list);
	while ((entry = readdir(list))) {
		struct content *c = &run->files[run->file_count];
		int fd;

		if (entry->d_name[0] == '.' || is_input(entry->d_name))
			continue;
		assert_true(run->file_count < FILES_MAX);
		run->file_count++;
		snprintf(c->name, sizeof(c->name), "%.60s", entry->d_name);
		fd = open(c->name, O_RDONLY);
		read_all(fd, c);
		close(fd);
		unlink(c->name);
	}
	closedir(list);
}

/* Stands for a standard stream during a run. */
struct stand_in {
	int number, saved, memory; /* `saved` 0: not made yet */
};

static struct stand_in out = { .number = STDOUT_FILENO };
static struct stand_in errors = { .number = STDERR_FILENO };

static void stand_in(struct stand_in *s)
{
	if (!s->saved) {
		s->saved = dup(s->number);
		s->memory = memfd_create("stream", 0);
	}
	assert_int_equal(ftruncate(s->memory, 0), 0);
	lseek(s->memory, 0, SEEK_SET);
	dup2(s->memory, s->number);
}

static void stand_down(const struct stand_in *s, struct content *c)
{
	dup2(s->saved, s->number);
	lseek(s->memory, 0, SEEK_SET);
	read_all(s->memory, c);
}

static void run_once(const char *command, size_t nth, bool for_good, struct run *run)
{
	char words[512] = "lsasweep ", *argv[ARGUMENTS_MAX + 1], *rest = NULL;
	int argc = 0;

	snprintf(words, sizeof(words), "lsasweep %s", command);
	for (char *word = strtok_r(words, " ", &rest); word && argc < ARGUMENTS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	argv[argc] = NULL;
	memset(run, 0, sizeof(*run));
	stand_in(&out);
	stand_in(&errors);
	scarce_begin(nth, for_good);
	scarce_arm(true);
	run->status = lsasweep_main(argc, argv);
	scarce_arm(false);
	fflush(stdout);
	clearerr(stdout);
	run->allocations = scarce_counted();
	stand_down(&out, &run->out);
	stand_down(&errors, &run->errors);
	take_files(run);
}

static void forget(struct run *run)
{
	free(run->out.bytes);
	free(run->errors.bytes);
	for (size_t i = 0; i < run->file_count; i++)
		free(run->files[i].bytes);
}

static bool same(const struct content *a, const struct content *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Whether each file is one that the usual run left, too. */
static bool files_are_whole(const struct run *run, const struct run *usual)
{
	for (size_t i = 0; i < run->file_count; i++) {
		size_t k = 0;

		while (k < usual->file_count &&
		       strcmp(usual->files[k].name, run->files[i].name) != 0)
			k++;
		if (k == usual->file_count || !same(&run->files[i], &usual->files[k]))
			return false;
	}
	return true;
}

static bool is_truthful(const struct run *run, const struct run *usual)
{
	if (!files_are_whole(run, usual))
		return false;
	if (run->status == usual->status)
		return same(&run->out, &usual->out) &&
		       run->file_count == usual->file_count;
	return (run->status == EXIT_NO_MEMORY || run->status == EXIT_UNASKED) &&
	       strcasestr(run->errors.bytes, "memory");
}

/* ---- every allocation ---- */

static unsigned wrong; /* runs */

static size_t stride = 1; /* of what takes long: a sweep's loop and threads */

static size_t step(void)
{
	const char *every = getenv("LSASWEEP_SCARCE_EVERY");
	size_t n = every ? strtoul(every, NULL, 10) : 0;

	return (n ? n : 29) * stride;
}

static void hold(const char *command, size_t nth, bool for_good, const struct run *usual)
{
	struct run run;

	run_once(command, nth, for_good, &run);
	if (!is_truthful(&run, usual) && wrong++ < 20)
		print_error(
			"%s, allocation %zu%s: exit %d, %zu bytes and %zu files where "
			"%zu and %zu are due: %s\n",
			command, nth, for_good ? "+" : "", run.status, run.out.length,
			run.file_count, usual->out.length, usual->file_count,
			run.errors.bytes);
	forget(&run);
}

/* `status` is what the command ends with when there is memory. */
static void each_allocation_of(const char *command, int status)
{
	struct run usual;

	run_once(command, 0, false, &usual); /* what is made once is made here */
	forget(&usual);
	run_once(command, 0, false, &usual);
	if (usual.status != status)
		fail_msg("%s: exit %d: %s", command, usual.status, usual.errors.bytes);
	wrong = 0;
	for (size_t nth = 1; nth <= usual.allocations; nth += step()) {
		hold(command, nth, false, &usual);
		if (nth / step() % FOR_GOOD == 0)
			hold(command, nth, true, &usual);
	}
	if (wrong)
		fail_msg("%s: %u of the runs", command, wrong);
	forget(&usual);
}

static void test_reports_on_stdout(void **state)
{
	char command[200];

	(void)state;
	for (size_t i = 0; i < renderer_count(); i++) {
		const struct renderer *renderer = renderer_at(i);

		snprintf(command, sizeof(command), "report --baseline rules -o %s new",
			 renderer->name);
		if (!renderer->per_role)
			each_allocation_of(command, 4);
	}
}

static void test_all_reports_in_files(void **state)
{
	char command[400] = "report --baseline rules old";

	(void)state;
	for (size_t i = 0; i < renderer_count(); i++) {
		const char *name = renderer_at(i)->name;
		size_t used = strlen(command);

		snprintf(command + used, sizeof(command) - used, " -o %s=out.%s", name,
			 name);
	}
	each_allocation_of(command, 4);
}

static void test_two_journals_and_two_baselines(void **state)
{
	(void)state;
	each_allocation_of("report --baseline rules --baseline rules -o json old new", 4);
}

static void test_differences(void **state)
{
	(void)state;
	each_allocation_of("diff old new", 1);
	each_allocation_of("diff -o json=out old new", 1);
	each_allocation_of("diff old old", 0);
}

static void test_explanations(void **state)
{
	(void)state;
	each_allocation_of("explain", 0);
	each_allocation_of("explain SeImpersonatePrivilege", 0);
	each_allocation_of("explain named_account", 0);
	each_allocation_of("explain S-1-5-32-568", 0);
}

static void test_lists(void **state)
{
	(void)state;
	stride = 20;
	each_allocation_of("scan -sL -iL targets --exclude 10.0.1.1,*.example h1.example",
			   0);
	each_allocation_of("scan -sL -iL targets --excludefile excluded h1.example h2",
			   0);
	stride = 1;
}

static void test_policies(void **state)
{
	(void)state;
	each_allocation_of("policy --directory directory srv1", 0);
	each_allocation_of("policy --directory directory -o json=out srv1", 0);
	each_allocation_of("policy --directory directory --what-if "
			   "template:A=GptTmpl.inf --what-if link-off:B@DC=d",
			   1);
	each_allocation_of("report --baseline rules -o json joined", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports_on_stdout),
		cmocka_unit_test(test_all_reports_in_files),
		cmocka_unit_test(test_two_journals_and_two_baselines),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_explanations),
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
