/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns_play.h - a name server on a thread, over UDP, for tests that block in look-ups.
 *
 * hA-B.play has the address 127.1.A.B and local.play 127.0.0.1; every name that begins
 * with "_NAME." has the SRV records of `dns.services`; nothing else is known, and
 * "_silent" is not answered.
 *
 * Everything is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_DNS_PLAY_H
#define SCANNER_DNS_PLAY_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DNS_TYPE_A = 1, DNS_TYPE_SRV = 33, DNS_NO_SUCH_NAME = 3, DNS_MESSAGE_MAX = 4096 };

/* What a service has: hosts separated by blanks. */
struct dns_service {
	const char *name; /* its first two labels, "_ldap._tcp" */
	const char *hosts;
	uint16_t port;
};

static struct {
	pthread_t thread;
	int socket;
	char server[32];                    /* "127.0.0.1:PORT" */
	const struct dns_service *services; /* ends with a name of NULL */
	unsigned questions;                 /* read when it has ended */
} dns;

static uint8_t *dns_put16(uint8_t *p, unsigned v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *dns_put_name(uint8_t *p, const char *name, size_t len)
{
	while (len > 0) {
		const char *dot = memchr(name, '.', len);
		size_t label = dot ? (size_t)(dot - name) : len;

		*p++ = (uint8_t)label;
		memcpy(p, name, label);
		p += label;
		name += label + (dot != NULL);
		len -= label + (dot != NULL);
	}
	*p++ = 0;
	return p;
}

/* About the name that was asked for; the two bytes of the length come next. */
static uint8_t *dns_put_head(uint8_t *p, unsigned type)
{
	p = dns_put16(dns_put16(dns_put16(p, 0xc00c), type), 1);
	return dns_put16(dns_put16(p, 0), 60);
}

static uint8_t *dns_put_address(uint8_t *p, unsigned net, unsigned a, unsigned b)
{
	p = dns_put16(dns_put_head(p, DNS_TYPE_A), 4);
	*p++ = 127;
	*p++ = (uint8_t)net;
	*p++ = (uint8_t)a;
	*p++ = (uint8_t)b;
	return p;
}

static uint8_t *dns_put_hosts(uint8_t *p, const struct dns_service *s, unsigned *count)
{
	for (const char *at = s->hosts; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		uint8_t *length = dns_put_head(p, DNS_TYPE_SRV);

		p = dns_put16(dns_put16(dns_put16(length + 2, 0), 0), s->port);
		p = dns_put_name(p, at, len);
		dns_put16(length, (unsigned)(p - length - 2));
		at += len;
		++*count;
	}
	return p;
}

/* The name of the question as text; its type behind it. */
static const uint8_t *dns_get_name(const uint8_t *q, char *name, size_t size)
{
	size_t n = 0;

	while (*q && n + *q + 2 < size) {
		if (n)
			name[n++] = '.';
		memcpy(name + n, q + 1, *q);
		n += *q;
		q += *q + 1;
	}
	name[n] = '\0';
	return q + 1;
}

static const struct dns_service *dns_find_service(const char *name)
{
	const struct dns_service *s = dns.services;

	for (; s && s->name; s++)
		if (strncmp(name, s->name, strlen(s->name)) == 0)
			return s;
	return NULL;
}

/* The length of the reply; 0: silence. */
static size_t dns_answer(const uint8_t *query, size_t len, uint8_t *reply)
{
	const struct dns_service *service;
	unsigned count = 0, a = 0, b = 1, type;
	char name[300];
	const uint8_t *end = dns_get_name(query + 12, name, sizeof name);
	uint8_t *p = reply + (end + 4 - query);
	bool local = strcmp(name, "local.play") == 0;
	bool known = local || sscanf(name, "h%u-%u.play", &a, &b) == 2;

	(void)len;
	type = (unsigned)end[0] << 8 | end[1];
	service = type == DNS_TYPE_SRV ? dns_find_service(name) : NULL;
	if (strncmp(name, "_silent", 7) == 0)
		return 0;
	memcpy(reply, query, (size_t)(p - reply));
	dns_put16(reply + 2, known || service ? 0x8180 : 0x8180 | DNS_NO_SUCH_NAME);
	if (service) {
		p = dns_put_hosts(p, service, &count);
	} else if (known && type == DNS_TYPE_A) {
		p = dns_put_address(p, !local, a, b);
		count = 1;
	}
	dns_put16(reply + 6, count);
	dns_put16(reply + 8, 0);
	dns_put16(reply + 10, 0);
	return (size_t)(p - reply);
}

/* An empty datagram ends it. */
static void *dns_serve(void *arg)
{
	uint8_t query[DNS_MESSAGE_MAX], reply[DNS_MESSAGE_MAX];
	struct sockaddr_in from;
	socklen_t from_len = sizeof from;
	ssize_t n;
	size_t len;

	while ((n = recvfrom(dns.socket, query, sizeof query, 0, (struct sockaddr *)&from,
			     &from_len)) > 0) {
		dns.questions++;
		len = n > 16 ? dns_answer(query, (size_t)n, reply) : 0;
		if (len)
			(void)!sendto(dns.socket, reply, len, 0, (struct sockaddr *)&from,
				      from_len);
	}
	return arg;
}

static void dns_begin(const struct dns_service *services)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;

	dns.services = services;
	dns.questions = 0;
	dns.socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(dns.socket >= 0);
	assert_int_equal(bind(dns.socket, (struct sockaddr *)&at, len), 0);
	assert_int_equal(getsockname(dns.socket, (struct sockaddr *)&at, &len), 0);
	snprintf(dns.server, sizeof dns.server, "127.0.0.1:%u", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&dns.thread, NULL, dns_serve, NULL), 0);
}

static void dns_end(void)
{
	struct sockaddr_in at;
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(getsockname(dns.socket, (struct sockaddr *)&at, &len), 0);
	assert_int_equal(sendto(fd, "", 0, 0, (struct sockaddr *)&at, len), 0);
	close(fd);
	pthread_join(dns.thread, NULL);
	close(dns.socket);
}

#endif
