/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/json_write.h"

#include "report/text/escape.h"

static void begin(struct json *j, const char *key)
{
	if (j->comma)
		fputc(',', j->out);
	j->comma = true;
	if (!key)
		return;
	escape_json(j->out, key);
	fputc(':', j->out);
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin(j, key);
	fputc(bracket, j->out);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	fputc(bracket, j->out);
	j->comma = true;
}

void json_text(struct json *j, const char *key, const char *value)
{
	begin(j, key);
	escape_json(j->out, value);
}

void json_text_if(struct json *j, const char *key, const char *value)
{
	if (value)
		json_text(j, key, value);
}

void json_number(struct json *j, const char *key, size_t value)
{
	begin(j, key);
	fprintf(j->out, "%zu", value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_newline(struct json *j)
{
	if (j->comma)
		fputc(',', j->out);
	j->comma = false;
	fputc('\n', j->out);
}
