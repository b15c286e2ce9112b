/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/faults.h"

#include <string.h>

#include "tests/lab/status.h"

struct row {
	const char *word;
	uint32_t steps;
	const char *outcome, *late, *says;
};

#define ROW(fault, ...) [fault] = { __VA_ARGS__ },

static const struct row faults[FAULT_COUNT] = { LAB_FAULTS(ROW) };

static const char *const steps[STEP_COUNT] = {
#define X(step, word) word,
	LAB_STEPS(X)
#undef X
};

/* What a mix may ask for by one word: a fault at the step where it is met most. */
static const struct {
	const char *word;
	enum lab_fault fault;
	enum lab_step step;
} mixes[] = {
	{ "tar_pit", FAULT_DRIP, STEP_NEGOTIATE },
	{ "silent", FAULT_HANG, STEP_ACCEPT },
	{ "refused", FAULT_REFUSE, STEP_CONNECT },
	{ "unsigned", FAULT_UNSIGNED, STEP_TREE },
	{ "reset", FAULT_RESET, STEP_NEGOTIATE },
	{ "denied", FAULT_DENIED, STEP_ENUM },
};

const char *fault_word(enum lab_fault fault)
{
	return fault ? faults[fault].word : "none";
}

const char *fault_says(enum lab_fault fault)
{
	return faults[fault].says;
}

const char *step_word(enum lab_step step)
{
	return steps[step];
}

uint32_t fault_steps(enum lab_fault fault)
{
	return faults[fault].steps;
}

/* Denied later than the logon spoils no more than what was asked. */
static const char *denied_outcome(enum lab_step step)
{
	if (step == STEP_SETUP1 || step == STEP_SETUP2)
		return "logon_refused access_denied";
	if (step == STEP_NEGOTIATE)
		return "access_denied protocol_error";
	/* One interface refused leaves the other. */
	if (step == STEP_BIND)
		return "answered access_denied";
	return step > STEP_BIND ? "answered" : "access_denied";
}

const char *fault_outcome(enum lab_fault fault, enum lab_step step)
{
	if (fault == FAULT_NONE)
		return "answered";
	if (fault == FAULT_DENIED)
		return denied_outcome(step);
	/* An interface that will not be added to the pipe gets a pipe of its own. */
	if (fault == FAULT_BIND_NAK && step == STEP_ALTER)
		return "answered";
	if (step == STEP_ACCEPT && (fault == FAULT_GARBAGE || fault == FAULT_NOISE))
		return "not_smb protocol_error";
	return step >= STEP_LOOKUP ? faults[fault].late : faults[fault].outcome;
}

static bool parse_pair(const char *text, const char *at, enum lab_fault *fault,
		       enum lab_step *step)
{
	size_t len = (size_t)(at - text);

	for (int f = FAULT_NONE + 1; f < FAULT_COUNT; f++)
		for (int s = 0; s < STEP_COUNT; s++)
			if (strlen(faults[f].word) == len &&
			    strncmp(faults[f].word, text, len) == 0 &&
			    strcmp(steps[s], at + 1) == 0 && faults[f].steps >> s & 1) {
				*fault = (enum lab_fault)f;
				*step = (enum lab_step)s;
				return true;
			}
	return false;
}

bool fault_parse(const char *text, enum lab_fault *fault, enum lab_step *step)
{
	const char *at = strchr(text, '@');

	if (at)
		return parse_pair(text, at, fault, step);
	for (size_t i = 0; i < sizeof(mixes) / sizeof(mixes[0]); i++)
		if (strcmp(mixes[i].word, text) == 0) {
			*fault = mixes[i].fault;
			*step = mixes[i].step;
			return true;
		}
	/* A fault that can show at one step alone needs no step. */
	for (int f = FAULT_NONE + 1; f < FAULT_COUNT; f++)
		if (strcmp(faults[f].word, text) == 0 &&
		    (faults[f].steps & (faults[f].steps - 1)) == 0) {
			*fault = (enum lab_fault)f;
			*step = (enum lab_step)__builtin_ctz(faults[f].steps);
			return true;
		}
	return false;
}

uint32_t fault_status(enum lab_fault fault)
{
	switch (fault) {
	case FAULT_DENIED:
		return STATUS_ACCESS_DENIED;
	case FAULT_LOGON_FAILURE:
		return STATUS_LOGON_FAILURE;
	case FAULT_LOCKED_OUT:
		return STATUS_ACCOUNT_LOCKED_OUT;
	case FAULT_DISABLED:
		return STATUS_ACCOUNT_DISABLED;
	case FAULT_EXPIRED:
		return STATUS_PASSWORD_EXPIRED;
	case FAULT_MUST_CHANGE:
		return STATUS_PASSWORD_MUST_CHANGE;
	case FAULT_NOT_GRANTED:
		return STATUS_LOGON_TYPE_NOT_GRANTED;
	case FAULT_NO_LOGON_SERVERS:
		return STATUS_NO_LOGON_SERVERS;
	case FAULT_NTLM_BLOCKED:
		return STATUS_NTLM_BLOCKED;
	case FAULT_BUSY:
		return STATUS_REQUEST_NOT_ACCEPTED;
	default:
		return 0;
	}
}
