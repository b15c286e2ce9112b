/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_auth_memory.c - what a credential leaves in memory, and for how long.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"

/* All bits are turned over: nothing here may be found in the place of what is sought. */
struct turned {
	size_t len;
	unsigned char bytes[32];
};
static const struct turned password = { 14,
					{ 0xb4, 0x9a, 0x8f, 0x8b, 0xd2, 0xb1, 0x90, 0x88,
					  0x97, 0x9a, 0x8d, 0x9a, 0xd2, 0xc8 } };
static const struct turned utf16 = { 28, { 0xb4, 0xff, 0x9a, 0xff, 0x8f, 0xff, 0x8b,
					   0xff, 0xd2, 0xff, 0xb1, 0xff, 0x90, 0xff,
					   0x88, 0xff, 0x97, 0xff, 0x9a, 0xff, 0x8d,
					   0xff, 0x9a, 0xff, 0xd2, 0xff, 0xc8, 0xff } };
/* MD4 of the above, with which NTLM answers: as good as the password. */
static const struct turned nt_hash = { 16,
				       { 0xc1, 0x20, 0x8f, 0xa1, 0xbd, 0x86, 0x5c, 0xb9,
					 0xda, 0x68, 0xbd, 0x6b, 0x5e, 0x74, 0x38,
					 0x36 } };

enum { BLOCK = 1 << 20, HUGE_SPAN = 1 << 28 };

static bool is_here(const struct turned *what, const unsigned char *at)
{
	size_t i = 0;

	while (i < what->len && (at[i] ^ what->bytes[i]) == 0xff)
		i++;
	return i == what->len;
}

static unsigned count_in(const struct turned *what, int memory, unsigned char *block,
			 unsigned long from, unsigned long to)
{
	unsigned found = 0;

	for (; from < to; from += BLOCK) {
		size_t wanted = to - from < BLOCK ? to - from : BLOCK + what->len - 1;
		ssize_t got = pread(memory, block, wanted, (off_t)from);

		for (size_t i = 0; got > 0 && i + what->len <= (size_t)got; i++)
			found += is_here(what, block + i);
	}
	return found;
}

/* How often it stands in all this process can write to.  The block is shared memory and
 * not looked at; spans as large as a sanitizer's shadow are not either. */
static unsigned copies(const struct turned *what)
{
	unsigned char *block = mmap(NULL, 2 * BLOCK, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512], mode[5];
	unsigned found = 0;

	assert_true(block != MAP_FAILED && memory >= 0 && maps);
	while (fgets(line, sizeof line, maps))
		if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) == 3 &&
		    strcmp(mode, "rw-p") == 0 && to - from < HUGE_SPAN)
			found += count_in(what, memory, block, from, to);
	fclose(maps);
	close(memory);
	munmap(block, 2 * BLOCK);
	return found;
}

static void turn(const struct turned *what, char *text)
{
	for (size_t i = 0; i < what->len; i++)
		text[i] = (char)(what->bytes[i] ^ 0xff);
	text[what->len] = '\0';
}

/* NTLM needs the hash for each login and keeps it; nothing else stays.  Kerberos
 * would know of a realm for each of these names, and could keep the password for it. */
static void keeps_the_hash_alone(const char *domain, const char *realm)
{
	char text[64];
	struct auth_gss_options o = {
		.user = "keeper", .domain = domain, .realm = realm, .ntlm_fallback = true
	};
	struct auth_provider *p;
	struct fault fault = { 0 };

	assert_int_equal(copies(&password), 0);
	turn(&password, text);
	assert_int_equal(copies(&password), 1);
	o.password = text;
	p = auth_gss_new(&o, &fault);
	assert_non_null(p);
	assert_int_equal(copies(&password), 1);
	explicit_bzero(text, sizeof text);
	assert_int_equal(copies(&password), 0);
	assert_int_equal(copies(&utf16), 0);
	assert_int_equal(copies(&nt_hash), 1);
	auth_gss_free(p);
	assert_int_equal(copies(&nt_hash), 0);
}

static void the_hash_alone_stays_while_it_is_needed(void **state)
{
	(void)state;
	keeps_the_hash_alone("LAB", NULL);
	keeps_the_hash_alone(NULL, NULL);
	keeps_the_hash_alone(NULL, "NOWHERE.TEST");
}

/* No KDC is there: the realm's password must be gone all the same. */
static void a_realms_password_is_gone_too(void **state)
{
	char text[64];
	struct auth_gss_options o = { .user = "keeper",
				      .realm = "NOWHERE.TEST",
				      .no_ntlm = true };
	struct fault fault = { 0 };

	(void)state;
	turn(&password, text);
	o.password = text;
	assert_null(auth_gss_new(&o, &fault));
	explicit_bzero(text, sizeof text);
	assert_int_equal(copies(&password), 0);
	assert_int_equal(copies(&utf16), 0);
	assert_int_equal(copies(&nt_hash), 0);
}

static char krb5_file[] = "/tmp/lsasweep-krb5.XXXXXX";

static int begin(void **state)
{
	static const char content[] = "[libdefaults]\n dns_lookup_kdc = false\n"
				      " dns_lookup_realm = false\n"
				      " default_realm = NOWHERE.TEST\n";
	int fd = mkstemp(krb5_file);
	bool good = fd >= 0 && write(fd, content, sizeof content - 1) > 0;

	(void)state;
	if (fd >= 0)
		close(fd);
	setenv("KRB5_CONFIG", krb5_file, 1);
	setenv("KRB5CCNAME", "FILE:/nonexistent/lsasweep-ccache", 1);
	return good ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	return unlink(krb5_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_alone_stays_while_it_is_needed),
		cmocka_unit_test(a_realms_password_is_gone_too),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
