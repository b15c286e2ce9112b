/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.h - the one listener behind which all hosts live.
 *
 * 0.0.0.0:PORT; the address a client connects to says which host it is.  Addresses in
 * 127.240.0.0/12 are black holes: a filter on the listener drops their SYNs, so that a
 * connection attempt gets no answer at all.  One more port is bound but not listened on:
 * what connects there is refused, and nobody else can take it meanwhile.
 */
#ifndef LAB_SERVER_H
#define LAB_SERVER_H

#include <stdbool.h>
#include <uv.h>

/* `port` 0: any.  False: said why on stderr. */
bool server_start(uv_loop_t *loop, int port);
int server_port(void);
int server_refused_port(void);

#endif
