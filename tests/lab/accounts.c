/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/accounts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/crypt.h"
#include "tests/lab/principals.h"
#include "tests/lab/status.h"

enum { NAME_MAX_LEN = 64 };

static struct {
	struct account *at;
	size_t count;
	unsigned lock_after, unknown;
} accounts;

static const struct {
	const char *word;
	uint32_t status;
} states[] = {
#define X(state, word, status) { word, status },
	LAB_STATES(X)
#undef X
};

/* UTF-8 as UTF-16LE bytes; returns the bytes. */
static size_t to_utf16(const char *text, uint8_t bytes[static 2 * NAME_MAX_LEN])
{
	uint16_t units[NAME_MAX_LEN];
	size_t len = lab_units(text, units, NAME_MAX_LEN);

	for (size_t i = 0; i < len; i++) {
		bytes[2 * i] = (uint8_t)units[i];
		bytes[2 * i + 1] = (uint8_t)(units[i] >> 8);
	}
	return 2 * len;
}

bool account_add(const char *name, const char *password, bool admin, const char *state)
{
	struct account a = { .admin = admin }, *grown;
	uint8_t utf16[2 * NAME_MAX_LEN];

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i].word, state) == 0) {
			a.state = states[i].word;
			a.refuses = states[i].status;
		}
	if (!a.state || strlen(name) >= NAME_MAX_LEN || strlen(password) >= NAME_MAX_LEN)
		return false;
	grown = realloc(accounts.at, (accounts.count + 1) * sizeof(a));
	a.name = strdup(name);
	if (!grown || !a.name)
		abort();
	accounts.at = grown;
	crypt_md4(utf16, to_utf16(password, utf16), a.nt_hash);
	accounts.at[accounts.count++] = a;
	return true;
}

void accounts_lock_after(unsigned failures)
{
	accounts.lock_after = failures;
}

bool account_change_after(const char *name, unsigned logons)
{
	for (size_t i = 0; i < accounts.count; i++)
		if (strcmp(accounts.at[i].name, name) == 0) {
			accounts.at[i].lasts = logons;
			return true;
		}
	return false;
}

/* Compares ASCII names: UTF-16LE from the wire against ours. */
static bool same_name(const char *ours, struct bytes name)
{
	if (name.len != 2 * strlen(ours))
		return false;
	for (size_t i = 0; i < name.len / 2; i++)
		if (name.at[2 * i + 1] ||
		    tolower(name.at[2 * i]) != tolower((uint8_t)ours[i]))
			return false;
	return true;
}

struct account *account_attempt(struct bytes name)
{
	for (size_t i = 0; i < accounts.count; i++)
		if (same_name(accounts.at[i].name, name)) {
			accounts.at[i].attempts++;
			return &accounts.at[i];
		}
	accounts.unknown++;
	return NULL;
}

/* [MS-NLMP] 3.3.2 NTOWFv2: HMAC-MD5(NT hash, UPPER(user) || domain as given). */
const uint8_t *account_key(struct account *a, struct bytes domain)
{
	uint8_t upper[2 * NAME_MAX_LEN];
	size_t len = to_utf16(a->name, upper);
	struct bytes parts[] = { { upper, len }, domain };

	if (a->ntowf_known && a->domain_len == domain.len &&
	    memcmp(a->domain, domain.at, domain.len) == 0)
		return a->ntowf;
	for (size_t i = 0; i < len; i += 2)
		if (upper[i + 1] == 0)
			upper[i] = (uint8_t)toupper(upper[i]);
	crypt_hmac_md5(a->nt_hash, parts, 2, a->ntowf);
	a->ntowf_known = domain.len <= sizeof(a->domain);
	if (a->ntowf_known && domain.len)
		memcpy(a->domain, domain.at, domain.len);
	a->domain_len = domain.len;
	return a->ntowf;
}

uint32_t account_judge(struct account *a, bool right_password)
{
	bool locked = a->refuses == STATUS_ACCOUNT_LOCKED_OUT ||
		      (accounts.lock_after && a->bad_passwords >= accounts.lock_after);

	if (locked) {
		a->failures++;
		return STATUS_ACCOUNT_LOCKED_OUT;
	}
	if (!right_password || (a->lasts && a->successes >= a->lasts)) {
		a->failures++;
		a->bad_passwords++;
		return STATUS_LOGON_FAILURE;
	}
	if (a->refuses) {
		a->failures++;
		return a->refuses;
	}
	a->successes++;
	a->bad_passwords = 0;
	return STATUS_SUCCESS;
}

size_t account_count(void)
{
	return accounts.count;
}

const struct account *account_at(size_t i)
{
	return &accounts.at[i];
}

unsigned accounts_unknown(void)
{
	return accounts.unknown;
}

void accounts_drop(void)
{
	for (size_t i = 0; i < accounts.count; i++)
		free(accounts.at[i].name);
	free(accounts.at);
	accounts.at = NULL;
	accounts.count = 0;
}
