/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/login/account.h"

static struct credential of(const char *user, const char *domain, const char *realm)
{
	return (struct credential){ .name = "",
				    .user = user,
				    .domain = domain,
				    .realm = realm,
				    .password = "x" };
}

static void an_account_is_the_same_however_it_is_written(void **state)
{
	const struct credential plain = of("svc", NULL, NULL),
				corp = of("svc", "CORP", NULL),
				small = of("SVC", "corp", NULL),
				dns = of("svc", "corp.example", NULL),
				realm = of("svc", NULL, "CORP.EXAMPLE"),
				emea = of("svc", "EMEA", NULL),
				dot = of("svc", ".", NULL),
				other = of("svc2", "CORP", NULL), cache = { .name = "" };
	const struct credential keytab = { .name = "",
					   .principal = "svc@CORP.EXAMPLE",
					   .keytab = "k" };
	const struct credential *one[] = { &corp, &small, &dns, &realm, &keytab };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		for (size_t k = 0; k < 5; k++)
			assert_true(account_may_be_same(one[i], one[k]));
		assert_true(account_may_be_same(one[i], &plain));
		assert_false(account_may_be_same(one[i], &emea));
		assert_false(account_may_be_same(one[i], &dot));
		assert_false(account_may_be_same(one[i], &other));
		assert_false(account_may_be_same(one[i], &cache));
	}
	assert_false(account_may_be_same(&cache, &cache));
	assert_true(account_is_same(&corp, &small));
	assert_true(account_is_same(&dns, &realm));
	assert_true(account_is_same(&realm, &keytab));
	assert_false(account_is_same(&corp, &plain));
	assert_false(account_is_same(&corp, &dns)); /* likely, not certain */
}

/* The groups of a file's sections, as "1 1 2"; or why there are none. */
static void group(const char *text, char *found, size_t size)
{
	struct credentials_options options = { 0 };
	char path[] = "/tmp/lsasweep-account-XXXXXX", why[300] = "";
	size_t groups[CREDENTIAL_SECTIONS_MAX];
	struct credentials *c;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	options.auth_file = path;
	c = credentials_open(&options, why, sizeof why);
	unlink(path);
	assert_non_null(c);
	*found = '\0';
	if (!accounts_group(c, groups, why, sizeof why))
		snprintf(found, size, "%s", why);
	else
		for (size_t i = 0; i < credentials_count(c); i++)
			snprintf(found + strlen(found), size - strlen(found), "%s%zu",
				 i ? " " : "", groups[i]);
	credentials_close(c);
}

static void sections_of_one_account_share_a_guard(void **state)
{
	char found[300];

	(void)state;
	group("username=svc\npassword=p\ndomain=CORP\n"
	      "[a]\nusername=SVC\npassword=p\ndomain=corp\n"
	      "[b]\nusername=corp.example\\svc\npassword=p\n"
	      "[c]\nusername=svc@CORP.EXAMPLE\npassword=p\n"
	      "[d]\nusername=svc\npassword=p\n"
	      "[e]\nusername=other\npassword=p\ndomain=CORP\n",
	      found, sizeof found);
	assert_string_equal(found, "1 1 1 1 1 2");
}

/* Local administrators, each with a password of its own, are many accounts. */
static void users_without_a_domain_differ_by_their_passwords(void **state)
{
	char found[300];

	(void)state;
	group("username=CORP\\scan\npassword=p\n"
	      "[a]\nusername=Administrator\npassword=p1\n"
	      "[b]\nusername=Administrator\npassword=p2\n"
	      "[c]\nusername=PC3\\Administrator\npassword=p3\n"
	      "[d]\nusername=PC4\\Administrator\npassword=p3\n",
	      found, sizeof found);
	assert_string_equal(found, "1 2 3 4 5");
}

static void one_account_with_two_passwords_is_refused(void **state)
{
	char found[300];

	(void)state;
	group("username=CORP\\scan\npassword=p\n"
	      "[a]\nusername=scan\npassword=q\ndomain=corp\n",
	      found, sizeof found);
	assert_string_equal(found, "the default credential and [a] name the same account "
				   "(\"scan\") with different passwords; expected one "
				   "password an account");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_the_same_however_it_is_written),
		cmocka_unit_test(sections_of_one_account_share_a_guard),
		cmocka_unit_test(users_without_a_domain_differ_by_their_passwords),
		cmocka_unit_test(one_account_with_two_passwords_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
