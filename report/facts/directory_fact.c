/* SPDX-License-Identifier: Apache-2.0 */
/* The computer account in a host's record. */
#include "report/facts/directory_fact.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "report/facts/windows_build.h"

void directory_fact_set(struct facts *f, const struct directory_fact *d)
{
	struct directory_fact *copy;

	f->directory = NULL;
	if (!d)
		return;
	copy = facts_take(f, 1, sizeof(*copy));
	if (!copy)
		return;
	*copy = *d;
#define X(name) copy->name = facts_text(f, d->name);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	f->directory = copy;
}

static size_t size_of(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

size_t directory_fact_text_size(const struct directory_fact *d)
{
	size_t size = 0;

#define X(name) size += size_of(d->name);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	return size;
}

static const char *copy_text(const char *text, char **to)
{
	char *copy = *to;

	if (!text)
		return NULL;
	*to = stpcpy(copy, text) + 1;
	return copy;
}

struct directory_fact directory_fact_copy_to(const struct directory_fact *d, char **text)
{
	struct directory_fact copy = *d;

#define X(name) copy.name = copy_text(d->name, text);
	DIRECTORY_FACT_TEXTS(X)
#undef X
	return copy;
}

/* Also where the host reported the first build of its branch: the account has its own. */
void directory_fact_conclude(struct facts *f)
{
	const struct directory_fact *d = f->directory;

	if (!d || !d->build ||
	    (f->os_version && !windows_version_may_be(f->os_version, d->build)))
		return;
	f->os_version = facts_text(f, d->build);
	f->os_version_of_directory = true;
	f->os_version_of_ntlm = false;
}

/* Names of machines are compared as NetBIOS has them: 15 characters. */
enum { MACHINE_NAME_MAX = 15 };

static bool is_other_name(const struct facts *f)
{
	const char *account = f->directory->account, *name = f->netbios_name;
	size_t len = account ? strcspn(account, "$") : 0;

	if (!len || !name || !*name)
		return false;
	if (len > MACHINE_NAME_MAX)
		len = MACHINE_NAME_MAX;
	return strncasecmp(name, account, len) != 0 ||
	       strnlen(name, MACHINE_NAME_MAX) != len;
}

static bool is_other_text(const char *reported, const char *recorded)
{
	return reported && *reported && recorded && strcasecmp(reported, recorded) != 0;
}

bool directory_fact_conflict(const struct facts *f, char *text, size_t size)
{
	const struct directory_fact *d = f->directory;

	if (!d)
		return false;
	if (is_other_name(f))
		snprintf(text, size,
			 "the host reports the name %.40s, its account is %.40s",
			 f->netbios_name, d->account);
	else if (f->policy_known && !f->policy_domain_joined)
		snprintf(text, size,
			 "the host reports no domain, its account is in %.100s",
			 d->domain ? d->domain : "one");
	else if (is_other_text(f->dns_domain, d->domain))
		snprintf(text, size,
			 "the host reports the domain %.100s, its account is in %.100s",
			 f->dns_domain, d->domain);
	else if (f->os_version && d->build &&
		 !windows_version_may_be(f->os_version, d->build))
		snprintf(text, size,
			 "the host reports Windows %.40s, Active Directory has %.40s",
			 f->os_version, d->build);
	else
		return false;
	return true;
}

void directory_fact_put(struct json_text *t, const struct directory_fact *d)
{
	const char *comma = ",\"directory\":{";

#define X(name)                            \
	json_put_raw(t, comma);            \
	json_put_raw(t, "\"" #name "\":"); \
	json_put_string(t, d->name);       \
	comma = ",";
	DIRECTORY_FACT_TEXTS(X)
#undef X
	json_put_raw(t, ",\"role\":");
	json_put_string(t, d->role == ROLE_UNKNOWN ? NULL : role_word(d->role));
	json_put_raw(t, ",\"enabled\":");
	if (d->enabled_known)
		json_put_bool(t, d->enabled);
	else
		json_put_string(t, NULL);
	json_put_raw(t, "}");
}

static const cJSON *given(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return item && !cJSON_IsNull(item) ? item : NULL;
}

static bool read_text(const cJSON *object, const char *name, struct facts *f,
		      const char **text, const char **key)
{
	const cJSON *item = given(object, name);

	*key = name;
	if (item && !cJSON_IsString(item))
		return false;
	*text = item ? facts_text(f, item->valuestring) : NULL;
	return true;
}

static bool read_role(const cJSON *object, enum role *role, const char **key)
{
	const cJSON *item = given(object, "role");

	*key = "role";
	*role = ROLE_UNKNOWN;
	return !item || (cJSON_IsString(item) && role_from_word(item->valuestring, role));
}

static bool read_enabled(const cJSON *object, struct directory_fact *d, const char **key)
{
	const cJSON *item = given(object, "enabled");

	*key = "enabled";
	d->enabled_known = item != NULL;
	d->enabled = cJSON_IsTrue(item);
	return !item || cJSON_IsBool(item);
}

bool directory_fact_read(const cJSON *object, struct facts *f, const char **key)
{
	struct directory_fact *d = facts_take(f, 1, sizeof(*d));

	*key = "";
	if (!d)
		return false;
#define X(name)                                          \
	if (!read_text(object, #name, f, &d->name, key)) \
		return false;
	DIRECTORY_FACT_TEXTS(X)
#undef X
	f->directory = d;
	return read_role(object, &d->role, key) && read_enabled(object, d, key);
}
