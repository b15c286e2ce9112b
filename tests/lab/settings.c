/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/settings.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/crypt.h"
#include "tests/lab/file_faults.h"

static char *complain_to;
static size_t complain_room;

void complain_into(char *to, size_t room)
{
	complain_to = to;
	complain_room = room;
}

bool complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(complain_to, complain_room, format, args);
	va_end(args);
	return false;
}

bool parse_number(const char *text, unsigned max, unsigned *value)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (!*text || *end || v > max)
		return complain("\"%s\" is not a number from 0 to %u", text, max);
	*value = (unsigned)v;
	return true;
}

static bool yes_no(const char *text, bool *value)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return complain("\"%s\" is neither yes nor no", text);
	*value = *text == 'y';
	return true;
}

/* A word and the number it stands for. */
struct word {
	const char *word;
	unsigned value;
};

static const struct word dialects[] = { { "2.0.2", 0x202 }, { "2.1", 0x210 },
					{ "3.0", 0x300 },   { "3.0.2", 0x302 },
					{ "3.1.1", 0x311 }, { NULL, 0 } };
static const struct word signings[] = {
	{ "hmac", SIGN_HMAC }, { "cmac", SIGN_CMAC }, { "gmac", SIGN_GMAC }, { NULL, 0 }
};
static const struct word ciphers[] = {
	{ "none", CIPHER_NONE },           { "aes-128-ccm", CIPHER_128_CCM },
	{ "aes-128-gcm", CIPHER_128_GCM }, { "aes-256-ccm", CIPHER_256_CCM },
	{ "aes-256-gcm", CIPHER_256_GCM }, { NULL, 0 }
};
static const struct word encrypts[] = { { "never", ENCRYPT_NEVER },
					{ "session", ENCRYPT_SESSION },
					{ "share", ENCRYPT_SHARE },
					{ NULL, 0 } };

static bool one_of(const struct word *words, const char *text, unsigned *value)
{
	for (; words->word; words++)
		if (strcmp(words->word, text) == 0) {
			*value = words->value;
			return true;
		}
	return complain("\"%s\" is none of the words known here", text);
}

bool set_fault(struct host *h, const char *value)
{
	enum lab_fault fault;
	enum lab_step step;

	if (!fault_parse(value, &fault, &step))
		return complain("\"%s\" is not FAULT@STEP as --print-faults lists them",
				value);
	h->manner.fault = (uint8_t)fault;
	h->manner.step = (uint8_t)step;
	if (fault == FAULT_UNENCRYPTED)
		h->manner.encrypt = ENCRYPT_SESSION;
	if (fault == FAULT_DOWNGRADE_SIGNING)
		h->manner.signing_required = true;
	if (fault == FAULT_NO_ENCRYPTION)
		h->manner.cipher = CIPHER_NONE;
	if (fault == FAULT_DOWNGRADE_DIALECT)
		h->manner.dialect = 0x302;
	return true;
}

/* Settings whose value is one word or one number. */
static bool set_manner(struct host *h, const char *key, const char *value, bool *known)
{
	struct manner *m = &h->manner;
	unsigned v = 0;
	bool good = true;

	if (strcmp(key, "dialect") == 0) {
		good = one_of(dialects, value, &v);
		m->dialect = (uint16_t)v;
	} else if (strcmp(key, "signing") == 0) {
		good = one_of(signings, value, &v);
		m->signing = (uint8_t)v;
	} else if (strcmp(key, "cipher") == 0) {
		good = one_of(ciphers, value, &v);
		m->cipher = (uint8_t)v;
	} else if (strcmp(key, "encrypt") == 0) {
		good = one_of(encrypts, value, &v);
		m->encrypt = (uint8_t)v;
	} else if (strcmp(key, "credits") == 0) {
		good = parse_number(value, 128, &v);
		m->credits = (uint16_t)v;
	} else if (strcmp(key, "fragment") == 0) {
		good = parse_number(value, 4280, &v);
		m->fragment = (uint16_t)v;
	} else if (strcmp(key, "build") == 0) {
		good = parse_number(value, 65535, &v);
		m->build = (uint16_t)v;
	} else if (strcmp(key, "logon_status") == 0) {
		m->logon_status = (uint32_t)strtoul(value, NULL, 16);
		good = m->logon_status != 0 || complain("\"%s\" is no status", value);
	} else if (strcmp(key, "delay") == 0) {
		good = parse_number(value, 60000, &v);
		m->delay_ms = (uint16_t)v;
	} else if (strcmp(key, "invents") == 0) {
		good = parse_number(value, INVENTED_MAX, &v);
		m->invents = (uint16_t)v;
	} else if (strcmp(key, "long_names") == 0) {
		good = parse_number(value, LONG_NAMES_MAX, &v);
		m->long_names = (uint16_t)v;
	} else {
		*known = false;
	}
	return good;
}

static bool set_flag(struct host *h, const char *key, const char *value, bool *known)
{
	struct manner *m = &h->manner;
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "signing_required", &m->signing_required },
		{ "alter_refused", &m->alter_refused },
		{ "old_calls", &m->old_calls },
		{ "german", &m->german },
		{ "hostile_banner", &m->hostile_banner },
		{ "pending", &m->pending },
		{ "workgroup", &m->workgroup },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].key, key) == 0)
			return yes_no(value, flags[i].flag);
	*known = false;
	return true;
}

/* "MACHINE-500" is one of the host's own accounts. */
static bool holder_sid(const struct host *h, const char *word, struct lab_sid *sid)
{
	struct lab_sid machine = host_machine_sid(h);

	if (strncmp(word, "MACHINE-", 8) == 0) {
		*sid = lab_sid_under(&machine, (uint32_t)strtoul(word + 8, NULL, 10));
		return true;
	}
	return principal_sid(word, &world.sid, sid) ||
	       complain("\"%s\" is neither a SID nor a principal known here", word);
}

/* grant=RIGHT:WHO,WHO  revoke=RIGHT:WHO  nobody=RIGHT  unknown=RIGHT */
static bool set_change(struct host *h, enum lab_change what, char *value)
{
	size_t len = strcspn(value, ":");
	int right = stock_right_index(value, len);
	struct lab_sid sid;

	if (right < 0)
		return complain("\"%.*s\" is not a user right", (int)len, value);
	if (what == CHANGE_NOBODY || what == CHANGE_UNKNOWN) {
		host_plant(h, what, (unsigned)right, NULL);
		return true;
	}
	if (!value[len])
		return complain("\"%s\" does not say who", value);
	for (char *rest = NULL, *who = strtok_r(value + len + 1, ",", &rest); who;
	     who = strtok_r(NULL, ",", &rest)) {
		if (!holder_sid(h, who, &sid))
			return false;
		host_plant(h, what, (unsigned)right, &sid);
	}
	return true;
}

static bool set_rights(struct host *h, const char *key, char *value)
{
	static const struct word changes[] = { { "grant", CHANGE_GRANT },
					       { "revoke", CHANGE_REVOKE },
					       { "nobody", CHANGE_NOBODY },
					       { "unknown", CHANGE_UNKNOWN },
					       { NULL, 0 } };

	for (const struct word *w = changes; w->word; w++)
		if (strcmp(w->word, key) == 0)
			return set_change(h, (enum lab_change)w->value, value);
	return false;
}

static bool set_tag(struct host *h, const char *tag)
{
	char *tags = NULL;

	if (asprintf(&tags, "%s%s%s", h->tags ? h->tags : "", h->tags ? " " : "", tag) <
	    0)
		abort();
	free(h->tags);
	h->tags = tags;
	return true;
}

bool set_address(struct host *h, const char *value)
{
	struct in_addr address;

	if (inet_pton(AF_INET, value, &address) != 1 ||
	    ntohl(address.s_addr) >> 24 != 127)
		return complain("\"%s\" is not an address in 127.0.0.0/8", value);
	h->address = ntohl(address.s_addr);
	return true;
}

/* Calls a setter with KEY and VALUE of one word. */
static bool split(struct host *h, char *word,
		  bool (*setter)(struct host *h, const char *key, char *value))
{
	char *value = strchr(word, '=');
	bool good;

	if (!value)
		return complain("\"%s\" is not KEY=VALUE", word);
	*value = '\0';
	good = setter(h, word, value + 1);
	*value = '=';
	return good;
}

static bool set_directory(struct host *h, const char *value)
{
	enum ldap_fault fault;
	enum ldap_step step;

	if (!ldap_fault_parse(value, &fault, &step))
		return complain("\"%s\" is not FAULT@STEP as --print-directory-faults "
				"lists them",
				value);
	h->manner.ldap_fault = (uint8_t)fault;
	h->manner.ldap_step = (uint8_t)step;
	return true;
}

static bool set_file_fault(struct host *h, const char *value)
{
	enum file_fault fault = file_fault_by_word(value);

	if (fault == FILE_GOOD)
		return complain("\"%s\" is no fault that --print-file-faults lists",
				value);
	h->manner.file_fault = (uint8_t)fault;
	return true;
}

static bool is_after(const char *key)
{
	static const char *const keys[] = { "tag", "grant", "revoke", "nobody",
					    "unknown" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static bool before(struct host *h, const char *key, char *value)
{
	bool known = true, good;

	if (is_after(key))
		return true;
	if (strcmp(key, "address") == 0)
		return set_address(h, value);
	if (strcmp(key, "fault") == 0)
		return set_fault(h, value);
	if (strcmp(key, "directory") == 0)
		return set_directory(h, value);
	if (strcmp(key, "file") == 0)
		return set_file_fault(h, value);
	good = set_manner(h, key, value, &known);
	if (known)
		return good;
	known = true;
	good = set_flag(h, key, value, &known);
	return good && (known || complain("\"%s\" is no setting of a host", key));
}

static bool after(struct host *h, const char *key, char *value)
{
	if (!is_after(key))
		return true;
	return strcmp(key, "tag") == 0 ? set_tag(h, value) : set_rights(h, key, value);
}

bool set_before(struct host *h, char *word)
{
	return split(h, word, before);
}

bool set_after(struct host *h, char *word)
{
	return split(h, word, after);
}
