/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_play.h - an acceptor (gss-ntlmssp) that knows one user, and a login carried
 * through.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef RPC_AUTH_PLAY_H
#define RPC_AUTH_PLAY_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"

static gss_OID_desc session_key_oid = { 11,
					"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05" };

static char users_file[] = "/tmp/lsasweep-users.XXXXXX";
static char krb5_file[] = "/tmp/lsasweep-krb5.XXXXXX";

/* Stands in for the C library's: libwbclient looks for winbindd's folder before it
 * knocks, and so a question is seen also where no winbindd runs. */
static int winbindd_asked;

int lstat(const char *path, struct stat *status)
{
	if (strstr(path, "winbindd"))
		__atomic_add_fetch(&winbindd_asked, 1, __ATOMIC_SEQ_CST);
	return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

static inline bool make_file(char *path, const char *content)
{
	int fd = mkstemp(path);
	ssize_t len = (ssize_t)strlen(content);
	bool good = fd >= 0 && write(fd, content, (size_t)len) == len;

	if (fd >= 0)
		close(fd);
	return good;
}

static inline int know_one_user(void **state)
{
	(void)state;
	if (!make_file(users_file, "LAB:sweep:Pass-1\n") ||
	    !make_file(krb5_file, "[libdefaults]\n dns_lookup_kdc = false\n"
				  " dns_lookup_realm = false\n"))
		return -1;
	setenv("NTLM_USER_FILE", users_file, 1);
	setenv("KRB5CCNAME", "FILE:/nonexistent/lsasweep-ccache", 1);
	setenv("KRB5_CONFIG", krb5_file, 1);
	/* The acceptor would ask winbindd for these; we ask nobody. */
	setenv("NETBIOS_COMPUTER_NAME", "SRV1", 1);
	setenv("NETBIOS_DOMAIN_NAME", "LAB", 1);
	return 0;
}

static inline int forget_user(void **state)
{
	(void)state;
	return unlink(users_file) | unlink(krb5_file);
}

/* One login carried through; true when the acceptor is satisfied too. */
struct login {
	bool accepted, completed, checksum;
	struct session_key ours, theirs;
	struct fault fault;
	enum auth_mechanism mechanism;
	int tokens;
	size_t nt_answer; /* the length of AUTHENTICATE's NtChallengeResponse */
};

/* [MS-NLMP] 2.2.2.1: MsvAvFlags with 2, in the answer of who made a checksum. */
static inline bool has_checksum(struct bytes token)
{
	return token.len && memmem(token.at, token.len, "\6\0\4\0\2\0\0\0", 8);
}

/* [MS-NLMP] 2.2.1.3: NtChallengeResponseFields stand 20 bytes into the message. */
static inline size_t nt_answer_length(struct bytes token)
{
	const uint8_t *at = token.len
				    ? memmem(token.at, token.len, "NTLMSSP\0\3\0\0\0", 12)
				    : NULL;

	return at ? (size_t)at[20] | (size_t)at[21] << 8 : 0;
}

static inline void their_key(gss_ctx_id_t context, struct session_key *key)
{
	gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
	OM_uint32 minor;

	if (gss_inquire_sec_context_by_oid(&minor, context, &session_key_oid, &set))
		return;
	key->len = set->elements[0].length;
	memcpy(key->bytes, set->elements[0].value, key->len);
	gss_release_buffer_set(&minor, &set);
}

/* False when the acceptor refuses; its answer is kept in `answer`. */
static inline bool accept_token(gss_ctx_id_t *context, struct bytes token,
				gss_buffer_t answer)
{
	gss_buffer_desc in = { token.len, (void *)(uintptr_t)token.at };
	OM_uint32 minor;

	gss_release_buffer(&minor, answer);
	return !GSS_ERROR(gss_accept_sec_context(&minor, context, GSS_C_NO_CREDENTIAL,
						 &in, GSS_C_NO_CHANNEL_BINDINGS, NULL,
						 NULL, answer, NULL, NULL, NULL));
}

static inline void log_in_after(const struct auth_provider *p, struct bytes opening,
				const char *host, struct login *l)
{
	gss_ctx_id_t context = GSS_C_NO_CONTEXT;
	gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
	struct bytes ours = opening;
	OM_uint32 minor;
	struct auth *a;

	l->accepted = true;
	if (ours.len) {
		l->tokens = 1;
		l->accepted = accept_token(&context, ours, &answer);
	}
	a = p->begin(p, host, &l->fault);
	while (a && l->accepted && !l->completed) {
		if (!p->step(a, (struct bytes){ answer.value, answer.length }, &ours,
			     &l->completed, &l->fault))
			break;
		l->tokens += ours.len > 0;
		l->checksum |= has_checksum(ours);
		if (nt_answer_length(ours))
			l->nt_answer = nt_answer_length(ours);
		if (ours.len)
			l->accepted = accept_token(&context, ours, &answer);
	}
	if (a && l->completed) {
		assert_true(p->key(a, &l->ours, &l->fault));
		their_key(context, &l->theirs);
	}
	if (a)
		l->mechanism = p->mechanism(a);
	p->end(a);
	gss_release_buffer(&minor, &answer);
	gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
}

static inline void log_in(const struct auth_provider *p, const char *host,
			  struct login *l)
{
	log_in_after(p, p->opening, host, l);
}

static inline struct auth_provider *ntlm_provider(const char *password)
{
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(
		&(struct auth_gss_options){
			.user = "sweep", .domain = "LAB", .password = password },
		&fault);

	assert_non_null(p);
	return p;
}

#endif
