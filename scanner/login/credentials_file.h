/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_file.h - the text of an authentication file, and of -U, as credentials.
 */
#ifndef SCANNER_LOGIN_CREDENTIALS_FILE_H
#define SCANNER_LOGIN_CREDENTIALS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/login/credentials.h"

enum { CREDENTIALS_FILE_MAX = 64 * 1024 };

struct credential_sections {
	struct credential at[CREDENTIAL_SECTIONS_MAX]; /* the first is the default, "" */
	size_t count;
};

/* Cuts `text` (`len` bytes and a NUL) into strings in place.  False with `why` as
 * "PATH:LINE: ...", which never repeats a value. */
bool credentials_parse(char *text, size_t len, const char *path,
		       struct credential_sections *sections, char *why, size_t why_size);
/* Reads and parses: refused when others than its owner may read it, or when it belongs
 * to somebody else than us or root. */
bool credentials_read(const char *path, struct credential_sections *sections, char *why,
		      size_t why_size);
/* Cuts "DOMAIN\USER", "DOMAIN/USER" or "USER@REALM" in place.  False with `why`. */
bool credentials_split_user(char *text, struct credential *c, char *why, size_t why_size);

#endif
