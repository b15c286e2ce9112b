/* SPDX-License-Identifier: Apache-2.0 */
/* What one right allows, who holds it by default, what each shipped baseline expects. */
#include "report/render/explain_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/baseline/baseline.h"
#include "report/facts/principals.h"
#include "report/files/memory_stream.h"
#include "report/text/wrap.h"

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

/* Four roles often have the same text: then it is written once.  Lines of `tell` begin
 * with "+" where they are indented further. */
typedef void (*tell_fn)(FILE *out, const struct right *r, enum role role,
			const void *arg);

/* What `tell` writes; free() it.  NULL: out of memory. */
static char *tell_role(tell_fn tell, const struct right *r, enum role role,
		       const void *arg)
{
	struct memory_stream text;

	if (!memory_stream_open(&text))
		return NULL;
	tell(text.out, r, role, arg);
	return memory_stream_close(&text);
}

/* Line by line; `text` is cut up. */
static void print_lines(FILE *out, size_t indent, char *text)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && rest)
		wrap_paragraph(out, line + (*line == '+'), EXPLAIN_COLUMNS,
			       indent + (*line == '+' ? 2 : 0));
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

static bool is_written(char *const texts[ROLE_UNKNOWN], int role)
{
	for (int i = 0; i < role; i++)
		if (strcmp(texts[i], texts[role]) == 0)
			return true;
	return false;
}

static bool print_role_text(FILE *out, size_t indent, char *const texts[ROLE_UNKNOWN],
			    int role)
{
	char *text = strdup(texts[role]);

	if (!text)
		return false;
	fprintf(out, "%*s", (int)indent, "");
	print_roles(out, texts, role);
	putc('\n', out);
	print_lines(out, indent + 2, text);
	free(text);
	return true;
}

/* False: out of memory. */
static bool print_by_role(FILE *out, size_t indent, tell_fn tell, const struct right *r,
			  const void *arg)
{
	char *texts[ROLE_UNKNOWN] = { NULL };
	bool ok = true;

	for (int role = 0; ok && role < ROLE_UNKNOWN; role++) {
		texts[role] = tell_role(tell, r, (enum role)role, arg);
		ok = texts[role] != NULL;
	}
	for (int role = 0; ok && role < ROLE_UNKNOWN; role++)
		ok = is_written(texts, role) || print_role_text(out, indent, texts, role);
	for (int role = 0; role < ROLE_UNKNOWN; role++)
		free(texts[role]);
	return ok;
}

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

static bool print_baselines(FILE *out, const struct right *r)
{
	bool ok = true;
	char why[500];

	fputs("\nWhat the shipped baselines expect\n", out);
	for (size_t i = 0; ok && baseline_shipped(i); i++) {
		struct baseline *b = baseline_load(baseline_shipped(i), why, sizeof(why));

		fprintf(out, "  %s\n", baseline_shipped(i));
		ok = b && print_by_role(out, 4, tell_rules, r, b);
		baseline_free(b);
	}
	return ok;
}

bool explain_right(const struct right *r, FILE *out)
{
	bool ok;

	fprintf(out, "%s\n", r->name);
	fprintf(out, "  \"%s\"\n", r->policy);
	fprintf(out, "  a %s since %s\n", r->logon_right ? "logon right" : "privilege",
		r->since);
	fputs("\nWhat it allows\n", out);
	wrap_paragraph(out, r->risk, EXPLAIN_COLUMNS, 2);
	fprintf(out, "\n%s\n",
		r->denies ? "What happens without it" : "What breaks without it");
	wrap_paragraph(out, r->lack, EXPLAIN_COLUMNS, 2);
	fputs("\nDefault holders (as Windows is installed)\n", out);
	ok = print_by_role(out, 2, tell_stock, r, NULL) && print_baselines(out, r);
	fputs("\nWhere it is set\n", out);
	wrap_paragraph(out, rights_policy_path, EXPLAIN_COLUMNS, 2);
	putc('\n', out);
	return ok;
}
