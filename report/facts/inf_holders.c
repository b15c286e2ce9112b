/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/inf_internal.h"
#include "report/facts/inf_text.h"
#include "report/facts/names.h"
#include "report/facts/principals.h"

/* A right has at most a few hundred holders. */
enum { HOLDERS_MAX = 20480 };

static struct holder *new_holder(struct inf_template *t, const char *word)
{
	if (t->holder_count == HOLDERS_MAX) {
		inf_refuse(t, "more than 20480 holders at", word);
		return NULL;
	}
	if (t->holder_count == t->holder_room) {
		size_t room = t->holder_room ? t->holder_room * 2 : 16;
		struct holder *grown = realloc(t->holders, room * sizeof(*grown));

		if (!grown) {
			inf_out_of_memory(t);
			return NULL;
		}
		t->holders = grown;
		t->holder_room = room;
	}
	return &t->holders[t->holder_count++];
}

/* The star marks a SID; some tools write SIDs without it, or in small letters. */
static bool add_sid(struct inf_template *t, char *word)
{
	struct holder *h;

	if (*word == 's')
		*word = 'S';
	if (!principal_is_sid(word))
		return inf_refuse(t, "expected a SID, found", word);
	h = new_holder(t, word);
	if (!h)
		return false;
	*h = (struct holder){ facts_text(t->facts, word), NULL, KIND_NOT_TOLD };
	return h->sid || inf_out_of_memory(t);
}

static bool add_name(struct inf_template *t, const char *word)
{
	struct holder *h = new_holder(t, word);

	if (!h)
		return false;
	h->sid = h->name = facts_text(t->facts, word);
	h->kind = KIND_NOT_TOLD;
	return h->sid || inf_out_of_memory(t);
}

static bool add_holder(struct inf_template *t, char *word)
{
	word = inf_unquote(word);
	if (*word == '*')
		return add_sid(t, inf_unquote(inf_trim(word + 1)));
	if (strncasecmp(word, "S-1-", 4) == 0)
		return add_sid(t, word);
	return *word == '\0' || add_name(t, word);
}

bool inf_read_holders(struct inf_template *t, char *list)
{
	char *word;

	t->holder_count = 0;
	while ((word = inf_next_word(&list)) != NULL)
		if (!add_holder(t, word))
			return false;
	return true;
}

bool inf_resolve_names(struct inf_template *t)
{
	struct facts *f = t->facts;
	const struct name_scope scope = {
		.machine = facts_is_policy(f) ? NULL : f->host,
		.administrator = t->administrator,
		.guest = t->guest,
		.machine_sid = f->machine_sid,
		.domain_sid = f->domain_sid,
		.controller = f->role == ROLE_DOMAIN_CONTROLLER,
	};
	char sid[NAME_SID_MAX];

	for (size_t i = 0; i < f->right_count; i++) {
		for (size_t k = 0; k < f->rights[i].holder_count; k++) {
			struct holder *h = &f->rights[i].holders[k];

			if (h->name && name_to_sid(h->name, &scope, sid))
				h->sid = facts_text(f, sid);
		}
	}
	return !f->out_of_memory || inf_out_of_memory(t);
}
