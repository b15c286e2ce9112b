/* SPDX-License-Identifier: Apache-2.0 */
/* One credential as a provider: which mechanism a login takes is chosen here, before
 * anything is sent to the host, and never again. */
#include "rpc/auth/auth_gss.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/auth/auth_gss_internal.h"
#include "rpc/auth/auth_ntlm.h"
#include "rpc/auth/ntlm_client.h"

static const char step_name[] = "authenticate";

struct provider {
	struct auth_provider seam;
	struct kerberos *kerberos;    /* NULL: NTLM alone */
	struct ntlm_credential *ntlm; /* NULL: Kerberos alone */
	bool ntlm_fallback;
	struct fault no_kdc; /* why there is no `kerberos` where there was to be one */
	char *identity;
};

/* ---- one login ---- */

static bool is_address(const char *host)
{
	unsigned char scratch[sizeof(struct in6_addr)];
	char bare[INET6_ADDRSTRLEN + 1];
	size_t len = strcspn(host, "%");

	if (inet_pton(AF_INET, host, scratch) == 1)
		return true;
	if (len >= sizeof bare)
		return false;
	memcpy(bare, host, len);
	bare[len] = 0;
	return inet_pton(AF_INET6, bare, scratch) == 1;
}

/* An address has no ticket: a password then logs on by NTLM.  A host that the KDC does
 * not know does so where the user allowed it. */
static struct auth *begin(const struct provider *p, const char *host,
			  const struct auth_purpose *purpose, struct fault *fault)
{
	struct fault why = { 0 };
	struct auth *a;

	if (p->ntlm && (is_address(host) || !p->kerberos) &&
	    (is_address(host) || p->ntlm_fallback || p->no_kdc.kind == FAULT_NONE))
		return ntlm_login_begin(p->ntlm, host, purpose, fault);
	if (!p->kerberos) {
		*fault = p->no_kdc;
		return NULL;
	}
	if (is_address(host)) {
		fault_set(fault, step_name, REASON_TARGET_IS_ADDRESS, CODE_NONE, 0);
		return NULL;
	}
	a = kerberos_login_begin(p->kerberos, host, purpose, &why);
	if (!a && p->ntlm_fallback && ticket_host_is_unknown(&why))
		return ntlm_login_begin(p->ntlm, host, purpose, fault);
	if (!a)
		*fault = why;
	return a;
}

static struct auth *auth_begin(const struct auth_provider *seam, const char *host,
			       struct fault *fault)
{
	struct auth_purpose smb = { .service = "cifs", .opened = seam->opening.len > 0 };

	return begin((const struct provider *)seam, host, &smb, fault);
}

static bool auth_step(struct auth *a, struct bytes in, struct bytes *out, bool *complete,
		      struct fault *fault)
{
	return a->methods->step(a, in, out, complete, fault);
}

static bool auth_key(struct auth *a, struct session_key *key, struct fault *fault)
{
	return a->methods->key(a, key, fault);
}

static enum auth_mechanism mechanism_of(const struct auth *a)
{
	return a->methods->mechanism;
}

static void auth_end(struct auth *a)
{
	if (a)
		a->methods->end(a);
}

/* ---- a login at an LDAP server ---- */

struct auth *auth_gss_begin_ldap(const struct auth_provider *seam, const char *host,
				 struct bytes channel, struct fault *fault)
{
	struct auth_purpose ldap = { .service = "ldap",
				     .channel = channel,
				     .seal = channel.len == 0 };

	if (seam->begin != auth_begin) /* a stand-in, which refuses every login */
		return seam->begin(seam, host, fault);
	return begin((const struct provider *)seam, host, &ldap, fault);
}

bool auth_gss_seals(struct auth *a)
{
	return a->methods->seals(a);
}

bool auth_gss_seal(struct auth *a, struct bytes in, struct bytes *out,
		   struct fault *fault)
{
	return a->methods->seal(a, in, out, fault);
}

bool auth_gss_unseal(struct auth *a, struct bytes in, struct bytes *out,
		     struct fault *fault)
{
	return a->methods->unseal(a, in, out, fault);
}

void auth_unseal_fault(struct fault *fault)
{
	fault_set_words(fault, "protect", REASON_ALTERED_ENCRYPTION, CODE_NONE, 0,
			"an answer was not encrypted, or was altered on the way");
}

/* ---- the credential ---- */

static bool set_identity(struct provider *p, const struct auth_gss_options *o,
			 struct fault *fault)
{
	int made = 0;

	if (p->kerberos)
		p->identity = strdup(kerberos_identity(p->kerberos));
	else if (o->realm)
		made = asprintf(&p->identity, "%s@%s", o->user, o->realm);
	else
		made = asprintf(&p->identity, "%s%s%s", o->domain ? o->domain : "",
				o->domain ? "\\" : "", o->user);
	if (made >= 0 && p->identity)
		return true;
	p->identity = NULL;
	fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
	return false;
}

/* A KDC that refuses the password ends it: no second login is tried with it.  Where no
 * KDC could be asked nothing was refused, and NTLM is left: for literal addresses, and
 * for names to who allowed it. */
static bool ntlm_is_left(const struct auth_gss_options *o, const struct fault *why)
{
	return o->user && !o->no_ntlm && why->space == CODE_GSS &&
	       (why->code == (uint32_t)KRB5_KDC_UNREACH ||
		why->code == (uint32_t)KRB5_REALM_UNKNOWN);
}

static bool options_are_whole(const struct auth_gss_options *o, struct fault *fault)
{
	if (o->user && !o->password) {
		fault_set_words(fault, step_name, REASON_NO_PASSWORD, CODE_NONE, 0,
				"there is no password for \"%s\"", o->user);
		return false;
	}
	if (o->user && !o->realm && o->no_ntlm) {
		fault_set_words(fault, step_name, REASON_REALM_MISSING, CODE_NONE, 0,
				"Kerberos alone needs USER@REALM, and this is \"%s%s%s\"",
				o->domain ? o->domain : "", o->domain ? "\\" : "",
				o->user);
		return false;
	}
	return true;
}

/* What the user gave decides: USER@REALM is Kerberos, and NTLM for a literal address;
 * DOMAIN\USER is NTLM; a ccache or a keytab is Kerberos. */
static bool acquire(struct provider *p, const struct auth_gss_options *o,
		    struct fault *fault)
{
	struct fault why = { 0 };

	if (!options_are_whole(o, fault))
		return false;
	if (!o->user || o->realm)
		p->kerberos = kerberos_new(o, &why);
	if (why.kind != FAULT_NONE && !ntlm_is_left(o, &why)) {
		*fault = why;
		return false;
	}
	p->no_kdc = why;
	if (!set_identity(p, o, fault))
		return false;
	if (!o->user || o->no_ntlm)
		return true;
	p->ntlm = ntlm_credential_new(o->user, o->realm ? o->realm : o->domain,
				      o->password, fault);
	p->ntlm_fallback = o->ntlm_fallback;
	if (p->ntlm && !p->kerberos && !o->realm)
		p->seam.opening = ntlm_negotiate(NTLM_USE_SIGN);
	return p->ntlm != NULL;
}

enum { STACK_OF_LIBRARIES = 64 * 1024 };

/* libkrb5 makes its keys of copies of the password on the stack, and leaves them. */
static __attribute__((noinline)) void wipe_stack(void)
{
	char left[STACK_OF_LIBRARIES];

	explicit_bzero(left, sizeof left);
}

struct auth_provider *auth_gss_new(const struct auth_gss_options *options,
				   struct fault *fault)
{
	struct provider *p = calloc(1, sizeof *p);
	bool good;

	if (!p) {
		fault_set(fault, step_name, REASON_OUT_OF_MEMORY, CODE_NONE, 0);
		return NULL;
	}
	p->seam = (struct auth_provider){ .begin = auth_begin,
					  .step = auth_step,
					  .key = auth_key,
					  .mechanism = mechanism_of,
					  .end = auth_end };
	good = acquire(p, options, fault);
	wipe_stack();
	if (!good) {
		auth_gss_free(&p->seam);
		return NULL;
	}
	return &p->seam;
}

void auth_gss_free(struct auth_provider *seam)
{
	struct provider *p = (struct provider *)seam;

	if (!p)
		return;
	kerberos_free(p->kerberos);
	ntlm_credential_free(p->ntlm);
	free(p->identity);
	free(p);
}

bool auth_gss_has_ticket(const struct auth_provider *p)
{
	return ((const struct provider *)p)->kerberos != NULL;
}

const char *auth_gss_identity(const struct auth_provider *p)
{
	return ((const struct provider *)p)->identity;
}
