/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sysvol.h - files of a domain controller's SYSVOL: one connection, one login, one file
 * after another.
 *
 * On one worker thread; every call may block, each wait has a limit of its own and ends
 * early when `abandon` is set.  Always signed, sealed where it is due; SMB 2.0.2 to 3.1.1
 * as rpc/session/session.h speaks it, without DFS: the share is the controller's own.
 */
#ifndef SCANNER_DISCOVER_SYSVOL_H
#define SCANNER_DISCOVER_SYSVOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "rpc/auth/auth.h"
#include "rpc/session/session.h"
#include "scanner/discover/ldap_link.h"

enum { SYSVOL_PORT = 445 };

struct sysvol_options {
	const char *host;               /* name for the Kerberos ticket and the share */
	const struct sockaddr *address; /* with its port; for sysvol_open() alone */
	const struct auth_provider *provider;
	bool require_encryption;
	uint16_t dialect_min, dialect_max;         /* 0: no bound */
	uint64_t connect_ms, login_ms, request_ms; /* at least 1 */
	const atomic_bool *abandon;                /* may be NULL */
};

struct sysvol;

/* Connect, log on, connect to SYSVOL; all of `options` is borrowed until sysvol_close().
 * NULL with `fault`.  `*login`, filled in any case, is what the guard must know: accepted
 * also where only the share is refused. */
struct sysvol *sysvol_open(const struct sysvol_options *options, enum ldap_login *login,
			   struct fault *fault);
enum auth_mechanism sysvol_mechanism(const struct sysvol *v);
const struct session_peer *sysvol_peer(const struct sysvol *v);
/* Read the file at `path` of the share (session_read()); `file->data` is borrowed until
 * the next call.  A file that is written to while it is read is read again, a few times.
 * False with `fault`: the connection is of no more use. */
bool sysvol_read(struct sysvol *v, const char *path, uint32_t limit,
		 struct session_file *file, struct fault *fault);
void sysvol_close(struct sysvol *v);

#endif
