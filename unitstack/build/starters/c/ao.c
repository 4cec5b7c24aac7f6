#include "ao.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *message = "{}", *env = "{}";
static struct json_text outbox, answer;
static int reference, messages;

void ao_begin(const char *message_json, const char *env_json)
{
	json_forget();
	message = message_json;
	env = env_json;
	messages = 0;
	json_clear(&outbox);
	json_clear(&answer);
}

const char *ao_field(const char *name) { return json_string(json_member(message, name)); }

const char *ao_tag(const char *name)
{
	const char *tag = json_first(json_member(message, "Tags"));
	for (; tag; tag = json_next(tag))
		if (strcmp(json_string(json_member(tag, "name")), name) == 0) return json_string(json_member(tag, "value"));
	return "";
}

const char *ao_id(void) { return json_string(json_member(json_member(env, "Process"), "Id")); }

static void put_tag(const char *name, const char *value)
{
	json_put(&outbox, "{\"name\":");
	json_put_string(&outbox, name);
	json_put(&outbox, ",\"value\":");
	json_put_string(&outbox, value);
	json_put(&outbox, "},");
}

void ao_send(const char *target, const char *action, const char *data)
{
	char number[33];
	reference++;
	/* An anchor of 32 digits: no two messages of a process have the same. */
	snprintf(number, sizeof number, "%032d", reference);
	json_put(&outbox, messages++ ? ",{\"Target\":" : "{\"Target\":");
	json_put_string(&outbox, target);
	json_put(&outbox, ",\"Data\":");
	json_put_string(&outbox, data);
	json_put(&outbox, ",\"Anchor\":");
	json_put_string(&outbox, number);
	json_put(&outbox, ",\"Tags\":[");
	put_tag("Data-Protocol", "ao");
	put_tag("Variant", "ao.TN.1");
	put_tag("Type", "Message");
	put_tag("Action", action);
	snprintf(number, sizeof number, "%d", reference);
	json_put(&outbox, "{\"name\":\"Reference\",\"value\":");
	json_put_string(&outbox, number);
	json_put(&outbox, "}]}");
}

const char *ao_result(const char *output)
{
	json_put(&answer, "{\"ok\":true,\"response\":{\"Output\":");
	json_put_string(&answer, output);
	json_put(&answer, ",\"Messages\":[");
	if (outbox.size) json_put(&answer, outbox.chars);
	json_put(&answer, "],\"Spawns\":[],\"Assignments\":[]}}");
	return answer.chars;
}
