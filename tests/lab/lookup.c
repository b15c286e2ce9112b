/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lookup.c - [MS-LSAT]: the names of SIDs, in the language of the host.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/lsa.h"
#include "tests/lab/status.h"

enum { ASKED_MAX = 1000, DOMAINS_MAX = 16, NO_DOMAIN = -1 };

/* One SID's name, and the domain it is of. */
struct found {
	uint16_t use;
	int domain;
	char text[LAB_SID_TEXT_MAX]; /* a name made up here */
	const char *name;            /* UTF-8 */
};

struct lookup {
	const struct host *host;
	size_t asked, mapped, domain_count;
	struct found *found;
	struct {
		const char *name;
		struct lab_sid sid;
	} domains[DOMAINS_MAX];
};

static int domain_index(struct lookup *l, const char *name, const struct lab_sid *sid)
{
	for (size_t i = 0; i < l->domain_count; i++)
		if (lab_sid_equal(&l->domains[i].sid, sid))
			return (int)i;
	if (l->domain_count == DOMAINS_MAX)
		return NO_DOMAIN;
	l->domains[l->domain_count].name = name;
	l->domains[l->domain_count].sid = *sid;
	return (int)l->domain_count++;
}

/* S-1-5-80-... belongs to S-1-5-80 as a whole; others to what stands before the RID. */
static struct lab_sid authority_of(const struct lab_sid *sid)
{
	struct lab_sid domain;
	uint32_t rid;

	lab_sid_split(sid, &domain, &rid);
	while (domain.at[1] > 1 && domain.at[8] >= 80)
		lab_sid_split(&domain, &domain, &rid);
	return domain;
}

static bool find_well_known(struct lookup *l, const struct lab_sid *sid, struct found *f)
{
	const struct principal *p;
	char text[LAB_SID_TEXT_MAX];
	struct lab_sid domain;
	bool german = l->host->manner.german;

	lab_sid_text(sid, text);
	p = principal_by_text(text);
	if (!p)
		return false;
	domain = authority_of(sid);
	f->use = p->use;
	f->name = german && p->name_de ? p->name_de : p->name;
	f->domain = domain_index(l, german && p->domain_de ? p->domain_de : p->domain,
				 &domain);
	return true;
}

/* The domain's accounts, or the machine's own. */
static bool find_account(struct lookup *l, const struct lab_sid *sid, struct found *f)
{
	static char machine_name[HOST_NAME_MAX_LEN];
	struct lab_sid machine = host_machine_sid(l->host), domain;
	const struct principal *p;
	uint32_t rid;
	bool joined = host_in_domain(l->host);

	if (!lab_sid_split(sid, &domain, &rid))
		return false;
	if (joined && lab_sid_equal(sid, &world.sid)) {
		f->use = USE_DOMAIN;
		f->domain = domain_index(l, world.netbios, &world.sid);
		return true;
	}
	if (joined && lab_sid_equal(&domain, &world.sid)) {
		p = principal_by_rid(rid);
		f->domain = domain_index(l, world.netbios, &world.sid);
		f->use = p ? p->use : USE_UNKNOWN;
		snprintf(f->text, sizeof(f->text), "%08X", rid);
		f->name = p ? p->name : f->text;
		return true;
	}
	if (!lab_sid_equal(&domain, &machine))
		return false;
	host_netbios_name(l->host, machine_name);
	f->domain = domain_index(l, machine_name, &machine);
	f->use = USE_USER;
	snprintf(f->text, sizeof(f->text),
		 rid == 500   ? "Administrator"
		 : rid == 501 ? "Guest"
			      : "local%u",
		 rid);
	f->name = f->text;
	return true;
}

/* What the host makes up, where it has names for it: a name longer than any Windows. */
static bool find_invented(struct lookup *l, const struct lab_sid *sid, struct found *f)
{
	static char longest[LONG_NAMES_MAX + 1];
	size_t letters = l->host->manner.long_names;

	if (!letters || !host_invented_it(l->host, sid))
		return false;
	if (!*longest)
		memset(longest, 'x', LONG_NAMES_MAX);
	f->use = USE_USER;
	f->name = longest + LONG_NAMES_MAX - letters;
	return true;
}

static void find(struct lookup *l, const struct lab_sid *sid, struct found *f)
{
	*f = (struct found){ .use = USE_UNKNOWN, .domain = NO_DOMAIN, .name = "" };
	if (!find_well_known(l, sid, f) && !find_account(l, sid, f) &&
	    !find_invented(l, sid, f)) {
		lab_sid_text(sid, f->text);
		f->name = f->text;
	}
	l->mapped += f->use != USE_UNKNOWN;
}

/* A name's units: most are short, one is ten thousand long. */
static size_t units_of(const char *name, const uint16_t **units)
{
	static uint16_t scratch[12000];

	*units = scratch;
	return lab_units(name, scratch, sizeof(scratch) / sizeof(scratch[0]));
}

static void put_domains(struct call *c, const struct lookup *l)
{
	const uint16_t *units;

	ndr_pointer(c, true);
	put_u32le(c->w, (uint32_t)l->domain_count);
	ndr_pointer(c, l->domain_count > 0);
	put_u32le(c->w, 32);
	if (l->domain_count)
		put_u32le(c->w, (uint32_t)l->domain_count);
	for (size_t i = 0; i < l->domain_count; i++) {
		ndr_string(c, units_of(l->domains[i].name, &units), true);
		ndr_pointer(c, true);
	}
	for (size_t i = 0; i < l->domain_count; i++) {
		size_t len = units_of(l->domains[i].name, &units);

		ndr_string_buffer(c, units, len);
		ndr_sid(c, &l->domains[i].sid);
	}
}

static void put_names(struct call *c, const struct lookup *l)
{
	const uint16_t *units;

	ndr_align(c, 4);
	put_u32le(c->w, (uint32_t)l->asked);
	ndr_pointer(c, l->asked > 0);
	if (l->asked)
		put_u32le(c->w, (uint32_t)l->asked);
	for (size_t i = 0; i < l->asked; i++) {
		put_u16le(c->w, l->found[i].use);
		ndr_align(c, 4);
		ndr_string(c, units_of(l->found[i].name, &units), true);
		put_u32le(c->w, (uint32_t)l->found[i].domain);
		if (c->opnum == OPNUM_LOOKUP_SIDS2)
			put_u32le(c->w, 0);
	}
	for (size_t i = 0; i < l->asked; i++) {
		size_t len = units_of(l->found[i].name, &units);

		ndr_string_buffer(c, units, len);
	}
}

static void put_answer(struct call *c, const struct lookup *l)
{
	put_domains(c, l);
	put_names(c, l);
	ndr_align(c, 4);
	put_u32le(c->w, (uint32_t)l->mapped);
	put_u32le(c->w, l->mapped == l->asked ? STATUS_SUCCESS
			: l->mapped           ? STATUS_SOME_NOT_MAPPED
					      : STATUS_NONE_MAPPED);
}

static bool refuse(struct call *c, uint32_t status)
{
	put_zeros(c->w, 16);
	put_u32le(c->w, status);
	return true;
}

static bool get_asked(struct call *c, struct lookup *l)
{
	struct lab_sid sid;
	uint32_t count = get_u32le(&c->in), pointer = get_u32le(&c->in);

	if (count > ASKED_MAX || (count && !pointer))
		return false;
	if (count && get_u32le(&c->in) != count)
		return false;
	get_skip(&c->in, 4 * (size_t)count);
	l->asked = count;
	l->found = calloc(count ? count : 1, sizeof(*l->found));
	if (!l->found)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (!ndr_get_sid(&c->in, &sid))
			return false;
		find(l, &sid, &l->found[i]);
	}
	return true;
}

/* The last fields of a request, which must be there and be what they must be. */
static bool get_tail(struct call *c)
{
	uint16_t level;

	get_align(&c->in, 4);
	get_skip(&c->in, 8);
	level = get_u16le(&c->in);
	get_align(&c->in, 4);
	get_skip(&c->in, c->opnum == OPNUM_LOOKUP_SIDS2 ? 12 : 4);
	return !c->in.bad && level == 1;
}

bool lookup_sids(struct call *c)
{
	struct lookup l = { .host = c->pipe->host };
	struct bytes handle = get_bytes(&c->in, HANDLE_LEN);
	bool good = get_asked(c, &l) && get_tail(c);

	if (!good)
		;
	else if (!c->pipe->policy_open || memcmp(handle.at, c->pipe->policy, HANDLE_LEN))
		refuse(c, STATUS_INVALID_HANDLE);
	else if (!(c->pipe->access & 0x800) || c->armed == FAULT_DENIED)
		refuse(c, STATUS_ACCESS_DENIED);
	else
		put_answer(c, &l);
	free(l.found);
	return good;
}
