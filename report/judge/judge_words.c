/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the judge: verdicts, labels, kinds of finding. */
#include "report/judge/judge.h"

#include <stddef.h>
#include <string.h>

#define X(name, word, ...) [name] = word,
static const char *const verdict_words[] = { VERDICTS(X) };
static const char *const label_words[] = { LABELS(X) };
static const char *const severity_words[] = { SEVERITIES(X) };
static const char *const state_words[] = { RIGHT_STATES(X) };
#undef X

#define X(name, id, severity, title, meaning, remediation) \
	[name] = { id, title, meaning, remediation, severity },
static const struct {
	const char *id, *title, *meaning, *remediation;
	enum severity severity;
} findings[] = { FINDINGS(X) };
#undef X

const char *verdict_word(enum verdict v)
{
	return (size_t)v < VERDICT_COUNT ? verdict_words[v] : NULL;
}

const char *label_word(enum label l)
{
	return (size_t)l < LABEL_COUNT ? label_words[l] : NULL;
}

const char *severity_word(enum severity s)
{
	return (size_t)s < SEVERITY_COUNT ? severity_words[s] : NULL;
}

const char *right_state_word(enum right_state s)
{
	return (size_t)s < STATE_COUNT ? state_words[s] : NULL;
}

const char *finding_id(enum finding_kind k)
{
	return (size_t)k < FINDING_COUNT ? findings[k].id : NULL;
}

const char *finding_title(enum finding_kind k)
{
	return (size_t)k < FINDING_COUNT ? findings[k].title : NULL;
}

const char *finding_meaning(enum finding_kind k)
{
	return (size_t)k < FINDING_COUNT ? findings[k].meaning : NULL;
}

const char *finding_remediation(enum finding_kind k)
{
	return (size_t)k < FINDING_COUNT ? findings[k].remediation : NULL;
}

enum severity finding_severity(enum finding_kind k)
{
	return (size_t)k < FINDING_COUNT ? findings[k].severity : SEVERITY_NONE;
}

/* Ids of lsasweep before 0.2 had hyphens. */
static bool is_same_id(const char *written, const char *id)
{
	for (; *written && *id; written++, id++)
		if ((*written == '-' ? '_' : *written) != *id)
			return false;
	return *written == *id;
}

bool finding_from_id(const char *id, enum finding_kind *k)
{
	for (size_t i = FINDING_NONE + 1; i < FINDING_COUNT; i++) {
		if (is_same_id(id, findings[i].id)) {
			*k = (enum finding_kind)i;
			return true;
		}
	}
	return false;
}
