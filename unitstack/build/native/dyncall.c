/* How a host calls back into the table without knowing function pointers. */
typedef void (*pair)(void *, void *);
#if __LONG_MAX__ > 0x7fffffff
__attribute__((export_name("dynCall_vjj"))) void dyn_call(int f, void *a, void *b) { ((pair)(unsigned long)f)(a, b); }
#else
__attribute__((export_name("dynCall_vii"))) void dyn_call(int f, void *a, void *b) { ((pair)(unsigned long)f)(a, b); }
#endif
