#pragma once
#include <stddef.h>
#include <stdint.h>

// Whole pictures between JPEG bytes and pixels, through libjpeg. Each function runs to its end or fails: libjpeg's jumps stay inside, and nothing leaks.
// All return 1 when done. When they fail they return 0, write the reason to `message` (PERCEPT_JPEG_MESSAGE bytes, zero-terminated) and, while
// reading, about how many bytes had been read to `offset`. The library's warnings of damage are errors here.

#define PERCEPT_JPEG_MESSAGE 256

typedef struct {
  uint32_t width, height;
  int32_t channels;  // 1 grey, 3 colour, 4 CMYK
} percept_jpeg_header;

int percept_jpeg_read_header(const uint8_t *bytes, size_t count, percept_jpeg_header *header, size_t *offset, char *message);

// Decodes to rows of 8-bit RGB, top to bottom, without padding. The library scales the picture down by `denominator` (1, 2, 4 or 8) on the way;
// `width` and `height` are those of the result, the originals divided by it and rounded up. `pixels` has room for height * width * 3 bytes.
// More than `largest_scans` scans are an error: a small progressive file could otherwise keep the machine busy for hours.
int percept_jpeg_decode(
  const uint8_t *bytes, size_t count, uint8_t *pixels, uint32_t width, uint32_t height, uint32_t denominator, int largest_scans, size_t *offset,
  char *message);

// Encodes 8-bit RGB rows as YCbCr. `halves_chroma` chooses 4:2:0 over 4:4:4. The caller frees `*encoded` with free().
int percept_jpeg_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int quality, int halves_chroma, uint8_t **encoded, size_t *count, char *message);
