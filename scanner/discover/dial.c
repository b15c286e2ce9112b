/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner/discover/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char step_name[] = "connect";

uint64_t dial_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool dial_abandoned(const atomic_bool *abandon, const char *step, struct fault *fault)
{
	if (!abandon || !atomic_load(abandon))
		return false;
	fault_set(fault, step, REASON_RUN_ENDED, CODE_NONE, 0);
	return true;
}

static void unreachable(struct fault *fault, const char *why)
{
	fault_set_words(fault, step_name, REASON_DIRECTORY_UNREACHABLE, CODE_NONE, 0,
			"%s", why);
}

static bool wait_connected(int fd, uint64_t connect_ms, const atomic_bool *abandon,
			   struct fault *fault)
{
	uint64_t deadline = dial_now() + connect_ms;
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t size = sizeof error;

	while (poll(&wait, 1, DIAL_SLICE_MS) == 0) {
		if (dial_abandoned(abandon, step_name, fault))
			return false;
		if (dial_now() >= deadline) {
			unreachable(fault, "no answer to the connection in time");
			return false;
		}
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && !error)
		return true;
	unreachable(fault, strerror(error));
	return false;
}

int dial(const struct sockaddr *address, uint64_t connect_ms, const atomic_bool *abandon,
	 struct fault *fault)
{
	socklen_t size = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
							: sizeof(struct sockaddr_in);
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);
	int one = 1;

	if (fd < 0 || (connect(fd, address, size) != 0 && errno != EINPROGRESS)) {
		unreachable(fault, strerror(errno));
	} else if (wait_connected(fd, connect_ms, abandon, fault)) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}
