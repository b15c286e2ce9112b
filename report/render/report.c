/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and judges the hosts twice, once to add them up and once to hand each to every
 * renderer; opens and commits the outputs.  What a format looks like is left to its
 * renderer. */
#include "report/render/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/files/output_file.h"
#include "report/judge/policy_state.h"
#include "report/render/render.h"
#include "report/files/temporary_file.h"

struct output {
	const struct renderer *renderer;
	struct output_file file;
	struct rendering rendering;
};

struct making {
	const struct report_request *request;
	struct scorecard **scores;    /* one a baseline */
	struct judgement *judgements; /* one a baseline */
	struct render_context context;
	struct output *outputs;
	size_t output_count;
	char *why;
	size_t why_size;
	struct coverage coverage;
	struct fixes fixes;
};

typedef void (*judged_fn)(struct making *m, bool *ok);

static bool each_host(struct making *m, judged_fn judged);
static void add_up(struct making *m, bool *ok);
static bool open_outputs(struct making *m);
static void render_host(struct making *m, bool *ok);
static bool is_partial(const struct journal_info *journal);
static bool end_outputs(struct making *m);
static bool commit_outputs(struct making *m);
static void close_making(struct making *m);

static bool fail(struct making *m, const char *what)
{
	snprintf(m->why, m->why_size, "%s", what);
	return false;
}

static bool is_stdout(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

bool report_output_parse(char *word, struct report_output *output, char *why,
			 size_t why_size)
{
	char *path = strchr(word, '=');
	size_t n;

	if (path)
		*path++ = '\0';
	if (renderer_find(word)) {
		output->format = word;
		output->path = path && *path ? path : NULL;
		return true;
	}
	snprintf(why, why_size, "no format \"%s\"; there are", word);
	for (size_t i = 0; i < renderer_count(); i++) {
		n = strlen(why);
		snprintf(why + n, why_size - n, "%s %s", i ? "," : "",
			 renderer_at(i)->name);
	}
	return false;
}

/* "a/fix.inf" for member servers is "a/fix-member_server.inf". */
static char *path_of_role(const char *path, enum role role)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	char *result = NULL;
	int stem = dot > name ? (int)(dot - path) : (int)strlen(path);

	if (asprintf(&result, "%.*s-%s%s", stem, path, role_word(role), path + stem) < 0)
		return NULL;
	return result;
}

/* A name of each role's, whether or not there will be hosts of it. */
static bool check_each_role(const struct renderer *renderer, const char *path, char *why,
			    size_t why_size)
{
	bool ok = true;

	for (unsigned role = 0; ok && role < ROLE_UNKNOWN; role++) {
		char *name = path_of_role(path, (enum role)role);

		if (!name)
			snprintf(why, why_size, "out of memory");
		ok = name && output_file_check(name, renderer->mode, why, why_size);
		free(name);
	}
	return ok;
}

static bool needs_a_name(const struct renderer *renderer, char *why, size_t why_size)
{
	snprintf(why, why_size,
		 "%s writes one file for each role: give a name, as in "
		 "%s=fix.%s",
		 renderer->name, renderer->name, renderer->suffix);
	return false;
}

bool report_outputs_check(const struct report_output *outputs, size_t count, char *why,
			  size_t why_size)
{
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++) {
		const struct renderer *renderer = renderer_find(outputs[i].format);

		if (renderer->per_role && is_stdout(outputs[i].path)) {
			ok = needs_a_name(renderer, why, why_size);
		} else if (renderer->per_role) {
			ok = check_each_role(renderer, outputs[i].path, why, why_size);
		} else {
			ok = output_file_check(outputs[i].path, renderer->mode, why,
					       why_size);
		}
	}
	return ok;
}

bool report_output_paths(const struct report_output *output,
			 void (*each)(const char *path, void *arg), void *arg)
{
	if (is_stdout(output->path) || !renderer_find(output->format)->per_role) {
		each(output->path ? output->path : "-", arg);
		return true;
	}
	for (unsigned role = 0; role < ROLE_UNKNOWN; role++) {
		char *path = path_of_role(output->path, (enum role)role);

		if (!path)
			return false;
		each(path, arg);
		free(path);
	}
	return true;
}

void report_prepare(const struct report_output *outputs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		temporary_file_prepare(renderer_find(outputs[i].format)->temporary_files);
}

static bool start_making(struct making *m)
{
	size_t baselines = m->request->baseline_count;

	m->scores = calloc(baselines, sizeof(struct scorecard *));
	m->judgements = calloc(baselines, sizeof(*m->judgements));
	/* A format of one file a role has as many outputs. */
	m->outputs = calloc(m->request->output_count * ROLE_COUNT + 1,
			    sizeof(*m->outputs));
	if (!m->scores || !m->judgements || !m->outputs)
		return fail(m, "out of memory");
	for (size_t i = 0; i < baselines; i++) {
		judgement_init(&m->judgements[i]);
		m->scores[i] = scorecard_new(m->request->baselines[i]);
		if (!m->scores[i])
			return fail(m, "out of memory");
	}
	return true;
}

static void finish_scores(struct making *m)
{
	const struct journal_info *journal = journal_set_info(m->request->journals);

	for (size_t i = 0; i < m->request->baseline_count; i++)
		scorecard_finish(m->scores[i]);
	fixes_finish(&m->fixes);
	m->context = (struct render_context){
		.journal = journal,
		.score = m->scores[0],
		.compared = m->scores + 1,
		.compared_count = m->request->baseline_count - 1,
		.unrecorded = (size_t)journal->unrecorded,
		.coverage = &m->coverage,
		.fixes = &m->fixes,
		.full = m->request->full,
	};
}

static void begin_outputs(struct making *m)
{
	for (size_t i = 0; i < m->output_count; i++) {
		struct rendering *r = &m->outputs[i].rendering;

		r->out = m->outputs[i].file.stream;
		r->about = &m->context;
		if (m->outputs[i].renderer->begin)
			m->outputs[i].renderer->begin(r);
	}
}

static void tell_counts(const struct making *m)
{
	struct score_counts *counts = m->request->counts;

	if (!counts)
		return;
	*counts = m->scores[0]->total;
	counts->hosts += m->context.unrecorded;
}

bool report_make(const struct report_request *request, int *exit_code, char *why,
		 size_t why_size)
{
	struct making m = { .request = request, .why = why, .why_size = why_size };
	bool ok = start_making(&m);

	coverage_begin(&m.coverage, journal_set_info(request->journals));
	ok = ok && each_host(&m, add_up);

	if (ok) {
		finish_scores(&m);
		ok = open_outputs(&m);
	}
	if (ok) {
		begin_outputs(&m);
		ok = each_host(&m, render_host) && end_outputs(&m) && commit_outputs(&m);
	}
	if (ok) {
		*exit_code = scorecard_exit_code(m.scores[0]);
		/* A target nobody has a record of is not assessed either. */
		if ((m.context.unrecorded || is_partial(m.context.journal)) &&
		    *exit_code < 3)
			*exit_code += 3;
		tell_counts(&m);
	}
	close_making(&m);
	return ok;
}

/* Every judgement of one host is of one computer, whose policy is looked up once. */
static bool judge_policies(struct making *m)
{
	const struct policy *p;

	if (!policy_state_find(journal_set_policies(m->request->journals),
			       &m->judgements[0], &p))
		return fail(m, "out of memory");
	for (size_t b = 0; p && b < m->request->baseline_count; b++)
		if (!policy_state_judge(&m->judgements[b], p))
			return fail(m, "out of memory");
	return true;
}

/* Answers that exist are not in the report. */
static bool is_partial(const struct journal_info *journal)
{
	return journal->rights_replaced || journal->parts_missing;
}

/* Reads and judges one host after the other; `judged` finds it in m->judgements. */
static bool each_host(struct making *m, judged_fn judged)
{
	const struct report_request *q = m->request;
	bool ok = true;

	for (size_t i = 0; ok && i < journal_set_hosts(q->journals); i++) {
		struct facts f;

		facts_init(&f);
		ok = journal_set_read(q->journals, i, &f, m->why, m->why_size);
		for (size_t b = 0; ok && b < q->baseline_count; b++)
			ok = judge_host(&m->judgements[b], &f, q->baselines[b],
					q->today) ||
			     fail(m, "out of memory");
		ok = ok && judge_policies(m);
		if (ok)
			judged(m, &ok);
		facts_free(&f);
	}
	return ok;
}

static void add_up(struct making *m, bool *ok)
{
	*ok = (coverage_add(&m->coverage, &m->judgements[0]) &&
	       fixes_add(&m->fixes, &m->judgements[0])) ||
	      fail(m, "out of memory");
	for (size_t b = 0; *ok && b < m->request->baseline_count; b++)
		*ok = scorecard_add(m->scores[b], &m->judgements[b]) ||
		      fail(m, "out of memory");
}

static bool open_one(struct making *m, const struct renderer *renderer, const char *path,
		     enum role role)
{
	struct output *o = &m->outputs[m->output_count];

	o->renderer = renderer;
	o->rendering.role = role;
	o->rendering.colour = m->request->colour && is_stdout(path);
	o->rendering.state = calloc(1, renderer->state_size + 1);
	if (!o->rendering.state)
		return fail(m, "out of memory");
	m->output_count++; /* from here on close_making() releases it */
	return output_file_open(&o->file, path, renderer->mode, m->why, m->why_size);
}

static bool open_each_role(struct making *m, const struct renderer *renderer,
			   const char *path)
{
	bool ok = true;

	for (unsigned role = 0; ok && role < ROLE_UNKNOWN; role++) {
		char *name;

		if (m->scores[0]->roles[role].counts.hosts == 0)
			continue;
		name = path_of_role(path, (enum role)role);
		ok = name ? open_one(m, renderer, name, (enum role)role)
			  : fail(m, "out of memory");
		free(name);
	}
	return ok;
}

static bool open_outputs(struct making *m)
{
	unsigned on_stdout = 0;
	bool ok = true;

	for (size_t i = 0; ok && i < m->request->output_count; i++) {
		const struct report_output *wanted = &m->request->outputs[i];
		const struct renderer *renderer = renderer_find(wanted->format);
		bool to_stdout = is_stdout(wanted->path);

		on_stdout += to_stdout;
		if (!renderer)
			ok = fail(m, "no such format");
		else if (renderer->per_role && to_stdout)
			ok = needs_a_name(renderer, m->why, m->why_size);
		else if (on_stdout > 1)
			ok = fail(m, "two reports on stdout: give all but one a file, as "
				     "in json=report.json");
		else if (renderer->per_role)
			ok = open_each_role(m, renderer, wanted->path);
		else
			ok = open_one(m, renderer, wanted->path, ROLE_UNKNOWN);
	}
	return ok;
}

static void render_host(struct making *m, bool *ok)
{
	for (size_t i = 0; i < m->output_count && *ok; i++) {
		if (!m->outputs[i].renderer->host ||
		    output_file_is_left(&m->outputs[i].file))
			continue; /* the others may still be wanted */
		m->outputs[i].renderer->host(&m->outputs[i].rendering, &m->judgements[0],
					     m->judgements + 1);
		/* A full disk ends it at once. */
		if (ferror(m->outputs[i].rendering.out) &&
		    !output_file_is_left(&m->outputs[i].file))
			*ok = output_file_commit(&m->outputs[i].file, m->why,
						 m->why_size);
	}
}

/* A pipe may break as late as here. */
static bool reader_left(struct output_file *file)
{
	if (!file->path && file->stream)
		fflush(file->stream);
	return output_file_is_left(file);
}

/* False with `why` when the renderer could not write all of it. */
static bool is_whole(struct making *m, const struct rendering *r)
{
	switch (r->fault) {
	case RENDERING_NO_MEMORY:
		return fail(m, "out of memory");
	case RENDERING_NO_TEMPORARY_FILE:
		return fail(m, "cannot open, write or read a temporary file");
	default:
		return true;
	}
}

/* All are finished before the first gets its name: they come together or not at all. */
static bool end_outputs(struct making *m)
{
	bool ok = true;

	for (size_t i = 0; ok && i < m->output_count; i++) {
		struct output *o = &m->outputs[i];

		if (o->renderer->end)
			o->renderer->end(&o->rendering);
		ok = is_whole(m, &o->rendering);
	}
	return ok;
}

static bool commit_outputs(struct making *m)
{
	bool ok = true;

	for (size_t i = 0; ok && i < m->output_count; i++)
		ok = reader_left(&m->outputs[i].file) ||
		     output_file_commit(&m->outputs[i].file, m->why, m->why_size);
	return ok;
}

static void close_output(struct output *o)
{
	output_file_abandon(&o->file); /* nothing, when committed */
	if (o->renderer->release)
		o->renderer->release(o->rendering.state);
	free(o->rendering.state);
}

static void close_making(struct making *m)
{
	for (size_t i = 0; i < m->output_count; i++)
		close_output(&m->outputs[i]);
	for (size_t b = 0; b < m->request->baseline_count; b++) {
		if (m->judgements)
			judgement_free(&m->judgements[b]);
		if (m->scores)
			scorecard_free(m->scores[b]);
	}
	coverage_free(&m->coverage);
	fixes_free(&m->fixes);
	free(m->outputs);
	free(m->judgements);
	free(m->scores);
}
