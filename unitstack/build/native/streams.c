/* What programs in C write with. Streams are names here, not structures, so that musl's own functions for them are not
 * used: text is made whole and handed to the host's log. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments)
{
	char line[512], *text = line;
	va_list again;
	va_copy(again, arguments);
	int size = vsnprintf(line, sizeof line, format, arguments);
	if (size >= (int)sizeof line) {
		text = malloc((size_t)size + 1);
		if (text) vsnprintf(text, (size_t)size + 1, format, again);
	}
	va_end(again);
	if (!text) return -1;
	if (size > 0) fwrite(text, 1, (size_t)size, file);
	if (text != line) free(text);
	return size;
}

int vprintf(const char *restrict format, va_list arguments) { return vfprintf(stdout, format, arguments); }

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int size = vfprintf(file, format, arguments);
	va_end(arguments);
	return size;
}

int printf(const char *restrict format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int size = vfprintf(stdout, format, arguments);
	va_end(arguments);
	return size;
}

int fputs(const char *restrict text, FILE *restrict file)
{
	size_t size = strlen(text);
	return fwrite(text, 1, size, file) == size ? 0 : EOF;
}

int fputc(int c, FILE *file)
{
	unsigned char byte = (unsigned char)c;
	return fwrite(&byte, 1, 1, file) == 1 ? byte : EOF;
}

int (putc)(int c, FILE *file) { return fputc(c, file); }
int (putchar)(int c) { return fputc(c, stdout); }
int puts(const char *text) { return printf("%s\n", text) < 0 ? EOF : 0; }
int (getchar)(void) { return EOF; }

void perror(const char *text)
{
	if (text && *text) fprintf(stderr, "%s: ", text);
	fprintf(stderr, "%s\n", strerror(errno));
}

/* Wide characters: one byte each, as in the C locale; scanf asks for them. */
int mbsinit(const mbstate_t *state) { (void)state; return 1; }

size_t mbrtowc(wchar_t *restrict wide, const char *restrict text, size_t size, mbstate_t *restrict state)
{
	(void)state;
	if (!text) return 0;
	if (!size) return (size_t)-2;
	if (wide) *wide = (unsigned char)*text;
	return *text != 0;
}
