/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c - the least a client can spend on one host: connect, exchange frames of given
 * sizes in a given order, hang up.  No cryptography, no decoding, no policy.
 *
 *     lsasweep-floor serve PORT SCRIPT
 *     lsasweep-floor ask   PORT SCRIPT HOSTS IN_FLIGHT
 *
 * SCRIPT is text, a line a frame in the order it was seen on the wire: "c LENGTH" from
 * the client, "s LENGTH" from the server.  Neighbouring frames of one side are one write.
 * The asker takes 127.0.0.1 and on, one address a host, as a sweep does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { TURNS_MAX = 1024, ROOM = 65536 };

/* A turn: all that one side says before the other answers. */
struct turn {
	bool client;
	size_t len;
};

static struct turn turns[TURNS_MAX];
static size_t turn_count;
static char nothing[ROOM]; /* what is said: zeros */
static char heard[ROOM];   /* what is heard: not looked at */

struct peer {
	uv_tcp_t tcp;
	uv_connect_t connecting;
	uv_write_t writing;
	bool client;
	size_t turn, got;
};

static struct {
	uv_loop_t *loop;
	int port;
	unsigned long hosts, next, done, failed;
} sweep;

static void ask_next(void);
static void on_connected(uv_connect_t *req, int status);
static void go_on(struct peer *p);
static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *buf);
static void on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void on_asked(uv_handle_t *handle);
static void on_served(uv_handle_t *handle);

static bool load(const char *path)
{
	FILE *f = fopen(path, "r");
	char side;
	size_t len;

	if (!f)
		return false;
	while (fscanf(f, " %c %zu", &side, &len) == 2 && turn_count < TURNS_MAX) {
		bool client = side == 'c';

		if (turn_count && turns[turn_count - 1].client == client)
			turns[turn_count - 1].len += len;
		else
			turns[turn_count++] = (struct turn){ client, len };
	}
	fclose(f);
	for (size_t i = 0; i < turn_count; i++)
		if (turns[i].len > ROOM)
			return false;
	return turn_count > 0;
}

static void hang_up(struct peer *p)
{
	if (!uv_is_closing((uv_handle_t *)&p->tcp))
		uv_close((uv_handle_t *)&p->tcp, p->client ? on_asked : on_served);
}

/* ---- asking ---- */

static void ask_next(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct peer *p;
	unsigned long host = sweep.next;

	if (sweep.next == sweep.hosts)
		return;
	p = calloc(1, sizeof *p);
	if (!p)
		abort();
	sweep.next++;
	p->client = true;
	to.sin_port = htons((uint16_t)sweep.port);
	to.sin_addr.s_addr = htonl((uint32_t)(0x7F000001u + host));
	uv_tcp_init(sweep.loop, &p->tcp);
	uv_tcp_nodelay(&p->tcp, 1);
	if (uv_tcp_connect(&p->connecting, &p->tcp, (struct sockaddr *)&to,
			   on_connected)) {
		sweep.failed++;
		hang_up(p);
	}
}

static void on_connected(uv_connect_t *req, int status)
{
	struct peer *p = (struct peer *)((char *)req - offsetof(struct peer, connecting));

	if (status) {
		sweep.failed++;
		hang_up(p);
		return;
	}
	uv_read_start((uv_stream_t *)&p->tcp, on_room, on_heard);
	go_on(p);
}

/* ---- both sides ---- */

static void go_on(struct peer *p)
{
	while (p->turn < turn_count && turns[p->turn].client == p->client) {
		uv_buf_t buf = uv_buf_init(nothing, (unsigned)turns[p->turn++].len);

		if (uv_try_write((uv_stream_t *)&p->tcp, &buf, 1) != (int)buf.len) {
			sweep.failed++;
			hang_up(p);
			return;
		}
	}
	if (p->turn == turn_count && p->client)
		hang_up(p);
}

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
	(void)handle;
	(void)hint;
	*buf = uv_buf_init(heard, sizeof heard);
}

static void on_heard(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct peer *p = (struct peer *)stream;

	(void)buf;
	if (n < 0) {
		if (p->client)
			sweep.failed++;
		hang_up(p);
		return;
	}
	p->got += (size_t)n;
	if (p->turn < turn_count && p->got >= turns[p->turn].len) {
		p->got -= turns[p->turn++].len;
		go_on(p);
	}
}

static void on_asked(uv_handle_t *handle)
{
	free(handle);
	sweep.done++;
	ask_next();
}

/* ---- serving ---- */

static void on_served(uv_handle_t *handle)
{
	free(handle);
}

static void on_caller(uv_stream_t *listener, int status)
{
	struct peer *p = calloc(1, sizeof *p);

	if (!p || status < 0)
		abort();
	uv_tcp_init(listener->loop, &p->tcp);
	if (uv_accept(listener, (uv_stream_t *)&p->tcp)) {
		hang_up(p);
		return;
	}
	uv_tcp_nodelay(&p->tcp, 1);
	uv_read_start((uv_stream_t *)&p->tcp, on_room, on_heard);
}

static void on_parent_gone(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	(void)buf;
	if (n < 0)
		uv_stop(stream->loop);
}

static int serve(int port)
{
	static uv_tcp_t listener;
	static uv_pipe_t parent;
	struct sockaddr_in any;

	uv_ip4_addr("127.0.0.1", port, &any);
	any.sin_addr.s_addr = 0;
	uv_tcp_init(sweep.loop, &listener);
	uv_tcp_bind(&listener, (struct sockaddr *)&any, 0);
	if (uv_listen((uv_stream_t *)&listener, 4096, on_caller)) {
		fprintf(stderr, "lsasweep-floor: cannot listen on port %d\n", port);
		return 1;
	}
	uv_pipe_init(sweep.loop, &parent, 0);
	uv_pipe_open(&parent, 0);
	uv_read_start((uv_stream_t *)&parent, on_room, on_parent_gone);
	puts("ready");
	fflush(stdout);
	uv_run(sweep.loop, UV_RUN_DEFAULT);
	return 0;
}

static int ask(int port, unsigned long hosts, unsigned long in_flight)
{
	sweep.port = port;
	sweep.hosts = hosts;
	for (unsigned long i = 0; i < in_flight; i++)
		ask_next();
	uv_run(sweep.loop, UV_RUN_DEFAULT);
	printf("%lu hosts, %lu failed\n", sweep.done, sweep.failed);
	return sweep.failed != 0;
}

int main(int argc, char **argv)
{
	sweep.loop = uv_default_loop();
	if (argc >= 4 && !load(argv[3])) {
		fprintf(stderr, "lsasweep-floor: \"%s\" is no script of frames\n",
			argv[3]);
		return 2;
	}
	if (argc == 4 && !strcmp(argv[1], "serve"))
		return serve(atoi(argv[2]));
	if (argc == 6 && !strcmp(argv[1], "ask"))
		return ask(atoi(argv[2]), strtoul(argv[4], NULL, 10),
			   strtoul(argv[5], NULL, 10));
	fprintf(stderr, "usage: lsasweep-floor serve PORT SCRIPT\n"
			"       lsasweep-floor ask PORT SCRIPT HOSTS IN_FLIGHT\n");
	return 2;
}
