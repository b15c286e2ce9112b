/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts/facts.h"

#include <string.h>
#include <strings.h>

#define X(name, text) [name] = text,
static const char *const host_outcomes[] = { HOST_OUTCOMES(X) };
static const char *const right_outcomes[] = { RIGHT_OUTCOMES(X) };
static const char *const roles[] = { ROLES(X) };
static const char *const evidences[] = { ROLE_EVIDENCES(X) };
static const char *const kinds[] = { HOLDER_KINDS(X) };
static const char *const mechanisms[] = { LOGIN_MECHANISMS(X) };
#undef X

/* ---- for people ---- */

static const char *const host_sentences[] = {
	[HOST_ANSWERED] = "logged on, and the host reported its role or a right",
	[HOST_UNRESOLVABLE] = "its name could not be resolved",
	[HOST_UNREACHABLE] = "no route to it",
	[HOST_REFUSED] = "the port is closed",
	[HOST_TIMEOUT] = "no answer to the connection in time",
	[HOST_STALLED] = "connected, then no answer in time",
	[HOST_DISCONNECTED] = "it closed the connection",
	[HOST_NOT_SMB] = "something else than SMB listens there",
	[HOST_SMB1_ONLY] = "it speaks SMB1 only, which lsasweep never speaks",
	[HOST_NO_ENCRYPTION] = "encryption was required, and it has none",
	[HOST_LOGON_REFUSED] = "the credential was refused",
	[HOST_FOREIGN] = "not of the credential's domain: no password was sent",
	[HOST_KERBEROS_FAILED] = "no Kerberos ticket for it",
	[HOST_ACCESS_DENIED] = "logged on, and access was denied",
	[HOST_INTEGRITY_FAILED] = "an answer was unsigned or altered",
	[HOST_PROTOCOL_ERROR] = "its answers break the protocol",
	[HOST_GUARDED] = "not tried: the credential guard had stopped",
	[HOST_NOT_ASKED] = "the sweep ended before its turn",
	[HOST_LOCAL_ERROR] = "something failed on the scanning machine",
};

static const char *const right_sentences[] = {
	[RIGHT_HELD] = "somebody holds it",
	[RIGHT_NOBODY] = "the host reported that nobody holds it",
	[RIGHT_UNDEFINED] = "this Windows does not know it",
	[RIGHT_DENIED] = "the host denied access to the answer",
	[RIGHT_FAILED] = "the question failed",
};

static const char *const role_titles[] = {
	[ROLE_DOMAIN_CONTROLLER] = "domain controller",
	[ROLE_MEMBER_SERVER] = "member server",
	[ROLE_STANDALONE_SERVER] = "standalone server",
	[ROLE_CLIENT] = "client",
	[ROLE_UNKNOWN] = "unknown role",
};

_Static_assert(sizeof(host_sentences) == sizeof(host_outcomes), "a sentence an outcome");
_Static_assert(sizeof(right_sentences) == sizeof(right_outcomes),
	       "a sentence an outcome");
_Static_assert(sizeof(role_titles) == sizeof(roles), "a title a role");

static const char *text_at(const char *const *table, size_t count, size_t i)
{
	return i < count ? table[i] : "";
}

static bool word_find(const char *const *table, size_t count, const char *word, size_t *i)
{
	for (size_t k = 0; word && k < count; k++) {
		if (table[k] && strcmp(table[k], word) == 0) {
			*i = k;
			return true;
		}
	}
	return false;
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define WORDS(type, prefix, table)                                     \
	const char *prefix##_word(enum type v)                         \
	{                                                              \
		return text_at(table, COUNT(table), (size_t)v);        \
	}                                                              \
	bool prefix##_from_word(const char *word, enum type *value)    \
	{                                                              \
		size_t i;                                              \
		bool known = word_find(table, COUNT(table), word, &i); \
                                                                       \
		if (known)                                             \
			*value = (enum type)i;                         \
		return known;                                          \
	}

WORDS(host_outcome, host_outcome, host_outcomes)
WORDS(right_outcome, right_outcome, right_outcomes)
WORDS(role, role, roles)
WORDS(role_evidence, role_evidence, evidences)
WORDS(holder_kind, holder_kind, kinds)
WORDS(login_mechanism, login_mechanism, mechanisms)

const char *host_outcome_sentence(enum host_outcome o)
{
	return text_at(host_sentences, COUNT(host_sentences), (size_t)o);
}

const char *right_outcome_sentence(enum right_outcome o)
{
	return text_at(right_sentences, COUNT(right_sentences), (size_t)o);
}

const char *role_title(enum role r)
{
	return text_at(role_titles, COUNT(role_titles), (size_t)r);
}

void facts_init(struct facts *f)
{
	*f = (struct facts){
		.outcome = HOST_NOT_ASKED,
		.role = ROLE_UNKNOWN,
		.hint = ROLE_UNKNOWN,
		.timing = { -1, -1, -1, -1, -1 },
	};
}

void facts_free(struct facts *f)
{
	pool_free(&f->memory);
	facts_init(f);
}

void *facts_take(struct facts *f, size_t count, size_t size)
{
	void *memory = pool_take(&f->memory, count, size);

	if (!memory)
		f->out_of_memory = true;
	return memory;
}

const char *facts_text_len(struct facts *f, const char *text, size_t len)
{
	const char *copy;

	if (!text)
		return NULL;
	copy = pool_text(&f->memory, text, len);
	if (!copy)
		f->out_of_memory = true;
	return copy;
}

const char *facts_text(struct facts *f, const char *text)
{
	return text ? facts_text_len(f, text, strlen(text)) : NULL;
}

bool facts_is_policy(const struct facts *f)
{
	return f->source && strcmp(f->source, SOURCE_POLICY) == 0;
}

const struct right_fact *facts_right(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->right_count; i++)
		if (strcasecmp(f->rights[i].name, name) == 0)
			return &f->rights[i];
	return NULL;
}
