/* SPDX-License-Identifier: Apache-2.0 */
/* One NTLMv2 login: checks the challenge, brings clock and random numbers, keeps the
 * tokens.  The messages are ntlm_client.c's. */
#include "rpc/auth/auth_ntlm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rpc/auth/ntlm_client.h"
#include "rpc/auth/ntlm_seal.h"
#include "rpc/wire/utf16.h"

static const char step_name[] = "authenticate";

enum {
	SERVICE_MAX = 256,   /* bytes of "cifs/" or "ldap/" and a host's name */
	SKEW_HOURS_MAX = 36, /* [MS-NLMP] 3.2.5.2.2: older answers are refused */
};

struct ntlm_credential {
	struct ntlm_identity who;
	char *user, *domain;
	char workstation[64];
};

struct ntlm_login {
	struct auth base;
	const struct ntlm_credential *credential;
	char service[SERVICE_MAX];
	enum ntlm_use use;
	struct bytes channel; /* borrowed until the last step */
	bool opened;
	struct wire_out token; /* our last one, or what was sealed or opened last */
	struct session_key key;
	bool sealing;
	struct ntlm_seal seal; /* while `sealing` */
};

/* ---- the credential ---- */

static void name_workstation(struct ntlm_credential *c)
{
	if (gethostname(c->workstation, sizeof c->workstation - 1) != 0)
		c->workstation[0] = 0;
	c->workstation[strcspn(c->workstation, ".")] = 0;
}

struct ntlm_credential *ntlm_credential_new(const char *user, const char *domain,
					    const char *password, struct fault *fault)
{
	struct ntlm_credential *c = calloc(1, sizeof *c);

	if (c) {
		c->user = strdup(user);
		c->domain = strdup(domain ? domain : "");
	}
	if (!c || !c->user || !c->domain) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		ntlm_credential_free(c);
		return NULL;
	}
	name_workstation(c);
	c->who.user = c->user;
	c->who.domain = c->domain;
	c->who.workstation = c->workstation;
	if (ntlm_hash_password(password, c->who.nt_hash))
		return c;
	if (utf8_is_valid(password))
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
	else
		fault_set_words(fault, step_name, REASON_MECHANISM_FAILED, CODE_NONE, 0,
				"the password of \"%s\" is not valid UTF-8", user);
	ntlm_credential_free(c);
	return NULL;
}

void ntlm_credential_free(struct ntlm_credential *c)
{
	if (!c)
		return;
	explicit_bzero(c->who.nt_hash, sizeof c->who.nt_hash);
	free(c->user);
	free(c->domain);
	free(c);
}

/* ---- one login ---- */

/* FILETIME: 100 ns since 1601. */
static uint64_t filetime_now(void)
{
	static const uint64_t epoch_seconds = 11644473600u;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec + epoch_seconds) * 10000000u +
	       (uint64_t)now.tv_nsec / 100;
}

/* An answer made for another day would be refused like a wrong password. */
static bool clocks_agree(const struct ntlm_offer *offer, uint64_t now,
			 struct fault *fault)
{
	static const uint64_t ticks_an_hour = 36000000000u;
	bool ahead = offer->time > now;
	uint64_t apart = ahead ? offer->time - now : now - offer->time;

	if (!offer->has_time || apart <= SKEW_HOURS_MAX * ticks_an_hour)
		return true;
	fault_set_words(fault, step_name, REASON_HOST_CLOCK_WRONG, CODE_NONE, 0,
			"the host's clock is more than 36 hours %s this machine's",
			ahead ? "ahead of" : "behind");
	return false;
}

static bool answer(struct ntlm_login *l, const struct ntlm_offer *offer,
		   struct fault *fault)
{
	struct ntlm_logon logon = { .use = l->use,
				    .offer = offer,
				    .service = l->service,
				    .now = filetime_now() };
	bool good;

	if (!clocks_agree(offer, logon.now, fault))
		return false;
	wire_reset(&l->token);
	good = (!l->channel.len ||
		ntlm_bind_channel(l->channel, logon.channel_bindings)) &&
	       ntlm_random(logon.nonce, sizeof logon.nonce) &&
	       ntlm_random(logon.random_key, sizeof logon.random_key) &&
	       ntlm_put_authenticate(&l->token, &l->credential->who, &logon, &l->key);
	if (good && l->use == NTLM_USE_SEAL && ntlm_offers_sealing(offer))
		l->sealing = good = ntlm_seal_begin(&l->seal, &l->key);
	explicit_bzero(&logon, sizeof logon);
	if (!good)
		fault_set_words(
			fault, step_name, REASON_MECHANISM_FAILED, CODE_NONE, 0,
			"no NTLM answer: out of memory, libcrypto failed, or a name is "
			"not valid UTF-8");
	return good;
}

static bool ntlm_step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	struct ntlm_login *l = (struct ntlm_login *)a;
	struct ntlm_offer offer;

	*complete = false;
	if (!l->opened) {
		l->opened = true;
		*out = ntlm_negotiate(l->use);
		return true;
	}
	if (!ntlm_offer_read(in, &offer, fault) || !answer(l, &offer, fault))
		return false;
	*out = wire_written(&l->token);
	*complete = true;
	return true;
}

static bool ntlm_key(struct auth *a, struct session_key *key, struct fault *fault)
{
	(void)fault;
	*key = ((struct ntlm_login *)a)->key;
	return true;
}

static void ntlm_end(struct auth *a)
{
	struct ntlm_login *l = (struct ntlm_login *)a;

	wire_wipe(&l->token);
	explicit_bzero(&l->key, sizeof l->key);
	explicit_bzero(&l->seal, sizeof l->seal);
	free(l);
}

/* ---- what follows a login at an LDAP server ---- */

static bool ntlm_seals(struct auth *a)
{
	return ((struct ntlm_login *)a)->sealing;
}

static bool ntlm_seal_text(struct auth *a, struct bytes in, struct bytes *out,
			   struct fault *fault)
{
	struct ntlm_login *l = (struct ntlm_login *)a;
	bool good = l->sealing && ntlm_seal_message(&l->seal, in, &l->token);

	if (!good)
		fault_set_words(
			fault, step_name, REASON_CRYPTO_FAILED, CODE_NONE, 0,
			"nothing can be sealed: out of memory, or libcrypto failed");
	*out = wire_written(&l->token);
	return good;
}

static bool ntlm_unseal_text(struct auth *a, struct bytes in, struct bytes *out,
			     struct fault *fault)
{
	struct ntlm_login *l = (struct ntlm_login *)a;
	bool good = l->sealing && ntlm_unseal_message(&l->seal, in, &l->token);

	if (!good)
		auth_unseal_fault(fault);
	*out = wire_written(&l->token);
	return good;
}

/* ---- begin ---- */

static const struct auth_methods ntlm_methods = { .mechanism = AUTH_NTLM,
						  .step = ntlm_step,
						  .key = ntlm_key,
						  .end = ntlm_end,
						  .seals = ntlm_seals,
						  .seal = ntlm_seal_text,
						  .unseal = ntlm_unseal_text };

static enum ntlm_use use_for(const struct auth_purpose *purpose)
{
	if (purpose->seal)
		return NTLM_USE_SEAL;
	return purpose->channel.len ? NTLM_USE_NONE : NTLM_USE_SIGN;
}

struct auth *ntlm_login_begin(const struct ntlm_credential *c, const char *host,
			      const struct auth_purpose *purpose, struct fault *fault)
{
	struct ntlm_login *l = calloc(1, sizeof *l);
	int len;

	if (!l) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	*l = (struct ntlm_login){ .base = { &ntlm_methods },
				  .credential = c,
				  .use = use_for(purpose),
				  .channel = purpose->channel,
				  .opened = purpose->opened,
				  .token = wire_out(NTLM_SEALED_MAX + 1024) };
	len = snprintf(l->service, sizeof l->service, "%s/%s", purpose->service, host);
	if (len > 0 && (size_t)len < sizeof l->service)
		return &l->base;
	fault_set(fault, step_name, REASON_BAD_SERVER_NAME, CODE_NONE, 0);
	ntlm_end(&l->base);
	return NULL;
}
