/* SPDX-License-Identifier: Apache-2.0 */
/*
 * membership.h - does a host belong to the domain of a credential?
 *
 * Its NTLM challenge tells before anything of the password is sent ([MS-NLMP] 2.2.1.2,
 * 2.2.2.1).  A host outside of the domain does not know the account: it refuses the login
 * ("unknown user or wrong password", which says nothing of the password), and it is given
 * something to guess the password from.  Nothing proves a challenge: a host that lies
 * leaves itself out.
 */
#ifndef SCANNER_LOGIN_MEMBERSHIP_H
#define SCANNER_LOGIN_MEMBERSHIP_H

#include "rpc/auth/ntlm_challenge.h"

enum membership {
	MEMBERSHIP_UNKNOWN, /* the host did not say, or the credential has no domain */
	MEMBERSHIP_SAME,    /* of its domain or forest; or it is an account of the host */
	MEMBERSHIP_NONE,    /* the host belongs to no domain */
	MEMBERSHIP_OTHER,   /* to another one, as far as the names tell */
};

/* `domain` as the credential has it: NetBIOS or DNS name, or a realm; NULL: none. */
enum membership membership_of(const struct ntlm_challenge *host, const char *domain);

#endif
