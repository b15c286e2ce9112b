/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipe.h - an instance of \PIPE\lsarpc: DCE/RPC fragments in, fragments out.
 *
 * Behind it stand lsarpc and dssetup.  What they answer is in lsa.c and dssetup.c.
 */
#ifndef LAB_PIPE_H
#define LAB_PIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "rpc/wire/wire.h"
#include "tests/lab/accounts.h"
#include "tests/lab/world.h"

enum lab_interface { ON_LSARPC, ON_DSSETUP, INTERFACES };

enum { CONTEXTS_MAX = 4, HANDLE_LEN = 20 };

struct pipe {
	const struct host *host;
	const struct account *account;
	bool bound, broken, endless;
	struct {
		uint16_t id;
		enum lab_interface interface;
	} contexts[CONTEXTS_MAX];
	size_t context_count;
	uint16_t fragment;       /* the largest the client takes */
	struct wire_out request; /* stub of the fragments so far */
	struct wire_out out;     /* fragments not yet read */
	size_t read;             /* bytes of `out` already read */
	bool policy_open;
	uint8_t policy[HANDLE_LEN];
	uint32_t access;
};

/* Aborts when memory is out, as all of the lab does. */
struct pipe *pipe_open(const struct host *h, const struct account *a);
void pipe_close(struct pipe *p);
/* One PDU from the client.  Never fails: a broken pipe says so when read. */
void pipe_write(struct pipe *p, struct bytes pdu, enum lab_fault armed);
/* At most `max` bytes of the message whose turn it is; STATUS_BUFFER_OVERFLOW when it has
 * more, STATUS_PENDING when there is none. */
uint32_t pipe_read(struct pipe *p, size_t max, struct wire_out *to);
/* The step a PDU belongs to; STEP_CLOSE for LsarClose. */
enum lab_step pipe_step(const struct pipe *p, struct bytes pdu);

/* A call being answered.  An answerer reads `in` and writes `w`, whose stub begins at
 * `start`; false: the stub could not be read. */
struct call {
	struct pipe *pipe;
	uint16_t opnum;
	enum lab_fault armed;
	struct wire_in in;
	struct wire_out *w;
	size_t start;
	uint32_t referent;
};

/* False with `*known` false: no such opnum. */
bool lsa_answer(struct call *c, bool *known);
bool dssetup_answer(struct call *c, bool *known);
enum lab_step lsa_step(uint16_t opnum);

#endif
