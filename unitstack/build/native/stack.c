/* The stack's edges, under the names that emscripten's loaders call. The program's size of stack counts, if given. */
#include <stdint.h>

extern unsigned char __stack_low, __stack_high;
extern volatile struct { uintptr_t source, size, stack; } ao_program;
static uintptr_t base, end;

__attribute__((export_name("emscripten_stack_init"))) void emscripten_stack_init(void)
{
	end = (uintptr_t)&__stack_low;
	base = ao_program.stack ? end + ao_program.stack : (uintptr_t)&__stack_high;
}
__attribute__((export_name("emscripten_stack_get_base"))) uintptr_t emscripten_stack_get_base(void) { return base; }
__attribute__((export_name("emscripten_stack_get_end"))) uintptr_t emscripten_stack_get_end(void) { return end; }
