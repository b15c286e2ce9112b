/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/sweep/job.h"

#include <stdlib.h>

struct job *job_new(const struct target *target)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->target = target_copy(target);
	if (!job->target) {
		free(job);
		return NULL;
	}
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	if (job->last)
		facts_free(job->last);
	free(job->last);
	free(job->names);
	free(job->addresses);
	free(job->target);
	free(job);
}

void job_line_init(struct job_line *line)
{
	TAILQ_INIT(&line->jobs);
	line->count = 0;
}

struct job *job_line_first(const struct job_line *line)
{
	return TAILQ_FIRST(&line->jobs);
}

struct job *job_line_last(struct job_line *line)
{
	return line->count ? TAILQ_LAST(&line->jobs, job_line_head) : NULL;
}

struct job *job_line_next(const struct job *job)
{
	return TAILQ_NEXT(job, others);
}

void job_line_add(struct job_line *line, struct job *job)
{
	TAILQ_INSERT_TAIL(&line->jobs, job, others);
	line->count++;
}

void job_line_remove(struct job_line *line, struct job *job)
{
	TAILQ_REMOVE(&line->jobs, job, others);
	line->count--;
}

struct job *job_line_take(struct job_line *line)
{
	struct job *job = job_line_first(line);

	if (job)
		job_line_remove(line, job);
	return job;
}

static void swap(struct job_heap *heap, size_t a, size_t b)
{
	struct job *job = heap->at[a];

	heap->at[a] = heap->at[b];
	heap->at[b] = job;
}

bool job_heap_add(struct job_heap *heap, struct job *job)
{
	size_t i = heap->count;

	if (heap->count == heap->room) {
		size_t room = heap->room ? heap->room * 2 : 64;
		struct job **grown = realloc(heap->at, room * sizeof(*grown));

		if (!grown)
			return false;
		heap->at = grown;
		heap->room = room;
	}
	heap->at[heap->count++] = job;
	for (; i > 0 && heap->at[i]->due < heap->at[(i - 1) / 2]->due; i = (i - 1) / 2)
		swap(heap, i, (i - 1) / 2);
	return true;
}

struct job *job_heap_take(struct job_heap *heap, uint64_t now)
{
	struct job *job = heap->count ? heap->at[0] : NULL;
	size_t i = 0, child;

	if (!job || job->due > now)
		return NULL;
	heap->at[0] = heap->at[--heap->count];
	while ((child = 2 * i + 1) < heap->count) {
		if (child + 1 < heap->count &&
		    heap->at[child + 1]->due < heap->at[child]->due)
			child++;
		if (heap->at[i]->due <= heap->at[child]->due)
			break;
		swap(heap, i, child);
		i = child;
	}
	return job;
}

void job_heap_free(struct job_heap *heap)
{
	free(heap->at);
	*heap = (struct job_heap){ 0 };
}

uint64_t job_pause(unsigned attempt, uint32_t chance, uint64_t spent)
{
	unsigned doublings = attempt < 2 ? 0 : attempt - 2;
	uint64_t pause = UINT64_C(500) << (doublings < 4 ? doublings : 4);

	pause = pause / 2 + chance % (pause / 2 + 1);
	return pause > spent ? pause - spent : 0;
}
