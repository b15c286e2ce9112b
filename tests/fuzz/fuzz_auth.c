/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_auth.c - a login whose every token comes from a hostile host, or whose every
 * answer from a hostile KDC.
 *
 * The first byte chooses: NTLM with a password, Kerberos with a ticket, or the way to a
 * ticket; the second is what the KDC says; then come the host's tokens, each behind its
 * length (2 bytes).  The mechanisms are the real ones, and nothing leaves the process.
 * Either libkrb5 reads the KDC's replies, which then stand where the host's tokens do, or
 * functions below that stand in for libkrb5's say what it made of them.
 *
 * Before the first input one login is carried through with a real acceptor, so that it is
 * known that a host's tokens are heard at all.
 */
#include <dlfcn.h>
#include <gssapi/gssapi.h>
#include <krb5.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"
#include "rpc/wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOKENS_MAX = 8 };

/* Of LeakSanitizer, where there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void losses_pass(bool pass)
{
	if (pass && __lsan_disable)
		__lsan_disable();
	else if (!pass && __lsan_enable)
		__lsan_enable();
}

/* ---- the KDC ---- */

static uint8_t kdc_choice;

static krb5_error_code kdc_answer(void)
{
	static const krb5_error_code answers[] = {
		0,
		KRB5KDC_ERR_PREAUTH_FAILED,
		KRB5KDC_ERR_CLIENT_REVOKED,
		KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
		KRB5_KDC_UNREACH,
		KRB5_REALM_UNKNOWN,
		KRB5KRB_ERR_GENERIC,
		0,
	};

	return answers[kdc_choice % (sizeof answers / sizeof *answers)];
}

/* A ticket nobody could open, and a key as if the KDC had made it. */
static krb5_error_code fill_ticket(krb5_context krb5, krb5_const_principal client,
				   krb5_const_principal server, krb5_creds *ticket)
{
	krb5_error_code e = krb5_copy_principal(krb5, client, &ticket->client);
	krb5_timestamp now = 0;

	if (!e)
		e = krb5_copy_principal(krb5, server, &ticket->server);
	if (!e)
		e = krb5_timeofday(krb5, &now);
	ticket->times.authtime = ticket->times.starttime = now;
	ticket->times.endtime = now + 36000;
	ticket->keyblock.enctype = ENCTYPE_AES128_CTS_HMAC_SHA1_96;
	ticket->keyblock.length = 16;
	ticket->keyblock.contents = calloc(1, 16);
	ticket->ticket.length = 4;
	ticket->ticket.data = calloc(1, 4);
	return e;
}

/* The next reply of the input, where it is one. */
static struct wire_in kdc_replies;

static enum kdc_outcome kdc_ask(struct kdc_link *link, const struct kdc_question *q,
				struct bytes *reply)
{
	struct bytes said = get_bytes(&kdc_replies, get_u16le(&kdc_replies));
	uint8_t *copy;

	(void)link;
	if (!q->realm[0] || !q->request.len)
		abort();
	if (!kdc_reply_is_usable(said))
		return q->proof ? KDC_NO_VERDICT : KDC_NONE_ANSWERED;
	copy = malloc(said.len);
	if (!copy)
		abort();
	memcpy(copy, said.at, said.len);
	*reply = (struct bytes){ copy, said.len };
	return KDC_ANSWERED;
}

static struct kdc_link kdc = { kdc_ask };

/* With this bit libkrb5 itself reads what the KDC says; without, the choice is what it
 * made of it. */
enum { KDC_SPEAKS = 0x40 };

static krb5_creds service;
static krb5_ccache service_ccache;

static void *real(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function)
		abort();
	return function;
}

krb5_error_code krb5_tkt_creds_init(krb5_context krb5, krb5_ccache ccache,
				    krb5_creds *wanted, krb5_flags options,
				    krb5_tkt_creds_context *asked)
{
	static krb5_error_code (*init)(krb5_context, krb5_ccache, krb5_creds *,
				       krb5_flags, krb5_tkt_creds_context *);

	if (!init)
		*(void **)&init = real("krb5_tkt_creds_init");
	service = *wanted;
	service_ccache = ccache;
	return init(krb5, ccache, wanted, options, asked);
}

krb5_error_code krb5_tkt_creds_step(krb5_context krb5, krb5_tkt_creds_context asked,
				    krb5_data *in, krb5_data *out, krb5_data *realm,
				    unsigned *flags)
{
	static krb5_error_code (*step)(krb5_context, krb5_tkt_creds_context, krb5_data *,
				       krb5_data *, krb5_data *, unsigned *);
	krb5_creds got = { 0 };
	krb5_error_code e = kdc_answer();

	if (!step)
		*(void **)&step = real("krb5_tkt_creds_step");
	if (kdc_choice & KDC_SPEAKS)
		return step(krb5, asked, in, out, realm, flags);
	*flags = 0;
	if (e)
		return e;
	e = fill_ticket(krb5, service.client, service.server, &got);
	if (!e)
		e = krb5_cc_store_cred(krb5, service_ccache, &got);
	krb5_free_cred_contents(krb5, &got);
	return e;
}

krb5_error_code krb5_init_creds_step(krb5_context krb5, krb5_init_creds_context asked,
				     krb5_data *in, krb5_data *out, krb5_data *realm,
				     unsigned *flags)
{
	static krb5_error_code (*step)(krb5_context, krb5_init_creds_context, krb5_data *,
				       krb5_data *, krb5_data *, unsigned *);
	krb5_timestamp now = 0;

	if (!step)
		*(void **)&step = real("krb5_init_creds_step");
	if (kdc_choice & KDC_SPEAKS)
		return step(krb5, asked, in, out, realm, flags);
	*flags = 0;
	if (kdc_choice & 0x80 && !krb5_timeofday(krb5, &now))
		krb5_set_real_time(krb5, now + 4000, 0);
	return kdc_answer();
}

static krb5_error_code initial_ticket(krb5_context krb5, krb5_creds *ticket)
{
	krb5_principal client = NULL, server = NULL;
	krb5_error_code e = krb5_parse_name(krb5, "sweep@CORP.TEST", &client);

	if (!e)
		e = krb5_parse_name(krb5, "krbtgt/CORP.TEST@CORP.TEST", &server);
	if (!e)
		e = fill_ticket(krb5, client, server, ticket);
	krb5_free_principal(krb5, client);
	krb5_free_principal(krb5, server);
	return e;
}

krb5_error_code krb5_init_creds_get_creds(krb5_context krb5,
					  krb5_init_creds_context asked,
					  krb5_creds *ticket)
{
	(void)asked;
	return initial_ticket(krb5, ticket);
}

/* ---- the host ---- */

struct host {
	struct wire_in input; /* its tokens */
	bool accepts;         /* or it makes them itself */
	gss_ctx_id_t context;
	uint8_t token[4096];
};

static struct bytes accept_token(struct host *h, struct bytes ours)
{
	gss_buffer_desc in = { ours.len, (void *)(uintptr_t)ours.at };
	gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
	OM_uint32 minor;
	size_t len;

	gss_accept_sec_context(&minor, &h->context, GSS_C_NO_CREDENTIAL, &in,
			       GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &answer, NULL, NULL,
			       NULL);
	len = answer.length < sizeof h->token ? answer.length : sizeof h->token;
	if (len)
		memcpy(h->token, answer.value, len);
	gss_release_buffer(&minor, &answer);
	return (struct bytes){ h->token, len };
}

static struct bytes answer_token(struct host *h, struct bytes ours)
{
	if (h->accepts)
		return accept_token(h, ours);
	return get_bytes(&h->input, get_u16le(&h->input));
}

/* True: accepted, with a key. */
static bool log_in(const struct auth_provider *p, const char *name, struct host *host)
{
	struct fault fault = { 0 };
	struct auth *a = p->begin(p, name, &fault);
	OM_uint32 minor;
	struct bytes token = { NULL, 0 }, out;
	struct session_key key;
	bool complete = false, good = a != NULL;

	if (!a && (fault.kind == FAULT_NONE || !fault.what[0]))
		abort();
	if (p->opening.len)
		token = answer_token(host, p->opening);
	for (int i = 0; good && !complete && i < TOKENS_MAX; i++) {
		good = p->step(a, token, &out, &complete, &fault);
		if (!good && (fault.kind == FAULT_NONE || !fault.what[0]))
			abort();
		if (good && !complete)
			token = answer_token(host, out);
	}
	good = good && complete && p->key(a, &key, &fault);
	if (good && (key.len == 0 || key.len > SESSION_KEY_MAX))
		abort();
	if (a && p->mechanism(a) == AUTH_UNKNOWN)
		abort();
	p->end(a);
	gss_delete_sec_context(&minor, &host->context, GSS_C_NO_BUFFER);
	return good;
}

/* ---- this machine ---- */

static struct auth_provider *ntlm, *ticketed, *both;

static void make_file(const char *variable, const char *content)
{
	int fd = memfd_create(variable, 0);
	char path[40];

	if (fd < 0 || write(fd, content, strlen(content)) < 0)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	setenv(variable, path, 1);
}

static void make_files(void)
{
	make_file("KRB5_CONFIG", "[libdefaults]\n default_realm = CORP.TEST\n"
				 " dns_lookup_kdc = false\n"
				 " dns_canonicalize_hostname = false\n");
	make_file("NTLM_USER_FILE", "LAB:sweep:Pass-1\n");
	setenv("KRB5CCNAME", "MEMORY:fuzz", 1);
}

/* The ccache lives as long as the process. */
static void make_ccache(void)
{
	krb5_creds ticket = { 0 };
	krb5_ccache ccache;
	krb5_context krb5;

	if (krb5_init_context(&krb5) || initial_ticket(krb5, &ticket) ||
	    krb5_cc_resolve(krb5, "MEMORY:fuzz", &ccache) ||
	    krb5_cc_initialize(krb5, ccache, ticket.client) ||
	    krb5_cc_store_cred(krb5, ccache, &ticket))
		abort();
	krb5_free_cred_contents(krb5, &ticket);
	krb5_cc_close(krb5, ccache);
	krb5_free_context(krb5);
}

/* gss-ntlmssp loses a little memory with each credential (tests/lsan.supp), so there are
 * only these, and their loss is let pass. */
static void set_up(void)
{
	struct host acceptor = { .accepts = true };
	struct auth_gss_options user = { .user = "sweep",
					 .password = "Pass-1",
					 .kdc = &kdc };
	struct fault fault = { 0 };

	make_files();
	make_ccache();
	user.domain = "LAB";
	ntlm = auth_gss_new(&user, &fault);
	ticketed = auth_gss_new(&(struct auth_gss_options){ .kdc = &kdc }, &fault);
	user.domain = NULL;
	user.realm = "corp.test";
	both = auth_gss_new(&user, &fault);
	kdc_choice = 4; /* cannot be reached: NTLM is left */
	auth_gss_free(auth_gss_new(&user, &fault));
	if (!ntlm || !ticketed || !both || !log_in(ntlm, "srv1", &acceptor))
		abort();
}

/* ---- the way to a ticket ---- */

static void get_provider(uint8_t way)
{
	static char overlong[300];
	struct auth_gss_options ways[] = {
		{ .user = "sweep",
		  .password = "x",
		  .realm = "corp.test",
		  .no_ntlm = true },
		{ .keytab = "/dev/null", .principal = "sweep@CORP.TEST" },
		{ .keytab = "MEMORY:fuzz", .principal = "sweep@CORP.TEST" },
		{ .user = "sweep", .password = "x", .realm = overlong, .no_ntlm = true },
		{ .user = "sweep", .password = "x", .domain = "LAB", .no_ntlm = true },
		{ .user = "sweep" },
		{ .no_ntlm = true },
	};
	struct fault fault = { 0 };
	char principal[40] = "";
	struct auth_provider *p;

	memset(overlong, 'R', sizeof overlong - 1);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		ways[i].kdc = &kdc;
	p = auth_gss_new(&ways[way % (sizeof ways / sizeof *ways)], &fault);
	if (!p == (fault.kind == FAULT_NONE))
		abort();
	if (p && !auth_gss_identity(p)[0])
		abort();
	auth_gss_free(p);
	if (auth_gss_have_ccache(principal, sizeof principal) &&
	    strcmp(principal, "sweep@CORP.TEST") != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char overlong[400];
	const char *const names[] = { "srv1.corp.test", "srv1.corp.test.", "192.0.2.1",
				      "fe80::1%eth0", overlong };
	struct wire_in in = wire_in(data, size);
	uint8_t way = get_u8(&in), said = get_u8(&in), name = way / 4 % 5;
	struct host host = { .input = in };

	if (in.bad)
		return 0;
	if (!ntlm) {
		losses_pass(true);
		set_up();
		losses_pass(false);
	}
	memset(overlong, 'a', sizeof overlong - 1);
	kdc_choice = said;
	kdc_replies = in;
	if (way % 4 == 0)
		log_in(ntlm, names[name], &host);
	else if (way % 4 == 1)
		log_in(ticketed, names[name], &host);
	else if (way % 4 == 2)
		log_in(both, names[name], &host);
	else
		get_provider(way / 4);
	return 0;
}
