/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to one domain controller: socket, TLS (ldap_tls.c) and login;
 * ldap_search.c asks. */
#include "scanner/discover/ldap_link.h"

#include <errno.h>
#include <ldap.h>
#include <openldap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"
#include "scanner/discover/dial.h"
#include "scanner/discover/ldap_link_internal.h"
#include "scanner/discover/ldap_protect.h"
#include "scanner/discover/ldap_result.h"
#include "scanner/discover/ldap_tls.h"

enum {
	MESSAGE_MAX = 4 << 20, /* bytes of one LDAP message */
	LOGIN_ROUNDS_MAX = 8,
};

static bool set_up(struct ldap_link *l, int fd, struct fault *fault);
static enum ldap_login log_on(struct ldap_link *l, struct fault *fault);

void ldap_link_prepare_process(void)
{
	setenv("LDAPNOINIT", "1", 1);
}

const char *ldap_link_system_ca(void)
{
	static const char *const files[] = {
		"/etc/ssl/certs/ca-certificates.crt", /* Debian */
		"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
		"/etc/ssl/ca-bundle.pem",             /* SUSE */
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (access(files[i], R_OK) == 0)
			return files[i];
	return files[0];
}

struct ldap_link *ldap_link_open(const struct ldap_link_options *options,
				 enum ldap_login *login, struct fault *fault)
{
	struct ldap_link *l = calloc(1, sizeof *l);
	int fd;

	*login = LDAP_NOT_TRIED;
	if (!l) {
		fault_set_words(fault, "connect", REASON_OUT_OF_MEMORY, CODE_NONE, 0,
				"out of memory");
		return NULL;
	}
	l->options = *options;
	fd = dial(options->address, options->connect_ms, options->abandon, fault);
	if (fd >= 0 && set_up(l, fd, fault) &&
	    (!options->tls ||
	     ldap_tls_start(l->ld, options->ca_file, &l->channel, fault)))
		*login = log_on(l, fault);
	l->options.host = l->options.ca_file = NULL;
	l->options.address = NULL;
	if (*login == LDAP_ACCEPTED)
		return l;
	ldap_link_close(l);
	return NULL;
}

void ldap_link_close(struct ldap_link *l)
{
	if (!l)
		return;
	if (l->ld)
		ldap_unbind_ext(l->ld, NULL, NULL);
	if (l->auth)
		l->options.provider->end(l->auth);
	free(l);
}

enum auth_mechanism ldap_link_mechanism(const struct ldap_link *l)
{
	return l->options.provider->mechanism(l->auth);
}

/* ---- connect ---- */

static bool set_option(LDAP *ld, int option, const void *value)
{
	return ldap_set_option(ld, option, value) == LDAP_OPT_SUCCESS;
}

/* Nothing is resolved from the URL: its host is the name in the certificate. */
static bool set_up(struct ldap_link *l, int fd, struct fault *fault)
{
	const int version = LDAP_VERSION3;
	ber_len_t largest = MESSAGE_MAX;
	struct timeval limit = { (time_t)(l->options.login_ms / 1000),
				 (suseconds_t)(l->options.login_ms % 1000 * 1000) };
	Sockbuf *buffer = NULL;
	char url[300];

	snprintf(url, sizeof url, "%s://%s", l->options.tls ? "ldaps" : "ldap",
		 l->options.host);
	if (ldap_init_fd(fd, LDAP_PROTO_TCP, url, &l->ld) != LDAP_SUCCESS) {
		close(fd);
		fault_set_words(fault, "connect", REASON_LDAP_FAILED, CODE_NONE, 0,
				"\"%s\" is not the name of a domain controller",
				l->options.host);
		return false;
	}
	if (set_option(l->ld, LDAP_OPT_PROTOCOL_VERSION, &version) &&
	    set_option(l->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) &&
	    set_option(l->ld, LDAP_OPT_NETWORK_TIMEOUT, &limit) &&
	    ldap_get_option(l->ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
	    ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest) == 1)
		return true;
	fault_set_words(fault, "connect", REASON_LDAP_FAILED, CODE_NONE, 0,
			"the LDAP library does not take an option");
	return false;
}

/* ---- wait ---- */

/* The end of a connection and bytes that are no LDAP, or too many, are one result to
 * libldap; its decoder leaves ERANGE for the latter. */
static void note_break(struct ldap_link *l, int error, const char *step,
		       struct fault *fault)
{
	int result = LDAP_SERVER_DOWN;

	ldap_get_option(l->ld, LDAP_OPT_RESULT_CODE, &result);
	if (l->broken.kind != FAULT_NONE)
		*fault = l->broken;
	else
		ldap_result_fault(fault, step,
				  error == ERANGE ? LDAP_DECODING_ERROR : result);
}

/* libldap may hold a whole message back while the socket is silent, and reads part of one
 * without giving it: so every wait is short, and the deadline is ours. */
LDAPMessage *ldap_link_wait(struct ldap_link *l, int id, uint64_t deadline,
			    const char *step, struct fault *fault)
{
	for (;;) {
		struct timeval slice = { 0, (suseconds_t)DIAL_SLICE_MS * 1000 };
		LDAPMessage *message = NULL;
		int type;

		errno = 0;
		type = ldap_result(l->ld, id, LDAP_MSG_ONE, &slice, &message);
		if (type > 0)
			return message;
		if (type < 0) {
			note_break(l, errno, step, fault);
			return NULL;
		}
		if (dial_abandoned(l->options.abandon, step, fault))
			return NULL;
		if (dial_now() >= deadline) {
			fault_set_words(fault, step, REASON_DIRECTORY_BUSY, CODE_NONE, 0,
					"connected, then no answer in time");
			return NULL;
		}
	}
}

/* ---- log on ---- */

/* One round of SASL: our token out, the server's in (`in` is borrowed from `*held`, which
 * the caller frees).  LDAP_ACCEPTED: the server is content; LDAP_NOT_TRIED: go on. */
static enum ldap_login say_token(struct ldap_link *l, struct bytes out,
				 struct berval **held, uint64_t deadline,
				 struct fault *fault)
{
	struct berval token = { out.len, (char *)(uintptr_t)out.at };
	bool kerberos = ldap_link_mechanism(l) == AUTH_KERBEROS;
	LDAPMessage *answer;
	char *diagnostic = NULL;
	int id, sent, result = LDAP_DECODING_ERROR;

	sent = ldap_sasl_bind(l->ld, NULL, "GSS-SPNEGO", &token, NULL, NULL, &id);
	if (sent != LDAP_SUCCESS) {
		ldap_result_fault(fault, "authenticate", sent);
		return LDAP_NO_VERDICT;
	}
	answer = ldap_link_wait(l, id, deadline, "authenticate", fault);
	if (!answer)
		return LDAP_NO_VERDICT;
	if (ldap_parse_sasl_bind_result(l->ld, answer, held, 0) != LDAP_SUCCESS ||
	    ldap_parse_result(l->ld, answer, &result, NULL, &diagnostic, NULL, NULL, 1) !=
		    LDAP_SUCCESS)
		result = LDAP_DECODING_ERROR;
	if (result == LDAP_SASL_BIND_IN_PROGRESS || result == LDAP_SUCCESS) {
		ldap_memfree(diagnostic);
		return result == LDAP_SUCCESS ? LDAP_ACCEPTED : LDAP_NOT_TRIED;
	}
	ldap_result_bind_fault(fault, result, diagnostic, kerberos);
	ldap_memfree(diagnostic);
	return result == LDAP_DECODING_ERROR ? LDAP_NO_VERDICT : LDAP_REFUSED_LOGIN;
}

/* The bind is over for the server: is it for us, and is what follows encrypted? */
static enum ldap_login finish(struct ldap_link *l, const struct berval *last,
			      bool complete, struct fault *fault)
{
	struct bytes in = { 0 }, rest = { 0 };

	if (last)
		in = (struct bytes){ (uint8_t *)last->bv_val, last->bv_len };

	if (!complete &&
	    (!l->options.provider->step(l->auth, in, &rest, &complete, fault) ||
	     !complete || rest.len)) {
		fault_set_words(fault, "authenticate", REASON_DIRECTORY_UNPROVEN,
				CODE_NONE, 0,
				"the domain controller did not prove itself");
		return LDAP_NO_VERDICT;
	}
	if (l->options.tls)
		return LDAP_ACCEPTED;
	if (!auth_gss_seals(l->auth) ||
	    !ldap_protect(l->ld, l->auth, (int)l->options.request_ms, &l->broken)) {
		fault_set_words(fault, "authenticate", REASON_DIRECTORY_UNENCRYPTED,
				CODE_NONE, 0, "the login gave no encryption");
		return LDAP_NO_VERDICT;
	}
	return LDAP_ACCEPTED;
}

/* Our next token out (`*sent`), and the server's answer to it in `*held`. */
static enum ldap_login next_round(struct ldap_link *l, struct berval **held,
				  bool *complete, bool *sent, uint64_t deadline,
				  struct fault *fault)
{
	struct bytes in = { 0 }, out = { 0 };

	if (*held)
		in = (struct bytes){ (uint8_t *)(*held)->bv_val, (*held)->bv_len };
	*sent = l->options.provider->step(l->auth, in, &out, complete, fault);
	ber_bvfree(*held);
	*held = NULL;
	return *sent ? say_token(l, out, held, deadline, fault) : LDAP_NOT_TRIED;
}

/* The first message of NTLM proves nothing; every one of Kerberos and all later ones do.
 */
static enum ldap_login exchange(struct ldap_link *l, uint64_t deadline,
				struct fault *fault)
{
	struct berval *held = NULL;
	bool complete = false, sent = false, proof_sent = false;
	enum ldap_login login = LDAP_NOT_TRIED;

	for (int round = 0; round < LOGIN_ROUNDS_MAX && login == LDAP_NOT_TRIED &&
			    fault->kind == FAULT_NONE;
	     round++) {
		login = next_round(l, &held, &complete, &sent, deadline, fault);
		proof_sent |= sent && (round > 0 || ldap_link_mechanism(l) != AUTH_NTLM);
	}
	if (login == LDAP_ACCEPTED)
		login = finish(l, held, complete, fault);
	ber_bvfree(held);
	if (login != LDAP_ACCEPTED)
		fault_set_words(fault, "authenticate", REASON_DIRECTORY_MALFORMED,
				CODE_NONE, 0, "the login does not come to an end");
	if (login == LDAP_NO_VERDICT || login == LDAP_NOT_TRIED)
		login = proof_sent ? LDAP_NO_VERDICT : LDAP_NOT_TRIED;
	return login;
}

static enum ldap_login log_on(struct ldap_link *l, struct fault *fault)
{
	uint64_t deadline = dial_now() + l->options.login_ms;

	l->auth = auth_gss_begin_ldap(l->options.provider, l->options.host,
				      (struct bytes){ l->channel.at, l->channel.len },
				      fault);
	if (!l->auth) /* the KDC may have refused before */
		return fault->kind == FAULT_LOGON_REFUSED ? LDAP_REFUSED_LOGIN
							  : LDAP_NOT_TRIED;
	return exchange(l, deadline, fault);
}
