/* What a process in C needs of ao: the fields and tags of a message, and an answer that is gathered until it is complete.
 * Every text that comes from here is good until the next message begins. */
#ifndef AO_H
#define AO_H

/* A new message begins: nothing is asked for yet. */
void ao_begin(const char *message, const char *env);

/* A field of the message, as From or Data, or the value of one of its tags; "" where there is none. */
const char *ao_field(const char *name);
const char *ao_tag(const char *name);

/* The process's own id. */
const char *ao_id(void);

/* Asks for a message to be sent. */
void ao_send(const char *target, const char *action, const char *data);

/* All that was asked for, and what a person is shown. */
const char *ao_result(const char *output);

#endif
