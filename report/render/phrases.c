/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, shares and reasons as every format words them. */
#include "report/render/phrases.h"

#include <string.h>
#include <strings.h>

char *phrase_count(size_t n, char *out, size_t out_size)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%zu", n);
	size_t used = 0;

	for (int i = 0; i < length && used + 2 < out_size; i++) {
		if (i && (length - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	return out;
}

char *phrase_share(size_t part, size_t whole, const char *what, char *out,
		   size_t out_size)
{
	char a[32], b[32];
	/* Tenths of a per cent, rounded down: 4,999 of 5,000 is not 100 %. */
	size_t tenths = whole ? part * 1000 / whole : 0;

	phrase_count(part, a, sizeof(a));
	phrase_count(whole, b, sizeof(b));
	if (whole)
		snprintf(out, out_size, "%s of %s%s%s (%zu.%zu %%)", a, b,
			 *what ? " " : "", what, tenths / 10, tenths % 10);
	else
		snprintf(out, out_size, "%s of %s%s%s", a, b, *what ? " " : "", what);
	return out;
}

const char *phrase_role(enum role role, size_t n)
{
	static const char *const many[ROLE_COUNT] = {
		[ROLE_DOMAIN_CONTROLLER] = "domain controllers",
		[ROLE_MEMBER_SERVER] = "member servers",
		[ROLE_STANDALONE_SERVER] = "standalone servers",
		[ROLE_CLIENT] = "clients",
		[ROLE_UNKNOWN] = "hosts of unknown role",
	};

	if (n != 1)
		return many[role];
	return role == ROLE_UNKNOWN ? "host of unknown role" : role_title(role);
}

char *phrase_where(const size_t hosts[ROLE_COUNT], char *out, size_t out_size)
{
	unsigned left = 0;
	size_t used = 0;
	char number[32];

	for (unsigned i = 0; i < ROLE_COUNT; i++)
		left += hosts[i] > 0;
	out[0] = '\0';
	for (unsigned i = 0; i < ROLE_COUNT && used < out_size; i++) {
		if (!hosts[i])
			continue;
		left--;
		used += (size_t)snprintf(out + used, out_size - used, "%s %s%s",
					 phrase_count(hosts[i], number, sizeof(number)),
					 phrase_role((enum role)i, hosts[i]),
					 left > 1    ? ", "
					 : left == 1 ? " and "
						     : "");
	}
	return out;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void say_suspect(const struct scorecard *s, char *out, size_t out_size)
{
	char all[32], in[32], not_in[32];

	snprintf(out, out_size,
		 "%s host%s gave an answer that cannot be complete (collection_suspect): "
		 "%s in violation count%s as assessed, %s unknown %s not.",
		 phrase_count(s->suspect, all, sizeof(all)), plural(s->suspect),
		 phrase_count(s->suspect_assessed, in, sizeof(in)),
		 s->suspect_assessed == 1 ? "s" : "",
		 phrase_count(s->suspect - s->suspect_assessed, not_in, sizeof(not_in)),
		 s->suspect - s->suspect_assessed == 1 ? "does" : "do");
}

static bool say_coverage(const struct coverage *c, enum phrase_notice notice, char *out,
			 size_t out_size)
{
	char a[100], b[100];
	size_t scope, len;

	if (!c || !c->known)
		return false;
	scope = (size_t)c->computers.in_scope;
	switch (notice) {
	case NOTICE_COMPUTERS:
		directory_counts_write(&c->computers, out, out_size);
		len = strlen(out);
		snprintf(out + len, out_size - len, ".");
		return c->known;
	case NOTICE_COVERAGE:
		snprintf(out, out_size,
			 "Of those in scope, %s have a record and %s were assessed.",
			 phrase_share(c->total.asked, scope, "", a, sizeof(a)),
			 phrase_share(c->total.assessed, scope, "", b, sizeof(b)));
		return c->known;
	case NOTICE_PARTLY:
		for (size_t i = 0; i < c->domain_count; i++) {
			const struct directory_domain *d = &c->domains[i].domain;

			if (!d->error)
				continue;
			snprintf(out, out_size,
				 "Active Directory was not read to its end in %.100s: "
				 "%.200s.",
				 d->dns_name, d->error);
			return true;
		}
		return false;
	default:
		snprintf(out, out_size,
			 "%s host%s that answered %s not in Active Directory.",
			 phrase_count(c->strangers, a, sizeof(a)), plural(c->strangers),
			 c->strangers == 1 ? "is" : "are");
		return c->strangers > 0;
	}
}

char *phrase_waiver(const struct baseline_waiver *w, const struct score_waiver *score,
		    char *out, size_t out_size)
{
	size_t findings = score->used + score->expired;
	char number[32];

	phrase_count(findings, number, sizeof(number));
	if (score->used)
		snprintf(out, out_size, "waives %s finding%s until %s", number,
			 findings == 1 ? "" : "s", w->expires);
	else if (score->expired)
		snprintf(out, out_size, "expired on %s: %s finding%s count%s again",
			 w->expires, number, findings == 1 ? "" : "s",
			 findings == 1 ? "s" : "");
	else
		snprintf(out, out_size, "matches no finding (last day %s)", w->expires);
	return out;
}

static bool notice_waivers(const struct scorecard *s, char *out, size_t out_size)
{
	size_t idle = 0, expired = 0;
	char a[32], b[32];

	for (size_t i = 0; i < s->baseline->waiver_count; i++) {
		expired += s->waivers[i].expired > 0;
		idle += s->waivers[i].used + s->waivers[i].expired == 0;
	}
	phrase_count(idle, a, sizeof(a));
	phrase_count(expired, b, sizeof(b));
	if (!expired)
		snprintf(out, out_size, "%s waiver%s no finding.", a,
			 idle == 1 ? " matches" : "s match");
	else if (!idle)
		snprintf(out, out_size, "%s waiver%s expired.", b,
			 expired == 1 ? " has" : "s have");
	else
		snprintf(out, out_size, "%s waiver%s no finding, %s %s expired.", a,
			 idle == 1 ? " matches" : "s match", b,
			 expired == 1 ? "has" : "have");
	return idle + expired > 0;
}

/* Of journals that were read together. */
static bool say_together(const struct journal_info *info, enum phrase_notice notice,
			 char *out, size_t out_size)
{
	char a[32];

	if (notice == NOTICE_PARTS) {
		snprintf(out, out_size,
			 "This is not the whole of a divided sweep: %s of its parts "
			 "%s missing, or parts of another division are among them.",
			 phrase_count(info->parts_missing, a, sizeof(a)),
			 info->parts_missing == 1 ? "is" : "are");
		return info->parts_missing > 0;
	}
	snprintf(out, out_size,
		 "Of %s host%s an older record has answers for rights that the newer one "
		 "was not asked for: they are not in this report.",
		 phrase_count(info->rights_replaced, a, sizeof(a)),
		 plural(info->rights_replaced));
	return info->rights_replaced > 0;
}

bool phrase_notice(const struct render_context *about, enum phrase_notice notice,
		   char *out, size_t out_size)
{
	const struct scorecard *s = about->score;
	char a[32], b[32];

	switch (notice) {
	case NOTICE_COMPUTERS:
	case NOTICE_COVERAGE:
	case NOTICE_PARTLY:
	case NOTICE_STRANGERS:
		return say_coverage(about->coverage, notice, out, out_size);
	case NOTICE_UNRECORDED:
		snprintf(out, out_size,
			 "%s more target%s no record in the journal: the sweep was cut "
			 "short.",
			 phrase_count(about->unrecorded, a, sizeof(a)),
			 about->unrecorded == 1 ? " has" : "s have");
		return about->unrecorded > 0;
	case NOTICE_PARTS:
	case NOTICE_REPLACED:
		return say_together(about->journal, notice, out, out_size);
	case NOTICE_CONFLICTS:
		snprintf(out, out_size,
			 "Sources disagree on the role of %s host%s; -o json names %s.",
			 phrase_count(s->conflicts, a, sizeof(a)), plural(s->conflicts),
			 s->conflicts == 1 ? "it" : "them");
		return s->conflicts > 0;
	case NOTICE_DIRECTORY:
		snprintf(out, out_size,
			 "%s host%s not what Active Directory has (name, domain or "
			 "build); -o json names %s.",
			 phrase_count(s->directory_conflicts, a, sizeof(a)),
			 s->directory_conflicts == 1 ? " is" : "s are",
			 s->directory_conflicts == 1 ? "it" : "them");
		return s->directory_conflicts > 0;
	case NOTICE_IDENTITY:
		snprintf(out, out_size,
			 "%s host%s may be other ones than those asked, or share a name "
			 "or machine SID (identity_conflict); -o json names %s.",
			 phrase_count(s->identity_conflicts, a, sizeof(a)),
			 plural(s->identity_conflicts),
			 s->identity_conflicts == 1 ? "it" : "them");
		return s->identity_conflicts > 0;
	case NOTICE_SUSPECT:
		say_suspect(s, out, out_size);
		return s->suspect > 0;
	case NOTICE_UNLISTED:
		snprintf(out, out_size,
			 "%s holder%s on %s host%s too many for the summary and not in "
			 "its "
			 "counts; the rows of the hosts have them.",
			 phrase_count(s->principals_unlisted, a, sizeof(a)),
			 plural(s->principals_unlisted),
			 phrase_count(s->unlisted_hosts, b, sizeof(b)),
			 s->unlisted_hosts == 1 ? " are" : "s are");
		return s->principals_unlisted > 0;
	case NOTICE_RIGHTS:
		snprintf(out, out_size,
			 "%s answer%s about rights that Windows does not have are too "
			 "many for the summary; the rows of the hosts have them.",
			 phrase_count(s->rights_unlisted, a, sizeof(a)),
			 plural(s->rights_unlisted));
		return s->rights_unlisted > 0;
	case NOTICE_WAIVERS:
		return notice_waivers(s, out, out_size);
	default:
		return false;
	}
}

char *phrase_place(const struct fix *f, char *out, size_t out_size)
{
	if (!f->id)
		snprintf(out, out_size, "no GPO sets it: set it in one, or on the hosts");
	else
		snprintf(out, out_size, "GPO \"%.200s\"%s%.250s%s",
			 f->name ? f->name : f->id, f->link ? ", linked at " : "",
			 f->link ? f->link : "", f->enforced ? ", enforced" : "");
	return out;
}

const char *phrase_alias(const struct facts *f)
{
	const char *name = f->dns_name && *f->dns_name ? f->dns_name : f->netbios_name;

	return name && *name && strcasecmp(name, f->host) != 0 ? name : NULL;
}

const char *phrase_domain(const struct facts *f)
{
	return f->dns_domain && *f->dns_domain ? f->dns_domain : f->domain;
}

bool phrase_unexpected(const struct finding *f)
{
	return f->label == LABEL_EXTRA || f->label == LABEL_OBSOLETE || f->waived;
}

/* What access denied nearly always means. */
static const char denied[] =
	"access denied: the account is not an administrator of the host, or remote UAC "
	"filters it (a local account other than RID 500)";

const char *phrase_unknown_right(const struct right_judgement *r)
{
	if (r->kind == FINDING_DENIED)
		return denied;
	if (r->reason)
		return r->reason;
	return r->kind == FINDING_NONE ? NULL : finding_title(r->kind);
}

const char *phrase_unknown_host(const struct judgement *j)
{
	if (j->facts->outcome != HOST_ANSWERED)
		return host_outcome_sentence(j->facts->outcome);
	if (j->kind == FINDING_DENIED)
		return denied;
	if (j->reason)
		return j->reason;
	for (size_t i = 0; i < j->right_count; i++)
		if (j->rights[i].verdict == VERDICT_UNKNOWN)
			return phrase_unknown_right(&j->rights[i]);
	return j->kind == FINDING_NONE ? NULL : finding_title(j->kind);
}
