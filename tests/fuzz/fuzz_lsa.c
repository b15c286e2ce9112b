/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_lsa.c - replies of LSA calls.  The first byte chooses the call, the second is how
 * many SIDs were asked for; see the corpus.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/calls/lsa.h"
#include "rpc/wire/ntstatus.h"

/* Everything that was read must be there to be used. */
static size_t use_names(const struct lsa_names *names)
{
	size_t len = 0;

	for (size_t i = 0; i < names->count; i++)
		len += strlen(names->names[i].name) + strlen(names->names[i].domain);
	return len;
}

static void use_sids(const struct lsa_sids *sids)
{
	char text[SID_TEXT_MAX];

	for (size_t i = 0; i < sids->count; i++)
		sid_format(&sids->sids[i], text);
}

static void read_lookup(struct bytes stub, struct arena *a, bool two, size_t asked)
{
	struct lsa_names names = { 0 };
	uint32_t status;

	if (!lsa_get_lookup_sids(stub, a, two, asked, &names, &status))
		return;
	if (names.count != 0 && names.count != asked)
		abort();
	use_names(&names);
}

static void read_policy(struct bytes stub, struct arena *a, bool dns)
{
	struct lsa_account_domain account = { 0 };
	struct lsa_primary_domain primary = { 0 };
	struct lsa_dns_domain domain = { 0 };
	uint32_t status;

	if (!dns && lsa_get_account_domain(stub, a, &account, &status) &&
	    strlen(account.name) > stub.len * 3)
		abort();
	if (!dns && lsa_get_primary_domain(stub, a, &primary, &status) &&
	    strlen(primary.name) > stub.len * 3)
		abort();
	if (dns && lsa_get_dns_domain(stub, a, &domain, &status) &&
	    strlen(domain.dns_domain) + strlen(domain.dns_forest) > stub.len * 3)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = arena(4 << 20);
	struct lsa_sids sids = { 0 };
	struct lsa_handle handle;
	struct bytes stub;
	uint32_t status = 0;

	if (size < 2)
		return 0;
	stub = (struct bytes){ data + 2, size - 2 };
	switch (data[0] % 7) {
	case 0:
		lsa_get_open_policy2(stub, &handle, &status);
		break;
	case 1:
		if (lsa_get_accounts_with_right(stub, &a, &sids, &status))
			use_sids(&sids);
		break;
	case 2:
	case 3:
		read_policy(stub, &a, data[0] % 7 == 3);
		break;
	case 4:
	case 5:
		read_lookup(stub, &a, data[0] % 7 == 5, data[1]);
		break;
	case 6:
		lsa_get_close(stub, &status);
		break;
	}
	if (!ntstatus_name(status) != !ntstatus_words(status))
		abort();
	arena_drop(&a);
	return 0;
}
