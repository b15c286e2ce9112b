/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_decode.c - text files as people's programs write them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/text/decode.h"

#define BAD "\xef\xbf\xbd"

static const struct {
	const char *bytes;
	size_t len;
	const char *text;
	enum encoding encoding;
} files[] = {
#define FILE_IS(bytes, text, encoding)                   \
	{                                                \
		bytes, sizeof(bytes) - 1, text, encoding \
	}
	FILE_IS("", "", ENCODING_UTF8),
	FILE_IS("a", "a", ENCODING_UTF8),
	FILE_IS("srv1\r\nb\xc3\xbcro \xf0\x9f\x98\x80",
		"srv1\r\nb\xc3\xbcro \xf0\x9f\x98\x80", ENCODING_UTF8),
	FILE_IS("\xef\xbb\xbfsrv1\n", "srv1\n", ENCODING_UTF8),
	FILE_IS("\xff\xfes\0\xfc\0\n\0", "s\xc3\xbc\n", ENCODING_UTF16LE),
	FILE_IS("\xfe\xff\0s\0\xfc\0\n", "s\xc3\xbc\n", ENCODING_UTF16BE),
	FILE_IS("s\0r\0v\0", "srv", ENCODING_UTF16LE),
	FILE_IS("\0s\0r\0v", "srv", ENCODING_UTF16BE),
	FILE_IS("#\0\x20\x04\x30\x04\r\0\n\0", "#\xd0\xa0\xd0\xb0\r\n", ENCODING_UTF16LE),
	FILE_IS("\xff\xfe\x3d\xd8\x00\xde", "\xf0\x9f\x98\x80", ENCODING_UTF16LE),
	FILE_IS("\xfe\xff\xd8\x3d\xde\x00", "\xf0\x9f\x98\x80", ENCODING_UTF16BE),
	/* Lone surrogates, a NUL, half a unit */
	FILE_IS("\xff\xfe\x3d\xd8\x41\0", BAD "A", ENCODING_UTF16LE),
	FILE_IS("\xff\xfe\x00\xde", BAD, ENCODING_UTF16LE),
	FILE_IS("\xff\xfe\x3d\xd8", BAD, ENCODING_UTF16LE),
	FILE_IS("\xff\xfe\x41\0\0\0", "A" BAD, ENCODING_UTF16LE),
	FILE_IS("\xff\xfe\x41\0\x42", "A" BAD, ENCODING_UTF16LE),
	/* One zero byte in a long line is no UTF-16. */
	FILE_IS("srv1.corp\0.example", "srv1.corp" BAD ".example", ENCODING_UTF8),
	/* Overlong, a surrogate, beyond Unicode, cut short */
	FILE_IS("a\xc0\xaf", "a" BAD BAD, ENCODING_UTF8),
	FILE_IS("a\xe0\x80\xaf", "a" BAD BAD BAD, ENCODING_UTF8),
	FILE_IS("a\xed\xa0\x80", "a" BAD BAD BAD, ENCODING_UTF8),
	FILE_IS("a\xf4\x90\x80\x80", "a" BAD BAD BAD BAD, ENCODING_UTF8),
	FILE_IS("a\xe2\x82", "a" BAD BAD, ENCODING_UTF8),
	/* Files that were appended to each other have a mark inside. */
	FILE_IS("a\n\xef\xbb\xbf"
		"b\xef\xbb\xbf",
		"a\nb\xef\xbb\xbf", ENCODING_UTF8),
#undef FILE_IS
};

enum { FILE_COUNT = sizeof files / sizeof *files };

static void reads_each_encoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILE_COUNT; i++) {
		char *text = decode_text(files[i].bytes, files[i].len, NULL, NULL, NULL);

		assert_string_equal(text, files[i].text);
		free(text);
	}
}

/* A pipe gives what it has: the pieces make no difference. */
static void reads_the_same_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < FILE_COUNT; i++) {
		char out[512];
		size_t at = 0, written = 0, first = files[i].len < 2 ? files[i].len : 2;
		struct decoder d;

		decoder_begin(&d, NULL);
		/* The first two bytes tell the encoding, of files with a zero there. */
		if (files[i].bytes[0] && files[i].len > 1 && files[i].bytes[1])
			first = files[i].len < 1 ? 0 : 1;
		written += decoder_put(&d, files[i].bytes, first, false, out);
		for (at = first; at < files[i].len; at++)
			written += decoder_put(&d, files[i].bytes + at, 1, false,
					       out + written);
		written += decoder_put(&d, NULL, 0, true, out + written);
		out[written] = '\0';
		assert_string_equal(out, files[i].text);
		assert_int_equal(d.encoding, files[i].encoding);
	}
}

static void assert_ansi(const char *page, const char *bytes, const char *expected)
{
	uint64_t replaced = 0;
	char *text = decode_text(bytes, strlen(bytes), code_page_find(page), NULL,
				 &replaced);

	assert_string_equal(text, expected);
	assert_int_equal(replaced, strstr(expected, BAD) != NULL);
	free(text);
}

static void reads_ansi_code_pages(void **state)
{
	(void)state;
	assert_ansi("1252", "B\xfcro \x80 \x9f", "B\xc3\xbcro \xe2\x82\xac \xc5\xb8");
	assert_ansi("windows-1250", "\xbe\xf5", "\xc4\xbe\xc5\x91");
	assert_ansi("cp1251", "\xcf\xf0\xe8", "\xd0\x9f\xd1\x80\xd0\xb8");
	assert_ansi("1253", "\xe1\xf9", "\xce\xb1\xcf\x89");
	assert_ansi("1254", "\xfd\xd0", "\xc4\xb1\xc4\x9e");
	assert_ansi("1255", "\xe0\xfa", "\xd7\x90\xd7\xaa");
	assert_ansi("1256", "\xc7\xed", "\xd8\xa7\xd9\x8a");
	assert_ansi("1257", "\xe0\xfe", "\xc4\x85\xc5\xbe");
	assert_ansi("1258", "\xd0\xfe", "\xc4\x90\xe2\x82\xab");
	assert_ansi("874", "\xa1\xfb", "\xe0\xb8\x81\xe0\xb9\x9b");
	assert_ansi("1252", "a\x81", "a" BAD);
	assert_null(code_page_find("932"));
	assert_null(code_page_find(""));
}

/* UTF-8 stays UTF-8, whatever the code page; one byte that is none decides for all. */
static void takes_a_file_by_one_encoding(void **state)
{
	(void)state;
	assert_ansi("1252", "\xc3\xbc", "\xc3\xbc");
	assert_ansi("1252", "\xc3\xbc\xfc", "\xc3\x83\xc2\xbc\xc3\xbc");
	assert_null(strstr(encoding_name(ENCODING_UTF16BE), "LE"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_encoding),
		cmocka_unit_test(reads_the_same_in_pieces),
		cmocka_unit_test(reads_ansi_code_pages),
		cmocka_unit_test(takes_a_file_by_one_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
