/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a GPO's files: from the outcomes of a SYSVOL that stands here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "report/directory/directory.h"
#include "rpc/wire/ntstatus.h"
#include "scanner/discover/policy_files.h"

#define GUID "{31B2F340-016D-11D2-945F-00C04FB984F9}"

bool __wrap_sysvol_read(struct sysvol *v, const char *path, uint32_t limit,
			struct session_file *file, struct fault *fault);

static const char policy_ini[] = "[General]\r\nVersion=65540\r\n";
static const char policy_inf[] = "[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18\r\n";

/* What is answered; outcomes are those of session.h. */
static struct share {
	struct session_file ini, inf;
	bool ends; /* the connection, at the template */
	unsigned reads;
	char last[SESSION_PATH_MAX];
} here;

static struct session_file whole(const char *text)
{
	return (struct session_file){
		.outcome = FILE_WHOLE,
		.data = { (const uint8_t *)text, strlen(text) },
		.last_write_time = UINT64_C(
			133490628000000000), /* 2024-01-07 01:00 UTC */
	};
}

static struct session_file refused(uint32_t status)
{
	return (struct session_file){ .outcome = FILE_REFUSED, .status = status };
}

bool __wrap_sysvol_read(struct sysvol *v, const char *path, uint32_t limit,
			struct session_file *file, struct fault *fault)
{
	bool ini = strstr(path, "gpt.ini") != NULL;

	(void)v;
	assert_true(limit > 0);
	here.reads++;
	strncpy(here.last, path, sizeof here.last - 1);
	if (here.ends && !ini) {
		fault_set(fault, "read file", REASON_DIRECTORY_CLOSED, CODE_NONE, 0);
		return false;
	}
	*file = ini ? here.ini : here.inf;
	return true;
}

static struct directory_gpo gpo_at(const char *path)
{
	return (struct directory_gpo){ .domain = "corp.example",
				       .dn = "CN=" GUID,
				       .path = path,
				       .readable = true,
				       .template.written = TIME_NOT_GIVEN };
}

static struct directory_gpo good_gpo(void)
{
	return gpo_at("\\\\corp.example\\SysVol\\corp.example\\Policies\\" GUID);
}

static struct pool pool;

static struct directory_gpo read_with(struct session_file ini, struct session_file inf)
{
	struct directory_gpo gpo = good_gpo();
	struct fault fault = { 0 };

	here = (struct share){ .ini = ini, .inf = inf };
	pool_clear(&pool);
	assert_true(policy_files_read(NULL, &gpo, "S-1-5-21-1-2-3", &pool, &fault));
	return gpo;
}

static void a_template_is_read_with_its_version(void **state)
{
	struct directory_gpo gpo = read_with(whole(policy_ini), whole(policy_inf));
	(void)state;

	assert_int_equal(gpo.template.state, TEMPLATE_READ);
	assert_true(gpo.template.gpt_version_known);
	assert_int_equal(gpo.template.gpt_version, 65540);
	assert_int_equal(gpo.template.right_count, 1);
	assert_string_equal(gpo.template.rights[0].entries[0].sid, "S-1-5-18");
	assert_int_equal(gpo.template.written, 1704589200);
	assert_string_equal(here.last, "corp.example\\Policies\\" GUID
				       "\\Machine\\Microsoft\\Windows NT\\SecEdit\\"
				       "GptTmpl.inf");
}

static void every_outcome_of_a_template(void **state)
{
	static const struct {
		struct session_file file;
		enum directory_template_state template;
		const char *words;
	} rows[] = {
		{ { .outcome = FILE_REFUSED, .status = STATUS_OBJECT_NAME_NOT_FOUND },
		  TEMPLATE_NO_FILE,
		  NULL },
		{ { .outcome = FILE_REFUSED, .status = STATUS_OBJECT_PATH_NOT_FOUND },
		  TEMPLATE_NO_FILE,
		  NULL },
		{ { .outcome = FILE_REFUSED, .status = STATUS_ACCESS_DENIED },
		  TEMPLATE_DENIED,
		  "STATUS_ACCESS_DENIED" },
		{ { .outcome = FILE_REFUSED, .status = STATUS_STOPPED_ON_SYMLINK },
		  TEMPLATE_FAILED,
		  "STATUS_STOPPED_ON_SYMLINK" },
		{ { .outcome = FILE_REFUSED, .status = 0xC1234567 },
		  TEMPLATE_FAILED,
		  "0xC1234567" },
		{ { .outcome = FILE_TOO_LARGE }, TEMPLATE_FAILED, "larger" },
		{ { .outcome = FILE_CHANGED }, TEMPLATE_FAILED, "written to" },
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct directory_gpo gpo = read_with(whole(policy_ini), rows[i].file);

		assert_int_equal(gpo.template.state, rows[i].template);
		assert_true(gpo.template.gpt_version_known);
		assert_int_equal(gpo.template.error != NULL, rows[i].words != NULL);
		if (rows[i].words)
			assert_non_null(strstr(gpo.template.error, rows[i].words));
	}
}

static void a_template_that_is_none_fails(void **state)
{
	struct directory_gpo gpo = read_with(whole(policy_ini),
					     whole("[Privilege Rights]\r\nnonsense\r\n"));
	(void)state;

	assert_int_equal(gpo.template.state, TEMPLATE_FAILED);
	assert_non_null(gpo.template.error);
	assert_int_equal(gpo.template.right_count, 0);
}

static void an_empty_template_declares_nothing(void **state)
{
	const struct session_file nothing = { .outcome = FILE_WHOLE };
	struct directory_gpo gpo = read_with(nothing, nothing);
	(void)state;

	assert_int_equal(gpo.template.state, TEMPLATE_READ);
	assert_false(gpo.template.gpt_version_known);
	assert_int_equal(gpo.template.right_count, 0);
}

/* A template may lack its own folders, gpt.ini only that of the GPO. */
static void a_folder_that_is_missing_is_told_apart(void **state)
{
	struct directory_gpo gpo = read_with(refused(STATUS_OBJECT_PATH_NOT_FOUND),
					     whole(policy_inf));
	(void)state;

	assert_int_equal(gpo.template.state, TEMPLATE_NO_FOLDER);
	assert_int_equal(here.reads, 1);
	gpo = read_with(refused(STATUS_ACCESS_DENIED), whole(policy_inf));
	assert_int_equal(gpo.template.state, TEMPLATE_READ);
	assert_false(gpo.template.gpt_version_known);
	gpo = read_with(whole("no version"), whole(policy_inf));
	assert_false(gpo.template.gpt_version_known);
}

static void a_path_that_leads_elsewhere_is_not_followed(void **state)
{
	static const char *const paths[] = {
		"\\\\evil.example\\SysVol\\corp.example\\Policies\\" GUID,
		"\\\\corp.example\\SysVol\\corp.example\\Policies\\..\\" GUID, NULL
	};
	struct fault fault = { 0 };
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct directory_gpo gpo = gpo_at(paths[i]);

		here = (struct share){ .ini = whole(policy_ini) };
		assert_true(policy_files_read(NULL, &gpo, NULL, &pool, &fault));
		assert_int_equal(gpo.template.state, TEMPLATE_FAILED);
		assert_non_null(gpo.template.error);
		assert_int_equal(here.reads, 0);
	}
}

static void a_gpo_that_may_not_be_read_is_not_looked_for(void **state)
{
	struct directory_gpo gpo = good_gpo();
	struct fault fault = { 0 };
	(void)state;

	here = (struct share){ .ini = whole(policy_ini) };
	gpo.readable = false;
	assert_true(policy_files_read(NULL, &gpo, NULL, &pool, &fault));
	assert_int_equal(gpo.template.state, TEMPLATE_NOT_READ);
	assert_int_equal(here.reads, 0);
}

/* ---- all of a domain ---- */

static struct {
	unsigned scopes, gpos, filters, groups, policies, read;
	char error[200];
} told;

static void on_scope(const struct directory_scope *s, void *arg)
{
	(void)s;
	(void)arg;
	told.scopes++;
}

static void on_gpo(const struct directory_gpo *g, void *arg)
{
	(void)arg;
	told.gpos++;
	told.read += g->template.state == TEMPLATE_READ;
}

static void on_wmi_filter(const struct directory_wmi_filter *f, void *arg)
{
	(void)f;
	(void)arg;
	told.filters++;
}

static void on_group(const struct directory_group *g, void *arg)
{
	(void)g;
	(void)arg;
	told.groups++;
}

static void on_policies(const struct directory_policies *p, void *arg)
{
	(void)arg;
	assert_int_equal(told.gpos, 3); /* all of it came before */
	assert_int_equal(told.groups, 1);
	told.policies++;
	strncpy(told.error, p->error ? p->error : "", sizeof told.error - 1);
}

static void hand_over(struct sysvol *v)
{
	static const struct policy_events events = { on_scope, on_gpo,      on_wmi_filter,
						     on_group, on_policies, NULL };
	struct directory_gpo gpos[3] = { good_gpo(), good_gpo(), good_gpo() };
	struct directory_scope scope = { .dn = "DC=corp" };
	struct directory_wmi_filter filter = { .id = "{1}" };
	struct directory_group group = { .sid = "S-1-5-21-1-2-3-4" };
	struct policy_set set = { .gpos = gpos,
				  .gpo_count = 3,
				  .scopes = &scope,
				  .scope_count = 1,
				  .filters = &filter,
				  .filter_count = 1,
				  .groups = &group,
				  .group_count = 1 };

	memset(&told, 0, sizeof told);
	policy_files_hand_over(&set, v, NULL, &events);
	assert_int_equal(told.scopes, 1);
	assert_int_equal(told.filters, 1);
	assert_int_equal(told.policies, 1);
}

static void everything_is_handed_over_once(void **state)
{
	struct sysvol *some = (struct sysvol *)&told; /* never looked into */
	(void)state;

	here = (struct share){ .ini = whole(policy_ini), .inf = whole(policy_inf) };
	hand_over(some);
	assert_int_equal(told.read, 3);
	assert_string_equal(told.error, "");
}

static void a_connection_that_ends_leaves_the_records(void **state)
{
	struct sysvol *some = (struct sysvol *)&told;
	(void)state;

	here = (struct share){ .ini = whole(policy_ini), .ends = true };
	hand_over(some);
	assert_int_equal(told.read, 0);
	assert_int_equal(here.reads, 2); /* and nothing more is asked */
	assert_non_null(strstr(told.error, "SYSVOL: read file: "));
	here = (struct share){ 0 };
	hand_over(NULL);
	assert_int_equal(here.reads, 0);
}

static int free_pool(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_is_read_with_its_version),
		cmocka_unit_test(every_outcome_of_a_template),
		cmocka_unit_test(a_template_that_is_none_fails),
		cmocka_unit_test(an_empty_template_declares_nothing),
		cmocka_unit_test(a_folder_that_is_missing_is_told_apart),
		cmocka_unit_test(a_path_that_leads_elsewhere_is_not_followed),
		cmocka_unit_test(a_gpo_that_may_not_be_read_is_not_looked_for),
		cmocka_unit_test(everything_is_handed_over_once),
		cmocka_unit_test(a_connection_that_ends_leaves_the_records),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
