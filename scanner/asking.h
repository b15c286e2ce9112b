/*
 * asking.h - what `scan` and `check` have in common: from options to a sweep.
 */
#ifndef SCANNER_ASKING_H
#define SCANNER_ASKING_H

#include <stdbool.h>
#include <stddef.h>

#include "scanner/identities.h"
#include "scanner/options.h"
#include "scanner/sweep.h"

enum { ASKING_RIGHTS_MAX = 64, UUID_TEXT = 37 };

struct asking {
	const char *rights[ASKING_RIGHTS_MAX];
	size_t right_count;
	char sweep_id[UUID_TEXT];
	struct identities identities;
	struct sweep_options sweep; /* points into this */
};

/* Names, globs and lists of the options as rights of the catalogue, each once.  False:
 * told on stderr. */
bool asking_rights(struct asking *a, const struct options *o);
/* Providers for `credentials`, whose passwords are wiped then, and everything of
 * `a->sweep`.  asking_rights() came first. False: told on stderr. */
bool asking_open(struct asking *a, const struct options *o,
		 struct credentials *credentials);
void asking_close(struct asking *a);

#endif
