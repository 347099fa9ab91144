#include "shim.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// Everything that must outlive a jump is in a struct of the caller's frame: the functions that call setjmp change no local variable after it.

static void fail(png_structp png, png_const_charp text) {
  snprintf(png_get_error_ptr(png), PERCEPT_PNG_MESSAGE, "%s", text);
  png_longjmp(png, 1);
}

// Warnings concern what is not needed here (colour profiles, text, dates).
static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

// Reading

typedef struct {
  const uint8_t *bytes;
  size_t count, offset;
  png_structp png;
  png_infop info;
} reading;

static void read_bytes(png_structp png, png_bytep target, size_t wanted) {
  reading *r = png_get_io_ptr(png);
  if (r->count - r->offset < wanted) {
    r->offset = r->count;
    png_error(png, "the file ends too early");
  }
  memcpy(target, r->bytes + r->offset, wanted);
  r->offset += wanted;
}

static int open_reading(reading *r, char *message) {
  r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
  r->info = r->png ? png_create_info_struct(r->png) : NULL;
  if (r->info) return 1;
  snprintf(message, PERCEPT_PNG_MESSAGE, "out of memory");
  return 0;
}

static void close_reading(reading *r) { png_destroy_read_struct(&r->png, &r->info, NULL); }

static void begin(reading *r) {
  png_set_read_fn(r->png, r, read_bytes);
  png_set_user_limits(r->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller has a limit on pixels
  png_set_crc_action(r->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);  // of the ancillary chunks only tRNS is read
  png_read_info(r->png, r->info);
}

static int has_alpha(reading *r) {
  return (png_get_color_type(r->png, r->info) & PNG_COLOR_MASK_ALPHA) || png_get_valid(r->png, r->info, PNG_INFO_tRNS);
}

static int read_header(reading *r, percept_png_header *header) {
  if (setjmp(png_jmpbuf(r->png))) return 0;
  begin(r);
  header->width = png_get_image_width(r->png, r->info);
  header->height = png_get_image_height(r->png, r->info);
  header->bits = png_get_bit_depth(r->png, r->info);
  header->has_alpha = has_alpha(r);
  return 1;
}

static int read_pixels(reading *r, uint8_t *pixels, uint32_t width, uint32_t height, int channels) {
  if (setjmp(png_jmpbuf(r->png))) return 0;
  begin(r);
  png_set_scale_16(r->png);
  png_set_expand(r->png);
  png_set_gray_to_rgb(r->png);
  int passes = png_set_interlace_handling(r->png);
  png_read_update_info(r->png, r->info);
  size_t row = (size_t)width * channels;
  if (png_get_image_width(r->png, r->info) != width || png_get_image_height(r->png, r->info) != height ||
      png_get_rowbytes(r->png, r->info) != row)
    png_error(r->png, "unexpected kind of picture");
  for (int pass = 0; pass < passes; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(r->png, pixels + y * row, NULL);
  png_read_end(r->png, NULL);
  return 1;
}

int percept_png_read_header(const uint8_t *bytes, size_t count, percept_png_header *header, size_t *offset, char *message) {
  reading r = {bytes, count, 0, NULL, NULL};
  int done = open_reading(&r, message) && read_header(&r, header);
  *offset = r.offset;
  close_reading(&r);
  return done;
}

int percept_png_decode(const uint8_t *bytes, size_t count, uint8_t *pixels, uint32_t width, uint32_t height, int channels, size_t *offset, char *message) {
  reading r = {bytes, count, 0, NULL, NULL};
  int done = open_reading(&r, message) && read_pixels(&r, pixels, width, height, channels);
  *offset = r.offset;
  close_reading(&r);
  return done;
}

// Writing

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
  png_structp png;
  png_infop info;
} writing;

static void write_bytes(png_structp png, png_bytep source, size_t count) {
  writing *w = png_get_io_ptr(png);
  if (w->capacity - w->count < count) {
    size_t capacity = 2 * w->capacity + count;
    uint8_t *bytes = realloc(w->bytes, capacity);
    if (!bytes) png_error(png, "out of memory");
    w->bytes = bytes;
    w->capacity = capacity;
  }
  memcpy(w->bytes + w->count, source, count);
  w->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

static int write_pixels(writing *w, const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level) {
  if (setjmp(png_jmpbuf(w->png))) return 0;
  png_set_write_fn(w->png, w, write_bytes, flush_nothing);
  png_set_user_limits(w->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(
    w->png, w->info, width, height, 8, channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(w->png, w->info, PNG_sRGB_INTENT_PERCEPTUAL);
  png_set_filter(w->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
  png_set_compression_level(w->png, level);
  png_set_compression_strategy(w->png, Z_DEFAULT_STRATEGY);
  png_set_compression_buffer_size(w->png, 1 << 18);
  png_write_info(w->png, w->info);
  size_t row = (size_t)width * channels;
  for (size_t y = 0; y < height; y++) png_write_row(w->png, pixels + y * row);
  png_write_end(w->png, w->info);
  return 1;
}

int percept_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int level, uint8_t **encoded, size_t *count, char *message) {
  writing w = {NULL, 0, 0, NULL, NULL};
  w.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, fail, ignore);
  w.info = w.png ? png_create_info_struct(w.png) : NULL;
  if (!w.info) snprintf(message, PERCEPT_PNG_MESSAGE, "out of memory");
  int done = w.info && write_pixels(&w, pixels, width, height, channels, level);
  png_destroy_write_struct(&w.png, &w.info);
  if (!done) {
    free(w.bytes);
    w.bytes = NULL;
  }
  *encoded = w.bytes;
  *count = w.count;
  return done;
}
