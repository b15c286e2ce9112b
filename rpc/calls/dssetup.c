/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/calls/dssetup.h"

#include "rpc/dce/ndr.h"
#include "rpc/wire/ntstatus.h"
#include "rpc/wire/utf16.h"

enum { BASIC_INFORMATION = 1, DOMAIN_GUID = 16 };

/*
 * DWORD DsRolerGetPrimaryDomainInformation([in] DSROLE_PRIMARY_DOMAIN_INFO_LEVEL
 *InfoLevel, [out, switch_is(InfoLevel)] PDSROLER_PRIMARY_DOMAIN_INFORMATION *DomainInfo);
 */
void dssetup_put_basic(struct wire_out *w)
{
	struct ndr_out n = ndr_out(w);

	ndr_put_u16(&n, BASIC_INFORMATION);
}

/* A string whose pointer stood in place before; NULL when it was NULL or no text. */
static const char *get_name(struct wire_in *w, struct arena *a, bool present)
{
	return present ? utf16_to_text(ndr_get_string(w), a) : NULL;
}

/* typedef struct { DSROLE_MACHINE_ROLE MachineRole; unsigned __int32 Flags;
 *	[unique, string] wchar_t *DomainNameFlat, *DomainNameDns, *DomainForestName;
 *	GUID DomainGuid; } DSROLER_PRIMARY_DOMAIN_INFO_BASIC;
 * as an arm of a union: the discriminant first. */
static void get_basic_arm(struct wire_in *w, struct arena *a, struct dssetup_basic *found)
{
	bool flat, dns, forest;

	if (ndr_get_u16(w) != BASIC_INFORMATION)
		w->bad = true;
	get_align(w, 4);
	found->machine_role = ndr_get_u16(w);
	found->flags = ndr_get_u32(w);
	flat = ndr_get_pointer(w);
	dns = ndr_get_pointer(w);
	forest = ndr_get_pointer(w);
	get_skip(w, DOMAIN_GUID);
	found->domain_flat = get_name(w, a, flat);
	found->domain_dns = get_name(w, a, dns);
	found->forest_dns = get_name(w, a, forest);
}

bool dssetup_get_basic(struct bytes stub, struct arena *a, struct dssetup_basic *info,
		       uint32_t *win32)
{
	struct wire_in w = wire_in_bytes(stub);
	struct dssetup_basic found = { 0 };
	bool present = ndr_get_pointer(&w);
	uint32_t answered;

	if (present)
		get_basic_arm(&w, a, &found);
	answered = ndr_get_u32(&w);
	if (!ndr_done(&w) || arena_bad(a))
		return false;
	if (answered == ERROR_SUCCESS && !present)
		return false;
	if (answered == ERROR_SUCCESS)
		*info = found;
	*win32 = answered;
	return true;
}
