/* SPDX-License-Identifier: Apache-2.0 */
/*
 * connection.h - one TCP connection to a simulated host, and how bytes misbehave on it.
 */
#ifndef LAB_CONNECTION_H
#define LAB_CONNECTION_H

#include <uv.h>

void connection_accept(uv_stream_t *listener);

#endif
