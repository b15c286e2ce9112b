/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h - KEY=VALUE words of a description: how one host speaks, and what it holds.
 */
#ifndef LAB_SETTINGS_H
#define LAB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/lab/world.h"

/* Where the next complaint goes. */
void complain_into(char *to, size_t room);
/* Always false, for use as `return complain(...)`. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool parse_number(const char *text, unsigned max, unsigned *value);
bool set_fault(struct host *h, const char *value);
/* Sets `h->address`; must be in 127.0.0.0/8. */
bool set_address(struct host *h, const char *value);
/* What must be known before a host has its place: its address, fault and manner. */
bool set_before(struct host *h, char *word);
/* What needs its number or lives as long as it does: tags and rights. */
bool set_after(struct host *h, char *word);

#endif
