/* The part of a C library that has no system beneath it: memory, setjmp, time, and streams that lead nowhere. */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- memory: size classes over sbrk; a freed block goes to the list of its class ---- */

#define PAGE 65536ul
#define ALIGN 16ul
#define SMALL 1024ul
#define HEADER 16ul

extern unsigned char __heap_base;

/* Where `ao build` puts a program: found by its exported address and patched. The heap begins behind it. */
struct program {
	uintptr_t source;
	uintptr_t size;
	uintptr_t stack;
};

volatile struct program ao_program = { 0, 0, 0 };
int emscripten_resize_heap(size_t size) __attribute__((import_module("env"), import_name("emscripten_resize_heap")));

static uintptr_t brk_end;
static void *small_free[SMALL / ALIGN + 1];
static void *large_free[64];

void *sbrk(intptr_t more)
{
	if (!brk_end) {
		uintptr_t first = ao_program.source ? ao_program.source + ao_program.size : (uintptr_t)&__heap_base;
		brk_end = (first + ALIGN - 1) & ~(ALIGN - 1);
	}
	uintptr_t start = brk_end, end = start + more;
	uintptr_t size = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
	if (end > size) {
		emscripten_resize_heap(end);
		size = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
		if (end > size) {
			if (__builtin_wasm_memory_grow(0, (end - size + PAGE - 1) / PAGE) == (size_t)-1) { errno = ENOMEM; return (void *)-1; }
		}
	}
	brk_end = end;
	return (void *)start;
}

/* Classes of larger blocks: four to each power of two. */
static unsigned large_class(size_t size, size_t *rounded)
{
	unsigned shift = 8 * sizeof(long) - 1 - __builtin_clzl(size - 1);
	size_t quarter = (size_t)1 << (shift - 2);
	size_t up = (size + quarter - 1) & ~(quarter - 1);
	*rounded = up;
	unsigned log = 8 * sizeof(long) - 1 - __builtin_clzl(up);
	return (log - 10) * 4 + (unsigned)((up >> (log - 2)) & 3);
}

static void **bin_of(size_t size, size_t *rounded)
{
	if (size <= SMALL) {
		*rounded = (size + ALIGN - 1) & ~(ALIGN - 1);
		if (!*rounded) *rounded = ALIGN;
		return &small_free[*rounded / ALIGN];
	}
	unsigned bin = large_class(size, rounded);
	return bin < 64 ? &large_free[bin] : 0;
}

void *malloc(size_t size)
{
	size_t rounded;
	if (size > PTRDIFF_MAX / 2) { errno = ENOMEM; return 0; }
	void **bin = bin_of(size, &rounded);
	if (!bin) { errno = ENOMEM; return 0; }
	if (*bin) {
		void *block = *bin;
		*bin = *(void **)block;
		return block;
	}
	char *start = sbrk((intptr_t)(rounded + HEADER));
	if (start == (char *)-1) return 0;
	*(size_t *)start = rounded;
	return start + HEADER;
}

static size_t room_of(void *block) { return *(size_t *)((char *)block - HEADER); }

void free(void *block)
{
	size_t rounded;
	if (!block) return;
	void **bin = bin_of(room_of(block), &rounded);
	*(void **)block = *bin;
	*bin = block;
}

void *realloc(void *block, size_t size)
{
	if (!block) return malloc(size);
	size_t room = room_of(block);
	if (size <= room && size > room / 2) return block;
	void *fresh = malloc(size);
	if (!fresh) return size <= room ? block : 0;
	memcpy(fresh, block, size < room ? size : room);
	free(block);
	return fresh;
}

void *calloc(size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size) { errno = ENOMEM; return 0; }
	void *block = malloc(count * size);
	return block ? memset(block, 0, count * size) : 0;
}

/* ---- setjmp as emscripten lowers it ---- */

uintptr_t __THREW__;
int __threwValue;
static int temp_ret;

struct jmp { uint32_t *invocation; uint32_t label; };
struct lowered_jmp_buf { void *invocation; uint32_t label; struct { void *env; int value; } arg; };

_Noreturn void _emscripten_throw_longjmp(void) __attribute__((import_module("env"), import_name("_emscripten_throw_longjmp")));

void __wasm_setjmp(void *env, uint32_t label, void *invocation)
{
	struct lowered_jmp_buf *buf = env;
	buf->invocation = invocation;
	buf->label = label;
}

uint32_t __wasm_setjmp_test(void *env, void *invocation)
{
	struct lowered_jmp_buf *buf = env;
	return buf->invocation == invocation ? buf->label : 0;
}

void setThrew(uintptr_t threw, int value)
{
	if (__THREW__) return;
	__THREW__ = threw;
	__threwValue = value;
}

_Noreturn void emscripten_longjmp(uintptr_t env, int value)
{
	setThrew(env, value ? value : 1);
	_emscripten_throw_longjmp();
}

void setTempRet0(int value) { temp_ret = value; }
int getTempRet0(void) { return temp_ret; }

/* ---- time: the host's clock, in a world that is always UTC ---- */

double emscripten_date_now(void) __attribute__((import_module("env"), import_name("emscripten_date_now")));
long long __tm_to_secs(const struct tm *);
int __secs_to_tm(long long, struct tm *);
const char __utc[] = "UTC";

time_t time(time_t *out)
{
	time_t now = (time_t)(emscripten_date_now() / 1000);
	if (out) *out = now;
	return now;
}

clock_t clock(void) { return 0; }

struct tm *gmtime(const time_t *when)
{
	static struct tm tm;
	if (__secs_to_tm(*when, &tm) < 0) { errno = EOVERFLOW; return 0; }
	tm.tm_isdst = 0;
	tm.__tm_gmtoff = 0;
	tm.__tm_zone = __utc;
	return &tm;
}

struct tm *localtime(const time_t *when) { return gmtime(when); }
struct tm *gmtime_r(const time_t *when, struct tm *tm) { struct tm *t = gmtime(when); return t ? (*tm = *t, tm) : 0; }
struct tm *localtime_r(const time_t *when, struct tm *tm) { return gmtime_r(when, tm); }

time_t mktime(struct tm *tm)
{
	struct tm fresh;
	long long secs = __tm_to_secs(tm);
	if (__secs_to_tm(secs, &fresh) < 0) { errno = EOVERFLOW; return -1; }
	fresh.tm_isdst = 0;
	fresh.__tm_gmtoff = 0;
	fresh.__tm_zone = __utc;
	*tm = fresh;
	return secs;
}

double difftime(time_t a, time_t b) { return (double)(a - b); }
const char *__tm_to_tzname(const struct tm *tm) { (void)tm; return __utc; }
void __secs_to_zone(long long t, int local, int *isdst, long *offset, long *opp, const char **zone) { *isdst = 0; *offset = 0; if (opp) *opp = 0; *zone = __utc; }

/* ---- the C locale, alone ---- */

static const struct lconv c_lconv = { .decimal_point = ".", .thousands_sep = "", .grouping = "" };
struct lconv *localeconv(void) { return (struct lconv *)&c_lconv; }
char *setlocale(int category, const char *name) { (void)category; return !name || !*name || !strcmp(name, "C") || !strcmp(name, "POSIX") ? "C" : 0; }
const char *__lctrans(const char *text, const void *map) { (void)map; return text; }
const char *__lctrans_cur(const char *text) { return text; }
int wctomb(char *s, wchar_t c) { if (!s) return 0; *s = (char)c; return 1; }
int strcoll(const char *a, const char *b) { return strcmp(a, b); }

/* ---- streams: what is written goes to the host's log, nothing can be opened ---- */

struct iovec_ { const void *base; size_t size; };
int fd_write(int fd, const struct iovec_ *vectors, size_t count, size_t *written) __attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")));

static int nothing_in, nothing_out, nothing_err;
FILE *const stdin = (FILE *)&nothing_in;
FILE *const stdout = (FILE *)&nothing_out;
FILE *const stderr = (FILE *)&nothing_err;

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict file)
{
	size_t written = 0;
	struct iovec_ vector = { data, size * count };
	if (!size || !count || (file != stdout && file != stderr)) return 0;
	fd_write(file == stderr ? 2 : 1, &vector, 1, &written);
	return count;
}

FILE *fopen(const char *restrict name, const char *restrict mode) { (void)name; (void)mode; errno = ENOENT; return 0; }
FILE *freopen(const char *restrict name, const char *restrict mode, FILE *restrict f) { (void)name; (void)mode; (void)f; errno = ENOENT; return 0; }
int fclose(FILE *f) { (void)f; return 0; }
int feof(FILE *f) { (void)f; return 1; }
int ferror(FILE *f) { (void)f; return 0; }
int fflush(FILE *f) { (void)f; return 0; }
int getc(FILE *f) { (void)f; return EOF; }
int fgetc(FILE *f) { (void)f; return EOF; }
int ungetc(int c, FILE *f) { (void)c; (void)f; return EOF; }
size_t fread(void *restrict data, size_t size, size_t count, FILE *restrict f) { (void)data; (void)size; (void)count; (void)f; return 0; }
char *fgets(char *restrict s, int n, FILE *restrict f) { (void)s; (void)n; (void)f; return 0; }
int __lockfile(FILE *f) { (void)f; return 0; }
void __unlockfile(FILE *f) { (void)f; }
void __stdio_exit_needed(void) {}

/* Lua writes short lines; programs in C have their own. */
#ifndef AO_LIBRARY
int fprintf(FILE *restrict f, const char *restrict format, ...)
{
	char line[1024];
	__builtin_va_list args;
	__builtin_va_start(args, format);
	int size = vsnprintf(line, sizeof line, format, args);
	__builtin_va_end(args);
	if (size > 0) fwrite(line, 1, size < (int)sizeof line ? (size_t)size : sizeof line - 1, f);
	return size;
}
#endif

/* ---- the rest of a system: absent ---- */

static int last_error;
int *__errno_location(void) { return &last_error; }
int *___errno_location(void) { return &last_error; }
char *strerror(int number) { return number == ENOENT || number == 0 ? "No error information" : number == ENOMEM ? "Out of memory" : number == EDOM ? "Domain error" : number == ERANGE ? "Result not representable" : "No error information"; }
char *getenv(const char *name) { (void)name; return 0; }
int system(const char *command) { (void)command; return 0; }
int remove(const char *name) { (void)name; errno = ENOENT; return -1; }
int rename(const char *from, const char *to) { (void)from; (void)to; errno = ENOENT; return -1; }
char *tmpnam(char *name) { (void)name; return 0; }
_Noreturn void abort(void) { __builtin_trap(); }
_Noreturn void exit(int code) { (void)code; __builtin_trap(); }
