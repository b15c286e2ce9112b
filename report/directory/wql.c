/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over the query: words as they come, a condition by recursive descent, three
 * values (yes, no, unknown) all the way. */
#include "report/directory/wql.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Deeper parentheses are nobody's query. */
enum { DEPTH_MAX = 32, TEXT_MAX = 256 };

enum word_kind { WORD_END, WORD_NAME, WORD_TEXT, WORD_NUMBER, WORD_SIGN, WORD_BAD };

struct word {
	enum word_kind kind;
	char text[TEXT_MAX];
};

enum class { CLASS_OTHER, CLASS_OPERATING_SYSTEM, CLASS_COMPUTER_SYSTEM };

struct query {
	const char *at, *end;
	const struct wql_machine *machine;
	struct word word; /* the one to be looked at */
	enum class class;
	int depth;
	bool bad; /* not understood: whatever was concluded is unknown */
};

/* ---- words ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void set_word(struct word *w, enum word_kind kind, const char *text, size_t len)
{
	w->kind = len < TEXT_MAX ? kind : WORD_BAD;
	if (len >= TEXT_MAX)
		len = 0;
	memcpy(w->text, text, len);
	w->text[len] = '\0';
}

/* A text in quotes of either kind; `\` escapes the next character. */
static void read_text(struct query *q)
{
	char quote = *q->at++;
	size_t len = 0;

	q->word.kind = WORD_TEXT;
	while (q->at < q->end && *q->at != quote) {
		if (*q->at == '\\' && q->at + 1 < q->end)
			q->at++;
		if (len + 1 < TEXT_MAX)
			q->word.text[len++] = *q->at;
		else
			q->word.kind = WORD_BAD;
		q->at++;
	}
	q->word.text[len] = '\0';
	if (q->at == q->end)
		q->word.kind = WORD_BAD;
	else
		q->at++;
}

static size_t run_of(const struct query *q, bool (*belongs)(char))
{
	size_t len = 0;

	while (q->at + len < q->end && belongs(q->at[len]))
		len++;
	return len;
}

static bool in_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '.';
}

static bool in_sign(char c)
{
	return c == '<' || c == '>' || c == '=' || c == '!';
}

static void next_word(struct query *q)
{
	enum word_kind kind = WORD_SIGN;
	size_t len = 1;

	while (q->at < q->end && (*q->at == ' ' || (*q->at >= '\t' && *q->at <= '\r')))
		q->at++;
	if (q->at == q->end) {
		set_word(&q->word, WORD_END, "", 0);
		return;
	}
	if (*q->at == '"' || *q->at == '\'') {
		read_text(q);
		return;
	}
	if (is_letter(*q->at)) {
		kind = WORD_NAME;
		len = run_of(q, in_name);
	} else if (is_digit(*q->at)) {
		kind = WORD_NUMBER;
		len = run_of(q, in_name);
	} else if (in_sign(*q->at)) {
		len = run_of(q, in_sign);
	} else if (!strchr("()*,", *q->at)) {
		kind = WORD_BAD;
	}
	set_word(&q->word, kind, q->at, len);
	q->at += len;
}

static bool word_is(const struct query *q, enum word_kind kind, const char *text)
{
	return q->word.kind == kind && strcasecmp(q->word.text, text) == 0;
}

static bool take(struct query *q, enum word_kind kind, const char *text)
{
	if (!word_is(q, kind, text))
		return false;
	next_word(q);
	return true;
}

static enum wql_answer bad(struct query *q)
{
	q->bad = true;
	return WQL_UNKNOWN;
}

/* ---- values ---- */

static enum wql_answer answer(bool yes)
{
	return yes ? WQL_YES : WQL_NO;
}

/* -1, 0 or 1 as a sign has it: "<", ">=" and so on. */
static bool holds(const char *sign, int order)
{
	if (strcmp(sign, "=") == 0)
		return order == 0;
	if (strcmp(sign, "<>") == 0 || strcmp(sign, "!=") == 0)
		return order != 0;
	if (sign[0] == '<')
		return order < 0 || (sign[1] && order == 0);
	return order > 0 || (sign[1] && order == 0);
}

static bool is_sign(const char *sign)
{
	static const char *const signs[] = { "=", "<>", "!=", "<", ">", "<=", ">=" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strcmp(sign, signs[i]) == 0)
			return true;
	return false;
}

static int order_of(int difference)
{
	return (difference > 0) - (difference < 0);
}

/* Numbers between dots, one after the other; false: `a` or `b` is no such thing. */
static bool order_by_numbers(const char *a, const char *b, int *order)
{
	*order = 0;
	while (*a || *b) {
		char *a_end = (char *)a, *b_end = (char *)b;
		unsigned long x = is_digit(*a) ? strtoul(a, &a_end, 10) : 0;
		unsigned long y = is_digit(*b) ? strtoul(b, &b_end, 10) : 0;

		if ((*a && a_end == a) || (*b && b_end == b))
			return false;
		if (!*order)
			*order = *a && !*b ? 1 : !*a && *b ? -1 : (x > y) - (x < y);
		a = *a_end == '.' ? a_end + 1 : a_end;
		b = *b_end == '.' ? b_end + 1 : b_end;
		if ((*a_end && *a_end != '.') || (*b_end && *b_end != '.'))
			return false;
	}
	return true;
}

/* A property that is a string: letter by letter, unless by numbers it is otherwise. */
static enum wql_answer compare_text(const char *sign, const char *value,
				    const char *literal)
{
	int by_letters = order_of(strcasecmp(value, literal)), by_numbers;
	bool equality = sign[0] == '=' || sign[0] == '!' || strcmp(sign, "<>") == 0;

	if (!equality && (!order_by_numbers(value, literal, &by_numbers) ||
			  holds(sign, by_letters) != holds(sign, by_numbers)))
		return WQL_UNKNOWN;
	return answer(holds(sign, by_letters));
}

static enum wql_answer compare_number(const char *sign, int value, const char *literal)
{
	char *end;
	long number;

	if (!is_digit(*literal) || strlen(literal) > 6)
		return WQL_UNKNOWN;
	number = strtol(literal, &end, 10);
	if (*end)
		return WQL_UNKNOWN;
	return answer(holds(sign, (value > number) - (value < number)));
}

/* `%` stands for any text, `_` for one character; without regard to case. */
static bool is_like(const char *value, const char *pattern)
{
	const char *after = NULL, *retry = NULL;

	while (*value) {
		if (*pattern == '%') {
			after = ++pattern;
			retry = value;
		} else if (*pattern &&
			   (*pattern == '_' || strncasecmp(pattern, value, 1) == 0)) {
			pattern++;
			value++;
		} else if (after) {
			pattern = after;
			value = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '%')
		pattern++;
	return !*pattern;
}

/* ---- conditions ---- */

/* The property as a string, or its number with `*text` NULL.  False: not known. */
static bool value_of(const struct query *q, const char *property, const char **text,
		     int *number)
{
	const struct wql_machine *m = q->machine;
	bool os = q->class == CLASS_OPERATING_SYSTEM;
	const char *dot;

	*text = NULL;
	if (os && strcasecmp(property, "ProductType") == 0) {
		*number = m->product_type;
		return m->product_type > 0;
	}
	if (q->class == CLASS_COMPUTER_SYSTEM &&
	    strcasecmp(property, "DomainRole") == 0) {
		*number = m->domain_role;
		return m->domain_role >= 0;
	}
	if (!os || !m->version)
		return false;
	if (strcasecmp(property, "Version") == 0)
		*text = m->version;
	dot = strrchr(m->version, '.');
	if (strcasecmp(property, "BuildNumber") == 0 && dot)
		*text = dot + 1;
	return *text != NULL;
}

static enum wql_answer compare(const struct query *q, const char *property,
			       const char *sign, const char *literal)
{
	bool like = strcasecmp(sign, "LIKE") == 0;
	const char *text;
	int number;

	if (!value_of(q, property, &text, &number))
		return WQL_UNKNOWN;
	if (!text)
		return like ? WQL_UNKNOWN : compare_number(sign, number, literal);
	if (!like)
		return compare_text(sign, text, literal);
	return strchr(literal, '[') ? WQL_UNKNOWN : answer(is_like(text, literal));
}

/* The same comparison with its sides changed. */
static const char *turned(const char *sign)
{
	static const char *const pairs[][2] = {
		{ "<", ">" }, { ">", "<" }, { "<=", ">=" }, { ">=", "<=" }
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (strcmp(sign, pairs[i][0]) == 0)
			return pairs[i][1];
	return sign;
}

static bool is_literal(const struct word *w)
{
	return w->kind == WORD_TEXT || w->kind == WORD_NUMBER;
}

/* PROPERTY SIGN LITERAL, or the other way round; the last word stays to be passed. */
static enum wql_answer read_comparison(struct query *q)
{
	struct word left = q->word, sign;
	bool like;

	next_word(q);
	sign = q->word;
	like = word_is(q, WORD_NAME, "LIKE");
	if (!like && (sign.kind != WORD_SIGN || !is_sign(sign.text)))
		return bad(q);
	next_word(q);
	if (left.kind == WORD_NAME && is_literal(&q->word))
		return compare(q, left.text, sign.text, q->word.text);
	if (is_literal(&left) && q->word.kind == WORD_NAME && !like)
		return compare(q, q->word.text, turned(sign.text), left.text);
	return bad(q);
}

static enum wql_answer read_or(struct query *q);

static enum wql_answer read_one(struct query *q)
{
	enum wql_answer a;

	if (take(q, WORD_NAME, "NOT")) {
		if (++q->depth > DEPTH_MAX)
			return bad(q);
		a = read_one(q);
		q->depth--;
		return a == WQL_UNKNOWN ? a : answer(a == WQL_NO);
	}
	if (take(q, WORD_SIGN, "(")) {
		if (++q->depth > DEPTH_MAX)
			return bad(q);
		a = read_or(q);
		q->depth--;
		return take(q, WORD_SIGN, ")") ? a : bad(q);
	}
	a = read_comparison(q);
	next_word(q);
	return a;
}

static enum wql_answer read_and(struct query *q)
{
	enum wql_answer all = read_one(q);

	while (!q->bad && take(q, WORD_NAME, "AND")) {
		enum wql_answer a = read_one(q);

		all = all == WQL_NO || a == WQL_NO     ? WQL_NO
		      : all == WQL_YES && a == WQL_YES ? WQL_YES
						       : WQL_UNKNOWN;
	}
	return all;
}

static enum wql_answer read_or(struct query *q)
{
	enum wql_answer any = read_and(q);

	while (!q->bad && take(q, WORD_NAME, "OR")) {
		enum wql_answer a = read_and(q);

		any = any == WQL_YES || a == WQL_YES ? WQL_YES
		      : any == WQL_NO && a == WQL_NO ? WQL_NO
						     : WQL_UNKNOWN;
	}
	return any;
}

/* SELECT, what is selected, FROM and a class. */
static bool read_head(struct query *q)
{
	next_word(q);
	if (!take(q, WORD_NAME, "SELECT"))
		return false;
	if (!take(q, WORD_SIGN, "*"))
		do {
			if (q->word.kind != WORD_NAME)
				return false;
			next_word(q);
		} while (take(q, WORD_SIGN, ","));
	if (!take(q, WORD_NAME, "FROM") || q->word.kind != WORD_NAME)
		return false;
	q->class = word_is(q, WORD_NAME, "Win32_OperatingSystem") ? CLASS_OPERATING_SYSTEM
		   : word_is(q, WORD_NAME, "Win32_ComputerSystem") ? CLASS_COMPUTER_SYSTEM
								   : CLASS_OTHER;
	next_word(q);
	return true;
}

/* Both classes have exactly one instance: without a condition there is a row. */
enum wql_answer wql_evaluate(const char *query, size_t len,
			     const struct wql_machine *machine)
{
	struct query q = { .at = query, .end = query + len, .machine = machine };
	enum wql_answer found = WQL_YES;

	if (!read_head(&q) || q.class == CLASS_OTHER)
		return WQL_UNKNOWN;
	if (take(&q, WORD_NAME, "WHERE"))
		found = read_or(&q);
	return q.bad || q.word.kind != WORD_END ? WQL_UNKNOWN : found;
}
