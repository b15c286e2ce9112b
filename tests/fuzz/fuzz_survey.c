/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_survey.c - a survey whose every answer is the host's choice: it comes to an end,
 * and its record is one that a journal can hold.  See survey_play.h for the input.
 */
#include <stdint.h>

#include "report/facts/role.h"
#include "scanner/host/outcome.h"
#include "tests/fuzz/survey_play.h"

enum { CALLS_MAX = 5000 }; /* names of 20,480 holders are 21 calls */

static void hold_survey(struct facts *f, struct wire_in *in)
{
	struct survey *s = survey_new(f, play_rights, 3, NULL);
	struct survey_call call;
	unsigned calls = 0;

	while (s && survey_next(s, &call)) {
		struct session_reply reply = play_answer(in);

		if (++calls > CALLS_MAX || !call.stub.len)
			abort();
		if (!survey_hear(s, &reply) && !survey_starved(s))
			break;
		if (strlen(survey_topic(s)) + strlen(survey_told(s)) == 0)
			abort();
	}
	if (s && survey_denied(s) && survey_answered(s))
		abort();
	survey_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_in in = wire_in(data, size);
	char when[OUTCOME_TIME_MAX];
	struct facts f;

	facts_init(&f);
	f.host = "srv1.corp.example";
	f.port = 445;
	outcome_time(when);
	f.timestamp = when;
	hold_survey(&f, &in);
	f.outcome = HOST_ANSWERED;
	facts_conclude_role(&f);
	play_check_rights(&f);
	play_check_record(&f);
	facts_free(&f);
	return 0;
}
