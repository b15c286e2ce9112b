/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_escape.c - hostile strings come out harmless, and harmless ones unchanged.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/text/escape.h"

typedef void (*escape_fn)(FILE *out, const char *text);

static void expect(escape_fn escape, const char *text, const char *wanted)
{
	char *got = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&got, &length);

	assert_non_null(out);
	escape(out, text);
	fclose(out);
	assert_string_equal(got, wanted);
	free(got);
}

static void harmless_text_is_left_alone(void **state)
{
	(void)state;
	expect(escape_terminal, "CORP\\svc-web", "CORP\\svc-web");
	expect(escape_terminal, "Администраторы 管理者 é", "Администраторы 管理者 é");
	expect(escape_html, "CORP\\svc-web", "CORP\\svc-web");
	expect(escape_csv, "CORP\\svc-web", "\"CORP\\svc-web\"");
	expect(escape_json, "a/b é", "\"a/b é\"");
	expect(escape_label, "svc é", "\"svc é\"");
	expect(escape_json, NULL, "null");
	expect(escape_terminal, NULL, "");
	expect(escape_csv, NULL, "\"\"");
}

static void markdown_has_no_markup_of_others(void **state)
{
	(void)state;
	expect(escape_markdown, "Web farm, CHG-4711 (1.5).", "Web farm, CHG-4711 (1.5).");
	expect(escape_markdown, "*b* _i_ [x](y) <a> ~s~ a&b !x $m$",
	       "\\*b\\* \\_i\\_ \\[x\\](y) \\<a\\> \\~s\\~ a\\&b \\!x \\$m\\$");
	expect(escape_markdown, "# a", "\\# a");
	expect(escape_markdown, "- a - b", "\\- a - b");
	expect(escape_markdown, "12. a", "12\\. a");
	expect(escape_markdown, "http://a www.b", "http\\://a www\\.b");
	expect(escape_markdown, "@all a|b\n",
	       "\\<U+0040\\>all a\\<U+007C\\>b\\<U+000A\\>");
	expect(escape_markdown_code, "CORP\\svc", "`CORP\\svc`");
	expect(escape_markdown_code, "a`b", "`` a`b ``");
	expect(escape_markdown_code, "``", "``` `` ```");
	expect(escape_markdown_code, "a|b\033", "`a<U+007C>b<U+001B>`");
	expect(escape_markdown_code, "\xFF", "`\xEF\xBF\xBD`");
	expect(escape_markdown_code, NULL, "");
}

static void terminal_controls_are_shown(void **state)
{
	(void)state;
	expect(escape_terminal, "\033[31mred\a\r\n",
	       "<U+001B>[31mred<U+0007><U+000D>"
	       "<U+000A>");
	expect(escape_terminal,
	       "c1 \xC2\x9B"
	       "31m",
	       "c1 <U+009B>31m");
	expect(escape_terminal, "\xE2\x80\xAEtxt.exe", "<U+202E>txt.exe");
	expect(escape_terminal,
	       "a\xE2\x80\x8B"
	       "b\xEF\xBB\xBF",
	       "a<U+200B>b<U+FEFF>");
	expect(escape_terminal, "\xF3\xA0\x81\x81", "<U+E0041>");
}

static void bytes_that_are_no_utf8_become_replacements(void **state)
{
	(void)state;
	expect(escape_terminal,
	       "a\xFF"
	       "b",
	       "a\xEF\xBF\xBD"
	       "b");
	/* An encoded surrogate is three bad bytes, an overlong slash two. */
	expect(escape_json, "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
	expect(escape_html, "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
	/* Cut in the middle of a sequence, at the very end. */
	expect(escape_csv, "x\xE2\x82", "\"x\xEF\xBF\xBD\xEF\xBF\xBD\"");
	expect(escape_xml, "\xEF\xBF\xBE|\xEF\xB7\x90", "&lt;U+FFFE&gt;|&lt;U+FDD0&gt;");
}

static void markup_is_text(void **state)
{
	(void)state;
	expect(escape_html, "<script>alert(\"1\" & '2')</script>",
	       "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
	expect(escape_xml, "]]>\x01", "]]&gt;&lt;U+0001&gt;");
	expect(escape_json, "</script>", "\"\\u003c/script\\u003e\"");
}

static void json_strings_are_one_token(void **state)
{
	(void)state;
	expect(escape_json, "\"\\\n\x7F", "\"\\\"\\\\\\u000a\\u007f\"");
	expect(escape_json, "\xE2\x80\xA8\xE2\x80\xAE", "\"\\u2028\\u202e\"");
	expect(escape_json, "\xF3\xA0\x81\x81", "\"\\udb40\\udc41\"");
}

static void formulas_are_text(void **state)
{
	(void)state;
	expect(escape_csv, "=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\"");
	expect(escape_csv, "@SUM(1)", "\"'@SUM(1)\"");
	expect(escape_csv, "-1+1", "\"'-1+1\"");
	expect(escape_csv, "  =1", "\"  '=1\"");
	expect(escape_csv, "a;=1", "\"a;'=1\"");
	expect(escape_csv, "say \"=1\"", "\"say \"\"'=1\"\"\"");
	expect(escape_csv, "a\r\n=1", "\"a<U+000D><U+000A>'=1\"");
	expect(escape_csv, "srv-1=x", "\"srv-1=x\"");
}

static void labels_stay_labels(void **state)
{
	char longest[1001];

	(void)state;
	expect(escape_label, "x\"} 1\nevil{a=\"", "\"x\\\"} 1<U+000A>evil{a=\\\"\"");
	expect(escape_label, "CORP\\svc", "\"CORP\\\\svc\"");
	memset(longest, 'a', 1000);
	longest[1000] = '\0';
	char *got = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&got, &length);
	escape_label(out, longest);
	fclose(out);
	assert_int_equal(length, 122);
	free(got);
}

static void cell_of_12(FILE *out, const char *text)
{
	escape_terminal_cell(out, text, 12);
}

static void cells_have_one_width(void **state)
{
	(void)state;
	expect(cell_of_12, "short", "short       ");
	expect(cell_of_12, "exactly 12 c", "exactly 12 c");
	expect(cell_of_12, "longer than twelve", "longer than…");
	/* Wide characters take two columns: five and the dots are eleven, so one blank.
	 */
	expect(cell_of_12, "管理者管理者管理者", "管理者管理… ");
	expect(cell_of_12,
	       "abcd\xE2\x80\xAE"
	       "efgh",
	       "abcd…       ");
	assert_int_equal(escape_terminal_width("管理者"), 6);
	assert_int_equal(escape_terminal_width("e\xCC\x81"), 1);
	assert_int_equal(escape_terminal_width("\033"), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless_text_is_left_alone),
		cmocka_unit_test(markdown_has_no_markup_of_others),
		cmocka_unit_test(terminal_controls_are_shown),
		cmocka_unit_test(bytes_that_are_no_utf8_become_replacements),
		cmocka_unit_test(markup_is_text),
		cmocka_unit_test(json_strings_are_one_token),
		cmocka_unit_test(formulas_are_text),
		cmocka_unit_test(labels_stay_labels),
		cmocka_unit_test(cells_have_one_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
