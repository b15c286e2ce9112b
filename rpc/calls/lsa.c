/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/calls/lsa.h"

#include <string.h>

#include "rpc/wire/ntstatus.h"
#include "rpc/wire/utf16.h"

enum {
	ACCOUNTS_MAX = 20480,   /* the IDL's range of EntriesRead */
	ACCOUNT_BYTES = 16,     /* a pointer, a max_count and the shortest SID */
	OBJECT_ATTRIBUTES = 24, /* sizeof(LSAPR_OBJECT_ATTRIBUTES), its Length */
	DOMAIN_GUID = 16,
};

/*
 * NTSTATUS LsarOpenPolicy2([in, unique, string] wchar_t *SystemName,
 *	[in] PLSAPR_OBJECT_ATTRIBUTES ObjectAttributes,
 *	[in] ACCESS_MASK DesiredAccess, [out] LSAPR_HANDLE *PolicyHandle);
 */
void lsa_put_open_policy2(struct wire_out *w, uint32_t access)
{
	struct ndr_out n = ndr_out(w);

	ndr_put_null(&n);                   /* SystemName */
	ndr_put_u32(&n, OBJECT_ATTRIBUTES); /* Length */
	ndr_put_null(&n);                   /* RootDirectory, must be NULL */
	ndr_put_null(&n);                   /* ObjectName */
	ndr_put_u32(&n, 0);                 /* Attributes */
	ndr_put_null(&n);                   /* SecurityDescriptor */
	ndr_put_null(&n);                   /* SecurityQualityOfService */
	ndr_put_u32(&n, access);
}

bool lsa_get_open_policy2(struct bytes stub, struct lsa_handle *handle, uint32_t *status)
{
	static const struct lsa_handle closed;
	struct wire_in w = wire_in_bytes(stub);
	struct lsa_handle found = { 0 };
	uint32_t answered;

	ndr_get_handle(&w, found.bytes);
	answered = ndr_get_u32(&w);
	if (!ndr_done(&w))
		return false;
	if (answered == STATUS_SUCCESS && memcmp(&found, &closed, sizeof(found)) == 0)
		return false;
	*handle = found;
	*status = answered;
	return true;
}

/* NTSTATUS LsarClose([in, out] LSAPR_HANDLE *ObjectHandle); */
void lsa_put_close(struct wire_out *w, const struct lsa_handle *handle)
{
	struct ndr_out n = ndr_out(w);

	ndr_put_handle(&n, handle->bytes);
}

bool lsa_get_close(struct bytes stub, uint32_t *status)
{
	struct wire_in w = wire_in_bytes(stub);
	struct lsa_handle closed;
	uint32_t answered;

	ndr_get_handle(&w, closed.bytes);
	answered = ndr_get_u32(&w);
	if (!ndr_done(&w))
		return false;
	*status = answered;
	return true;
}

/*
 * NTSTATUS LsarQueryInformationPolicy2([in] LSAPR_HANDLE PolicyHandle,
 *	[in] POLICY_INFORMATION_CLASS InformationClass,
 *	[out, switch_is(InformationClass)] PLSAPR_POLICY_INFORMATION *PolicyInformation);
 */
void lsa_put_query_policy(struct wire_out *w, const struct lsa_handle *handle,
			  enum lsa_policy_class level)
{
	struct ndr_out n = ndr_out(w);

	ndr_put_handle(&n, handle->bytes);
	ndr_put_u16(&n, (uint16_t)level);
}

/* The pointer to the union and its discriminant; true when the arm follows. */
static bool get_policy_arm(struct wire_in *w, enum lsa_policy_class level)
{
	if (!ndr_get_pointer(w))
		return false;
	if (ndr_get_u16(w) != level)
		w->bad = true;
	get_align(w, 4);
	return true;
}

/* The status behind the union; false unless the whole reply is well formed. */
static bool end_policy(struct wire_in *w, const struct arena *a, bool armed,
		       uint32_t *status)
{
	uint32_t answered = ndr_get_u32(w);

	if (!ndr_done(w) || arena_bad(a))
		return false;
	if (!armed && !ntstatus_is_error(answered))
		return false;
	*status = answered;
	return true;
}

/* A name and a SID: the arms of two classes.  `name` and `sid` stay untouched where the
 * server's status is an error. */
static bool get_named_domain(struct bytes stub, struct arena *a,
			     enum lsa_policy_class level, const char **name,
			     bool *has_sid, struct sid *sid, uint32_t *status)
{
	struct wire_in w = wire_in_bytes(stub);
	bool armed = get_policy_arm(&w, level);

	if (armed) {
		struct ndr_unicode text = ndr_get_unicode(&w);

		*has_sid = ndr_get_pointer(&w);
		*name = utf16_to_name(ndr_get_unicode_buffer(&w, text), a);
		if (*has_sid)
			ndr_get_sid(&w, sid);
	}
	return end_policy(&w, a, armed, status);
}

/* typedef struct { RPC_UNICODE_STRING Name; PRPC_SID Sid; }
 *	LSAPR_POLICY_PRIMARY_DOM_INFO; */
bool lsa_get_primary_domain(struct bytes stub, struct arena *a,
			    struct lsa_primary_domain *info, uint32_t *status)
{
	struct lsa_primary_domain found = { .name = "" };

	if (!get_named_domain(stub, a, POLICY_PRIMARY_DOMAIN, &found.name, &found.has_sid,
			      &found.sid, status))
		return false;
	*info = found;
	return true;
}

/* typedef struct { RPC_UNICODE_STRING DomainName; PRPC_SID DomainSid; }
 *	LSAPR_POLICY_ACCOUNT_DOM_INFO; */
bool lsa_get_account_domain(struct bytes stub, struct arena *a,
			    struct lsa_account_domain *info, uint32_t *status)
{
	struct lsa_account_domain found = { .name = "" };

	if (!get_named_domain(stub, a, POLICY_ACCOUNT_DOMAIN, &found.name, &found.has_sid,
			      &found.sid, status))
		return false;
	*info = found;
	return true;
}

/* typedef struct { RPC_UNICODE_STRING Name, DnsDomainName, DnsForestName; GUID
 *DomainGuid; PRPC_SID Sid; } LSAPR_POLICY_DNS_DOMAIN_INFO; */
static void get_dns_arm(struct wire_in *w, struct arena *a, struct lsa_dns_domain *found)
{
	struct ndr_unicode name = ndr_get_unicode(w), domain = ndr_get_unicode(w),
			   forest = ndr_get_unicode(w);

	get_skip(w, DOMAIN_GUID);
	found->has_sid = ndr_get_pointer(w);
	found->name = utf16_to_name(ndr_get_unicode_buffer(w, name), a);
	found->dns_domain = utf16_to_name(ndr_get_unicode_buffer(w, domain), a);
	found->dns_forest = utf16_to_name(ndr_get_unicode_buffer(w, forest), a);
	if (found->has_sid)
		ndr_get_sid(w, &found->sid);
}

bool lsa_get_dns_domain(struct bytes stub, struct arena *a, struct lsa_dns_domain *info,
			uint32_t *status)
{
	struct wire_in w = wire_in_bytes(stub);
	struct lsa_dns_domain found = { .name = "", .dns_domain = "", .dns_forest = "" };
	bool armed = get_policy_arm(&w, POLICY_DNS_DOMAIN);

	if (armed)
		get_dns_arm(&w, a, &found);
	if (!end_policy(&w, a, armed, status))
		return false;
	*info = found;
	return true;
}

/*
 * NTSTATUS LsarEnumerateAccountsWithUserRight([in] LSAPR_HANDLE PolicyHandle,
 *	[in, unique] PRPC_UNICODE_STRING UserRight,
 *	[out] PLSAPR_ACCOUNT_ENUM_BUFFER EnumerationBuffer);
 */
void lsa_put_accounts_with_right(struct wire_out *w, const struct lsa_handle *handle,
				 const char *right)
{
	struct ndr_out n = ndr_out(w);

	ndr_put_handle(&n, handle->bytes);
	ndr_put_pointer(&n);
	ndr_put_unicode(&n, right);
}

/* typedef struct { PRPC_SID Sid; } LSAPR_ACCOUNT_INFORMATION;
 * typedef struct { [range(0, 20480)] unsigned long EntriesRead;
 *	[size_is(EntriesRead)] PLSAPR_ACCOUNT_INFORMATION Information; }
 *	LSAPR_ACCOUNT_ENUM_BUFFER;
 * A holder without a SID would be one that nobody can judge: malformed. */
static void get_accounts(struct wire_in *w, struct arena *a, struct lsa_sids *found)
{
	size_t count = ndr_get_count(w, ACCOUNTS_MAX, ACCOUNT_BYTES);

	if (!ndr_get_pointer(w)) {
		w->bad |= count != 0;
		return;
	}
	ndr_get_conformance(w, count);
	for (size_t i = 0; i < count && !w->bad; i++)
		w->bad |= !ndr_get_pointer(w);
	if (w->bad)
		return;
	found->sids = arena_take(a, count, sizeof(found->sids[0]));
	for (size_t i = 0; i < count && found->sids && !w->bad; i++)
		ndr_get_sid(w, &found->sids[i]);
	found->count = count;
}

bool lsa_get_accounts_with_right(struct bytes stub, struct arena *a,
				 struct lsa_sids *sids, uint32_t *status)
{
	struct wire_in w = wire_in_bytes(stub);
	struct lsa_sids found = { 0 };
	uint32_t answered;

	get_accounts(&w, a, &found);
	answered = ndr_get_u32(&w);
	if (!ndr_done(&w) || arena_bad(a))
		return false;
	*sids = found;
	*status = answered;
	return true;
}
