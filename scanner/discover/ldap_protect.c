/* SPDX-License-Identifier: Apache-2.0 */
/* SASL's security layer as a layer of libldap's socket buffer. */
#include "scanner/discover/ldap_protect.h"

#include <errno.h>
#include <lber.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/auth/auth_gss.h"

enum {
	HEADER = 4,
	SEALED_MAX = 8 << 20, /* a larger buffer ends the connection */
	PLAIN_MAX = 64 << 10, /* of one buffer that we send */
};

struct protect {
	struct auth *auth;
	struct fault *fault;
	int write_ms;

	uint8_t header[HEADER];
	size_t header_len;
	/* One buffer, sealed while it comes in and then opened in the same place: what
	 * opened it belongs to the mechanism, which needs the memory when we write. */
	uint8_t *buffer;
	size_t len, want, room;
	size_t plain_at, plain_len; /* what is left of it, opened */
};

static int on_setup(Sockbuf_IO_Desc *sbiod, void *arg)
{
	sbiod->sbiod_pvt = arg;
	return 0;
}

static int on_remove(Sockbuf_IO_Desc *sbiod)
{
	struct protect *p = sbiod->sbiod_pvt;

	free(p->buffer);
	free(p);
	sbiod->sbiod_pvt = NULL;
	return 0;
}

static int on_ctrl(Sockbuf_IO_Desc *sbiod, int option, void *arg)
{
	struct protect *p = sbiod->sbiod_pvt;

	if (option == LBER_SB_OPT_DATA_READY && p->plain_len)
		return 1;
	return LBER_SBIOD_CTRL_NEXT(sbiod, option, arg);
}

static ber_slen_t broken(void)
{
	errno = EPROTO;
	return -1;
}

/* More of `want` bytes into `to`; true when they are whole, else `*got` is what the read
 * gave: 0 at the end, -1 with errno. */
static bool collect(Sockbuf_IO_Desc *sbiod, uint8_t *to, size_t *len, size_t want,
		    ber_slen_t *got)
{
	while (*len < want) {
		*got = LBER_SBIOD_READ_NEXT(sbiod, to + *len, want - *len);
		if (*got <= 0)
			return false;
		*len += (size_t)*got;
	}
	return true;
}

static bool begin_buffer(struct protect *p)
{
	size_t want = (size_t)p->header[0] << 24 | (size_t)p->header[1] << 16 |
		      (size_t)p->header[2] << 8 | p->header[3];
	uint8_t *buffer;

	if (!want || want > SEALED_MAX) {
		fault_set_words(p->fault, "protect", REASON_DIRECTORY_MALFORMED,
				CODE_NONE, 0, "what follows the login is no SASL buffer");
		return false;
	}
	if (want > p->room) {
		buffer = realloc(p->buffer, want);
		if (!buffer) {
			fault_set_words(p->fault, "protect", REASON_OUT_OF_MEMORY,
					CODE_NONE, 0, "out of memory");
			return false;
		}
		p->buffer = buffer;
		p->room = want;
	}
	p->want = want;
	p->len = 0;
	return true;
}

/* The next buffer, opened. */
static ber_slen_t next_buffer(Sockbuf_IO_Desc *sbiod, struct protect *p)
{
	ber_slen_t got = 0;
	struct bytes plain;

	if (p->header_len < HEADER) {
		if (!collect(sbiod, p->header, &p->header_len, HEADER, &got))
			return got;
		if (!begin_buffer(p))
			return broken();
	}
	if (!collect(sbiod, p->buffer, &p->len, p->want, &got))
		return got;
	p->header_len = 0;
	if (!auth_gss_unseal(p->auth, (struct bytes){ p->buffer, p->want }, &plain,
			     p->fault) ||
	    plain.len > p->want)
		return broken();
	memcpy(p->buffer, plain.at, plain.len);
	p->plain_at = 0;
	p->plain_len = plain.len;
	return 1;
}

static ber_slen_t on_read(Sockbuf_IO_Desc *sbiod, void *to, ber_len_t room)
{
	struct protect *p = sbiod->sbiod_pvt;
	size_t len;

	while (!p->plain_len) {
		ber_slen_t got = next_buffer(sbiod, p);

		if (got <= 0)
			return got;
	}
	len = p->plain_len < room ? p->plain_len : room;
	memcpy(to, p->buffer + p->plain_at, len);
	p->plain_at += len;
	p->plain_len -= len;
	return (ber_slen_t)len;
}

/* Requests are small: what the socket does not take at once is waited for here. */
static bool send_all(Sockbuf_IO_Desc *sbiod, struct protect *p, const uint8_t *at,
		     size_t len)
{
	struct pollfd wait = { .events = POLLOUT };

	ber_sockbuf_ctrl(sbiod->sbiod_sb, LBER_SB_OPT_GET_FD, &wait.fd);
	while (len) {
		ber_slen_t sent = LBER_SBIOD_WRITE_NEXT(sbiod, (void *)(uintptr_t)at,
							len);

		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
			continue;
		}
		if (sent == 0 || (errno != EAGAIN && errno != EINTR) ||
		    poll(&wait, 1, p->write_ms) == 0)
			return false;
	}
	return true;
}

static ber_slen_t on_write(Sockbuf_IO_Desc *sbiod, void *from, ber_len_t len)
{
	struct protect *p = sbiod->sbiod_pvt;
	uint8_t header[HEADER];
	struct bytes sealed;

	if (len > PLAIN_MAX)
		len = PLAIN_MAX;
	if (!auth_gss_seal(p->auth, (struct bytes){ from, len }, &sealed, p->fault))
		return broken();
	header[0] = (uint8_t)(sealed.len >> 24);
	header[1] = (uint8_t)(sealed.len >> 16);
	header[2] = (uint8_t)(sealed.len >> 8);
	header[3] = (uint8_t)sealed.len;
	if (!send_all(sbiod, p, header, HEADER) ||
	    !send_all(sbiod, p, sealed.at, sealed.len))
		return broken();
	return (ber_slen_t)len;
}

static int on_close(Sockbuf_IO_Desc *sbiod)
{
	(void)sbiod;
	return 0;
}

bool ldap_protect(LDAP *ld, struct auth *auth, int write_ms, struct fault *fault)
{
	static Sockbuf_IO layer = {
		.sbi_setup = on_setup,
		.sbi_remove = on_remove,
		.sbi_ctrl = on_ctrl,
		.sbi_read = on_read,
		.sbi_write = on_write,
		.sbi_close = on_close,
	};
	struct protect *p = calloc(1, sizeof *p);
	Sockbuf *buffer = NULL;

	if (!p)
		return false;
	*p = (struct protect){ .auth = auth, .fault = fault, .write_ms = write_ms };
	if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS ||
	    ber_sockbuf_add_io(buffer, &layer, LBER_SBIOD_LEVEL_APPLICATION, p) != 0) {
		free(p);
		return false;
	}
	return true;
}
