/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lsa.c - [MS-LSAD]: policy handles, what a machine knows of its domain, and who holds a
 * right.  Names of SIDs are in lookup.c.
 */
#include "tests/lab/lsa.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tests/lab/stats.h"
#include "tests/lab/status.h"

enum { VIEW_LOCAL_INFORMATION = 0x1, LOOKUP_NAMES = 0x800 };

/* What everybody may ask for; an administrator may ask for more. */
enum { EXECUTE_ACCESS = 0x20801, ALL_ACCESS = 0x020f1fff };

/* The handle a request begins with; false: it is not the one given out. */
static bool right_handle(struct call *c)
{
	struct bytes handle = get_bytes(&c->in, HANDLE_LEN);

	return handle.at && c->pipe->policy_open &&
	       memcmp(handle.at, c->pipe->policy, HANDLE_LEN) == 0;
}

/* True when the answer is already decided: a wrong handle, a missing access bit, or the
 * host's fault. */
static uint32_t may_not(struct call *c, uint32_t access)
{
	if (!right_handle(c))
		return STATUS_INVALID_HANDLE;
	if ((c->pipe->access & access) != access || c->armed == FAULT_DENIED)
		return STATUS_ACCESS_DENIED;
	return STATUS_SUCCESS;
}

/* 3.1.4.4.1; the older call differs in the name alone, which nobody reads. */
static bool open_policy(struct call *c)
{
	struct pipe *p = c->pipe;
	uint32_t allowed = p->account && p->account->admin ? ALL_ACCESS : EXECUTE_ACCESS;
	uint32_t root, access, status = STATUS_SUCCESS;

	if (c->opnum == OPNUM_OPEN_POLICY2)
		ndr_skip_text(&c->in);
	else if (get_u32le(&c->in))
		get_skip(&c->in, 4);
	get_skip(&c->in, 4);
	root = get_u32le(&c->in);
	get_skip(&c->in, 12);
	if (get_u32le(&c->in))
		get_skip(&c->in, 8);
	access = get_u32le(&c->in);
	if (c->in.bad)
		return false;
	if (access & 0x02000000)
		access = allowed;
	if (root || access == 0)
		status = STATUS_INVALID_PARAMETER;
	else if (access & ~allowed || c->armed == FAULT_DENIED)
		status = STATUS_ACCESS_DENIED;
	if (!status) {
		p->policy_open = true;
		p->access = access;
		memset(p->policy, 0, HANDLE_LEN);
		memcpy(p->policy + 4, &p->host->number, 4);
		snprintf((char *)p->policy + 8, 12, "policy%05lx", stats.calls & 0xfffff);
		put_bytes(c->w, p->policy, HANDLE_LEN);
	} else {
		put_zeros(c->w, HANDLE_LEN);
	}
	put_u32le(c->w, status);
	return true;
}

/* 3.1.4.9.4 */
static bool close_handle(struct call *c)
{
	bool right = right_handle(c);

	if (c->in.bad)
		return false;
	c->pipe->policy_open &= !right;
	put_zeros(c->w, HANDLE_LEN);
	put_u32le(c->w, right ? STATUS_SUCCESS : STATUS_INVALID_HANDLE);
	return true;
}

static size_t machine_name(const struct host *h, uint16_t units[static HOST_NAME_MAX_LEN])
{
	char name[HOST_NAME_MAX_LEN];

	host_netbios_name(h, name);
	return lab_units(name, units, HOST_NAME_MAX_LEN);
}

/* Classes 3, 5 and 14: a name and a SID. */
static void put_domain(struct call *c, const uint16_t *units, size_t len,
		       const struct lab_sid *sid)
{
	ndr_string(c, len, true);
	ndr_pointer(c, sid != NULL);
	ndr_string_buffer(c, units, len);
	if (sid)
		ndr_sid(c, sid);
}

static void put_primary_domain(struct call *c)
{
	uint16_t units[HOST_NAME_MAX_LEN];
	bool joined = host_in_domain(c->pipe->host);
	size_t len = lab_units(joined ? world.netbios : "WORKGROUP", units,
			       HOST_NAME_MAX_LEN);

	put_domain(c, units, len, joined ? &world.sid : NULL);
}

/* On a controller the account domain is the domain. */
static void put_account_domain(struct call *c)
{
	uint16_t units[HOST_NAME_MAX_LEN];
	const struct host *h = c->pipe->host;
	struct lab_sid sid = host_machine_sid(h);
	size_t len = h->role == ROLE_DC
			     ? lab_units(world.netbios, units, HOST_NAME_MAX_LEN)
			     : machine_name(h, units);

	put_domain(c, units, len, &sid);
}

static void put_local_domain(struct call *c)
{
	uint16_t units[HOST_NAME_MAX_LEN];
	struct lab_sid sid = host_machine_sid(c->pipe->host);
	size_t len = machine_name(c->pipe->host, units);

	put_domain(c, units, len, &sid);
}

static void put_dns_domain(struct call *c)
{
	uint16_t flat[HOST_NAME_MAX_LEN], dns[HOST_NAME_MAX_LEN];
	bool joined = host_in_domain(c->pipe->host);
	size_t flat_len = lab_units(joined ? world.netbios : "WORKGROUP", flat,
				    HOST_NAME_MAX_LEN);
	size_t dns_len = lab_units(joined ? world.dns : "", dns, HOST_NAME_MAX_LEN);

	ndr_string(c, flat_len, true);
	ndr_string(c, dns_len, joined);
	ndr_string(c, dns_len, joined);
	put_zeros(c->w, 12);
	put_u32le(c->w, joined ? 0x1abc0de5 : 0);
	ndr_pointer(c, joined);
	ndr_string_buffer(c, flat, flat_len);
	if (!joined)
		return;
	ndr_string_buffer(c, dns, dns_len);
	ndr_string_buffer(c, dns, dns_len);
	ndr_sid(c, &world.sid);
}

/* 3.1.4.4.4 and 3.1.4.4.5 */
static bool query_policy(struct call *c)
{
	static const struct {
		uint16_t level;
		void (*put)(struct call *c);
	} levels[] = { { 3, put_primary_domain },
		       { 5, put_account_domain },
		       { 12, put_dns_domain },
		       { 14, put_local_domain } };
	uint32_t status = may_not(c, VIEW_LOCAL_INFORMATION);
	uint16_t level = get_u16le(&c->in);

	if (c->in.bad)
		return false;
	for (size_t i = 0; !status && i < sizeof(levels) / sizeof(levels[0]); i++)
		if (levels[i].level == level) {
			ndr_pointer(c, true);
			put_u16le(c->w, level);
			ndr_align(c, 4);
			levels[i].put(c);
			ndr_align(c, 4);
			put_u32le(c->w, STATUS_SUCCESS);
			return true;
		}
	put_u32le(c->w, 0);
	put_u32le(c->w, status ? status : STATUS_INVALID_PARAMETER);
	return true;
}

/* The name of a right: a unique pointer to RPC_UNICODE_STRING; its index, or -1. */
static int get_right(struct wire_in *in)
{
	char name[64];
	uint32_t pointer = get_u32le(in), actual;
	uint16_t len = get_u16le(in);

	get_skip(in, 6);
	get_skip(in, 8);
	actual = get_u32le(in);
	if (!pointer || actual * 2 != len || actual > sizeof(name))
		return -1;
	for (size_t i = 0; i < actual; i++) {
		uint16_t unit = get_u16le(in);

		name[i] = unit < 128 ? (char)unit : '?';
	}
	return in->bad ? -1 : stock_right_index(name, actual);
}

/* The holders of a right, as the host says them; -1: it does not know the right. */
static int find_holders(const struct call *c, int right, struct lab_sid *sids)
{
	const struct host *h = c->pipe->host;
	int count = right < 0 ? -1 : host_holders(h, (unsigned)right, sids);

	if (count < 0 || !h->manner.invents)
		return count;
	count = h->manner.invents;
	for (int i = 0; i < count; i++)
		sids[i] = host_invented(h, (uint32_t)i);
	return count;
}

/* 3.1.4.5.3: for Administrators alone, whatever the handle says. */
static bool accounts_with_right(struct call *c)
{
	static struct lab_sid sids[INVENTED_MAX];
	uint32_t status = may_not(c, VIEW_LOCAL_INFORMATION);
	int right = get_right(&c->in), count = 0;

	if (c->in.bad)
		return false;
	stats.rights_asked++;
	if (!status && !(c->pipe->account && c->pipe->account->admin))
		status = STATUS_ACCESS_DENIED;
	if (!status) {
		count = find_holders(c, right, sids);
		if (count <= 0)
			status = count ? STATUS_NO_SUCH_PRIVILEGE
				       : STATUS_NO_MORE_ENTRIES;
	}
	if (status)
		count = 0;
	put_u32le(c->w, (uint32_t)count);
	ndr_pointer(c, count > 0);
	if (count)
		put_u32le(c->w, (uint32_t)count);
	for (int i = 0; i < count; i++)
		ndr_pointer(c, true);
	for (int i = 0; i < count; i++)
		ndr_sid(c, &sids[i]);
	put_u32le(c->w, status);
	return true;
}

/* 3.1.4.8.1 LsarEnumeratePrivileges: all at once, then no more. */
static bool enumerate_privileges(struct call *c)
{
	uint32_t status = may_not(c, VIEW_LOCAL_INFORMATION);
	uint32_t from = get_u32le(&c->in), count = 0;
	const uint16_t build = c->pipe->host->manner.build;
	uint16_t units[64];

	if (c->in.bad)
		return false;
	for (unsigned i = 0; !status && !from && i < stock_rights_count; i++)
		count += stock_rights[i].luid && stock_rights[i].since <= build;
	if (!status && !count)
		status = STATUS_NO_MORE_ENTRIES;
	put_u32le(c->w, from + count);
	put_u32le(c->w, count);
	ndr_pointer(c, count > 0);
	if (count)
		put_u32le(c->w, count);
	for (unsigned i = 0; count && i < stock_rights_count; i++)
		if (stock_rights[i].luid && stock_rights[i].since <= build) {
			ndr_string(c, strlen(stock_rights[i].name), true);
			put_u32le(c->w, stock_rights[i].luid);
			put_u32le(c->w, 0);
		}
	for (unsigned i = 0; count && i < stock_rights_count; i++)
		if (stock_rights[i].luid && stock_rights[i].since <= build)
			ndr_string_buffer(c, units,
					  lab_units(stock_rights[i].name, units, 64));
	ndr_align(c, 4);
	put_u32le(c->w, status);
	return true;
}

/* [MS-LSAT] 3.1.4.4 LsarGetUserName */
static bool get_user_name(struct call *c)
{
	uint16_t user[64], domain[64];
	const char *name = c->pipe->account ? c->pipe->account->name : "Guest";
	size_t user_len = lab_units(name, user, 64);
	size_t domain_len = lab_units(world.netbios, domain, 64);

	ndr_pointer(c, true);
	ndr_string(c, user_len, true);
	ndr_string_buffer(c, user, user_len);
	ndr_pointer(c, true);
	ndr_pointer(c, true);
	ndr_string(c, domain_len, true);
	ndr_string_buffer(c, domain, domain_len);
	ndr_align(c, 4);
	put_u32le(c->w, STATUS_SUCCESS);
	return true;
}

static const struct {
	uint16_t opnum;
	enum lab_step step;
	bool recent; /* unknown to a host that knows old calls only */
	bool (*answer)(struct call *c);
} calls[] = {
	{ 0, STEP_CLOSE, false, close_handle },
	{ 2, STEP_ENUM, false, enumerate_privileges },
	{ 6, STEP_OPENPOLICY, false, open_policy },
	{ 7, STEP_QUERY, false, query_policy },
	{ 15, STEP_LOOKUP, false, lookup_sids },
	{ 35, STEP_ENUM, false, accounts_with_right },
	{ OPNUM_OPEN_POLICY2, STEP_OPENPOLICY, false, open_policy },
	{ 45, STEP_QUERY, false, get_user_name },
	{ 46, STEP_QUERY, true, query_policy },
	{ OPNUM_LOOKUP_SIDS2, STEP_LOOKUP, true, lookup_sids },
};

bool lsa_answer(struct call *c, bool *known)
{
	*known = false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].opnum == c->opnum &&
		    !(calls[i].recent && c->pipe->host->manner.old_calls)) {
			*known = true;
			return calls[i].answer(c);
		}
	return false;
}

enum lab_step lsa_step(uint16_t opnum)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].opnum == opnum)
			return calls[i].step;
	return STEP_QUERY;
}
