/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.c - gathers whom we log on as from flags, file, environment and prompt.
 */
#include "scanner/login/credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scanner/login/credentials_file.h"
#include "scanner/console/sanitized.h"
#include "scanner/login/secrets.h"

struct credentials {
	struct credential_sections sections;
	const char *names[CREDENTIAL_SECTIONS_MAX];
	bool no_ntlm, ntlm_fallback;
};

/* LSASWEEP_PASSWORD, once credentials_harden() took it. */
static char *from_environment;

/* No debugger of the same user, and /proc/PID is root's.  The leak checker of a test
 * build is such a debugger. */
static void forbid_debuggers(void)
{
#if !HUNTS_LEAKS
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void credentials_harden(void)
{
	static const struct rlimit none = { 0, 0 };
	char *password = getenv("LSASWEEP_PASSWORD");

	setrlimit(RLIMIT_CORE, &none);
	/* Nothing that runs from here, a plug-in of GSSAPI least of all, gains by it. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	forbid_debuggers();
	if (!password)
		return;
	from_environment = secret_copy(password);
	/* The text itself, which /proc/PID/environ would show. */
	explicit_bzero(password, strlen(password));
	unsetenv("LSASWEEP_PASSWORD");
}

/* $CREDENTIALS_DIRECTORY/password, which systemd made for this service alone.  False:
 * it is there and cannot be read. */
static bool from_directory(const char **password, char *why, size_t why_size)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	char path[4096];

	if (!directory)
		return true;
	snprintf(path, sizeof path, "%s/password", directory);
	if (access(path, F_OK) != 0)
		return true;
	*password = secret_read_line(path, why, why_size);
	return *password != NULL;
}

/* What the -A file does not hold is taken from elsewhere, the prompt last. */
static bool seek_password(struct credential *c, char *why, size_t why_size)
{
	char prompt[CREDENTIAL_TEXT_MAX + 64], reason[160];

	/* The environment's password is the default credential's. */
	if (!*c->name) {
		c->password = from_environment;
		if (!c->password && !from_directory(&c->password, why, why_size))
			return false;
	}
	if (c->password)
		return true;
	snprintf(prompt, sizeof prompt,
		 "Password of %s%s%s: ", c->domain ? c->domain : "",
		 c->domain ? "\\" : "", c->user);
	c->password = secret_ask(prompt, reason, sizeof reason);
	if (!c->password)
		snprintf(why, why_size, "no password for \"%s\": %s", c->user, reason);
	return c->password != NULL;
}

/* An empty one is a variable or a file that was not filled in: logging on with it would
 * only count as a failed logon of the account. */
static bool find_password(struct credential *c, char *why, size_t why_size)
{
	if (!c->user)
		return true;
	if (!c->password && !seek_password(c, why, why_size))
		return false;
	if (!*c->password)
		snprintf(why, why_size,
			 "the password of \"%s\" is empty; expected a password in the -A "
			 "file, LSASWEEP_PASSWORD, $CREDENTIALS_DIRECTORY/password or at "
			 "the prompt",
			 c->user);
	return *c->password != '\0';
}

/* Flags go before the file's first part, but never against it. */
static bool take_user(struct credential *c, const char *text, char *why, size_t why_size)
{
	struct credential file = *c;
	char *copy = secret_copy(text), reason[160];

	if (!copy) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	c->user = c->domain = c->realm = NULL;
	if (!credentials_split_user(copy, c, reason, sizeof reason)) {
		snprintf(why, why_size, "-U: %s", reason);
		return false;
	}
	if (file.user && strcasecmp(file.user, c->user) != 0) {
		snprintf(why, why_size,
			 "-U names \"%s\" and the -A file \"%s\"; expected one of them",
			 c->user, file.user);
		return false;
	}
	if (!c->domain && !c->realm) {
		c->domain = file.domain;
		c->realm = file.realm;
	}
	return true;
}

static bool take_flags(struct credential *c, const struct credentials_options *o,
		       char *why, size_t why_size)
{
	if (!o->keytab != !o->principal) {
		snprintf(why, why_size, "--keytab and --principal go together");
		return false;
	}
	if (o->kerberos + (o->keytab != NULL) + (o->user != NULL) > 1) {
		snprintf(why, why_size,
			 "expected one of -k (credential cache), --keytab and -U");
		return false;
	}
	if (o->kerberos || o->keytab)
		*c = (struct credential){ .name = "",
					  .keytab = o->keytab,
					  .principal = o->principal };
	return !o->user || take_user(c, o->user, why, why_size);
}

static bool gather(struct credentials *c, const struct credentials_options *o, char *why,
		   size_t why_size)
{
	struct credential_sections *s = &c->sections;

	s->at[0].name = "";
	s->count = 1;
	c->no_ntlm = o->no_ntlm;
	c->ntlm_fallback = o->ntlm_fallback;
	if (o->auth_file && !credentials_read(o->auth_file, s, why, why_size))
		return false;
	if (!take_flags(&s->at[0], o, why, why_size))
		return false;
	for (size_t i = 0; i < s->count; i++) {
		c->names[i] = s->at[i].name;
		if (!o->names_only && !find_password(&s->at[i], why, why_size))
			return false;
	}
	return true;
}

struct credentials *credentials_open(const struct credentials_options *options, char *why,
				     size_t why_size)
{
	struct credentials *c = calloc(1, sizeof *c);

	if (!c) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	if (gather(c, options, why, why_size))
		return c;
	credentials_close(c);
	return NULL;
}

void credentials_forget(struct credentials *c)
{
	for (size_t i = 0; i < c->sections.count; i++) {
		struct credential *one = &c->sections.at[i];

		if (one->password)
			explicit_bzero((char *)one->password, strlen(one->password));
		one->password = NULL;
	}
	if (from_environment)
		explicit_bzero(from_environment, strlen(from_environment));
	from_environment = NULL;
}

void credentials_close(struct credentials *c)
{
	free(c);
	secrets_wipe();
	from_environment = NULL;
}

size_t credentials_count(const struct credentials *c)
{
	return c->sections.count;
}

const struct credential *credentials_at(const struct credentials *c, size_t i)
{
	return &c->sections.at[i];
}

const char *const *credentials_names(const struct credentials *c)
{
	return c->names;
}

struct auth_gss_options credentials_auth(const struct credentials *c, size_t i)
{
	const struct credential *from = &c->sections.at[i];

	return (struct auth_gss_options){
		.user = from->user,
		.password = from->password,
		.domain = from->domain,
		.realm = from->realm,
		.keytab = from->keytab,
		.principal = from->principal,
		.no_ntlm = c->no_ntlm,
		.ntlm_fallback = c->ntlm_fallback,
	};
}

void credentials_describe(const struct credentials *c, size_t i, char *text, size_t size)
{
	const struct credential *from = &c->sections.at[i];

	if (from->keytab)
		snprintf(text, size, "%s, Kerberos by keytab", from->principal);
	else if (!from->user)
		snprintf(text, size, "Kerberos from the credential cache");
	else if (from->realm)
		snprintf(text, size, "%s@%s by password", from->user, from->realm);
	else
		snprintf(text, size, "%s%s%s by password",
			 from->domain ? from->domain : "", from->domain ? "\\" : "",
			 from->user);
}
