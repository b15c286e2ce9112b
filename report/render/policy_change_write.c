/* SPDX-License-Identifier: Apache-2.0 */
/* What a change of policies does to one computer: rights before and after. */
#include <strings.h>

#include "report/directory/policy_change.h"
#include "report/facts/rights.h"
#include "report/render/policy_write.h"
#include "report/text/escape.h"

typedef void (*differs_fn)(const struct policy_right *before,
			   const struct policy_right *after, void *arg);

/* Rights of the catalogue. */
static size_t each_difference(const struct policy *before, const struct policy *after,
			      differs_fn fn, void *arg)
{
	struct policy_right other[2];
	const struct policy_right *a, *b;
	size_t count = 0;

	for (size_t i = 0; i < rights_count(); i++) {
		a = policy_find_right(before, rights_at(i)->name, &other[0]);
		b = policy_find_right(after, rights_at(i)->name, &other[1]);
		if (!policy_right_differs(a, b))
			continue;
		count++;
		if (fn)
			fn(a, b, arg);
	}
	return count;
}

struct writing {
	FILE *out;
	struct json json;
	const struct policy *before, *after;
};

static void put_json(const struct policy_right *before, const struct policy_right *after,
		     void *arg)
{
	struct writing *w = arg;

	json_open(&w->json, before->name, '{');
	json_open(&w->json, "before", '{');
	json_text(&w->json, "state", policy_right_state_word(before->state));
	policy_write_right(&w->json, w->before, before);
	json_close(&w->json, '}');
	json_open(&w->json, "after", '{');
	json_text(&w->json, "state", policy_right_state_word(after->state));
	policy_write_right(&w->json, w->after, after);
	json_close(&w->json, '}');
	json_close(&w->json, '}');
}

bool policy_change_write_json(FILE *out, const struct policy_view *before,
			      const struct policy_view *after)
{
	struct writing w = { out, { .out = out }, before->policy, after->policy };

	if (!each_difference(w.before, w.after, NULL, NULL))
		return false;
	json_open(&w.json, NULL, '{');
	json_text(&w.json, "schema", "lsasweep.policy-change/1");
	json_text(&w.json, "computer", before->computer);
	json_text(&w.json, "dn", before->dn);
	json_text(&w.json, "new_dn", after->dn);
	json_open(&w.json, "rights", '{');
	each_difference(w.before, w.after, put_json, &w);
	json_close(&w.json, '}');
	json_close(&w.json, '}');
	fputc('\n', out);
	return true;
}

static void put_text(const struct policy_right *before, const struct policy_right *after,
		     void *arg)
{
	struct writing *w = arg;

	fputs("  ", w->out);
	escape_terminal(w->out, before->name);
	fputc('\n', w->out);
	policy_write_setter(w->out, "before", w->before, before);
	policy_write_setter(w->out, "after", w->after, after);
}

bool policy_change_write_text(FILE *out, const struct policy_view *before,
			      const struct policy_view *after)
{
	struct writing w = { out, { .out = out }, before->policy, after->policy };

	if (!each_difference(w.before, w.after, NULL, NULL))
		return false;
	escape_terminal(out, before->computer);
	fputc('\n', out);
	each_difference(w.before, w.after, put_text, &w);
	return true;
}
