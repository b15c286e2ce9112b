/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_kerberos_message.c - what is let through is well-formed, and one byte less of it
 * is not.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rpc/auth/kerberos_message.h"
#include "rpc/wire/der.h"

static void check_message(struct bytes b)
{
	struct bytes cut = { b.at, b.len - 1 };
	int32_t code, ignored;

	if (kerberos_error_read(b, &code) &&
	    (!der_is_well_formed(b) || kerberos_error_read(cut, &ignored)))
		abort();
	if (kerberos_message_is(b, KERBEROS_AS_REP) &&
	    (!der_is_well_formed(b) || kerberos_message_is(cut, KERBEROS_AS_REP) ||
	     kerberos_message_is(b, KERBEROS_TGS_REP)))
		abort();
	if (!kerberos_request_has_proof(b) && !kerberos_request_has_proof(cut))
		abort();
}

static void check_token(struct bytes b)
{
	struct bytes cut = { b.at, b.len - 1 };

	if (spnego_answer_is_whole(b) && spnego_answer_is_whole(cut))
		abort();
	if (kerberos_token_is_whole(b) && kerberos_token_is_whole(cut))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = { data, size };

	if (size == 0)
		return 0;
	check_message(b);
	check_token(b);
	return 0;
}
