/* As much of JSON as a process needs: to find what is in a text, and to write one. A place is where a value begins; a
 * place that is 0 holds nothing. */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

/* A text that grows; it ends with a zero. */
struct json_text {
	char *chars;
	size_t size, room;
};

const char *json_member(const char *object, const char *name);
const char *json_first(const char *array);
const char *json_next(const char *element);

/* The text of a string, or of any other value as it is written; kept until all is forgotten. */
const char *json_string(const char *value);
void json_forget(void);

void json_clear(struct json_text *text);
void json_put(struct json_text *text, const char *raw);
void json_put_string(struct json_text *text, const char *chars);

#endif
