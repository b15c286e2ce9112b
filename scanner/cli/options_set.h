/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_set.h - how the value of an option is read and kept.
 */
#ifndef SCANNER_CLI_OPTIONS_SET_H
#define SCANNER_CLI_OPTIONS_SET_H

#include "scanner/cli/options_table.h"

/* All of type option_set_fn.  The row's field is a bool, a const char *, a struct
 * option_list, a uint32_t, a uint16_t, a uint64_t of milliseconds. */
#define OPTION_SETTERS(X) \
	X(set_flag)       \
	X(set_text)       \
	X(set_file)       \
	X(set_files)      \
	X(set_list)       \
	X(set_output)     \
	X(set_baselines)  \
	X(set_rights)     \
	X(set_number)     \
	X(set_port)       \
	X(set_duration)   \
	X(set_servers)    \
	X(set_host)       \
	X(set_shard)      \
	X(set_dialects)   \
	X(set_outcomes)   \
	X(set_fail_on)    \
	X(set_reasons)

#define X(name)                                                                       \
	bool name(struct options *o, const struct option_row *row, const char *value, \
		  char *why, size_t why_size);
OPTION_SETTERS(X)
#undef X

#endif
