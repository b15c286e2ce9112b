/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directory.h - what the simulated Active Directory holds: entries by number, each made
 * when it is asked for, so that a million computers take no memory.
 *
 * First the domain itself, its partitions, units, sites, subnets, policies and groups,
 * then a computer for each host that is in the domain, then as many as `directory
 * computers=N` says, of every kind that a scanner has to sort.
 */
#ifndef LAB_DIRECTORY_H
#define LAB_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "rpc/wire/wire.h"

enum {
	LAB_DN_MAX = 2048,
	LAB_ATTRIBUTES_MAX = 32,
	LAB_VALUES_MAX = 64,
	LAB_ENTRY_BYTES = 32 << 10,
	LAB_MEMBERS = 3000, /* of the large group */
};

struct lab_attribute {
	const char *name;
	size_t first, count; /* in the entry's values */
	size_t members;      /* or so many computers' names, made by directory_member() */
};

struct lab_entry {
	char dn[LAB_DN_MAX];
	size_t dn_len; /* a hostile name may hold a NUL */
	struct lab_attribute attributes[LAB_ATTRIBUTES_MAX];
	size_t attribute_count;
	struct bytes values[LAB_VALUES_MAX];
	size_t value_count;
	uint8_t bytes[LAB_ENTRY_BYTES]; /* the values */
	size_t used;
};

/* How many computers beside those that are hosts. */
void directory_set_computers(size_t count);
/* MaxPageSize ([MS-ADTS] 3.1.1.3.4.6), 1000 unless told. */
void directory_set_page(size_t entries);
size_t directory_page(void);
/* Another domain of the forest, EAST, which nobody serves. */
void directory_set_forest(void);
/* After the last host. */
void directory_index(void);
void directory_drop(void);
size_t directory_count(void);
/* The number of the first computer. */
size_t directory_first_computer(void);
void directory_entry(size_t number, struct lab_entry *e);
/* The n-th member of the large group, in static memory. */
const char *directory_member(size_t n);
/* "DC=corp,DC=example" */
const char *directory_base(void);
/* What is true of all computers, as one line of JSON. */
void directory_print(FILE *to);

/* For those who make entries. */
void entry_begin(struct lab_entry *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One more value of the attribute added last, if that has this name. */
void entry_bytes(struct lab_entry *e, const char *name, const void *at, size_t len);
void entry_text(struct lab_entry *e, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const struct lab_attribute *entry_attribute(const struct lab_entry *e, const char *name,
					    size_t len);
/* directory_computers.c */
size_t directory_computer_count(void);
void directory_computer(size_t n, struct lab_entry *e);

#endif
