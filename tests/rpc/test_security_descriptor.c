/* SPDX-License-Identifier: Apache-2.0 */
/* DACLs as Samba packs them from SDDL, and broken ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rpc/wire/security_descriptor.h"
#include "tests/hex.h"

#define APPLY "8ffdaced b3ffd111 b41d00a0 c968f939"
#define AU    "01010000 00000005 0b000000"

/* D:P(OD;CI;CR;apply;;S-1-5-21-1-2-3-1105)(A;CI;RPLCLORC;;;AU)
 * (OA;CI;RP;apply;user;AU) */
static const char three[] =
	"01000490 00000000 00000000 00000000 14000000"
	"0400 8c00 0300 0000"
	"0602 3800 00010000 01000000" APPLY
	"01050000 00000005 15000000 01000000 02000000 03000000 51040000"
	"0002 1400 94000200" AU "0502 3800 10000000 03000000" APPLY
	"867a96bf e60dd011 a28500aa 003049e2 01010000 00000005 0b000000";

static bool begin(struct bytes descriptor, struct acl *acl)
{
	bool present = false;

	return security_descriptor_dacl(descriptor, &present, acl) && present;
}

static void entries_come_in_stored_order(void **state)
{
	struct bytes bytes = unhex(three), guid = unhex(APPLY);
	char text[SID_TEXT_MAX];
	struct acl acl;
	struct ace ace;
	(void)state;

	assert_true(begin(bytes, &acl));
	assert_true(acl_next(&acl, &ace));
	assert_int_equal(ace.type, ACE_TYPE_DENIED_OBJECT);
	assert_int_equal(ace.flags, 2);
	assert_int_equal(ace.mask, 0x100);
	assert_true(ace.has_object_type);
	assert_memory_equal(ace.object_type, guid.at, GUID_SIZE);
	sid_format(&ace.sid, text);
	assert_string_equal(text, "S-1-5-21-1-2-3-1105");
	assert_true(acl_next(&acl, &ace));
	assert_int_equal(ace.type, ACE_TYPE_ALLOWED);
	assert_int_equal(ace.mask, 0x20094);
	assert_false(ace.has_object_type);
	assert_true(acl_next(&acl, &ace));
	assert_int_equal(ace.type, ACE_TYPE_ALLOWED_OBJECT);
	assert_int_equal(ace.mask, 0x10);
	sid_format(&ace.sid, text);
	assert_string_equal(text, "S-1-5-11");
	assert_false(acl_next(&acl, &ace));
	assert_false(acl_is_bad(&acl));
	hex_free(bytes);
	hex_free(guid);
}

/* A mandatory label (type 17) says nothing of access; a condition follows its SID. */
static void other_types_are_passed_over(void **state)
{
	struct bytes bytes = unhex("01000480 00000000 00000000 00000000 14000000"
				   "0400 3800 0200 0000"
				   "1100 1400 01000000 01010000 00000010 00300000"
				   "0900 1c00 10010000" AU "61727478 00000000");
	struct acl acl;
	struct ace ace;
	(void)state;

	assert_true(begin(bytes, &acl));
	assert_true(acl_next(&acl, &ace));
	assert_int_equal(ace.type, ACE_TYPE_ALLOWED_CALLBACK);
	assert_int_equal(ace.mask, 0x110);
	assert_false(acl_next(&acl, &ace));
	assert_false(acl_is_bad(&acl));
	hex_free(bytes);
}

static void no_dacl_is_not_an_empty_one(void **state)
{
	static const char *const none[] = {
		"01000080 14000000 00000000 00000000 00000000",
		"01000480 00000000 00000000 00000000 00000000", /* a null DACL */
	};
	struct bytes empty = unhex("01000490 00000000 00000000 00000000 14000000"
				   "0400 0800 0000 0000");
	struct acl acl;
	struct ace ace;
	bool present;
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct bytes bytes = unhex(none[i]);

		present = true;
		assert_true(security_descriptor_dacl(bytes, &present, &acl));
		assert_false(present);
		assert_false(acl_next(&acl, &ace));
		hex_free(bytes);
	}
	assert_true(begin(empty, &acl));
	assert_false(acl_next(&acl, &ace));
	assert_false(acl_is_bad(&acl));
	hex_free(empty);
}

/* Everything cut short anywhere is malformed, at once or at its last entry. */
static void a_cut_descriptor_is_malformed(void **state)
{
	struct bytes bytes = unhex(three);
	(void)state;

	for (size_t len = 0; len < bytes.len; len++) {
		uint8_t *exact = malloc(len ? len : 1);
		struct acl acl;

		memcpy(exact, bytes.at, len);
		assert_false(begin((struct bytes){ exact, len }, &acl));
		free(exact);
	}
	hex_free(bytes);
}

static void assert_broken_entry(const char *dacl)
{
	struct bytes bytes = unhex(dacl);
	struct acl acl;
	struct ace ace;

	assert_true(begin(bytes, &acl));
	while (acl_next(&acl, &ace))
		;
	assert_true(acl_is_bad(&acl));
	assert_false(acl_next(&acl, &ace));
	hex_free(bytes);
}

static void entries_that_lie_are_malformed(void **state)
{
#define HEAD "01000490 00000000 00000000 00000000 14000000"
	(void)state;

	/* more entries than there are */
	assert_broken_entry(HEAD "0400 1c00 0200 0000 0000 1400 94000200" AU);
	/* an entry of no size, of the header's alone, beyond the list, too small for it
	 */
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0000 0000 94000200" AU);
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0000 0400 94000200" AU);
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0000 1800 94000200" AU);
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0000 1000 94000200" AU);
	/* a SID with more parts than an entry has */
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0000 1400 94000200"
				 "010f0000 00000005 0b000000");
	/* GUIDs that are not there */
	assert_broken_entry(HEAD "0400 1c00 0100 0000 0500 1400 94000200"
				 "03000000 00000005 0b000000");
}

static void headers_that_lie_are_malformed(void **state)
{
	static const char *const heads[] = {
		"02000490 00000000 00000000 00000000 14000000 0400080000000000",
		"01000410 00000000 00000000 00000000 14000000 0400080000000000",
		"01000490 00000000 00000000 00000000 f0ffffff 0400080000000000",
		"01000490 00000000 00000000 00000000 14000000 0400090000000000",
		"01000490 00000000 00000000 00000000 14000000 0400070000000000",
		"01000490 00000000 00000000 00000000 14000000 0300080000000000",
	};
	(void)state;

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		struct bytes bytes = unhex(heads[i]);
		struct acl acl;

		assert_false(begin(bytes, &acl));
		hex_free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_in_stored_order),
		cmocka_unit_test(other_types_are_passed_over),
		cmocka_unit_test(no_dacl_is_not_an_empty_one),
		cmocka_unit_test(a_cut_descriptor_is_malformed),
		cmocka_unit_test(entries_that_lie_are_malformed),
		cmocka_unit_test(headers_that_lie_are_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
