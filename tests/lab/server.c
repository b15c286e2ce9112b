/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/lab/server.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/connection.h"
#include "tests/lab/stats.h"

enum { BACKLOG = 4096 };

static struct {
	uv_tcp_t listener;
	int port, refused, refused_port;
} server;

static void on_connection(uv_stream_t *listener, int status)
{
	if (status < 0)
		return;
	stats.connections++;
	connection_accept(listener);
}

/* Drop what comes for 127.240.0.0/12 before TCP sees it. */
static bool dig_black_hole(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_NET_OFF + 16),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff00000),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 127u << 24 | 240u << 16, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ==
	       0;
}

static int bound_port(int fd)
{
	struct sockaddr_in name;
	socklen_t len = sizeof(name);

	return getsockname(fd, (struct sockaddr *)&name, &len) ? -1
							       : ntohs(name.sin_port);
}

/* A port that refuses: bound, so that nobody else listens there. */
static bool reserve_refused_port(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET };

	server.refused = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server.refused < 0 ||
	    bind(server.refused, (struct sockaddr *)&any, sizeof(any)) != 0)
		return false;
	server.refused_port = bound_port(server.refused);
	return true;
}

bool server_start(uv_loop_t *loop, int port)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
				   .sin_port = htons((uint16_t)port) };
	int error, fd;

	uv_tcp_init(loop, &server.listener);
	error = uv_tcp_bind(&server.listener, (struct sockaddr *)&any, 0);
	if (!error)
		error = uv_fileno((uv_handle_t *)&server.listener, &fd);
	if (!error && !dig_black_hole(fd))
		error = UV_ENOSYS;
	if (!error && !reserve_refused_port())
		error = UV_EADDRINUSE;
	if (!error)
		error = uv_listen((uv_stream_t *)&server.listener, BACKLOG,
				  on_connection);
	if (error) {
		fprintf(stderr, "lsasweep-lab: port %d: %s\n", port, uv_strerror(error));
		return false;
	}
	server.port = bound_port(fd);
	return true;
}

int server_port(void)
{
	return server.port;
}

int server_refused_port(void)
{
	return server.refused_port;
}
