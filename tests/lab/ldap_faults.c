/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ldap_faults.h"

#include <string.h>

struct row {
	const char *word;
	uint32_t steps;
	const char *outcome, *at_bind, *says;
};

#define ROW(fault, ...) [fault] = { __VA_ARGS__ },

static const struct row faults[LDAP_FAULT_COUNT] = { LDAP_FAULTS(ROW) };

static const char *const steps[LDAP_STEP_COUNT] = {
#define X(step, word) word,
	LDAP_STEPS(X)
#undef X
};

#define REFUSED(code)                                                              \
	"80090308: LdapErr: DSID-0C090446, comment: AcceptSecurityContext error, " \
	"data " code ", v4563"

/* fault, LDAP result (RFC 4511 4.1.9), what a Windows server says of it */
static const struct {
	enum ldap_fault fault;
	int result;
	const char *text;
} results[] = {
	{ LDAP_STRONG_AUTH, 8,
	  "00002028: LdapErr: DSID-0C090257, comment: The server requires binds to turn "
	  "on integrity checking if SSL\\TLS are not already active on the connection, "
	  "data 0, v4563" },
	{ LDAP_REFERRED, 10, "0000202B: RefErr: DSID-0310084A, data 0, 1 access points" },
	{ LDAP_BUSY_SERVER, 51, "busy" },
	{ LDAP_BUSY_ONCE, 51, "busy" },
	{ LDAP_UNWILLING, 53, "00002077: SvcErr: DSID-0319055B, problem 5003" },
	{ LDAP_STRANGE, 4096,
	  "\033[2J<script>alert(1)</script>\r\nlsasweep: all is well, data zz" },
	{ LDAP_DATA_525, 49, REFUSED("525") },
	{ LDAP_DATA_52E, 49, REFUSED("52e") },
	{ LDAP_DATA_530, 49, REFUSED("530") },
	{ LDAP_DATA_531, 49, REFUSED("531") },
	{ LDAP_DATA_532, 49, REFUSED("532") },
	{ LDAP_DATA_533, 49, REFUSED("533") },
	{ LDAP_DATA_534, 49, REFUSED("534") },
	{ LDAP_DATA_701, 49, REFUSED("701") },
	{ LDAP_DATA_773, 49, REFUSED("773") },
	{ LDAP_DATA_775, 49, REFUSED("775") },
	{ LDAP_NO_DATA, 49, "" },
	{ LDAP_SIZE_LIMIT, 4, "" },
	{ LDAP_TIME_LIMIT, 3, "" },
	{ LDAP_NO_PAGING, 12, "00000057: LdapErr: DSID-0C090B2A, unknown control" },
	{ LDAP_COOKIE_REFUSED, 53,
	  "00002077: SvcErr: DSID-031406C1, problem 5003 (WILL_NOT_PERFORM), data 0" },
	{ LDAP_RANGE_ERROR, 1, "000020EF: SvcErr: DSID-03140539, data 0" },
};

const char *ldap_fault_word(enum ldap_fault fault)
{
	return fault ? faults[fault].word : "none";
}

const char *ldap_step_word(enum ldap_step step)
{
	return steps[step];
}

bool ldap_fault_shows(enum ldap_fault fault, enum ldap_step step)
{
	return fault && faults[fault].steps >> step & 1;
}

bool ldap_fault_parse(const char *text, enum ldap_fault *fault, enum ldap_step *step)
{
	size_t len = strcspn(text, "@");

	for (int f = LDAP_GOOD + 1; f < LDAP_FAULT_COUNT; f++) {
		uint32_t set = faults[f].steps;

		if (strlen(faults[f].word) != len ||
		    strncmp(faults[f].word, text, len) != 0)
			continue;
		for (int s = 0; s < LDAP_STEP_COUNT; s++)
			if (set >> s & 1 &&
			    (text[len] ? strcmp(steps[s], text + len + 1) == 0
				       : (set & (set - 1)) == 0)) {
				*fault = (enum ldap_fault)f;
				*step = (enum ldap_step)s;
				return true;
			}
	}
	return false;
}

const char *ldap_fault_outcome(enum ldap_fault fault, enum ldap_step step)
{
	if (fault == LDAP_REPLAYED && step >= AT_PAGE2)
		return "whole"; /* nobody reads on behind the last page */
	return step == AT_BIND2 ? faults[fault].at_bind : faults[fault].outcome;
}

int ldap_fault_result(enum ldap_fault fault)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (results[i].fault == fault)
			return results[i].result;
	return 0;
}

const char *ldap_fault_text(enum ldap_fault fault)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (results[i].fault == fault)
			return results[i].text;
	return "";
}

void ldap_faults_print(FILE *to)
{
	fprintf(to, "%-8s %-16s %-11s %s\n", "STEP", "FAULT", "OUTCOME",
		"THE CONTROLLER");
	for (int step = 0; step < LDAP_STEP_COUNT; step++)
		for (int fault = LDAP_GOOD + 1; fault < LDAP_FAULT_COUNT; fault++)
			if (faults[fault].steps >> step & 1)
				fprintf(to, "%-8s %-16s %-11s %s\n", steps[step],
					faults[fault].word,
					ldap_fault_outcome((enum ldap_fault)fault,
							   (enum ldap_step)step),
					faults[fault].says);
}
