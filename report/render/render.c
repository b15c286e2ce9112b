/* SPDX-License-Identifier: Apache-2.0 */
/* The list of the formats, and what more than one of them needs while it writes. */
#include "report/render/render.h"

#include <string.h>

static const struct renderer *const renderers[] = {
#define X(name) &renderer_##name,
	RENDERERS(X)
#undef X
};

size_t renderer_count(void)
{
	return sizeof(renderers) / sizeof(renderers[0]);
}

const struct renderer *renderer_at(size_t i)
{
	return renderers[i];
}

static bool same_name(const char *written, const char *ours)
{
	for (; *written && *ours; written++, ours++)
		if ((*written == '_' ? '-' : *written) != *ours)
			return false;
	return *written == *ours;
}

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; i < renderer_count(); i++)
		if (same_name(name, renderers[i]->name))
			return renderers[i];
	return NULL;
}

void rendering_append(struct rendering *r, FILE *from)
{
	char buffer[1 << 14];
	size_t got;

	if (!from)
		return;
	/* Before it is read again: rewind() would forget what went wrong. */
	if (fflush(from) != 0 || ferror(from)) {
		r->fault = RENDERING_NO_TEMPORARY_FILE;
		return;
	}
	rewind(from);
	while ((got = fread(buffer, 1, sizeof(buffer), from)) > 0)
		fwrite(buffer, 1, got, r->out);
	if (ferror(from))
		r->fault = RENDERING_NO_TEMPORARY_FILE;
}
