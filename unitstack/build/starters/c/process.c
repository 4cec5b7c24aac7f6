/* The process: process_handle is called once for each message that is for it, in order. What it leaves in variables is
 * there for the next; what it returns is carried out. */
#include <stdio.h>
#include <string.h>

#include "ao.h"

static int count = 0;

const char *process_handle(const char *message, const char *env)
{
	char text[64];
	ao_begin(message, env);

	if (strcmp(ao_tag("Action"), "Ping") == 0) {
		count++;
		snprintf(text, sizeof text, "pong %d", count);
		ao_send(ao_field("From"), "Pong", text);
		snprintf(text, sizeof text, "ponged %d", count);
		return ao_result(text);
	}
	return ao_result("no one here knows what that means");
}
