/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/smb.h"

#include <stdlib.h>
#include <string.h>

#include "tests/lab/stats.h"
#include "tests/lab/status.h"

enum { SESSION_GUEST = 1, SESSION_NULL = 2, SESSION_ENCRYPT = 4 };

/* [MS-SMB2] 2.2.6 */
static void put_setup(struct wire_out *w, uint16_t flags, const struct wire_out *token)
{
	put_u16le(w, 9);
	put_u16le(w, flags);
	put_u16le(w, 72);
	put_u16le(w, (uint16_t)token->len);
	put_bytes(w, token->at, token->len);
}

/* The first round: a NEGOTIATE message, or another mechanism's token, which is let pass
 * in favour of NTLM. */
static uint32_t challenge(struct smb *s, struct bytes inner, struct wire_out *token)
{
	struct wire_out message = wire_out(4096);
	struct login *login = s->login;
	bool ntlm = inner.len >= 8 && memcmp(inner.at, "NTLMSSP", 8) == 0;

	if (ntlm && !ntlm_challenge(&login->ntlm, s->host, inner, &message)) {
		wire_drop(&message);
		return STATUS_INVALID_PARAMETER;
	}
	login->challenged = ntlm;
	spnego_put(&login->spnego, token, SPNEGO_INCOMPLETE, wire_written(&message),
		   (struct bytes){ NULL, 0 });
	wire_drop(&message);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The client vouches for the mechanisms it offered; so do we. */
static uint32_t check_mech_list(struct smb *s, struct bytes mic, uint8_t ours[static 16])
{
	const struct login *login = s->login;
	struct bytes list = { login->spnego.mechanisms, login->spnego.mechanisms_len };
	uint8_t right[16];

	ntlm_mic(&login->ntlm, s->key, false, list, right);
	if (mic.len != 16 || memcmp(right, mic.at, 16) != 0) {
		stats.mech_list_mic_wrong++;
		return STATUS_INVALID_PARAMETER;
	}
	ntlm_mic(&login->ntlm, s->key, true, list, ours);
	return STATUS_SUCCESS;
}

static uint32_t authenticate(struct smb *s, struct bytes inner, struct bytes mic,
			     struct wire_out *token)
{
	uint8_t ours[16];
	struct bytes vouched = { NULL, 0 }, none = { NULL, 0 };
	uint32_t status = ntlm_authenticate(&s->login->ntlm, inner, s->key);

	if (!status && mic.len) {
		status = check_mech_list(s, mic, ours);
		vouched = (struct bytes){ ours, 16 };
	}
	if (!status && fault_status(s->armed))
		status = fault_status(s->armed);
	if (!status)
		status = s->host->manner.logon_status;
	if (!status)
		spnego_put(&s->login->spnego, token, SPNEGO_COMPLETED, none, vouched);
	return status;
}

static void login_end(struct smb *s)
{
	if (s->login)
		ntlm_end(&s->login->ntlm);
	free(s->login);
	s->login = NULL;
}

static uint16_t session_flags(struct smb *s)
{
	bool encrypt = s->host->manner.encrypt == ENCRYPT_SESSION && s->cipher;

	s->nameless = s->armed == FAULT_GUEST || s->armed == FAULT_NULL;
	if (s->nameless)
		return s->armed == FAULT_GUEST ? SESSION_GUEST : SESSION_NULL;
	s->seal_due = encrypt;
	return encrypt ? SESSION_ENCRYPT : 0;
}

/* One round with a token; what is to be answered goes into `token`. */
static uint32_t round_of(struct smb *s, struct bytes inner, struct bytes mic,
			 struct wire_out *token)
{
	struct bytes negotiate = { (const uint8_t *)"NTLMSSP\0\1\0\0\0\7\x82\x08\xa2",
				   16 };

	if (s->login->challenged && s->armed == FAULT_ENDLESS_ROUNDS)
		return challenge(s, negotiate, token);
	if (!s->login->challenged)
		return s->armed == FAULT_DENIED || s->armed == FAULT_NTLM_BLOCKED
			       ? fault_status(s->armed)
			       : challenge(s, inner, token);
	return authenticate(s, inner, mic, token);
}

static bool get_setup(struct smb *s, const struct request *r, struct bytes *inner,
		      struct bytes *mic)
{
	struct wire_in in = wire_in_bytes(r->at), token;
	uint16_t offset, len;

	get_skip(&in, SMB_HEADER_LEN);
	if (get_u16le(&in) != 25)
		return false;
	get_skip(&in, 10);
	offset = get_u16le(&in);
	len = get_u16le(&in);
	get_skip(&in, 8);
	token = get_range(&in, offset, len);
	return !in.bad &&
	       spnego_get(&s->login->spnego, get_bytes(&token, len), inner, mic);
}

uint32_t smb_session_setup(struct smb *s, const struct request *r, struct wire_out *w)
{
	struct wire_out token = wire_out(8192);
	struct bytes inner, mic;
	uint32_t status;

	if (!s->dialect || s->logged_on)
		return STATUS_REQUEST_NOT_ACCEPTED;
	if (!s->login) {
		s->login = calloc(1, sizeof(*s->login));
		if (!s->login)
			abort();
		ntlm_begin(&s->login->ntlm);
		memcpy(s->session_preauth, s->preauth, 64);
		s->session_id = (uint64_t)(s->host->number + 1) << 32 | stats.connections;
	} else if (r->session_id != s->session_id) {
		return STATUS_USER_SESSION_DELETED;
	}
	crypt_preauth(s->session_preauth, r->at);
	status = get_setup(s, r, &inner, &mic) ? round_of(s, inner, mic, &token)
					       : STATUS_INVALID_PARAMETER;
	if (status == STATUS_MORE_PROCESSING_REQUIRED) {
		put_setup(w, 0, &token);
	} else {
		if (!status) {
			s->account = s->login->ntlm.account;
			smb_derive_keys(s);
			put_setup(w, session_flags(s), &token);
			s->logged_on = true;
		}
		login_end(s);
	}
	wire_drop(&token);
	return status;
}

uint32_t smb_logoff(struct smb *s, const struct request *r, struct wire_out *w)
{
	(void)r;
	put_u16le(w, 4);
	put_u16le(w, 0);
	s->gone = true;
	stats.logoffs++;
	return STATUS_SUCCESS;
}

/* [MS-SMB2] 3.3.5.7: any share but IPC$ does not exist here. */
uint32_t smb_tree_connect(struct smb *s, const struct request *r, struct wire_out *w)
{
	static const uint8_t ipc[] = { '\\', 0, 'I', 0, 'P', 0, 'C', 0, '$', 0 };
	struct wire_in in = wire_in_bytes(r->at), path;
	bool encrypt = s->host->manner.encrypt == ENCRYPT_SHARE && s->cipher;
	struct bytes name;
	uint16_t offset, len;

	get_skip(&in, SMB_HEADER_LEN + 4);
	offset = get_u16le(&in);
	len = get_u16le(&in);
	path = get_range(&in, offset, len);
	name = get_bytes(&path, len);
	if (in.bad || len < sizeof(ipc))
		return STATUS_INVALID_PARAMETER;
	s->on_share = smb_share_wanted(s, name);
	for (size_t i = 0; !s->on_share && i < sizeof(ipc); i++)
		if ((name.at[len - sizeof(ipc) + i] & 0xdf) != (ipc[i] & 0xdf))
			return STATUS_BAD_NETWORK_NAME;
	s->tree_id = 1 + (uint32_t)(s->session_id & 0xffff);
	s->seal_due |= encrypt;
	put_u16le(w, 16);
	put_u8(w, s->on_share ? smb_share_type(s) : 2);
	put_u8(w, 0);
	put_u32le(w, encrypt ? 0x8030 : 0x30);
	put_u32le(w, 0);
	put_u32le(w, 0x001f01ff);
	return STATUS_SUCCESS;
}

uint32_t smb_tree_disconnect(struct smb *s, const struct request *r, struct wire_out *w)
{
	(void)r;
	s->tree_id = 0;
	put_u16le(w, 4);
	put_u16le(w, 0);
	return STATUS_SUCCESS;
}
