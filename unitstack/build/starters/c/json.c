#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

struct kept {
	struct kept *next;
	char chars[];
};

static struct kept *all_kept;

static const char *blank(const char *at) { return at + strspn(at, BLANKS); }

/* Behind the string that begins there. */
static const char *past_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1]) at++;
	return *at ? at + 1 : at;
}

/* Behind the value that begins there. */
static const char *past(const char *at)
{
	int depth = 0;
	if (*at == '"') return past_string(at);
	if (*at != '{' && *at != '[') return at + strcspn(at, ",]}" BLANKS);
	while (*at) {
		if (*at == '"') {
			at = past_string(at);
			continue;
		}
		if (*at == '{' || *at == '[') depth++;
		if (*at == '}' || *at == ']') depth--;
		at++;
		if (!depth) break;
	}
	return at;
}

const char *json_member(const char *object, const char *name)
{
	size_t size = strlen(name);
	const char *at = object ? blank(object) : "";
	if (*at != '{') return 0;
	at = blank(at + 1);
	while (*at == '"') {
		const char *key = at + 1;
		at = blank(past_string(at));
		if (*at != ':') return 0;
		at = blank(at + 1);
		if (strncmp(key, name, size) == 0 && key[size] == '"') return at;
		at = blank(past(at));
		if (*at == ',') at = blank(at + 1);
	}
	return 0;
}

const char *json_first(const char *array)
{
	const char *at = array ? blank(array) : "";
	if (*at != '[') return 0;
	at = blank(at + 1);
	return *at && *at != ']' ? at : 0;
}

const char *json_next(const char *element)
{
	const char *at = blank(past(element));
	return *at == ',' ? blank(at + 1) : 0;
}

static char *keep(size_t size)
{
	struct kept *kept = malloc(sizeof *kept + size + 1);
	if (!kept) abort();
	kept->next = all_kept;
	all_kept = kept;
	return kept->chars;
}

void json_forget(void)
{
	while (all_kept) {
		struct kept *next = all_kept->next;
		free(all_kept);
		all_kept = next;
	}
}

static char *put_utf8(char *to, unsigned long point)
{
	if (point < 0x80) {
		*to++ = (char)point;
		return to;
	}
	int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	*to++ = (char)((0xf00 >> more) | (point >> (6 * more)));
	while (more--) *to++ = (char)(0x80 | ((point >> (6 * more)) & 0x3f));
	return to;
}

static unsigned long four_digits(const char *at)
{
	char digits[5] = "";
	strncat(digits, at, 4);
	return strtoul(digits, 0, 16);
}

/* The escape behind a backslash: what it stands for is written, and the place behind it is answered. */
static const char *unescape(const char *at, char **to)
{
	static const char names[] = "bfnrt", means[] = "\b\f\n\r\t";
	const char *name = strchr(names, *at);
	if (*at != 'u') {
		*(*to)++ = name ? means[name - names] : *at;
		return at + 1;
	}
	if (strspn(at + 1, "0123456789abcdefABCDEF") < 4) return at + 1;
	unsigned long point = four_digits(at + 1);
	at += 5;
	/* What does not fit into sixteen bits comes as two halves. */
	if (point >> 10 == 0x36 && at[0] == '\\' && at[1] == 'u') {
		point = 0x10000 + ((point & 0x3ff) << 10) + (four_digits(at + 2) & 0x3ff);
		at += 6;
	}
	*to = put_utf8(*to, point);
	return at;
}

const char *json_string(const char *value)
{
	if (!value) return "";
	const char *end = past(value);
	char *text = keep((size_t)(end - value)), *to = text;
	if (*value != '"') {
		memcpy(text, value, (size_t)(end - value));
		text[end - value] = 0;
		return text;
	}
	for (value++; value < end && *value != '"';) {
		if (*value == '\\' && value[1]) value = unescape(value + 1, &to);
		else *to++ = *value++;
	}
	*to = 0;
	return text;
}

void json_clear(struct json_text *text)
{
	text->size = 0;
	if (text->chars) text->chars[0] = 0;
}

static void put(struct json_text *text, const char *raw, size_t size)
{
	if (text->size + size + 1 > text->room) {
		text->room = 2 * (text->size + size + 1);
		text->chars = realloc(text->chars, text->room);
		if (!text->chars) abort();
	}
	memcpy(text->chars + text->size, raw, size);
	text->size += size;
	text->chars[text->size] = 0;
}

void json_put(struct json_text *text, const char *raw) { put(text, raw, strlen(raw)); }

void json_put_string(struct json_text *text, const char *chars)
{
	char escaped[8];
	put(text, "\"", 1);
	for (; *chars; chars++) {
		unsigned char c = (unsigned char)*chars;
		if (c >= ' ' && c != '"' && c != '\\') {
			put(text, chars, 1);
			continue;
		}
		snprintf(escaped, sizeof escaped, "\\u%04x", c);
		json_put(text, escaped);
	}
	put(text, "\"", 1);
}
