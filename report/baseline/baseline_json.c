/* SPDX-License-Identifier: Apache-2.0 */
#include "report/baseline/baseline_json.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/text/json_place.h"

/* Steps from the root to the deepest value any table leads to, and entries of a list:
 * more is a mistake. */
enum { DEPTH_MAX = 16, LIST_MAX = 5000 };

static size_t ordinal(const struct node *n)
{
	size_t i = 0;

	for (const cJSON *c = n->parent->item->child; c && c != n->item; c = c->next)
		i++;
	return i;
}

int line_of(const struct reader *r, const struct node *n)
{
	size_t way[DEPTH_MAX], steps = 0;

	for (const struct node *p = n; p->parent; p = p->parent)
		steps++;
	for (size_t i = steps; n->parent; n = n->parent)
		way[--i] = ordinal(n);
	return json_place_line(r->text, r->len, way, steps);
}

/* "rights.SeTcbPrivilege.client.allow[0]" */
static void name_way(const struct node *n, char *out, size_t size)
{
	size_t len;

	if (!n->parent)
		return;
	name_way(n->parent, out, size);
	len = strlen(out);
	if (n->item->string)
		snprintf(out + len, size - len, "%s%.60s", len ? "." : "",
			 n->item->string);
	else
		snprintf(out + len, size - len, "[%zu]", ordinal(n));
}

bool refuse(struct reader *r, const struct node *n, const char *format, ...)
{
	char way[400] = "", said[400];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(said, sizeof(said), format, arguments);
	va_end(arguments);
	name_way(n, way, sizeof(way));
	snprintf(r->why, r->why_size, "%s:%d: %s%s%s", r->path, line_of(r, n), way,
		 way[0] ? ": " : "", said);
	return false;
}

/* What stands there, for a message: a short value, or its kind. */
static const char *found(const cJSON *item, char *out, size_t size)
{
	if (cJSON_IsString(item))
		snprintf(out, size, "\"%.60s\"", item->valuestring);
	else if (cJSON_IsNumber(item))
		snprintf(out, size, "%.15g", item->valuedouble);
	else
		snprintf(out, size, "%s",
			 cJSON_IsObject(item)  ? "an object"
			 : cJSON_IsArray(item) ? "an array"
			 : cJSON_IsNull(item)  ? "null"
			 : cJSON_IsTrue(item)  ? "true"
					       : "false");
	return out;
}

bool refuse_found(struct reader *r, const struct node *n, const char *expected)
{
	char text[80];

	return refuse(r, n, "found %s, expected %s", found(n->item, text, sizeof(text)),
		      expected);
}

bool refuse_text(struct reader *r, size_t offset, const char *expected)
{
	size_t rest = offset < r->len ? r->len - offset : 0;
	char text[24];

	snprintf(text, sizeof(text), "%.*s", (int)(rest < 20 ? rest : 20),
		 r->text + (r->len - rest));
	text[strcspn(text, "\r\n")] = '\0';
	snprintf(r->why, r->why_size, "%s:%d: found \"%s\", expected %s", r->path,
		 json_place_line_at(r->text, r->len - rest), text, expected);
	return false;
}

bool refuse_memory(struct reader *r)
{
	snprintf(r->why, r->why_size, "%s: out of memory", r->path);
	return false;
}

static const struct key *find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

static bool refuse_key(struct reader *r, const struct node *n, const struct key *keys)
{
	char names[300] = "";

	for (; keys->name; keys++) {
		size_t len = strlen(names);

		if (keys->name[0] != '$')
			snprintf(names + len, sizeof(names) - len, "%s%s",
				 len ? ", " : "", keys->name);
	}
	return refuse(r, n, "found a key that means nothing here, expected one of: %s",
		      names);
}

static bool is_repeated(const struct node *n)
{
	for (const cJSON *c = n->parent->item->child; c != n->item; c = c->next)
		if (strcmp(c->string, n->item->string) == 0)
			return true;
	return false;
}

bool read_object(struct reader *r, const struct node *n, const struct key *keys,
		 void *into)
{
	if (!cJSON_IsObject(n->item))
		return refuse_found(r, n, "an object");
	for (const cJSON *c = n->item->child; c; c = c->next) {
		const struct node child = { n, c };
		const struct key *key = find_key(keys, c->string);

		if (!key)
			return refuse_key(r, &child, keys);
		if (is_repeated(&child))
			return refuse(r, &child, "found the key twice, expected it once");
		if (!key->read(r, &child, (char *)into + key->offset))
			return false;
	}
	for (; keys->name; keys++)
		if (keys->required &&
		    !cJSON_GetObjectItemCaseSensitive(n->item, keys->name))
			return refuse(r, n, "found no key \"%s\", expected it",
				      keys->name);
	return true;
}

static bool read_list(struct reader *r, const struct node *n, read_fn read, size_t size,
		      void *list, size_t *count)
{
	size_t elements = (size_t)cJSON_GetArraySize(n->item);
	char *memory;

	if (elements > LIST_MAX)
		return refuse(r, n, "found %zu entries, expected at most %d", elements,
			      LIST_MAX);
	memory = pool_take(r->memory, elements, size);
	if (!memory)
		return refuse_memory(r);
	*count = 0;
	for (const cJSON *c = n->item->child; c; c = c->next) {
		const struct node child = { n, c };

		if (!read(r, &child, memory + *count * size))
			return false;
		++*count;
	}
	memcpy(list, &memory, sizeof(memory));
	return true;
}

bool read_array(struct reader *r, const struct node *n, read_fn read, size_t size,
		void *list, size_t *count)
{
	if (!cJSON_IsArray(n->item))
		return refuse_found(r, n, "an array");
	return read_list(r, n, read, size, list, count);
}

bool read_members(struct reader *r, const struct node *n, read_fn read, size_t size,
		  void *list, size_t *count)
{
	if (!cJSON_IsObject(n->item))
		return refuse_found(r, n, "an object");
	return read_list(r, n, read, size, list, count);
}

bool read_anything(struct reader *r, const struct node *n, void *into)
{
	(void)r;
	(void)n;
	(void)into;
	return true;
}

bool read_text(struct reader *r, const struct node *n, void *into)
{
	const char *text = n->item->valuestring;
	const char **to = into;

	if (!cJSON_IsString(n->item) || !*text)
		return refuse_found(r, n, "a text");
	*to = pool_text(r->memory, text, strlen(text));
	return *to || refuse_memory(r);
}

bool read_document(struct reader *r, const struct key *keys, void *into)
{
	const char *end = r->text;
	struct node root = { 0 };
	size_t offset;
	cJSON *json;
	bool ok;

	errno = 0;
	json = cJSON_ParseWithLengthOpts(r->text, r->len, &end, false);
	while (json && end < r->text + r->len && isspace((unsigned char)*end))
		end++;
	offset = end ? (size_t)(end - r->text) : 0;
	root.item = json;
	if (!json && errno == ENOMEM)
		ok = refuse_memory(r);
	else if (!json)
		ok = refuse_text(r, offset, "JSON");
	else if (offset != r->len)
		ok = refuse_text(r, offset, "nothing behind the object");
	else
		ok = read_object(r, &root, keys, into);
	cJSON_Delete(json);
	return ok;
}
