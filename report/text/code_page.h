/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code_page.h - what a byte means in one of Windows' ANSI code pages.
 *
 * Single-byte pages only: the East Asian ones (932, 936, 949, 950) are not known.
 */
#ifndef REPORT_TEXT_CODE_PAGE_H
#define REPORT_TEXT_CODE_PAGE_H

#include <stdint.h>

struct code_page {
	const char *name;    /* "1252" */
	uint16_t upper[128]; /* of the bytes 0x80 to 0xff; 0: not defined */
};

/* "1252", "cp1252" or "windows-1252"; NULL: no such page. */
const struct code_page *code_page_find(const char *name);
/* The character of a byte; 0: none, or a NUL. */
uint32_t code_page_at(const struct code_page *page, uint8_t byte);

#endif
