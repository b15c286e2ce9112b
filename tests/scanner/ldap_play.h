/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldap_play.h - the simulated domain's directory as a process of its own, for tests that
 * log on to it by NTLM and read.
 *
 * Controllers are 127.16.0.1 and counting, one for each pair of play_begin().  Everything
 * is static; include it after cmocka.h, once, in a test program.
 */
#ifndef SCANNER_LDAP_PLAY_H
#define SCANNER_LDAP_PLAY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rpc/auth/auth_gss.h"

enum { PLAY_ARGUMENTS_MAX = 400, PLAY_LINE_MAX = 80 };

static struct {
	pid_t pid;
	int input; /* its end is the end of the domain */
	FILE *output;
	uint16_t port;
	struct auth_provider *provider, *stranger;
} play;

static struct auth_provider *play_credential(const char *user, const char *password)
{
	const struct auth_gss_options options = { .user = user,
						  .password = password,
						  .domain = "CORP" };
	struct fault fault = { 0 };
	struct auth_provider *p = auth_gss_new(&options, &fault);

	assert_non_null(p);
	return p;
}

static void play_run(char *const *arguments)
{
	int in[2], out[2];

	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	play.pid = fork();
	if (play.pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execv(LAB_PROGRAM, arguments);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	play.input = in[1];
	play.output = fdopen(out[0], "r");
	assert_non_null(play.output);
}

/* A controller for each FAULT@STEP, "" for a good one, and so many computers. */
static void play_begin(const char *const *pairs, size_t count, const char *directory)
{
	static char lines[PLAY_ARGUMENTS_MAX][PLAY_LINE_MAX];
	char *arguments[PLAY_ARGUMENTS_MAX] = { LAB_PROGRAM, "--ldap", "0", "--line",
						(char *)(uintptr_t)directory };
	size_t n = 5;
	char said[80] = "";

	for (size_t i = 0; i < count; i++) {
		snprintf(lines[i], PLAY_LINE_MAX, "host d%zu dc %s%s", i + 1,
			 *pairs[i] ? "directory=" : "", pairs[i]);
		arguments[n++] = "--line";
		arguments[n++] = lines[i];
		assert_true(n + 2 < PLAY_ARGUMENTS_MAX);
	}
	play_run(arguments);
	while (strncmp(said, "ldap ", 5) != 0)
		assert_non_null(fgets(said, sizeof said, play.output));
	play.port = (uint16_t)atoi(said + 5);
	play.provider = play_credential("auditor", "Lab-Passw0rd");
	play.stranger = play_credential("auditor", "another");
}

/* What its servers saw, as JSON; valid until the next call. */
static const char *play_end(void)
{
	static char seen[8192];

	close(play.input);
	assert_non_null(fgets(seen, sizeof seen, play.output));
	fclose(play.output);
	waitpid(play.pid, NULL, 0);
	auth_gss_free(play.provider);
	auth_gss_free(play.stranger);
	return seen;
}

static struct sockaddr_in play_address(size_t controller)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(play.port),
		.sin_addr.s_addr = htonl(0x7f100000u + (uint32_t)controller),
	};
}

#endif
