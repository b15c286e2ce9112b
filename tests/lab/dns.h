/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns.h - the domain's name server, as honest as its hosts' faults allow.
 */
#ifndef LAB_DNS_H
#define LAB_DNS_H

#include <stdbool.h>
#include <uv.h>

/* UDP on 127.0.0.1:`port`, 0: any; late names come after `delay_ms`. */
bool dns_start(uv_loop_t *loop, int port, unsigned delay_ms);
int dns_port(void);

#endif
