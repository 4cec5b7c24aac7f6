"""What the templates and the kit for programs in C are made of: files of Lua, of musl and of our own, by their names."""

LUA = """lapi lauxlib lbaselib lbitlib lcode lcorolib lctype ldblib ldebug ldo ldump lfunc lgc llex lmathlib lmem
loadlib lobject lopcodes loslib lparser lstate lstring lstrlib ltable ltablib ltm lundump lutf8lib lvm lzio""".split()
MUSL = """string/memchr string/memcmp string/memmove string/memcpy string/memset string/strchr string/strchrnul
string/strcmp string/strcpy string/stpcpy string/strcspn string/strlen string/strncmp string/strnlen
string/strpbrk string/strspn string/strstr string/memrchr string/strcat stdio/snprintf stdio/vsnprintf
stdio/sprintf stdio/vsprintf stdio/vfprintf stdio/__towrite stdio/__toread stdio/__uflow stdio/__overflow
stdlib/strtod stdlib/strtol stdlib/abs internal/intscan internal/floatscan internal/shgetc prng/rand
math/__fpclassify math/__signbit math/frexp math/ldexp math/scalbn math/fmod math/floor math/ceil math/fabs
math/sqrt math/sqrt_data math/pow math/pow_data math/exp math/exp_data math/log math/log_data math/log2
math/log2_data math/log10 math/sin math/cos math/tan math/__sin math/__cos math/__tan math/__rem_pio2
math/__rem_pio2_large math/asin math/acos math/atan math/atan2 math/sinh math/cosh math/tanh math/expm1
math/__expo2 math/__math_divzero math/__math_invalid math/__math_oflow math/__math_uflow math/__math_xflow
math/copysign math/copysignl math/frexpl math/scalbnl math/fmodl math/fabsl math/floorl math/modf math/log1p
ctype/isalnum ctype/isalpha ctype/iscntrl ctype/isdigit ctype/isgraph ctype/islower ctype/ispunct
ctype/isprint ctype/isspace ctype/isupper ctype/isxdigit ctype/tolower ctype/toupper time/strftime
time/__tm_to_secs time/__secs_to_tm time/__year_to_secs time/__month_to_secs locale/langinfo""".split()
OURS = ("rt", "host", "stack", "dyncall", "multi3")

# A program in C may ask for more of the library than Lua does. Wide characters, locales and systems it has none of.
C_FOLDERS = ("ctype", "math", "stdlib", "string")
C_MUSL = """stdio/sscanf stdio/vsscanf stdio/vfscanf stdio/asprintf stdio/vasprintf prng/rand_r exit/assert""".split()
LEFT_OUT = """string/strerror_r string/strsignal string/wc string/wmem stdlib/wc ctype/isw ctype/tow ctype/wc
ctype/__ctype_get""".split()
OURS_IN_C = ("rt", "stack", "dyncall", "multi3", "streams", "c_host")
# The loaders name these, no program does.
ALWAYS = ("dyncall", "stack", "stackpointer")

HEADERS = """alloca assert ctype endian errno features float inttypes iso646 limits locale math setjmp stdalign stdarg
stdbool stddef stdint stdio stdlib stdnoreturn string strings sys/select sys/types time wchar bits/errno
bits/limits""".split()
LUA_HEADERS = ("lua", "luaconf", "lauxlib", "lualib")
