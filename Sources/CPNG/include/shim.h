#pragma once
#include <stddef.h>
#include <stdint.h>

// Whole pictures between PNG bytes and pixels, through libpng. Each function runs to its end or fails: libpng's jumps stay inside, and nothing leaks.
// All return 1 when done. When they fail they return 0, write the reason to `message` (PERCEPT_PNG_MESSAGE bytes, zero-terminated) and, while
// reading, how many bytes had been read to `offset`.

#define PERCEPT_PNG_MESSAGE 256

typedef struct {
  uint32_t width, height;
  int32_t bits;       // a channel: 1, 2, 4, 8 or 16
  int32_t has_alpha;  // an alpha channel, transparent palette entries or a transparent colour
} percept_png_header;

int percept_png_read_header(const uint8_t *bytes, size_t count, percept_png_header *header, size_t *offset, char *message);

// Decodes to rows of 8-bit RGB (3 channels, for pictures without alpha) or RGBA (4 channels, straight alpha), top to bottom, without padding.
// `pixels` has room for height * width * channels bytes. A damaged chunk, whatever its kind, is an error.
int percept_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, uint32_t width, uint32_t height, int channels, size_t *offset, char *message);

// Encodes 8-bit RGB or RGBA rows. The caller frees `*encoded` with free().
int percept_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level, uint8_t **encoded, size_t *count, char *message);
