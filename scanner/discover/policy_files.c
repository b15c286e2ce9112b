/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/policy_files.h"

#include <stdio.h>
#include <string.h>

#include "report/directory/directory.h"
#include "report/directory/directory_limits.h"
#include "report/directory/template.h"
#include "rpc/wire/ntstatus.h"
#include "scanner/discover/sysvol_path.h"

/* gpt.ini has a few lines; a larger one says nothing of the version. */
enum { GPT_INI_MAX = 65536 };

static const char template_file[] =
	"Machine\\Microsoft\\Windows NT\\SecEdit\\GptTmpl.inf";

/* FILETIME: 100 ns since 1601. */
static int64_t unix_time(uint64_t filetime)
{
	const int64_t seconds = (int64_t)(filetime / 10000000);
	const int64_t from_1601_to_1970 = 11644473600;

	return seconds > from_1601_to_1970 ? seconds - from_1601_to_1970 : TIME_NOT_GIVEN;
}

static void refuse(struct directory_template *t, struct pool *pool,
		   enum directory_template_state state, const char *why)
{
	t->state = state;
	t->error = pool_text(pool, why, strlen(why));
	if (!t->error)
		t->error = "out of memory";
}

static void refuse_status(struct directory_template *t, struct pool *pool,
			  enum directory_template_state state, uint32_t status)
{
	const char *name = status_name(CODE_NTSTATUS, status);
	const char *words = status_words(CODE_NTSTATUS, status);
	char why[200];

	if (name)
		snprintf(why, sizeof why, "%s (%s)", words, name);
	else
		snprintf(why, sizeof why, "status 0x%08X", (unsigned)status);
	refuse(t, pool, state, why);
}

static void take_template(struct directory_template *t, struct pool *pool,
			  const char *domain_sid, const struct session_file *file)
{
	t->written = unix_time(file->last_write_time);
	switch (file->outcome) {
	case FILE_WHOLE:
		template_read(file->data.at, file->data.len, domain_sid, pool, t);
		break;
	case FILE_TOO_LARGE:
		refuse(t, pool, TEMPLATE_FAILED, "larger than any template");
		break;
	case FILE_CHANGED:
		refuse(t, pool, TEMPLATE_FAILED, "written to while it was read");
		break;
	case FILE_REFUSED:
		if (file->status == STATUS_OBJECT_NAME_NOT_FOUND ||
		    file->status == STATUS_OBJECT_PATH_NOT_FOUND ||
		    file->status == STATUS_NO_SUCH_FILE)
			t->state = TEMPLATE_NO_FILE;
		else
			refuse_status(t, pool,
				      file->status == STATUS_ACCESS_DENIED
					      ? TEMPLATE_DENIED
					      : TEMPLATE_FAILED,
				      file->status);
		break;
	}
}

/* gpt.ini stands in the folder of every GPO: where the path to it does not exist, the
 * folder does not.  A template may lack its own folders. */
static bool read_version(struct sysvol *v, struct directory_gpo *gpo, struct fault *fault)
{
	struct directory_template *t = &gpo->template;
	char path[SYSVOL_PATH_MAX];
	struct session_file file;

	if (!sysvol_path(gpo->path, gpo->domain, "gpt.ini", path))
		return true;
	if (!sysvol_read(v, path, GPT_INI_MAX, &file, fault))
		return false;
	if (file.outcome == FILE_REFUSED && file.status == STATUS_OBJECT_PATH_NOT_FOUND)
		t->state = TEMPLATE_NO_FOLDER;
	else if (file.outcome == FILE_WHOLE)
		t->gpt_version_known = template_read_version(file.data.at, file.data.len,
							     &t->gpt_version);
	return true;
}

bool policy_files_read(struct sysvol *v, struct directory_gpo *gpo,
		       const char *domain_sid, struct pool *pool, struct fault *fault)
{
	struct directory_template *t = &gpo->template;
	char path[SYSVOL_PATH_MAX];
	struct session_file file;

	if (!gpo->readable)
		return true;
	if (!gpo->path || !sysvol_path(gpo->path, gpo->domain, template_file, path)) {
		refuse(t, pool, TEMPLATE_FAILED,
		       gpo->path ? "gPCFileSysPath is not a folder of this domain's "
				   "policies, and is not followed"
				 : "gPCFileSysPath did not come");
		return true;
	}
	if (!read_version(v, gpo, fault))
		return false;
	if (t->state == TEMPLATE_NO_FOLDER)
		return true;
	if (!sysvol_read(v, path, LIMIT_TEMPLATE_BYTES, &file, fault))
		return false;
	take_template(t, pool, domain_sid, &file);
	return true;
}

void policy_files_hand_over(struct policy_set *set, struct sysvol *v,
			    const char *domain_sid, const struct policy_events *events)
{
	struct fault fault = { 0 };
	struct pool pool = { 0 }; /* of one template */

	for (size_t i = 0; i < set->scope_count; i++)
		events->scope(&set->scopes[i], events->arg);
	for (size_t i = 0; i < set->gpo_count; i++) {
		struct directory_gpo *gpo = &set->gpos[i];

		if (v && !policy_files_read(v, gpo, domain_sid, &pool, &fault)) {
			policy_set_note(set, "SYSVOL: %s: %s", fault.step, fault.what);
			v = NULL;
		}
		events->gpo(gpo, events->arg);
		pool_clear(&pool);
	}
	pool_free(&pool);
	for (size_t i = 0; i < set->filter_count; i++)
		events->wmi_filter(&set->filters[i], events->arg);
	for (size_t i = 0; i < set->group_count; i++)
		events->group(&set->groups[i], events->arg);
	set->policies.error = *set->error ? set->error : NULL;
	events->policies(&set->policies, events->arg);
}
