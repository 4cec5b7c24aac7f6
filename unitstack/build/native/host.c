/* handle(message, env) of ao's loaders, on Lua: boots on the first call, keeps the state in memory. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

struct program {
	uintptr_t source;
	uintptr_t size;
	uintptr_t stack;
};

extern volatile struct program ao_program;

static lua_State *state;
static char *answer;

/* Lua's own sizes spare the block's header a look where nothing changes. */
static void *allocate(void *ud, void *block, size_t was, size_t size)
{
	(void)ud;
	(void)was;
	if (size) return realloc(block, size);
	free(block);
	return 0;
}

static int panic(lua_State *L)
{
	fprintf(stderr, "panic: %s\n", lua_tostring(L, -1));
	return 0;
}

static const luaL_Reg libraries[] = {
	{ "_G", luaopen_base },           { LUA_LOADLIBNAME, luaopen_package }, { LUA_COLIBNAME, luaopen_coroutine },
	{ LUA_TABLIBNAME, luaopen_table }, { LUA_OSLIBNAME, luaopen_os },        { LUA_STRLIBNAME, luaopen_string },
	{ LUA_MATHLIBNAME, luaopen_math }, { LUA_UTF8LIBNAME, luaopen_utf8 },    { LUA_DBLIBNAME, luaopen_debug },
	{ LUA_BITLIBNAME, luaopen_bit32 }, { 0, 0 },
};

#ifdef AO_LIBRARY
/* What a project brings in C, by the names that `require` knows it by. */
extern const luaL_Reg ao_libraries[];
#endif

static int write_to(lua_State *L)
{
	FILE *file = lua_toboolean(L, lua_upvalueindex(1)) ? stderr : stdout;
	int last = lua_gettop(L);
	for (int i = 1; i <= last; i++) {
		size_t size;
		const char *text = luaL_checklstring(L, i, &size);
		fwrite(text, 1, size, file);
	}
	return 0;
}

static int boot(lua_State *L)
{
	for (const luaL_Reg *library = libraries; library->func; library++) {
		luaL_requiref(L, library->name, library->func, 1);
		lua_pop(L, 1);
	}
#ifdef AO_LIBRARY
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	luaL_setfuncs(L, ao_libraries, 0);
	lua_pop(L, 1);
#endif
	lua_pushboolean(L, 0);
	lua_pushcclosure(L, write_to, 1);
	lua_setglobal(L, "__write_out");
	lua_pushboolean(L, 1);
	lua_pushcclosure(L, write_to, 1);
	lua_setglobal(L, "__write_err");
	if (luaL_loadbufferx(L, (const char *)ao_program.source, ao_program.size, "=module", "t") != LUA_OK) return lua_error(L);
	lua_call(L, 0, 0);
	return 0;
}

static const char *failed(const char *what)
{
	fprintf(stderr, "failed to %s\nerror: %s\n", what, lua_tostring(state, -1));
	lua_settop(state, 0);
	return "";
}

static const char *start(void)
{
	state = lua_newstate(allocate, 0);
	if (!state) return "failed to make a Lua state";
	lua_atpanic(state, panic);
	lua_pushcfunction(state, boot);
	if (lua_pcall(state, 0, 0, 0) == LUA_OK) return 0;
	const char *text = failed("boot");
	lua_close(state);
	state = 0;
	return text;
}

__attribute__((export_name("handle"))) const char *handle(const char *message, const char *env)
{
	if (!state) {
		const char *problem = start();
		if (problem) return problem;
	}
	lua_getglobal(state, "handle");
	lua_pushstring(state, message);
	lua_pushstring(state, env);
	if (lua_pcall(state, 2, 1, 0) != LUA_OK) return failed("call handle function");
	size_t size;
	const char *text = lua_tolstring(state, -1, &size);
	free(answer);
	answer = text ? malloc(size + 1) : 0;
	if (answer) memcpy(answer, text, size + 1);
	lua_settop(state, 0);
	return answer ? answer : "";
}

__attribute__((export_name("main"))) int ao_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
