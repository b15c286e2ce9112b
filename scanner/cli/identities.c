/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identities.c - one provider a credential.
 */
#include "scanner/cli/identities.h"

#include <stdio.h>
#include <stdlib.h>

#include "rpc/auth/auth_gss.h"
#include "scanner/cli/advice.h"

/* Says no, as the KDC did. */
struct refusal {
	struct auth_provider provider; /* first: a provider is one of these */
	struct fault fault;
};

static struct auth *refuse(const struct auth_provider *p, const char *host,
			   struct fault *fault)
{
	(void)host;
	*fault = ((const struct refusal *)p)->fault;
	return NULL;
}

static const char *no_mechanism(const struct auth *a)
{
	(void)a;
	return "";
}

static void end_nothing(struct auth *a)
{
	(void)a;
}

static const struct auth_provider *refusal_new(const struct fault *fault)
{
	struct refusal *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->provider.begin = refuse;
	r->provider.mechanism = no_mechanism;
	r->provider.end = end_nothing;
	r->fault = *fault;
	return &r->provider;
}

/* The cache that was tried only because nothing was said may be missing, when targets
 * name sections. */
static bool by_default(const struct credentials *c, size_t i)
{
	const struct credential *from = credentials_at(c, i);

	return i == 0 && credentials_count(c) > 1 && !from->user && !from->keytab;
}

static bool open_one(struct identities *ids, const struct credentials *c, size_t i,
		     char *why, size_t why_size)
{
	struct auth_gss_options options = credentials_auth(c, i);
	struct fault fault = { 0 };
	const struct auth_provider *p = auth_gss_new(&options, &fault);
	char whom[300];

	credentials_describe(c, i, whom, sizeof whom);
	if (!p && (fault.kind == FAULT_LOGON_REFUSED || by_default(c, i)))
		p = refusal_new(&fault);
	if (!p) {
		snprintf(why, why_size, "%s: %s; %s", whom, fault.what,
			 advice_for_fault(&fault));
		return false;
	}
	ids->at[i] = (struct sweep_credential){ credentials_names(c)[i], p };
	ids->count = i + 1;
	return true;
}

bool identities_open(struct identities *ids, const struct credentials *credentials,
		     char *why, size_t why_size)
{
	ids->count = 0;
	for (size_t i = 0; i < credentials_count(credentials); i++)
		if (!open_one(ids, credentials, i, why, why_size)) {
			identities_close(ids);
			return false;
		}
	return true;
}

const char *identities_name(const struct identities *ids, size_t i)
{
	const struct auth_provider *p = ids->at[i].provider;

	return p->begin == refuse ? NULL : auth_gss_identity(p);
}

void identities_close(struct identities *ids)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct auth_provider *p = (struct auth_provider *)ids->at[i].provider;

		if (p->begin == refuse)
			free(p);
		else
			auth_gss_free(p);
	}
	ids->count = 0;
}
