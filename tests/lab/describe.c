/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/accounts.h"
#include "tests/lab/directory.h"
#include "tests/lab/settings.h"
#include "tests/lab/share.h"

enum { WORDS_MAX = 64, LINE_MAX_LEN = 4096 };

static struct host plain(enum lab_role role)
{
	return (struct host){ .role = role,
			      .manner = {
				      .dialect = 0x311,
				      .dialect_min = 0x202,
				      .signing = SIGNING_ANY,
				      .cipher = CIPHER_ANY,
				      .signing_required = role == ROLE_DC,
				      .credits = 32,
				      .build = role == ROLE_CLIENT ? 19045 : 20348,
			      } };
}

/* Add a host; settings are read twice, since some place it and some need its number. */
static bool add(struct host *h, const char *name, char **words, size_t count)
{
	struct host *placed;

	for (size_t i = 0; i < count; i++)
		if (!set_before(h, words[i]))
			return false;
	placed = world_add(h);
	placed->name = name ? strdup(name) : NULL;
	for (size_t i = 0; i < count; i++)
		if (!set_after(placed, words[i]))
			return false;
	return true;
}

/* host NAME ROLE [KEY=VALUE...] */
static bool on_host(char **words, size_t count)
{
	int role = count >= 2 ? role_by_word(words[1]) : -1;
	struct host h;

	if (role < 0)
		return complain(
			"host NAME ROLE [KEY=VALUE...], where ROLE is dc, member, "
			"standalone or client");
	h = plain((enum lab_role)role);
	return add(&h, words[0], words + 2, count - 2);
}

/* What `hosts` plants, one after the other. */
static const struct {
	enum lab_change what;
	const char *right, *who;
} plants[] = {
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "svc-web" },
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "orphan" },
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "everyone" },
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "default_app_pool" },
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "iis_iusrs" },
	{ CHANGE_GRANT, "SeImpersonatePrivilege", "mssqlserver" },
	{ CHANGE_GRANT, "SeTakeOwnershipPrivilege", "svc-backup" },
	{ CHANGE_REVOKE, "SeImpersonatePrivilege", "network_service" },
	{ CHANGE_NOBODY, "SeImpersonatePrivilege", NULL },
};

enum { PLANTS = sizeof(plants) / sizeof(plants[0]) };

static void plant(struct host *h, unsigned kind)
{
	int right = stock_right_index(plants[kind].right, strlen(plants[kind].right));
	struct lab_sid sid = { 0 };

	if (plants[kind].who)
		principal_sid(plants[kind].who, &world.sid, &sid);
	host_plant(h, plants[kind].what, (unsigned)right, &sid);
}

/* Where the i-th of many hosts falls in a hundred, evenly and always the same. */
static unsigned percentile(uint32_t i, uint32_t salt)
{
	uint32_t v = (i + 1) * 2654435761u + salt * 40503u;

	v ^= v >> 15;
	v *= 0x2c1b3c6du;
	v ^= v >> 12;
	return v % 1000;
}

static enum lab_role role_of_number(uint32_t i)
{
	unsigned part = i % 100;

	return part == 0   ? ROLE_DC
	       : part < 36 ? ROLE_MEMBER
	       : part < 40 ? ROLE_STANDALONE
			   : ROLE_CLIENT;
}

/* The percentages of `mix`, in thousandths, for the `hosts` that follow. */
static struct {
	struct {
		unsigned thousandths;
		enum lab_fault fault;
		enum lab_step step;
	} rows[16];
	size_t count;
} mixed;

static void apply_mix(struct host *h, uint32_t i)
{
	unsigned part = percentile(i, 1), edge = 0;

	for (size_t row = 0; row < mixed.count; row++) {
		edge += mixed.rows[row].thousandths;
		if (part < edge) {
			h->manner.fault = (uint8_t)mixed.rows[row].fault;
			h->manner.step = (uint8_t)mixed.rows[row].step;
			return;
		}
	}
}

/* hosts N [plant=PERCENT] [KEY=VALUE...] */
static bool on_hosts(char **words, size_t count)
{
	unsigned hosts = 0, percent = 3, planted = 0;
	char **settings = words + 1;
	size_t left = count ? count - 1 : 0;

	if (!count || !parse_number(words[0], 1000000, &hosts))
		return complain("hosts N [plant=PERCENT] [KEY=VALUE...]");
	if (left && strncmp(settings[0], "plant=", 6) == 0) {
		if (!parse_number(settings[0] + 6, 100, &percent))
			return false;
		settings++;
		left--;
	}
	for (uint32_t i = 0; i < hosts; i++) {
		struct host h = plain(role_of_number(i));

		apply_mix(&h, i);
		if (!add(&h, NULL, settings, left))
			return false;
		if (percentile(i, 2) < percent * 10)
			plant(&world.hosts[world.count - 1], planted++ % PLANTS);
	}
	return true;
}

/* mix FAULT[@STEP]=PERCENT ...; also separated by commas. */
static bool on_mix(char **words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *rest = NULL;

		for (char *part = strtok_r(words[i], ",", &rest); part;
		     part = strtok_r(NULL, ",", &rest)) {
			char *value = strchr(part, '=');
			size_t row = mixed.count;

			if (!value || row == sizeof(mixed.rows) / sizeof(mixed.rows[0]))
				return complain("mix FAULT[@STEP]=PERCENT ...");
			*value++ = '\0';
			if (!fault_parse(part, &mixed.rows[row].fault,
					 &mixed.rows[row].step))
				return complain("\"%s\" is no fault", part);
			mixed.rows[row].thousandths = (unsigned)(atof(value) * 10);
			mixed.count++;
		}
	}
	return true;
}

/* matrix [KEY=VALUE...]: one host for each fault at each step it can show at. */
static bool on_matrix(char **words, size_t count)
{
	char name[HOST_NAME_MAX_LEN];

	for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
		for (int step = 0; step < STEP_COUNT; step++) {
			struct host h = plain(ROLE_MEMBER);
			char pair[64];

			if (!(fault_steps((enum lab_fault)fault) >> step & 1))
				continue;
			snprintf(pair, sizeof(pair), "%s@%s",
				 fault_word((enum lab_fault)fault),
				 step_word((enum lab_step)step));
			snprintf(name, sizeof(name), "f%02d-%s", fault,
				 step_word((enum lab_step)step));
			if (!set_fault(&h, pair) || !add(&h, name, words, count))
				return false;
		}
	return true;
}

/* user NAME PASSWORD [admin] [STATE] */
static bool on_user(char **words, size_t count)
{
	bool admin = false;
	const char *state = "enabled";

	if (count < 2)
		return complain("user NAME PASSWORD [admin] [STATE]");
	for (size_t i = 2; i < count; i++)
		if (strcmp(words[i], "admin") == 0)
			admin = true;
		else
			state = words[i];
	return account_add(words[0], words[1], admin, state) ||
	       complain("\"%s\" is no state of an account", state);
}

/* domain NETBIOS DNS SID */
static bool on_domain(char **words, size_t count)
{
	if (count != 3 || strlen(words[0]) >= sizeof(world.netbios) ||
	    strlen(words[1]) >= sizeof(world.dns) || !lab_sid_parse(words[2], &world.sid))
		return complain("domain NETBIOS DNS SID");
	strcpy(world.netbios, words[0]);
	strcpy(world.dns, words[1]);
	return true;
}

static bool on_lockout(char **words, size_t count)
{
	unsigned after = 0;

	if (count != 1 || !parse_number(words[0], 1000, &after))
		return complain("lockout N");
	accounts_lock_after(after);
	return true;
}

/* change NAME N: after N logons the password of the account is another. */
static bool on_change(char **words, size_t count)
{
	unsigned logons = 0;

	if (count != 2 || !parse_number(words[1], 1000000, &logons) || !logons)
		return complain("change NAME N");
	return account_change_after(words[0], logons) ||
	       complain("\"%s\" is no user above", words[0]);
}

/* base ADDRESS: where the next hosts without an address go, counting up. */
static bool on_base(char **words, size_t count)
{
	struct host h = { 0 };

	if (count != 1 || !set_address(&h, words[0]))
		return complain("base ADDRESS");
	world.next_address = h.address;
	return true;
}

/* directory computers=N [page=N] [forest=yes]: so many beside the hosts' own, so many in
 * a page, and a second domain. */
static bool on_directory(char **words, size_t count)
{
	unsigned value = 0;

	for (size_t i = 0; i < count; i++) {
		if (strncmp(words[i], "computers=", 10) == 0 &&
		    parse_number(words[i] + 10, 100000000, &value))
			directory_set_computers(value);
		else if (strncmp(words[i], "page=", 5) == 0 &&
			 parse_number(words[i] + 5, 1000, &value) && value)
			directory_set_page(value);
		else if (strcmp(words[i], "forest=yes") == 0)
			directory_set_forest();
		else
			return complain("directory computers=N [page=1 to 1000] "
					"[forest=yes]");
	}
	return true;
}

/* directory-matrix: a controller for each fault of a directory at each of its steps. */
static bool on_directory_matrix(char **words, size_t count)
{
	char name[HOST_NAME_MAX_LEN];

	for (int fault = LDAP_GOOD + 1; fault < LDAP_FAULT_COUNT; fault++)
		for (int step = 0; step < LDAP_STEP_COUNT; step++) {
			struct host h = plain(ROLE_DC);

			if (!ldap_fault_shows((enum ldap_fault)fault,
					      (enum ldap_step)step))
				continue;
			h.manner.ldap_fault = (uint8_t)fault;
			h.manner.ldap_step = (uint8_t)step;
			snprintf(name, sizeof(name), "d%02d-%s", fault,
				 ldap_step_word((enum ldap_step)step));
			if (!add(&h, name, words, count))
				return false;
		}
	return true;
}

/* sysvol FOLDER: what every controller has as its share SYSVOL. */
static bool on_sysvol(char **words, size_t count)
{
	return (count == 1 && share_set_folder(words[0])) || complain("sysvol FOLDER");
}

static const struct {
	const char *word;
	bool (*on)(char **words, size_t count);
} statements[] = {
	{ "domain", on_domain },
	{ "base", on_base },
	{ "lockout", on_lockout },
	{ "user", on_user },
	{ "mix", on_mix },
	{ "host", on_host },
	{ "hosts", on_hosts },
	{ "matrix", on_matrix },
	{ "change", on_change },
	{ "directory", on_directory },
	{ "directory-matrix", on_directory_matrix },
	{ "sysvol", on_sysvol },
};

bool describe_line(const char *line, char *complaint, size_t room)
{
	char copy[LINE_MAX_LEN], *words[WORDS_MAX], *rest = NULL;
	size_t count = 0;

	complain_into(complaint, room);
	snprintf(copy, sizeof(copy), "%s", line);
	copy[strcspn(copy, "#\r\n")] = '\0';
	for (char *word = strtok_r(copy, " \t", &rest); word && count < WORDS_MAX;
	     word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	if (!count)
		return true;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		if (strcmp(statements[i].word, words[0]) == 0)
			return statements[i].on(words + 1, count - 1);
	return complain("\"%s\" begins no line of a description", words[0]);
}

bool describe_file(const char *path)
{
	char line[LINE_MAX_LEN], complaint[256];
	FILE *file = fopen(path, "r");
	bool good = file != NULL;

	if (!file)
		perror(path);
	for (unsigned n = 1; file && fgets(line, sizeof(line), file); n++)
		if (!describe_line(line, complaint, sizeof(complaint))) {
			fprintf(stderr, "%s:%u: %s\n", path, n, complaint);
			good = false;
		}
	if (file)
		fclose(file);
	return good;
}
