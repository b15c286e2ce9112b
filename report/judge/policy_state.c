/* SPDX-License-Identifier: Apache-2.0 */
#include "report/judge/policy_state.h"

#include <string.h>
#include <strings.h>

#include "report/facts/names.h"
#include "report/judge/judge_internal.h"
#include "report/text/timestamp.h"

const char *policy_state_word(enum policy_state s)
{
	static const char *const words[] = {
#define X(constant, word, sentence) word,
		POLICY_STATES(X)
#undef X
	};

	return s < POLICY_STATE_COUNT ? words[s] : "unknown";
}

const char *policy_state_sentence(enum policy_state s)
{
	static const char *const sentences[] = {
#define X(constant, word, sentence) sentence,
		POLICY_STATES(X)
#undef X
	};

	return s < POLICY_STATE_COUNT ? sentences[s] : "unknown";
}

bool policy_state_find(struct policy_store *store, const struct judgement *j,
		       const struct policy **policy)
{
	const struct facts *f = j->facts;
	const struct directory_fact *d = f->directory;

	*policy = NULL;
	if (!store || !d || !d->dn || j->directory_conflict || j->identity_conflict)
		return true;
	*policy = policy_of(store,
			    &(struct policy_computer){
				    .dn = d->dn,
				    .sid = d->sid,
				    .version = f->os_version,
				    .site = d->site,
				    .role = f->role != ROLE_UNKNOWN ? f->role : d->role,
			    });
	return *policy != NULL;
}

/* ---- lists ---- */

enum likeness { LIST_SAME, LIST_ADDED_TO, LIST_OTHER, LIST_UNDECIDED };

/* More comparisons than any real list needs. */
enum { COMPARISONS_MAX = 1 << 22 };

/* The SID that the entry means on this host; false: it is not known. */
static bool sid_of(const struct facts *f, const struct directory_entry *e,
		   char sid[static NAME_SID_MAX])
{
	const struct name_scope scope = {
		.machine = f->netbios_name,
		.machine_sid = f->machine_sid,
		.domain_sid = f->domain_sid,
		.controller = f->role == ROLE_DOMAIN_CONTROLLER,
	};
	bool of_machine;
	unsigned rid;

	if (e->sid) {
		strncpy(sid, e->sid, NAME_SID_MAX - 1);
		sid[NAME_SID_MAX - 1] = '\0';
		return strlen(e->sid) < NAME_SID_MAX;
	}
	return e->text[0] != '*' && name_to_sid(e->text, &scope, sid) &&
	       !sid_is_relative(sid, &of_machine, &rid);
}

/* The host's own look-up gave this name to somebody it lists; a bare name is first a
 * local account. */
static bool is_called(const struct holder *h, const char *text)
{
	const char *account = h->name ? strrchr(h->name, '\\') : NULL;

	return h->name &&
	       (strcasecmp(h->name, text) == 0 ||
		(account && !strchr(text, '\\') && strcasecmp(account + 1, text) == 0));
}

struct comparison {
	const struct facts *facts;
	const struct right_fact *held;
	size_t missing, unresolved, extra, extra_service;
	size_t ambiguous; /* of the extra ones: may be one that was not resolved */
};

static bool is_held(const struct comparison *c, const struct directory_entry *e,
		    const char *sid)
{
	for (size_t i = 0; i < c->held->holder_count; i++)
		if (sid ? strcasecmp(c->held->holders[i].sid, sid) == 0
			: is_called(&c->held->holders[i], e->text))
			return true;
	return false;
}

static void look_for_entry(struct comparison *c, const struct directory_entry *e)
{
	char sid[NAME_SID_MAX];
	bool known = sid_of(c->facts, e, sid);

	if (known && strcmp(sid, "S-1-0-0") == 0)
		return;
	if (is_held(c, e, known ? sid : NULL))
		return;
	if (known)
		c->missing++;
	else
		c->unresolved++;
}

static bool is_declared(const struct facts *f, const struct holder *h,
			const struct directory_declared *d)
{
	for (size_t i = 0; i < d->entry_count; i++) {
		char sid[NAME_SID_MAX];

		if (sid_of(f, &d->entries[i], sid) ? strcasecmp(sid, h->sid) == 0
						   : is_called(h, d->entries[i].text))
			return true;
	}
	return false;
}

/* "x" of "CORP\\x" and of "x@corp.example". */
static size_t account_of(const char *name, const char **account)
{
	const char *slash = strrchr(name, '\\');

	*account = slash ? slash + 1 : name;
	return strcspn(*account, "@");
}

static bool same_account(const char *a, const char *b)
{
	const char *x, *y;
	size_t len = account_of(a, &x);

	return len == account_of(b, &y) && strncasecmp(x, y, len) == 0;
}

/* Whether the holder may be an entry whose SID is not known: it has no name either, or
 * the same one in another domain or notation. */
static bool is_ambiguous(const struct facts *f, const struct holder *h,
			 const struct directory_declared *d)
{
	struct principal known;
	char sid[NAME_SID_MAX];

	if (!h->name)
		return !principal_well_known(h->sid, &known);
	for (size_t i = 0; i < d->entry_count; i++)
		if (!sid_of(f, &d->entries[i], sid) &&
		    same_account(h->name, d->entries[i].text))
			return true;
	return false;
}

static void look_for_holder(struct comparison *c, const struct finding *held,
			    const struct directory_declared *d)
{
	if (judge_is_nobody(held->holder) || is_declared(c->facts, held->holder, d))
		return;
	c->extra++;
	c->ambiguous += is_ambiguous(c->facts, held->holder, d);
	c->extra_service += held->who.class == CLASS_SERVICE ||
			    held->who.class == CLASS_APP_POOL ||
			    held->who.class == CLASS_VIRTUAL;
}

/* An entry that cannot be resolved is passed over by Windows, and so it is here, unless
 * it could be one of those that nobody declared. */
static enum likeness compare(const struct facts *f, const struct right_judgement *r,
			     const struct directory_declared *d)
{
	struct comparison c = { .facts = f, .held = r->fact };

	if (d->entry_count && r->holder_count > COMPARISONS_MAX / d->entry_count)
		return LIST_UNDECIDED;
	for (size_t i = 0; i < d->entry_count; i++)
		look_for_entry(&c, &d->entries[i]);
	for (size_t i = 0; i < r->holder_count; i++)
		if (r->holders[i].holder)
			look_for_holder(&c, &r->holders[i], d);
	if (!c.missing && !c.extra)
		return LIST_SAME;
	if (c.unresolved && c.ambiguous)
		return LIST_UNDECIDED;
	return !c.missing && c.extra == c.extra_service ? LIST_ADDED_TO : LIST_OTHER;
}

/* ---- times ---- */

/* [MS-GPOL] 3.2.1.17: every 90 minutes and up to 30 more; domain controllers every 5. */
enum { REFRESH_S = 120 * 60, REFRESH_CONTROLLER_S = 5 * 60 };

static bool is_recent(int64_t changed, int64_t asked, int64_t interval)
{
	return changed > 0 && changed > asked - interval;
}

static bool may_be_pending(const struct facts *f, const struct policy_gpo *g)
{
	int64_t interval = f->role == ROLE_DOMAIN_CONTROLLER ? REFRESH_CONTROLLER_S
							     : REFRESH_S;
	int64_t asked;

	if (!f->timestamp || !timestamp_parse(f->timestamp, &asked))
		return false;
	asked /= 1000;
	return is_recent(g->gpo->changed, asked, interval) ||
	       is_recent(g->gpo->template.written, asked, interval) ||
	       (g->scope && is_recent(g->scope->changed, asked, interval));
}

/* ---- states ---- */

/* The place of the list, but for the winner's GPO, whose list the host holds. */
static uint32_t follows_other(const struct facts *f, const struct right_judgement *r,
			      const struct right_policy *rp, bool uncertain_only)
{
	const struct policy *p = rp->policy;

	for (size_t i = p->gpo_count; i-- > 0;) {
		const struct directory_declared *d = policy_declared(p->gpos[i].gpo,
								     rp->right.name);

		if (d && (!uncertain_only || policy_may_win(p, &rp->right, i)) &&
		    compare(f, r, d) == LIST_SAME)
			return (uint32_t)i;
	}
	return POLICY_NOBODY;
}

static enum policy_state state_of_defined(const struct facts *f,
					  const struct right_judgement *r,
					  struct right_policy *rp)
{
	switch (compare(f, r, rp->right.declared)) {
	case LIST_SAME:
		rp->follows = rp->right.winner;
		return POLICY_ENFORCED;
	case LIST_ADDED_TO:
		rp->follows = rp->right.winner;
		return POLICY_API_ADDED;
	case LIST_UNDECIDED:
		return POLICY_UNKNOWN;
	case LIST_OTHER:
		break;
	}
	if (may_be_pending(f, &rp->policy->gpos[rp->right.winner]))
		return POLICY_PENDING;
	rp->follows = follows_other(f, r, rp, false);
	return rp->follows == POLICY_NOBODY ? POLICY_DRIFT : POLICY_OTHER_GPO;
}

static enum policy_state state_of_undefined(const struct facts *f,
					    const struct right_judgement *r,
					    struct right_policy *rp)
{
	if (r->state == STATE_DEFAULT)
		return POLICY_DEFAULT;
	rp->follows = follows_other(f, r, rp, false);
	if (rp->follows != POLICY_NOBODY)
		return POLICY_OTHER_GPO;
	return r->state == STATE_UNKNOWN ? POLICY_UNKNOWN : POLICY_LOCAL;
}

/* What the host holds is evidence of which of them it applies. */
static enum policy_state state_of_uncertain(const struct facts *f,
					    const struct right_judgement *r,
					    struct right_policy *rp)
{
	rp->follows = follows_other(f, r, rp, true);
	if (rp->follows == POLICY_NOBODY && rp->right.declared &&
	    compare(f, r, rp->right.declared) == LIST_SAME)
		rp->follows = rp->right.winner;
	return rp->follows == POLICY_NOBODY ? POLICY_UNKNOWN : POLICY_ENFORCED;
}

static void judge_one(const struct facts *f, const struct right_judgement *r,
		      struct right_policy *rp)
{
	struct policy_right other;

	rp->right = *policy_find_right(rp->policy, r->fact->name, &other);
	rp->follows = POLICY_NOBODY;
	if (r->fact->outcome != RIGHT_HELD && r->fact->outcome != RIGHT_NOBODY)
		rp->state = POLICY_UNKNOWN;
	else if (rp->right.state == POLICY_RIGHT_DEFINED)
		rp->state = state_of_defined(f, r, rp);
	else if (rp->right.state == POLICY_RIGHT_NOT_DEFINED)
		rp->state = state_of_undefined(f, r, rp);
	else
		rp->state = state_of_uncertain(f, r, rp);
}

bool policy_state_judge(struct judgement *j, const struct policy *p)
{
	struct right_policy *all = pool_take(&j->memory, j->right_count, sizeof(*all));

	if (!all)
		return false;
	for (size_t i = 0; i < j->right_count; i++) {
		all[i].policy = p;
		judge_one(j->facts, &j->rights[i], &all[i]);
		j->rights[i].policy = &all[i];
	}
	return true;
}
