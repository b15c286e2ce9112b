/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_server.h - the listener behind which all controllers' directories live, and how
 * bytes misbehave on its connections.  The address a client connects to says which
 * controller it is; other hosts reset the connection.
 */
#ifndef LAB_LDAP_SERVER_H
#define LAB_LDAP_SERVER_H

#include <stdbool.h>
#include <uv.h>

/* `port` 0: any.  False: said why on stderr. */
bool ldap_server_start(uv_loop_t *loop, int port);
int ldap_server_port(void);

#endif
