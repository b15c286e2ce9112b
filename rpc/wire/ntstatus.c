/* SPDX-License-Identifier: Apache-2.0 */
#include "rpc/wire/ntstatus.h"

#include <stddef.h>

struct row {
	uint32_t value;
	const char *name, *words;
};

#define X(constant, value, words) { value, #constant, words },
static const struct row ntstatuses[] = { NTSTATUSES(X) };
static const struct row win32_errors[] = { WIN32_ERRORS(X) };
static const struct row rpc_statuses[] = { RPC_STATUSES(X) };
#undef X

static const struct row unknown;

#define FIND(table, value) find(table, sizeof(table) / sizeof((table)[0]), value)

static const struct row *find(const struct row *table, size_t count, uint32_t value)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].value == value)
			return &table[i];
	return &unknown;
}

static const struct row *find_rpc(uint32_t status)
{
	const struct row *row = FIND(rpc_statuses, status);

	return row != &unknown ? row : FIND(win32_errors, status);
}

static const struct row *find_in(enum fault_space space, uint32_t code)
{
	switch (space) {
	case CODE_NTSTATUS:
		return FIND(ntstatuses, code);
	case CODE_WIN32:
		return FIND(win32_errors, code);
	case CODE_RPC:
		return find_rpc(code);
	case CODE_NONE:
	case CODE_GSS:
		break;
	}
	return &unknown;
}

const char *status_name(enum fault_space space, uint32_t code)
{
	return find_in(space, code)->name;
}

const char *status_words(enum fault_space space, uint32_t code)
{
	return find_in(space, code)->words;
}

const char *ntstatus_name(uint32_t status)
{
	return status_name(CODE_NTSTATUS, status);
}

const char *ntstatus_words(uint32_t status)
{
	return status_words(CODE_NTSTATUS, status);
}

const char *win32_name(uint32_t error)
{
	return status_name(CODE_WIN32, error);
}

const char *win32_words(uint32_t error)
{
	return status_words(CODE_WIN32, error);
}

const char *rpc_status_name(uint32_t status)
{
	return status_name(CODE_RPC, status);
}

const char *rpc_status_words(uint32_t status)
{
	return status_words(CODE_RPC, status);
}

bool ntstatus_is_error(uint32_t status)
{
	return status >> 30 == 3;
}
