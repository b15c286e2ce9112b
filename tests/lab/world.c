/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/world.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct world world;

/* Open addressing: a slot holds a host's index plus one. */
static struct {
	uint32_t *by_address, *by_name;
	size_t slots;
} map;

void world_start(void)
{
	world = (struct world){ .netbios = "CORP", .dns = "corp.example" };
	lab_sid_parse("S-1-5-21-1004336348-1177238915-682003330", &world.sid);
	world.next_address = 127u << 24 | 16u << 16;
	world.next_black = 127u << 24 | 240u << 16;
}

void world_drop(void)
{
	for (size_t i = 0; i < world.count; i++) {
		while (world.hosts[i].changes) {
			struct change *c = world.hosts[i].changes;

			world.hosts[i].changes = c->next;
			free(c);
		}
		free(world.hosts[i].name);
		free(world.hosts[i].tags);
	}
	free(world.hosts);
	free(map.by_address);
	free(map.by_name);
}

struct host *world_add(const struct host *host)
{
	struct host *h;

	if (world.count == world.room) {
		size_t room = world.room ? 2 * world.room : 64;
		struct host *grown = realloc(world.hosts, room * sizeof(*grown));

		if (!grown)
			abort();
		world.hosts = grown;
		world.room = room;
	}
	h = &world.hosts[world.count];
	*h = *host;
	h->number = (uint32_t)world.count++;
	if (!h->address)
		h->address = h->manner.fault == FAULT_BLACK_HOLE ? ++world.next_black
								 : ++world.next_address;
	return h;
}

static uint32_t mix(uint32_t v)
{
	v ^= v >> 16;
	v *= 0x7feb352du;
	v ^= v >> 15;
	v *= 0x846ca68bu;
	return v ^ v >> 16;
}

static uint32_t name_hash(const char *name, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint32_t)tolower((unsigned char)name[i])) * 16777619u;
	return mix(hash);
}

static void insert(uint32_t *slots, uint32_t hash, uint32_t index)
{
	size_t at = hash & (map.slots - 1);

	while (slots[at])
		at = (at + 1) & (map.slots - 1);
	slots[at] = index + 1;
}

void world_index(void)
{
	char name[HOST_NAME_MAX_LEN];

	map.slots = 64;
	while (map.slots < 2 * world.count)
		map.slots *= 2;
	map.by_address = calloc(map.slots, sizeof(uint32_t));
	map.by_name = calloc(map.slots, sizeof(uint32_t));
	if (!map.by_address || !map.by_name)
		abort();
	for (uint32_t i = 0; i < world.count; i++) {
		insert(map.by_address, mix(world.hosts[i].address), i);
		host_name(&world.hosts[i], name);
		insert(map.by_name, name_hash(name, strlen(name)), i);
	}
}

const struct host *world_by_address(uint32_t address)
{
	size_t at = mix(address) & (map.slots - 1);

	for (; map.by_address[at]; at = (at + 1) & (map.slots - 1))
		if (world.hosts[map.by_address[at] - 1].address == address)
			return &world.hosts[map.by_address[at] - 1];
	return NULL;
}

const struct host *world_by_name(const char *name, size_t len)
{
	size_t suffix = strlen(world.dns), at;
	char theirs[HOST_NAME_MAX_LEN];

	if (len > suffix && name[len - suffix - 1] == '.' &&
	    strncasecmp(name + len - suffix, world.dns, suffix) == 0)
		len -= suffix + 1;
	at = name_hash(name, len) & (map.slots - 1);
	for (; map.by_name[at]; at = (at + 1) & (map.slots - 1)) {
		const struct host *h = &world.hosts[map.by_name[at] - 1];

		host_name(h, theirs);
		if (strlen(theirs) == len && strncasecmp(theirs, name, len) == 0)
			return h;
	}
	return NULL;
}

void host_plant(struct host *h, enum lab_change what, unsigned right,
		const struct lab_sid *sid)
{
	struct change *c = calloc(1, sizeof(*c)), **end = &h->changes;

	if (!c)
		abort();
	c->what = what;
	c->right = right;
	if (sid)
		c->sid = *sid;
	while (*end)
		end = &(*end)->next;
	*end = c;
}

void host_name(const struct host *h, char name[static HOST_NAME_MAX_LEN])
{
	if (h->name)
		snprintf(name, HOST_NAME_MAX_LEN, "%s", h->name);
	else
		snprintf(name, HOST_NAME_MAX_LEN, "%s%05u", role_prefix(h->role),
			 h->number + 1);
}

void host_dns_name(const struct host *h, char name[static HOST_NAME_MAX_LEN])
{
	size_t len;

	host_name(h, name);
	len = strlen(name);
	if (host_in_domain(h))
		snprintf(name + len, HOST_NAME_MAX_LEN - len, ".%s", world.dns);
}

void host_netbios_name(const struct host *h, char name[static HOST_NAME_MAX_LEN])
{
	host_name(h, name);
	name[strcspn(name, ".")] = '\0';
	for (size_t i = 0; name[i]; i++)
		name[i] = (char)toupper((unsigned char)name[i]);
	name[15] = '\0';
}

bool host_in_domain(const struct host *h)
{
	return h->role != ROLE_STANDALONE && !h->manner.workgroup;
}

/* The first controller of the domain is its PDC emulator. */
uint16_t host_dsrole(const struct host *h)
{
	if (h->role == ROLE_CLIENT && h->manner.workgroup)
		return 0;
	if (h->role == ROLE_DC) {
		for (size_t i = 0; i < h->number; i++)
			if (world.hosts[i].role == ROLE_DC)
				return 4;
		return 5;
	}
	return role_dsrole(h->role);
}

struct lab_sid host_machine_sid(const struct host *h)
{
	struct lab_sid sid;

	if (h->role == ROLE_DC)
		return world.sid;
	lab_sid_parse("S-1-5-21", &sid);
	sid = lab_sid_under(&sid, 1000000000u + h->number);
	sid = lab_sid_under(&sid, mix(h->number + 1) | 1);
	return lab_sid_under(&sid, mix(h->number + 77) | 1);
}

/* Apply one planted change to a list of holders. */
static int apply(const struct change *c, struct lab_sid *sids, int count)
{
	int kept = 0;

	switch (c->what) {
	case CHANGE_UNKNOWN:
		return -1;
	case CHANGE_NOBODY:
		return 0;
	case CHANGE_GRANT:
		if (count < HOLDERS_MAX)
			sids[count++] = c->sid;
		return count;
	case CHANGE_REVOKE:
		for (int i = 0; i < count; i++)
			if (!lab_sid_equal(&sids[i], &c->sid))
				sids[kept++] = sids[i];
		return kept;
	}
	return count;
}

int host_holders(const struct host *h, unsigned right,
		 struct lab_sid sids[static HOLDERS_MAX])
{
	int count;

	if (stock_rights[right].since > h->manner.build)
		return -1;
	count = (int)stock_holders(right, h->role, sids);
	for (const struct change *c = h->changes; c && count >= 0; c = c->next)
		if (c->right == right)
			count = apply(c, sids, count);
	return count;
}

/* A domain that no directory knows. */
static struct lab_sid invented_domain(const struct host *h)
{
	char text[LAB_SID_TEXT_MAX];
	struct lab_sid domain;

	snprintf(text, sizeof(text), "S-1-5-21-6666-%u-6666", h->number);
	lab_sid_parse(text, &domain);
	return domain;
}

struct lab_sid host_invented(const struct host *h, uint32_t i)
{
	struct lab_sid domain = invented_domain(h);

	return lab_sid_under(&domain, 1000 + i);
}

bool host_invented_it(const struct host *h, const struct lab_sid *sid)
{
	struct lab_sid invented = invented_domain(h), domain;
	uint32_t rid;

	return h->manner.invents && lab_sid_split(sid, &domain, &rid) &&
	       lab_sid_equal(&domain, &invented);
}
