/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/explain.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/baseline/baseline.h"
#include "report/judge/judge.h"
#include "report/facts/principals.h"
#include "report/facts/rights.h"

enum { COLUMNS = 90 };

/* A paragraph behind `indent` blanks. */
static void paragraph(FILE *out, int indent, const char *text)
{
	int column = indent;

	fprintf(out, "%*s", indent, "");
	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > indent && column + 1 + len > COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", len, text);
		column += len;
		text += len;
		text += strspn(text, " ");
	}
	putc('\n', out);
}

/* Known names without the domain that Windows translates anyway. */
static const char *short_name(const char *name)
{
	if (strncmp(name, "BUILTIN\\", 8) == 0)
		return name + 8;
	return strncmp(name, "NT AUTHORITY\\", 13) == 0 ? name + 13 : name;
}

static void print_reference(FILE *out, const struct reference *r)
{
	char relative[40];
	struct holder h = { r->sid ? r->sid : relative, NULL, KIND_NOT_TOLD };
	struct principal p = { .name = NULL };

	snprintf(relative, sizeof(relative), "S-1-5-21-0-0-0-%u", (unsigned)r->rid);
	if (r->form != REFERENCE_NAME && r->form != REFERENCE_PATTERN)
		principal_identify(&h, &p);
	fputs(p.name ? short_name(p.name) : r->text, out);
}

static void print_references(FILE *out, const struct reference *list, size_t count,
			     const char *between)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputs(between, out);
		print_reference(out, &list[i]);
	}
}

/* Four roles often have the same to say: then it is said once.  Lines of `tell` begin
 * with "+" where they are indented further. */
typedef void (*tell_fn)(FILE *out, const struct right *r, enum role role,
			const void *arg);

static char *tell_role(tell_fn tell, const struct right *r, enum role role,
		       const void *arg)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	tell(out, r, role, arg);
	fclose(out);
	return text;
}

static void print_lines(FILE *out, int indent, char *text)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && rest)
		paragraph(out, indent + (*line == '+' ? 2 : 0), line + (*line == '+'));
}

/* "domain controller, client", of the roles whose text is that of `role`. */
static void print_roles(FILE *out, char *const texts[ROLE_UNKNOWN], int role)
{
	const char *between = "";
	int same = 0;

	for (int i = 0; i < ROLE_UNKNOWN; i++)
		same += strcmp(texts[i], texts[role]) == 0;
	if (same == ROLE_UNKNOWN) {
		fputs("every role", out);
		return;
	}
	for (int i = 0; i < ROLE_UNKNOWN; i++) {
		if (strcmp(texts[i], texts[role]) != 0)
			continue;
		fprintf(out, "%s%s", between, role_title((enum role)i));
		between = ", ";
	}
}

static bool told_before(char *const texts[ROLE_UNKNOWN], int role)
{
	for (int i = 0; i < role; i++)
		if (strcmp(texts[i], texts[role]) == 0)
			return true;
	return false;
}

static void print_by_role(FILE *out, int indent, tell_fn tell, const struct right *r,
			  const void *arg)
{
	char *texts[ROLE_UNKNOWN] = { NULL };
	bool whole = true;

	for (int role = 0; role < ROLE_UNKNOWN; role++) {
		texts[role] = tell_role(tell, r, (enum role)role, arg);
		whole = whole && texts[role];
	}
	for (int role = 0; whole && role < ROLE_UNKNOWN; role++) {
		char *text;

		if (told_before(texts, role))
			continue;
		fprintf(out, "%*s", indent, "");
		print_roles(out, texts, role);
		putc('\n', out);
		text = strdup(texts[role]);
		if (text)
			print_lines(out, indent + 2, text);
		else
			whole = false;
		free(text);
	}
	if (!whole)
		fprintf(out, "%*sout of memory\n", indent, "");
	for (int role = 0; role < ROLE_UNKNOWN; role++)
		free(texts[role]);
}

/* ---- rights ---- */

static void tell_stock_list(FILE *out, const char *stock)
{
	const char *between = "";

	if (!*stock)
		fputs("nobody", out);
	while (*stock) {
		size_t len = strcspn(stock, " ");
		bool may = *stock == '?';
		char sid[100];
		struct principal p;

		snprintf(sid, sizeof(sid), "%.*s", (int)(len - may), stock + may);
		fprintf(out, "%s%s%s", between,
			principal_well_known(sid, &p)     ? short_name(p.name)
			: strcmp(sid, "MACHINE-501") == 0 ? "Guest"
							  : sid,
			may ? " (on some)" : "");
		between = ", ";
		stock += len;
		stock += strspn(stock, " ");
	}
	putc('\n', out);
}

static void tell_stock(FILE *out, const struct right *r, enum role role, const void *arg)
{
	size_t count;
	const struct right_stock *rows = rights_generations(r, &count);

	(void)arg;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].min_build)
			fprintf(out, "from build %u on: ", (unsigned)rows[i].min_build);
		tell_stock_list(out, rows[i].holders[role]);
	}
}

static void tell_allow(FILE *out, const struct baseline_allow *a)
{
	fputs("+also ", out);
	print_reference(out, &a->principal);
	if (a->when.product)
		fprintf(out, " where %s is installed", product_title(a->when.product));
	if (a->when.tag)
		fprintf(out, " on hosts tagged \"%s\"", a->when.tag);
	if (a->when.has_min_build)
		fprintf(out, " from build %u on", (unsigned)a->when.min_build);
	if (a->when.has_max_build)
		fprintf(out, " up to build %u", (unsigned)a->when.max_build);
	if (a->reason)
		fprintf(out, ": %s", a->reason);
	putc('\n', out);
}

static void tell_members(FILE *out, const struct baseline_rule *rule)
{
	print_references(out, rule->principals, rule->principal_count, ", ");
	if (rule->domain_joined_count) {
		fputs(rule->principal_count ? "; in a domain also " : "in a domain ",
		      out);
		print_references(out, rule->domain_joined, rule->domain_joined_count,
				 ", ");
	}
	for (size_t i = 0; i < rule->any_of_count; i++) {
		fputs("; one of ", out);
		print_references(out, rule->any_of[i].members, rule->any_of[i].count,
				 " or ");
	}
}

static void tell_rule(FILE *out, const struct baseline_rule *rule)
{
	static const char *const words[] = {
		[MATCH_EXACTLY] = "exactly ",
		[MATCH_AT_MOST] = "at most ",
		[MATCH_AT_LEAST] = "at least ",
		[MATCH_NONE] = "nobody",
	};

	if (rule->min_build)
		fprintf(out, "from build %u on: ", (unsigned)rule->min_build);
	fputs(words[rule->match], out);
	tell_members(out, rule);
	if (rule->rule)
		fprintf(out, "  [%s]", rule->rule);
	putc('\n', out);
	for (size_t i = 0; i < rule->allow_count; i++)
		tell_allow(out, &rule->allow[i]);
	if (rule->reason)
		fprintf(out, "+%s\n", rule->reason);
}

static void tell_rules(FILE *out, const struct right *r, enum role role, const void *arg)
{
	const struct baseline_rule *rule = baseline_rules(arg, r->name, role);

	if (!rule)
		fputs("no rule\n", out);
	for (; rule; rule = rule->next)
		tell_rule(out, rule);
}

static void print_baselines(FILE *out, const struct right *r)
{
	char why[500];

	fputs("\nWhat the shipped baselines want\n", out);
	for (size_t i = 0; baseline_shipped(i); i++) {
		struct baseline *b = baseline_load(baseline_shipped(i), why, sizeof(why));

		fprintf(out, "  %s\n", baseline_shipped(i));
		if (b)
			print_by_role(out, 4, tell_rules, r, b);
		else
			fprintf(out, "    %s\n", why);
		baseline_free(b);
	}
}

static void explain_right(const struct right *r, void *arg)
{
	FILE *out = arg;

	fprintf(out, "%s\n", r->name);
	fprintf(out, "  \"%s\"\n", r->policy);
	fprintf(out, "  a %s since %s\n", r->logon_right ? "logon right" : "privilege",
		r->since);
	fputs("\nWhat it allows\n", out);
	paragraph(out, 2, r->risk);
	fprintf(out, "\n%s\n",
		r->denies ? "What happens without it" : "What breaks without it");
	paragraph(out, 2, r->lack);
	fputs("\nHolders on an untouched Windows\n", out);
	print_by_role(out, 2, tell_stock, r, NULL);
	print_baselines(out, r);
	fputs("\nWhere it is set\n", out);
	paragraph(out, 2, rights_policy_path);
	putc('\n', out);
}

/* ---- principals ---- */

/* The roles, a bit each, on whose untouched machines `bounded` (" SID ") holds a right.
 */
static unsigned stock_roles(const struct right *r, const char *bounded)
{
	char stock[1000];
	unsigned roles = 0;

	for (int role = 0; role < ROLE_UNKNOWN; role++) {
		snprintf(stock, sizeof(stock), " %s ",
			 rights_stock(r, (enum role)role, UINT32_MAX));
		if (strstr(stock, bounded))
			roles |= 1u << role;
	}
	return roles;
}

static void print_role_set(FILE *out, unsigned roles)
{
	const char *between = "";

	if (roles == (1u << ROLE_UNKNOWN) - 1) {
		fputs("every role\n", out);
		return;
	}
	for (int role = 0; role < ROLE_UNKNOWN; role++) {
		if (!(roles & 1u << role))
			continue;
		fprintf(out, "%s%s", between, role_title((enum role)role));
		between = ", ";
	}
	putc('\n', out);
}

/* Rights that `sid` holds on an untouched machine of each role. */
static void print_stock_of(FILE *out, const char *sid)
{
	char bounded[120];
	size_t found = 0;

	snprintf(bounded, sizeof(bounded), " %s ", sid);
	for (size_t i = 0; i < rights_count(); i++) {
		unsigned roles = stock_roles(rights_at(i), bounded);

		if (!roles)
			continue;
		if (!found++)
			fputs("\nHolds on an untouched Windows\n", out);
		fprintf(out, "  %s: ", rights_at(i)->name);
		print_role_set(out, roles);
	}
	if (!found)
		fputs("  On an untouched Windows no user right names it; what its groups "
		      "hold, it holds.\n",
		      out);
}

static void print_principal(FILE *out, const char *sid, const struct principal *p)
{
	fprintf(out, "%s\n", sid);
	if (p->name)
		fprintf(out, "  %s\n", p->name);
	fprintf(out, "  %s", principal_class_sentence(p->class));
	if (p->product)
		fprintf(out, ", of %s", product_title(p->product));
	putc('\n', out);
	print_stock_of(out, sid);
	putc('\n', out);
}

static bool explain_principal(const char *topic, FILE *out)
{
	const char *sid = principal_is_sid(topic) ? topic : principal_sid_of(topic);
	struct holder h = { sid, NULL, KIND_NOT_TOLD };
	struct principal p;

	if (!sid)
		return false;
	principal_identify(&h, &p);
	print_principal(out, sid, &p);
	return true;
}

/* ---- findings and topics ---- */

static bool explain_finding(const char *topic, FILE *out)
{
	enum finding_kind kind;

	if (!finding_from_id(topic, &kind))
		return false;
	fprintf(out, "%s: %s", topic, finding_title(kind));
	if (finding_severity(kind) != SEVERITY_NONE)
		fprintf(out, " (%s)", severity_word(finding_severity(kind)));
	fputs("\n\nWhat it means\n", out);
	paragraph(out, 2, finding_meaning(kind));
	fputs("\nHow to mend it\n", out);
	paragraph(out, 2, finding_mend(kind));
	putc('\n', out);
	return true;
}

static bool explain_baseline(const char *topic, FILE *out)
{
	char why[500];
	size_t len;
	struct baseline *b;

	if (!baseline_shipped_text(topic, &len))
		return false;
	b = baseline_load(topic, why, sizeof(why));
	if (!b)
		return false;
	fprintf(out, "%s %s\n", b->name, b->version);
	paragraph(out, 2, b->source);
	if (b->description)
		paragraph(out, 2, b->description);
	fprintf(out, "  Rules for %zu rights; `lsasweep explain RIGHT` tells them.\n\n",
		b->right_count);
	baseline_free(b);
	return true;
}

/* Two columns; what is too wide for them goes on below. */
static void print_row(FILE *out, const char *name, const char *text)
{
	enum { NAME = 33 };

	if (strlen(name) > NAME)
		fprintf(out, "  %s\n  %*s  %s\n", name, NAME, "", text);
	else
		fprintf(out, "  %-*s  %s\n", NAME, name, text);
}

void explain_topics(FILE *out)
{
	fputs("Rights\n", out);
	for (size_t i = 0; i < rights_count(); i++)
		print_row(out, rights_at(i)->name, rights_at(i)->policy);
	fputs("\nFindings\n", out);
	for (int k = FINDING_NONE + 1; k < FINDING_COUNT; k++)
		print_row(out, finding_id((enum finding_kind)k),
			  finding_title((enum finding_kind)k));
	fputs("\nShipped baselines\n", out);
	for (size_t i = 0; baseline_shipped(i); i++)
		fprintf(out, "  %s\n", baseline_shipped(i));
	fputs("\nA SID or a well-known name tells who that is.\n", out);
}

/* Rights whose name or policy holds the words asked for. */
static void name_the_nearest(const char *topic, char *why, size_t why_size)
{
	size_t len;

	snprintf(why, why_size, "\"%.60s\" is no right, principal, finding or baseline",
		 topic);
	for (size_t i = 0; *topic && i < rights_count(); i++) {
		if (!strcasestr(rights_at(i)->name, topic) &&
		    !strcasestr(rights_at(i)->policy, topic))
			continue;
		len = strlen(why);
		snprintf(why + len, why_size - len, "; did you mean %s?",
			 rights_at(i)->name);
		return;
	}
	len = strlen(why);
	snprintf(why + len, why_size - len, "; `lsasweep explain` lists them");
}

bool explain(const char *topic, FILE *out, char *why, size_t why_size)
{
	if (explain_finding(topic, out) || explain_baseline(topic, out) ||
	    explain_principal(topic, out))
		return true;
	if (rights_match(topic, explain_right, out) > 0)
		return true;
	name_the_nearest(topic, why, why_size);
	return false;
}
