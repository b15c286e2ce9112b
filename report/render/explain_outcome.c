/* SPDX-License-Identifier: Apache-2.0 */
/* The words of outputs that are no finding: outcomes, verdicts, labels and roles. */
#include <string.h>

#include "report/judge/judge.h"
#include "report/render/explain_internal.h"
#include "report/text/wrap.h"

static const char *const right_meanings[] = {
	[RIGHT_HELD] =
		"The host reported who holds the right. The baseline decides whether "
		"these holders are right for the role of the host.",
	[RIGHT_NOBODY] =
		"The host reported that nobody holds the right. That is an answer, "
		"and compared with the baseline like any other list.",
	[RIGHT_UNDEFINED] =
		"This version of Windows does not know the right: it is older "
		"than the right, or the right was removed. The right is not "
		"applicable there.",
	[RIGHT_DENIED] =
		"The host denied access to the list of holders: the account is not "
		"an administrator there, or remote UAC filters it (a local account "
		"other than the built-in Administrator). The verdict is unknown. "
		"Use a domain account in the host's Administrators group.",
	[RIGHT_FAILED] = "The host answered this question with an error, or ended the "
			 "session before it. The verdict is unknown. Ask the host again; "
			 "`lsasweep check HOST` shows its answer.",
};

static const char *const verdict_meanings[] = {
	[VERDICT_COMPLIANT] = "Every right that was asked for has the holders that the "
			      "baseline expects for the role of the host.",
	[VERDICT_VIOLATION] =
		"At least one right has a holder that the baseline does not "
		"allow, or lacks one that it requires.",
	[VERDICT_UNKNOWN] =
		"What is known does not decide it: the host or the right was not "
		"read, or the answer is right for one role, build or membership "
		"and wrong for another. Unknown never counts as compliant.",
	[VERDICT_NOT_APPLICABLE] =
		"The baseline has no rule for the right and this role, or "
		"this version of Windows does not know the right.",
};

static const char *const label_meanings[] = {
	[LABEL_REQUIRED] = "The baseline requires this holder, and the host has it.",
	[LABEL_ALLOWED] = "The baseline does not require this holder, and allows it.",
	[LABEL_EXTRA] =
		"An unexpected holder: the baseline does not allow it. The finding "
		"beside it says what it is and how to fix it.",
	[LABEL_MISSING] =
		"The baseline requires this holder, and the host does not have it.",
	[LABEL_OBSOLETE] = "An unexpected holder of a product that no supported Windows "
			   "has any more, such as IIS 6.",
};

static const char unknown_role[] =
	"Neither the host nor Active Directory nor the target list reports "
	"its role. It is compared with the rules of every role: what is a "
	"violation in all of them is one, and the rest is unknown.";

static const char *const role_meanings[] = {
	[ROLE_DOMAIN_CONTROLLER] =
		"Holds the accounts of a domain, writable or read-only.",
	[ROLE_MEMBER_SERVER] = "A Windows Server that belongs to a domain.",
	[ROLE_STANDALONE_SERVER] = "A Windows Server that belongs to no domain.",
	[ROLE_CLIENT] = "Windows for workstations, in a domain or not.",
	[ROLE_UNKNOWN] = unknown_role,
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))
_Static_assert(COUNT(right_meanings) == RIGHT_OUTCOME_COUNT, "a meaning an outcome");
_Static_assert(COUNT(verdict_meanings) == VERDICT_COUNT, "a meaning a verdict");
_Static_assert(COUNT(label_meanings) == LABEL_COUNT, "a meaning a label");
_Static_assert(COUNT(role_meanings) == ROLE_COUNT, "a meaning a role");

static const char *right_word_at(int i)
{
	return right_outcome_word((enum right_outcome)i);
}

static const char *verdict_word_at(int i)
{
	return verdict_word((enum verdict)i);
}

static const char *label_word_at(int i)
{
	return label_word((enum label)i);
}

static const char *role_word_at(int i)
{
	return role_word((enum role)i);
}

static const char *host_word_at(int i)
{
	return host_outcome_word((enum host_outcome)i);
}

static const char *host_sentence_at(int i)
{
	return host_outcome_sentence((enum host_outcome)i);
}

/* The closed lists.  Without meanings of its own a list has sentences. */
static const struct list {
	const char *title, *of;
	int count;
	const char *(*word_at)(int i);
	const char *const *meanings;
} lists[] = {
	{ "Outcomes of a host", "an outcome of a host", HOST_OUTCOME_COUNT, host_word_at,
	  NULL },
	{ "Outcomes of a right", "an outcome of a right", RIGHT_OUTCOME_COUNT,
	  right_word_at, right_meanings },
	{ "Verdicts", "a verdict", VERDICT_COUNT, verdict_word_at, verdict_meanings },
	{ "Holders", "of a holder", LABEL_COUNT, label_word_at, label_meanings },
	{ "Roles", "a role", ROLE_COUNT, role_word_at, role_meanings },
};

static const char *meaning_at(const struct list *list, int i)
{
	return list->meanings ? list->meanings[i] : host_sentence_at(i);
}

/* A word may stand in two lists ("unknown"). */
bool explain_outcome(const char *topic, FILE *out)
{
	bool found = false;

	for (size_t k = 0; k < COUNT(lists); k++)
		for (int i = 0; i < lists[k].count; i++) {
			if (strcmp(lists[k].word_at(i), topic) != 0)
				continue;
			fprintf(out, "%s: %s\n", topic, lists[k].of);
			wrap_paragraph(out, meaning_at(&lists[k], i), EXPLAIN_COLUMNS, 2);
			putc('\n', out);
			found = true;
		}
	return found;
}

void explain_outcomes(FILE *out)
{
	for (size_t k = 0; k < COUNT(lists); k++) {
		fprintf(out, "\n%s\n ", lists[k].title);
		for (int i = 0, at = 1; i < lists[k].count; i++) {
			const char *word = lists[k].word_at(i);
			int len = (int)strlen(word) + 1;

			if (at + len > EXPLAIN_COLUMNS)
				at = fprintf(out, "\n ") - 1;
			at += fprintf(out, " %s", word);
		}
		putc('\n', out);
	}
}

static bool is_listed_before(size_t k, const char *word)
{
	while (k-- > 0)
		for (int i = 0; i < lists[k].count; i++)
			if (strcmp(lists[k].word_at(i), word) == 0)
				return true;
	return false;
}

void explain_each_outcome(void (*fn)(const char *topic, const char *about, void *arg),
			  void *arg)
{
	for (size_t k = 0; k < COUNT(lists); k++)
		for (int i = 0; i < lists[k].count; i++)
			if (!is_listed_before(k, lists[k].word_at(i)))
				fn(lists[k].word_at(i), lists[k].of, arg);
}
