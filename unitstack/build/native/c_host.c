/* handle(message, env) of ao's loaders, for a program in C whose process_handle does the work. */
const char *process_handle(const char *message, const char *env);

const char *handle(const char *message, const char *env) { return process_handle(message, env); }
