/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out while exclusions are noted: each of them holds, or is refused; a
 * host is never asked because its exclusion was lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scanner/targets/exclude.h"
#include "tests/scarce/scarce.h"

enum { WORDS = 60 };

/* Patterns, names and addresses in turn. */
static const char *word_of(unsigned i, char word[40])
{
	static const char *const forms[] = { "srv%u*", "srv%u.example", "10.0.0.%u" };

	snprintf(word, 40, forms[i % 3], i);
	return word;
}

static bool holds(const struct excludes *e, unsigned i)
{
	char name[40];
	struct address a = { .high = 0, .low = 0 };

	if (i % 3 < 2) {
		snprintf(name, sizeof name, "srv%u.example", i);
		return excludes_hold_name(e, name, 445);
	}
	snprintf(name, sizeof name, "10.0.0.%u", i);
	assert_true(address_parse(name, &a));
	return excludes_find(e, a, 445);
}

static void each_exclusion_holds_or_is_refused(void **state)
{
	size_t allocations = 1;

	(void)state;
	for (size_t nth = 1; nth <= allocations; nth++) {
		struct excludes e = { 0 };
		unsigned refused = 0;

		scarce_begin(nth, false);
		for (unsigned i = 0; i < WORDS; i++) {
			char word[40], why[200] = "";
			bool added;

			word_of(i, word);
			scarce_arm(true);
			added = excludes_add(&e, word, why, sizeof why);
			scarce_arm(false);
			if (added) {
				assert_true(holds(&e, i));
				continue;
			}
			refused++;
			assert_non_null(strstr(why, "out of memory"));
		}
		allocations = scarce_counted();
		assert_int_equal(refused, 1);
		excludes_free(&e);
	}
	assert_true(allocations > WORDS / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_exclusion_holds_or_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
