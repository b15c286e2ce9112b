/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/evp.h>

#include "report/facts/principals.h"
#include "report/facts/principals_table.h"

static void the_table_is_sorted_and_made_of_sids(void **state)
{
	(void)state;
	assert_true(principal_row_count > 140);
	for (size_t i = 0; i < principal_row_count; i++) {
		assert_true(principal_is_sid(principal_rows[i].sid));
		if (i)
			assert_true(strcmp(principal_rows[i - 1].sid,
					   principal_rows[i].sid) < 0);
	}
}

/* "S-1-5-80" and five words of SHA-1 over the name in UTF-16LE ([MS-DTYP] 2.4.2.4). */
static void derive(const char *family, const char *name, bool upper, char *sid)
{
	unsigned char wide[256], hash[20];
	size_t len = strlen(name);
	int at = sprintf(sid, "%s", family);

	for (size_t i = 0; i < len; i++) {
		wide[2 * i] = (unsigned char)(upper ? toupper((unsigned char)name[i])
						    : tolower((unsigned char)name[i]));
		wide[2 * i + 1] = 0;
	}
	assert_int_equal(EVP_Digest(wide, 2 * len, hash, NULL, EVP_sha1(), NULL), 1);
	for (int i = 0; i < 20; i += 4)
		at += sprintf(sid + at, "-%u",
			      (unsigned)hash[i] | (unsigned)hash[i + 1] << 8 |
				      (unsigned)hash[i + 2] << 16 |
				      (unsigned)hash[i + 3] << 24);
}

static void derived_sids_are_the_hash_of_their_name(void **state)
{
	size_t derived = 0;

	(void)state;
	for (size_t i = 0; i < principal_row_count; i++) {
		const struct principal_row *row = &principal_rows[i];
		const char *bare = strrchr(row->principal.name, '\\');
		char family[9] = "", sid[100];

		snprintf(family, sizeof(family), "%.8s", row->sid);
		if (strlen(row->sid) < 30 || !bare)
			continue;
		derived++;
		derive(family, bare + 1, strcmp(family, "S-1-5-82") != 0, sid);
		assert_string_equal(row->sid, sid);
	}
	assert_int_equal(derived, 49);
}

static void well_known_names_need_no_network(void **state)
{
	struct principal p;

	(void)state;
	assert_true(principal_well_known("S-1-5-32-544", &p));
	assert_string_equal(p.name, "BUILTIN\\Administrators");
	assert_int_equal(p.kind, KIND_ALIAS);
	assert_true(principal_well_known("S-1-5-6", &p));
	assert_string_equal(p.name, "NT AUTHORITY\\SERVICE");
	assert_false(principal_well_known("S-1-5-21-1-2-3-512", &p));
	assert_false(principal_well_known("", &p));
	assert_string_equal(principal_sid_of("administrators"), "S-1-5-32-544");
	assert_string_equal(principal_sid_of("BUILTIN\\IIS_IUSRS"), "S-1-5-32-568");
	assert_string_equal(principal_sid_of("Everyone"), "S-1-1-0");
	assert_string_equal(principal_sid_of("nt service\\w3svc"),
			    "S-1-5-80-989796750-4090848350-2040919084-978865222-"
			    "2182970707");
	assert_null(principal_sid_of("W3SVC")); /* a local account may be named so */
	assert_null(principal_sid_of("CORP\\Administrators"));
}

#define DOMAIN "S-1-5-21-1-2-3"

static void any_holder_has_a_class(void **state)
{
	static const struct {
		struct holder holder;
		enum principal_class class;
		enum product product;
	} cases[] = {
		{ { "S-1-1-0", NULL, 0 }, CLASS_BROAD, PRODUCT_NONE },
		{ { "S-1-5-11", "NT-AUTORITÄT\\Authentifizierte Benutzer",
		    KIND_WELL_KNOWN },
		  CLASS_BROAD,
		  PRODUCT_NONE },
		{ { "S-1-5-32-545", NULL, 0 }, CLASS_BROAD, PRODUCT_NONE },
		{ { DOMAIN "-513", "CORP\\Domain Users", KIND_GROUP },
		  CLASS_BROAD,
		  PRODUCT_NONE },
		{ { DOMAIN "-512", "CORP\\Domain Admins", KIND_GROUP },
		  CLASS_ADMIN_GROUP,
		  PRODUCT_NONE },
		{ { DOMAIN "-501", "SRV\\Guest", KIND_USER }, CLASS_BROAD, PRODUCT_NONE },
		{ { DOMAIN "-500", "SRV\\Chef", KIND_USER },
		  CLASS_ACCOUNT,
		  PRODUCT_NONE },
		{ { DOMAIN "-504", NULL, KIND_NOT_TOLD },
		  CLASS_ACCOUNT,
		  PRODUCT_APPLICATION_GUARD },
		{ { DOMAIN "-1105", "CORP\\svc-web", KIND_USER },
		  CLASS_ACCOUNT,
		  PRODUCT_NONE },
		{ { DOMAIN "-1106", "CORP\\web$", KIND_COMPUTER },
		  CLASS_ACCOUNT,
		  PRODUCT_NONE },
		{ { DOMAIN "-1107", "CORP\\Ops", KIND_GROUP },
		  CLASS_GROUP,
		  PRODUCT_NONE },
		{ { DOMAIN "-1108", "SRV\\Local", KIND_ALIAS },
		  CLASS_GROUP,
		  PRODUCT_NONE },
		{ { DOMAIN "-1109", NULL, KIND_DELETED }, CLASS_ORPHAN, PRODUCT_NONE },
		{ { DOMAIN "-1110", NULL, KIND_UNKNOWN }, CLASS_ORPHAN, PRODUCT_NONE },
		{ { DOMAIN "-1111", NULL, KIND_NOT_TOLD },
		  CLASS_UNIDENTIFIED,
		  PRODUCT_NONE },
		{ { DOMAIN "-1112", "SRV\\IUSR_OLDNAME", KIND_USER },
		  CLASS_OBSOLETE,
		  PRODUCT_IIS },
		{ { DOMAIN "-1113", "SRV\\iwam_web1", KIND_USER },
		  CLASS_OBSOLETE,
		  PRODUCT_IIS },
		{ { DOMAIN "-1114", "SRV\\IIS_WPG", KIND_ALIAS },
		  CLASS_OBSOLETE,
		  PRODUCT_IIS },
		{ { DOMAIN "-1115", "SRV\\ASPNET", KIND_USER },
		  CLASS_OBSOLETE,
		  PRODUCT_IIS },
		{ { DOMAIN "-1116", "SRV\\IUSR_", KIND_USER }, CLASS_ACCOUNT, 0 },
		{ { "S-1-5-17", "NT AUTHORITY\\IUSR", KIND_WELL_KNOWN },
		  CLASS_BUILTIN_GROUP,
		  PRODUCT_IIS },
		{ { "S-1-5-32-568", NULL, 0 }, CLASS_BUILTIN_GROUP, PRODUCT_IIS },
		{ { DOMAIN "-1117", "CORP\\Exchange Servers", KIND_GROUP },
		  CLASS_GROUP,
		  PRODUCT_EXCHANGE },
		{ { DOMAIN "-1118", "DB1\\SQLServer2005SQLBrowserUser$DB1", KIND_ALIAS },
		  CLASS_GROUP,
		  PRODUCT_SQL_SERVER },
		{ { "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003",
		    NULL, KIND_UNKNOWN },
		  CLASS_SERVICE,
		  PRODUCT_SQL_SERVER },
		{ { "S-1-5-80-1-2-3-4-5", "NT SERVICE\\MSSQL$PROD", KIND_WELL_KNOWN },
		  CLASS_SERVICE,
		  PRODUCT_SQL_SERVER },
		{ { "S-1-5-80-1-2-3-4-5", NULL, KIND_UNKNOWN },
		  CLASS_SERVICE,
		  PRODUCT_NONE },
		{ { "S-1-5-80-2246541699-21809830-3603976364-117610243-975697593", NULL,
		    0 },
		  CLASS_SERVICE,
		  PRODUCT_ADFS },
		{ { "S-1-5-82-1-2-3-4-5", NULL, KIND_UNKNOWN },
		  CLASS_APP_POOL,
		  PRODUCT_IIS },
		{ { "S-1-5-82-1-2-3-4-5", "IIS APPPOOL\\MSExchangeNew", 0 },
		  CLASS_APP_POOL,
		  PRODUCT_EXCHANGE },
		{ { "S-1-5-83-0", NULL, 0 }, CLASS_VIRTUAL, PRODUCT_HYPER_V },
		{ { "S-1-5-83-1-1-2-3-4", NULL, 0 }, CLASS_VIRTUAL, PRODUCT_HYPER_V },
		{ { "S-1-5-90-0-1", NULL, 0 }, CLASS_VIRTUAL, PRODUCT_NONE },
		{ { "S-1-5-96-0-2", NULL, 0 }, CLASS_VIRTUAL, PRODUCT_NONE },
		{ { "S-1-5-93-2-2", NULL, 0 }, CLASS_VIRTUAL, PRODUCT_CONTAINERS },
		{ { "S-1-5-32-999", NULL, 0 }, CLASS_BUILTIN_GROUP, PRODUCT_NONE },
		{ { "S-1-12-1-1-2-3-4", NULL, KIND_UNKNOWN }, CLASS_CLOUD, 0 },
		{ { "S-1-9-7", NULL, KIND_UNKNOWN }, CLASS_UNIDENTIFIED, PRODUCT_NONE },
		{ { "CORP\\bob", "CORP\\bob", KIND_NOT_TOLD }, CLASS_UNIDENTIFIED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct principal p;

		principal_identify(&cases[i].holder, &p);
		if (p.class != cases[i].class || p.product != cases[i].product)
			fail_msg("%s: %s of %s", cases[i].holder.sid,
				 principal_class_word(p.class), product_word(p.product));
	}
}

static void relative_ids_are_below_their_domain(void **state)
{
	uint32_t rid = 7;

	(void)state;
	assert_true(principal_rid(DOMAIN "-512", DOMAIN, &rid));
	assert_int_equal(rid, 512);
	assert_false(principal_rid(DOMAIN "-512-1", DOMAIN, &rid));
	assert_false(principal_rid(DOMAIN "4-512", DOMAIN, &rid));
	assert_false(principal_rid(DOMAIN, DOMAIN, &rid));
	assert_false(principal_rid(DOMAIN "-", DOMAIN, &rid));
	assert_false(principal_rid(DOMAIN "-99999999999", DOMAIN, &rid));
	assert_false(principal_rid(DOMAIN "-512", NULL, &rid));
	assert_int_equal(rid, 512); /* untouched */
}

static void sids_are_told_from_names(void **state)
{
	(void)state;
	assert_true(principal_is_sid("S-1-5-32-544"));
	assert_true(principal_is_sid("S-1-0x00FF00000000-1"));
	assert_true(principal_is_sid("S-1-5-21-4294967295-0-1"));
	assert_false(principal_is_sid("S-1-5"));
	assert_false(principal_is_sid("S-1-5-"));
	assert_false(principal_is_sid("S-1-5-4294967296"));
	assert_false(principal_is_sid("S-1-5-032"));
	assert_false(principal_is_sid("S-1-5-32-544 "));
	assert_false(principal_is_sid("s-1-5-32-544"));
	assert_false(principal_is_sid("S-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1"));
	assert_false(principal_is_sid("CORP\\S-1-5-32-544"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_sorted_and_made_of_sids),
		cmocka_unit_test(derived_sids_are_the_hash_of_their_name),
		cmocka_unit_test(well_known_names_need_no_network),
		cmocka_unit_test(any_holder_has_a_class),
		cmocka_unit_test(relative_ids_are_below_their_domain),
		cmocka_unit_test(sids_are_told_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
