/* What musl's printf family hands its text to; the streams it knows are strings in the making. */
#include <string.h>
#include "stdio_impl.h"

size_t __fwritex(const unsigned char *restrict text, size_t size, FILE *restrict file)
{
	if (!file->wend && __towrite(file)) return 0;
	if (size > (size_t)(file->wend - file->wpos)) return file->write(file, text, size);
	memcpy(file->wpos, text, size);
	file->wpos += size;
	return size;
}
