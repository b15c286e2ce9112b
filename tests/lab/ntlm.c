/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/ntlm.h"

#include <string.h>
#include <time.h>

#include "tests/lab/crypt.h"
#include "tests/lab/stats.h"
#include "tests/lab/status.h"

/* [MS-NLMP] 2.2.2.5 */
enum {
	NEGOTIATE_UNICODE = 0x1,
	NEGOTIATE_REQUEST_TARGET = 0x4,
	NEGOTIATE_SIGN = 0x10,
	NEGOTIATE_SEAL = 0x20,
	NEGOTIATE_NTLM = 0x200,
	NEGOTIATE_ALWAYS_SIGN = 0x8000,
	TARGET_IS_DOMAIN = 0x10000,
	TARGET_IS_SERVER = 0x20000,
	NEGOTIATE_EXTENDED_SECURITY = 0x80000,
	NEGOTIATE_TARGET_INFO = 0x800000,
	NEGOTIATE_VERSION = 0x2000000,
	NEGOTIATE_128 = 0x20000000,
	NEGOTIATE_KEY_EXCHANGE = 0x40000000,
};

#define NEGOTIATE_56 0x80000000u

/* 2.2.2.1 */
enum {
	AV_END,
	AV_NB_COMPUTER,
	AV_NB_DOMAIN,
	AV_DNS_COMPUTER,
	AV_DNS_DOMAIN,
	AV_FOREST,
	AV_FLAGS,
	AV_TIME
};

enum { MESSAGES_MAX = 8192, MIC_AT = 72, MIC_LEN = 16, PROOF_LEN = 16 };

void ntlm_begin(struct ntlm *n)
{
	*n = (struct ntlm){ .messages = wire_out(MESSAGES_MAX) };
	crypt_random(n->challenge, sizeof(n->challenge));
}

void ntlm_end(struct ntlm *n)
{
	wire_drop(&n->messages);
}

static void put_name(struct wire_out *w, const char *name)
{
	uint16_t units[HOST_NAME_MAX_LEN];
	size_t len = lab_units(name, units, HOST_NAME_MAX_LEN);

	for (size_t i = 0; i < len; i++)
		put_u16le(w, units[i]);
}

static void put_av_name(struct wire_out *w, uint16_t id, const char *name)
{
	size_t hole;

	put_u16le(w, id);
	hole = put_hole(w, 2);
	put_name(w, name);
	fill_u16le(w, hole, (uint16_t)(w->len - hole - 2));
}

static uint64_t filetime_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec + 11644473600u) * 10000000u +
	       (uint64_t)now.tv_nsec / 100;
}

/* What a host tells everybody of itself before any logon. */
static void put_target_info(struct wire_out *w, const struct host *h)
{
	char netbios[HOST_NAME_MAX_LEN], dns[HOST_NAME_MAX_LEN];
	bool joined = host_in_domain(h);

	host_netbios_name(h, netbios);
	host_dns_name(h, dns);
	if (h->manner.hostile_banner) {
		strcpy(netbios, "<b>\033[2J");
		strcpy(dns, "\"><script>alert(2)</script>,=1+1\r\n");
	}
	put_av_name(w, AV_NB_DOMAIN, joined ? world.netbios : netbios);
	put_av_name(w, AV_NB_COMPUTER, netbios);
	put_av_name(w, AV_DNS_DOMAIN, joined ? world.dns : dns);
	put_av_name(w, AV_DNS_COMPUTER, dns);
	if (joined)
		put_av_name(w, AV_FOREST, world.dns);
	put_u16le(w, AV_TIME);
	put_u16le(w, 8);
	put_u64le(w, filetime_now());
	put_u32le(w, AV_END);
}

/* [MS-NLMP] 2.2.1.2 */
static void put_challenge(struct wire_out *w, struct ntlm *n, const struct host *h)
{
	char target[HOST_NAME_MAX_LEN];
	size_t name, info, name_at, info_at, start = w->len;

	host_netbios_name(h, target);
	put_bytes(w, "NTLMSSP", 8);
	put_u32le(w, 2);
	name = put_hole(w, 8);
	put_u32le(w, n->flags);
	put_bytes(w, n->challenge, 8);
	put_zeros(w, 8);
	info = put_hole(w, 8);
	put_u8(w, 10);
	put_u8(w, 0);
	put_u16le(w, h->manner.build);
	put_zeros(w, 3);
	put_u8(w, 15);
	name_at = w->len;
	put_name(w, host_in_domain(h) ? world.netbios : target);
	info_at = w->len;
	put_target_info(w, h);
	fill_u16le(w, name, (uint16_t)(info_at - name_at));
	fill_u16le(w, name + 2, (uint16_t)(info_at - name_at));
	fill_u32le(w, name + 4, (uint32_t)(name_at - start));
	fill_u16le(w, info, (uint16_t)(w->len - info_at));
	fill_u16le(w, info + 2, (uint16_t)(w->len - info_at));
	fill_u32le(w, info + 4, (uint32_t)(info_at - start));
}

bool ntlm_challenge(struct ntlm *n, const struct host *h, struct bytes negotiate,
		    struct wire_out *challenge)
{
	struct wire_in in = wire_in_bytes(negotiate);
	struct bytes signature = get_bytes(&in, 8);
	uint32_t type = get_u32le(&in), asked = get_u32le(&in);
	size_t start = challenge->len;

	if (in.bad || memcmp(signature.at, "NTLMSSP", 8) != 0 || type != 1)
		return false;
	n->flags = NEGOTIATE_UNICODE | NEGOTIATE_REQUEST_TARGET | NEGOTIATE_NTLM |
		   NEGOTIATE_EXTENDED_SECURITY | NEGOTIATE_TARGET_INFO |
		   NEGOTIATE_VERSION |
		   (host_in_domain(h) ? TARGET_IS_DOMAIN : TARGET_IS_SERVER);
	n->flags |= asked & (NEGOTIATE_SIGN | NEGOTIATE_SEAL | NEGOTIATE_ALWAYS_SIGN |
			     NEGOTIATE_128 | NEGOTIATE_KEY_EXCHANGE | NEGOTIATE_56);
	put_challenge(challenge, n, h);
	wire_reset(&n->messages);
	put_bytes(&n->messages, negotiate.at, negotiate.len);
	put_bytes(&n->messages, challenge->at + start, challenge->len - start);
	return !n->messages.bad && !challenge->bad;
}

/* The fields of an AUTHENTICATE message, borrowed. */
struct authenticate {
	struct bytes nt_response, domain, user, key;
	uint32_t flags;
};

static struct bytes get_field(struct wire_in *w)
{
	uint16_t len = get_u16le(w);
	struct wire_in at;

	get_skip(w, 2);
	at = get_range(w, get_u32le(w), len);
	return get_bytes(&at, len);
}

/* [MS-NLMP] 2.2.1.3 */
static bool get_authenticate(struct bytes message, struct authenticate *a)
{
	struct wire_in in = wire_in_bytes(message);
	struct bytes signature = get_bytes(&in, 8);

	if (get_u32le(&in) != 3 || in.bad || memcmp(signature.at, "NTLMSSP", 8) != 0)
		return false;
	(void)get_field(&in); /* LmChallengeResponse */
	a->nt_response = get_field(&in);
	a->domain = get_field(&in);
	a->user = get_field(&in);
	(void)get_field(&in); /* Workstation */
	a->key = get_field(&in);
	a->flags = get_u32le(&in);
	return !in.bad;
}

/* True when the client says in its blob that there is a MIC. */
static bool has_mic(struct bytes nt_response)
{
	struct wire_in in = wire_in_bytes(nt_response);

	get_skip(&in, PROOF_LEN + 28);
	while (!in.bad) {
		uint16_t id = get_u16le(&in);
		struct wire_in value = get_window(&in, get_u16le(&in));

		if (id == AV_END)
			return false;
		if (id == AV_FLAGS)
			return get_u32le(&value) & 2;
	}
	return false;
}

/* [MS-NLMP] 3.1.5.1.2: over all three messages, its own field taken as zero. */
static bool right_mic(const struct ntlm *n, struct bytes message,
		      const uint8_t key[static 16])
{
	static const uint8_t zeros[MIC_LEN];
	uint8_t mic[MIC_LEN];
	struct bytes parts[4];

	if (message.len < MIC_AT + MIC_LEN)
		return false;
	parts[0] = wire_written(&n->messages);
	parts[1] = (struct bytes){ message.at, MIC_AT };
	parts[2] = (struct bytes){ zeros, MIC_LEN };
	parts[3] = (struct bytes){ message.at + MIC_AT + MIC_LEN,
				   message.len - MIC_AT - MIC_LEN };
	crypt_hmac_md5(key, parts, 4, mic);
	return memcmp(mic, message.at + MIC_AT, MIC_LEN) == 0;
}

/* [MS-NLMP] 3.3.2: the proof is HMAC-MD5(NTOWFv2, challenge || blob), the base key that
 * of the proof.  False: the password was another. */
static bool check_proof(const struct ntlm *n, struct account *account,
			const struct authenticate *a, uint8_t base_key[static 16])
{
	const uint8_t *owf = account_key(account, a->domain);
	struct bytes parts[] = { { n->challenge, 8 },
				 { a->nt_response.at + PROOF_LEN,
				   a->nt_response.len - PROOF_LEN } };
	uint8_t proof[16];
	struct bytes proved = { proof, 16 };

	crypt_hmac_md5(owf, parts, 2, proof);
	crypt_hmac_md5(owf, &proved, 1, base_key);
	return memcmp(proof, a->nt_response.at, PROOF_LEN) == 0;
}

static uint32_t check(struct ntlm *n, struct bytes message, const struct authenticate *a,
		      uint8_t key[static 16])
{
	struct account *account;
	uint8_t base_key[16];
	uint32_t status;

	stats.logon_attempts++;
	if (a->nt_response.len < PROOF_LEN + 28) {
		stats.ntlmv1_attempts++;
		return STATUS_LOGON_FAILURE;
	}
	account = account_attempt(a->user);
	if (!account)
		return STATUS_LOGON_FAILURE;
	status = account_judge(account, check_proof(n, account, a, base_key));
	if (status)
		return status;
	n->flags = a->flags;
	memcpy(key, base_key, 16);
	if (a->flags & NEGOTIATE_KEY_EXCHANGE && a->key.len == 16)
		crypt_rc4(base_key, 16, a->key.at, 16, key);
	if (has_mic(a->nt_response)) {
		stats.mic_present++;
		if (!right_mic(n, message, key)) {
			stats.mic_wrong++;
			return STATUS_INVALID_PARAMETER;
		}
	}
	n->account = account;
	return STATUS_SUCCESS;
}

uint32_t ntlm_authenticate(struct ntlm *n, struct bytes message, uint8_t key[static 16])
{
	struct authenticate a;
	uint32_t status;

	if (!get_authenticate(message, &a)) {
		stats.protocol_errors++;
		return STATUS_INVALID_PARAMETER;
	}
	if (a.user.len == 0 && a.nt_response.len == 0) {
		stats.anonymous_attempts++;
		return STATUS_ACCESS_DENIED;
	}
	status = check(n, message, &a, key);
	if (status)
		stats.logon_failures++;
	else
		stats.logon_successes++;
	return status;
}

/* [MS-NLMP] 3.4.5.2 and 3.4.5.3: MD5 of the key and a sentence. */
static void sub_key(const uint8_t *key, size_t len, const char *sentence,
		    uint8_t derived[static 16])
{
	struct bytes parts[] = { { key, len },
				 { (const uint8_t *)sentence, strlen(sentence) + 1 } };

	crypt_md5(parts, 2, derived);
}

void ntlm_direction_key(const struct ntlm *n, const uint8_t key[static 16],
			bool from_server, struct ntlm_direction *d)
{
	size_t strength = n->flags & NEGOTIATE_128 ? 16 : n->flags & NEGOTIATE_56 ? 7 : 5;
	uint8_t seal_key[16];

	sub_key(key, 16,
		from_server
			? "session key to server-to-client signing key magic constant"
			: "session key to client-to-server signing key magic constant",
		d->sign_key);
	sub_key(key, strength,
		from_server
			? "session key to server-to-client sealing key magic constant"
			: "session key to client-to-server sealing key magic constant",
		seal_key);
	crypt_stream_begin(&d->stream, seal_key, 16);
	d->exchanged = n->flags & NEGOTIATE_KEY_EXCHANGE;
	d->number = 0;
}

/* [MS-NLMP] 3.4.4.2 */
void ntlm_sign(struct ntlm_direction *d, struct bytes message, uint8_t mac[static 16])
{
	uint8_t number[4] = { (uint8_t)d->number, (uint8_t)(d->number >> 8),
			      (uint8_t)(d->number >> 16), (uint8_t)(d->number >> 24) };
	struct bytes parts[] = { { number, 4 }, message };
	uint8_t sum[16];

	crypt_hmac_md5(d->sign_key, parts, 2, sum);
	memset(mac, 0, 16);
	mac[0] = 1;
	memcpy(mac + 4, sum, 8);
	memcpy(mac + 12, number, 4);
	if (d->exchanged)
		crypt_stream_next(&d->stream, sum, 8, mac + 4);
	d->number++;
}

bool ntlm_seals(const struct ntlm *n)
{
	return n->flags & NEGOTIATE_SEAL && n->flags & NEGOTIATE_KEY_EXCHANGE;
}

void ntlm_mic(const struct ntlm *n, const uint8_t key[static 16], bool from_server,
	      struct bytes message, uint8_t mic[static 16])
{
	struct ntlm_direction d;

	ntlm_direction_key(n, key, from_server, &d);
	ntlm_sign(&d, message, mic);
}
