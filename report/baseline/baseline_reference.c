/* SPDX-License-Identifier: Apache-2.0 */
/* How a baseline names principals, and who is meant on a host. */
#include "report/baseline/baseline_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/facts/names.h"
#include "report/text/glob.h"

const char *const reference_forms =
	"a SID, a pattern of SIDs (S-1-5-82-*), DOMAIN-RID (DOMAIN-512), MACHINE-RID "
	"(MACHINE-501) or DOMAIN\\name";

/* Domains of names whose SIDs have a family; a name of theirs means no other SID. */
static const struct {
	const char *domain, *family;
} families[] = {
	{ "NT SERVICE\\", "S-1-5-80-" },
	{ "IIS APPPOOL\\", "S-1-5-82-" },
	{ "NT VIRTUAL MACHINE\\", "S-1-5-83-" },
	{ "RESTRICTED SERVICES\\", "S-1-5-99-" },
	{ "MACHINE\\", "S-1-5-21-" },
};

static bool parse_relative(const char *text, const char *word, enum reference_form form,
			   struct reference *r)
{
	size_t len = strlen(word);
	char *end;
	unsigned long rid;

	if (strncmp(text, word, len) != 0 || text[len] < '1' || text[len] > '9' ||
	    strlen(text + len) > 9)
		return false;
	rid = strtoul(text + len, &end, 10);
	if (*end)
		return false;
	*r = (struct reference){ .text = text, .form = form, .rid = (uint32_t)rid };
	return true;
}

static bool is_pattern(const char *text)
{
	return strncmp(text, "S-1-", 4) == 0 && strpbrk(text, "*?") &&
	       text[4 + strspn(text + 4, "0123456789-*?")] == '\0';
}

/* "DOMAIN\name", neither part empty. */
static bool parse_name(const char *text, struct reference *r)
{
	const char *slash = strchr(text, '\\');

	if (!slash || slash == text || !slash[1] || strchr(slash + 1, '\\'))
		return false;
	*r = (struct reference){ .text = text, .form = REFERENCE_NAME };
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strncasecmp(text, families[i].domain, strlen(families[i].domain)) ==
		    0)
			r->sid = families[i].family;
	return true;
}

bool reference_parse(const char *text, struct reference *r)
{
	const char *sid;

	if (principal_is_sid(text)) {
		*r = (struct reference){ text, REFERENCE_SID, text, 0 };
		return true;
	}
	sid = principal_sid_of(text);
	if (sid) {
		*r = (struct reference){ text, REFERENCE_SID, sid, 0 };
		return true;
	}
	if (is_pattern(text)) {
		*r = (struct reference){ text, REFERENCE_PATTERN, text, 0 };
		return true;
	}
	return parse_relative(text, "DOMAIN-", REFERENCE_DOMAIN_RID, r) ||
	       parse_relative(text, "MACHINE-", REFERENCE_MACHINE_RID, r) ||
	       parse_name(text, r);
}

/* The SID below which the machine's own accounts are; a controller's are the domain's. */
static const char *own_domain(const struct facts *f)
{
	return f->role == ROLE_DOMAIN_CONTROLLER && f->domain_sid ? f->domain_sid
								  : f->machine_sid;
}

/* Below some domain or machine; what the host told rules out counts. */
static bool has_rid(const char *sid, uint32_t rid, const char *not_below)
{
	const char *dash = strrchr(sid, '-');
	char end[16];
	uint32_t other;

	snprintf(end, sizeof(end), "-%u", (unsigned)rid);
	return strncmp(sid, "S-1-5-21-", 9) == 0 && strcmp(dash, end) == 0 &&
	       !principal_rid(sid, not_below, &other);
}

/* MACHINE-501 or DOMAIN-512 of a file that does not tell its issuers' SIDs.  A
 * controller's own accounts are its domain's. */
static bool is_relative(const char *sid, uint32_t rid, bool controller, bool machine)
{
	bool of_machine;
	unsigned number;

	return sid_is_relative(sid, &of_machine, &number) && number == rid &&
	       (controller || of_machine == machine);
}

static bool means_domain(const struct reference *r, const char *sid,
			 const struct facts *f)
{
	uint32_t rid;

	if (is_relative(sid, r->rid, f->role == ROLE_DOMAIN_CONTROLLER, false))
		return true;
	if (!f->domain_sid || principal_of_forest(r->rid))
		return has_rid(sid, r->rid, f->machine_sid);
	return principal_rid(sid, f->domain_sid, &rid) && rid == r->rid;
}

static bool means_machine(const struct reference *r, const char *sid,
			  const struct facts *f)
{
	const char *own = own_domain(f);
	uint32_t rid;

	if (is_relative(sid, r->rid, f->role == ROLE_DOMAIN_CONTROLLER, true))
		return true;
	if (!own)
		return has_rid(sid, r->rid, f->domain_sid);
	return principal_rid(sid, own, &rid) && rid == r->rid;
}

static bool means_name(const struct reference *r, const char *sid, const char *name,
		       const struct facts *f)
{
	bool local = strncasecmp(r->text, "MACHINE\\", 8) == 0;
	const char *own = own_domain(f);
	uint32_t rid;

	if (!name || (r->sid && strncmp(sid, r->sid, strlen(r->sid)) != 0))
		return false;
	if (!local)
		return glob_match(r->text, name);
	return (!own || principal_rid(sid, own, &rid)) && strchr(name, '\\') &&
	       glob_match(r->text + strlen("MACHINE\\"), strchr(name, '\\') + 1);
}

/* A template may name a holder where a host would have told its SID. */
static const char *holder_sid(const struct holder *h)
{
	const char *sid = principal_is_sid(h->sid) ? NULL : principal_sid_of(h->sid);

	return sid ? sid : h->sid;
}

bool reference_is_of_forest(const struct reference *r)
{
	return r->form == REFERENCE_DOMAIN_RID && principal_of_forest(r->rid);
}

bool reference_means(const struct reference *r, const struct holder *h,
		     const struct facts *f)
{
	const char *sid = holder_sid(h);

	switch (r->form) {
	case REFERENCE_SID:
		return strcmp(r->sid, sid) == 0;
	case REFERENCE_PATTERN:
		return principal_is_sid(sid) && glob_match(r->sid, sid);
	case REFERENCE_DOMAIN_RID:
		return means_domain(r, sid, f);
	case REFERENCE_MACHINE_RID:
		return means_machine(r, sid, f);
	case REFERENCE_NAME:
		return means_name(r, sid, h->name ? h->name : h->sid, f);
	}
	return false;
}

const char *reference_sid(const struct reference *r, const struct facts *f, char *out,
			  size_t out_size)
{
	const char *domain = NULL;

	if (r->form == REFERENCE_SID)
		return r->sid;
	if (r->form == REFERENCE_DOMAIN_RID && !principal_of_forest(r->rid))
		domain = f->domain_sid;
	if (r->form == REFERENCE_MACHINE_RID)
		domain = own_domain(f);
	if (!domain || strlen(domain) + 12 > out_size)
		return NULL;
	snprintf(out, out_size, "%s-%u", domain, (unsigned)r->rid);
	return out;
}
