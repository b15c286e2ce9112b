/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/render.h"

#include <string.h>

static const struct renderer renderers[] = {
#define X(id, suffix_, mode_, per_role_, spools_, about_) \
	{ .name = #id,                                    \
	  .suffix = suffix_,                              \
	  .about = about_,                                \
	  .mode = mode_,                                  \
	  .per_role = per_role_,                          \
	  .spools = spools_,                              \
	  .begin = render_##id##_begin,                   \
	  .host = render_##id##_host,                     \
	  .end = render_##id##_end },
	RENDERERS(X)
#undef X
};

size_t renderer_count(void)
{
	return sizeof(renderers) / sizeof(renderers[0]);
}

const struct renderer *renderer_at(size_t i)
{
	return &renderers[i];
}

/* Users write "gpo-inf", the table's C names cannot. */
static bool same_name(const char *written, const char *ours)
{
	for (; *written && *ours; written++, ours++)
		if ((*written == '-' ? '_' : *written) != *ours)
			return false;
	return *written == *ours;
}

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; i < renderer_count(); i++)
		if (same_name(name, renderers[i].name))
			return &renderers[i];
	return NULL;
}
