/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wql.h - the queries of WMI filters, as far as their answer is known without asking the
 * computer.
 *
 * Known are ProductType, Version and BuildNumber of Win32_OperatingSystem and DomainRole
 * of Win32_ComputerSystem, with =, <>, !=, <, >, <=, >=, LIKE, AND, OR, NOT and
 * parentheses.  Everything else is unknown, never "no": it may still not matter, where
 * the rest of the condition decides.
 *
 * Version and BuildNumber are strings, and WMI orders strings letter by letter, so that
 * "10.0" < "6.1".  Where an order by numbers would give another answer than that one, it
 * is unknown, too.
 *
 * Pure, nothing allocates.
 */
#ifndef REPORT_DIRECTORY_WQL_H
#define REPORT_DIRECTORY_WQL_H

#include <stddef.h>

enum wql_answer { WQL_NO, WQL_YES, WQL_UNKNOWN };

/* What is known of one computer. */
struct wql_machine {
	int product_type;    /* 1 client, 2 domain controller, 3 server; 0: unknown */
	int domain_role;     /* 0 to 5 as DSROLE_MACHINE_ROLE, -1: unknown */
	const char *version; /* "10.0.20348", NULL: unknown */
};

/* Does the query return a row?  `query` of `len` bytes. */
enum wql_answer wql_evaluate(const char *query, size_t len,
			     const struct wql_machine *machine);

#endif
