/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lsa_names.c - LsarLookupSids and LsarLookupSids2, declared in lsa.h.
 */
#include "rpc/calls/lsa.h"

#include "rpc/wire/utf16.h"

enum {
	NAMES_MAX = 20480,      /* the IDL's range of Entries */
	DOMAIN_BYTES = 12,      /* RPC_UNICODE_STRING and a pointer */
	NAME_BYTES = 16,        /* LSAPR_TRANSLATED_NAME */
	NAME_EX_BYTES = 20,     /* LSAPR_TRANSLATED_NAME_EX: Flags more */
	LOOKUP_WKSTA = 1,       /* LSAP_LOOKUP_LEVEL: this host and whom it trusts */
	CLIENT_REVISION = 2,    /* we know forest trusts */
	NO_DOMAIN = 0xffffffff, /* DomainIndex -1 */
};

/*
 * NTSTATUS LsarLookupSids2([in] LSAPR_HANDLE PolicyHandle,
 *	[in] PLSAPR_SID_ENUM_BUFFER SidEnumBuffer,
 *	[out] PLSAPR_REFERENCED_DOMAIN_LIST *ReferencedDomains,
 *	[in, out] PLSAPR_TRANSLATED_NAMES_EX TranslatedNames,
 *	[in] LSAP_LOOKUP_LEVEL LookupLevel, [in, out] unsigned long *MappedCount,
 *	[in] unsigned long LookupOptions, [in] unsigned long ClientRevision);
 * typedef struct { [range(0, 20480)] unsigned long Entries;
 *	[size_is(Entries)] PLSAPR_SID_INFORMATION SidInfo; } LSAPR_SID_ENUM_BUFFER;
 * LsarLookupSids is the same without the last two.
 */
void lsa_put_lookup_sids(struct wire_out *w, const struct lsa_handle *handle,
			 const struct sid *sids, size_t count, bool two)
{
	struct ndr_out n = ndr_out(w);

	if (count > LSA_LOOKUP_MAX)
		w->bad = true;
	ndr_put_handle(&n, handle->bytes);
	ndr_put_u32(&n, (uint32_t)count); /* Entries */
	ndr_put_pointer(&n);              /* SidInfo */
	ndr_put_u32(&n, (uint32_t)count); /* max_count */
	for (size_t i = 0; i < count && !w->bad; i++)
		ndr_put_pointer(&n);
	for (size_t i = 0; i < count && !w->bad; i++)
		ndr_put_sid(&n, &sids[i]);
	ndr_put_u32(&n, 0); /* TranslatedNames: Entries */
	ndr_put_null(&n);   /* Names */
	ndr_put_u16(&n, LOOKUP_WKSTA);
	ndr_put_u32(&n, 0); /* MappedCount */
	if (!two)
		return;
	ndr_put_u32(&n, 0); /* LookupOptions */
	ndr_put_u32(&n, CLIENT_REVISION);
}

struct domain {
	struct ndr_unicode in_place;
	bool has_sid;
	const char *name;
};

struct domains {
	struct domain *list;
	size_t count;
};

/* typedef struct { RPC_UNICODE_STRING Name; PRPC_SID Sid; } LSAPR_TRUST_INFORMATION;
 * The buffer and the SID of each domain follow behind the array, domain by domain. */
static void get_trust_information(struct wire_in *w, struct arena *a,
				  struct domains *domains)
{
	domains->list = arena_take(a, domains->count, sizeof(domains->list[0]));
	if (!domains->list)
		return;
	for (size_t i = 0; i < domains->count; i++) {
		domains->list[i].in_place = ndr_get_unicode(w);
		domains->list[i].has_sid = ndr_get_pointer(w);
	}
	for (size_t i = 0; i < domains->count && !w->bad; i++) {
		struct domain *domain = &domains->list[i];
		struct sid unused;

		domain->name = utf16_to_name(ndr_get_unicode_buffer(w, domain->in_place),
					     a);
		if (domain->has_sid)
			ndr_get_sid(w, &unused);
	}
}

/* typedef struct { unsigned long Entries;
 *	[size_is(Entries)] PLSAPR_TRUST_INFORMATION Domains; unsigned long MaxEntries; }
 *	LSAPR_REFERENCED_DOMAIN_LIST;
 * No range in the IDL; there cannot be more domains than names were asked for. */
static void get_domains(struct wire_in *w, struct arena *a, size_t asked,
			struct domains *domains)
{
	bool present;

	if (!ndr_get_pointer(w))
		return;
	domains->count = ndr_get_count(w, asked, DOMAIN_BYTES);
	present = ndr_get_pointer(w);
	ndr_get_u32(w); /* MaxEntries, means nothing */
	if (!present) {
		w->bad |= domains->count != 0;
		return;
	}
	ndr_get_conformance(w, domains->count);
	if (!w->bad)
		get_trust_information(w, a, domains);
}

/* A DomainIndex that points nowhere is malformed, -1 is no domain. */
static const char *domain_name(struct wire_in *w, const struct domains *domains,
			       uint32_t index)
{
	if (index == NO_DOMAIN)
		return "";
	if (index < domains->count && domains->list)
		return domains->list[index].name;
	w->bad = true;
	return "";
}

/* typedef struct { SID_NAME_USE Use; RPC_UNICODE_STRING Name; long DomainIndex;
 *	unsigned long Flags; } LSAPR_TRANSLATED_NAME_EX;
 * The buffers follow behind the array. */
static void get_translated(struct wire_in *w, struct arena *a, bool two,
			   const struct domains *domains, struct lsa_names *found)
{
	struct ndr_unicode *in_place = arena_take(a, found->count, sizeof(in_place[0]));

	found->names = arena_take(a, found->count, sizeof(found->names[0]));
	if (!in_place || !found->names)
		return;
	for (size_t i = 0; i < found->count; i++) {
		found->names[i].use = ndr_get_u16(w);
		in_place[i] = ndr_get_unicode(w);
		found->names[i].domain = domain_name(w, domains, ndr_get_u32(w));
		if (two)
			ndr_get_u32(w); /* Flags: whether the domain was asked */
	}
	for (size_t i = 0; i < found->count && !w->bad; i++)
		found->names[i].name = utf16_to_name(
			ndr_get_unicode_buffer(w, in_place[i]), a);
}

/* typedef struct { [range(0, 20480)] unsigned long Entries;
 *	[size_is(Entries)] PLSAPR_TRANSLATED_NAME_EX Names; }
 *	LSAPR_TRANSLATED_NAMES_EX; */
static void get_names(struct wire_in *w, struct arena *a, bool two, size_t asked,
		      const struct domains *domains, struct lsa_names *found)
{
	size_t count = ndr_get_count(w, NAMES_MAX, two ? NAME_EX_BYTES : NAME_BYTES);

	if (!ndr_get_pointer(w)) {
		w->bad |= count != 0;
		return;
	}
	ndr_get_conformance(w, count);
	w->bad |= count != asked;
	found->count = count;
	if (!w->bad)
		get_translated(w, a, two, domains, found);
}

bool lsa_get_lookup_sids(struct bytes stub, struct arena *a, bool two, size_t asked,
			 struct lsa_names *names, uint32_t *status)
{
	struct wire_in w = wire_in_bytes(stub);
	struct domains domains = { 0 };
	struct lsa_names found = { 0 };
	uint32_t answered;

	get_domains(&w, a, asked, &domains);
	get_names(&w, a, two, asked, &domains, &found);
	ndr_get_u32(&w); /* MappedCount: the names tell for themselves */
	answered = ndr_get_u32(&w);
	if (!ndr_done(&w) || arena_bad(a))
		return false;
	*names = found;
	*status = answered;
	return true;
}
