#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>
#include <setjmp.h>

// Everything that must outlive a jump is in a struct of the caller's frame: the functions that call setjmp change no local variable after it.

typedef struct {
  struct jpeg_error_mgr manager;  // first, so that a pointer to it is a pointer to this
  jmp_buf target;
  char *message;
} error_handler;

static void fail(j_common_ptr info) {
  error_handler *handler = (error_handler *)info->err;
  char text[JMSG_LENGTH_MAX];
  handler->manager.format_message(info, text);
  snprintf(handler->message, PERCEPT_JPEG_MESSAGE, "%s", text);
  longjmp(handler->target, 1);
}

static void fail_with(j_common_ptr info, const char *text) {
  error_handler *handler = (error_handler *)info->err;
  snprintf(handler->message, PERCEPT_JPEG_MESSAGE, "%s", text);
  longjmp(handler->target, 1);
}

// A negative level is a warning. Two of them say nothing about the pixels; all others mean that some were made up.
static void on_message(j_common_ptr info, int level) {
  int code = info->err->msg_code;
  if (level < 0 && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM) fail(info);
}

static void print_nothing(j_common_ptr info) { (void)info; }

static struct jpeg_error_mgr *prepare(error_handler *handler, char *message) {
  jpeg_std_error(&handler->manager);
  handler->manager.error_exit = fail;
  handler->manager.emit_message = on_message;
  handler->manager.output_message = print_nothing;
  handler->message = message;
  return &handler->manager;
}

// Reading

typedef struct {
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress;
  error_handler handler;
  const uint8_t *bytes;
  size_t count;
  int largest_scans;
} reading;

static void on_progress(j_common_ptr common) {
  j_decompress_ptr info = (j_decompress_ptr)common;
  reading *r = info->client_data;
  if (info->input_scan_number <= r->largest_scans) return;
  char text[80];
  snprintf(text, sizeof text, "more than %d scans in a picture of this size", r->largest_scans);
  fail_with(common, text);
}

static void open_reading(reading *r) {
  jpeg_create_decompress(&r->info);
  r->info.client_data = r;
  r->progress.progress_monitor = on_progress;
  r->info.progress = &r->progress;
  jpeg_mem_src(&r->info, r->bytes, r->count);
  jpeg_read_header(&r->info, TRUE);
}

static int read_header(reading *r, percept_jpeg_header *header) {
  if (setjmp(r->handler.target)) return 0;
  open_reading(r);
  header->width = r->info.image_width;
  header->height = r->info.image_height;
  header->channels = r->info.num_components;
  return 1;
}

// R = (255 - C) * (255 - K) / 255, rounded, and so on. Files with an Adobe marker store 255 - C in place of C.
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width, int is_inverted) {
  unsigned flip = is_inverted ? 0 : 255;
  for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3)
    for (int channel = 0; channel < 3; channel++) {
      unsigned product = (cmyk[channel] ^ flip) * (cmyk[3] ^ flip) + 128;
      rgb[channel] = (product + (product >> 8)) >> 8;
    }
}

static int read_pixels(reading *r, uint8_t *pixels, uint32_t width, uint32_t height, uint32_t denominator) {
  if (setjmp(r->handler.target)) return 0;
  open_reading(r);
  int is_cmyk = r->info.jpeg_color_space == JCS_CMYK || r->info.jpeg_color_space == JCS_YCCK;
  r->info.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  r->info.scale_num = 8 / denominator;
  r->info.scale_denom = 8;
  jpeg_start_decompress(&r->info);
  if (r->info.output_width != width || r->info.output_height != height || r->info.output_components != (is_cmyk ? 4 : 3))
    fail_with((j_common_ptr)&r->info, "unexpected kind of picture");
  JSAMPARRAY cmyk = is_cmyk ? r->info.mem->alloc_sarray((j_common_ptr)&r->info, JPOOL_IMAGE, width * 4, 1) : NULL;
  while (r->info.output_scanline < height) {
    JSAMPROW row = pixels + (size_t)r->info.output_scanline * width * 3;
    jpeg_read_scanlines(&r->info, is_cmyk ? cmyk : &row, 1);
    if (is_cmyk) convert_cmyk(cmyk[0], row, width, r->info.saw_Adobe_marker);
  }
  jpeg_finish_decompress(&r->info);  // reads on to the end marker
  return 1;
}

static void close_reading(reading *r, size_t *offset) {
  int is_at_end = r->handler.manager.msg_code == JWRN_JPEG_EOF;
  *offset = is_at_end || !r->info.src ? r->count : r->count - r->info.src->bytes_in_buffer;
  jpeg_destroy_decompress(&r->info);
}

int percept_jpeg_read_header(const uint8_t *bytes, size_t count, percept_jpeg_header *header, size_t *offset, char *message) {
  reading r = {.bytes = bytes, .count = count, .largest_scans = 1};
  r.info.err = prepare(&r.handler, message);
  int done = read_header(&r, header);
  close_reading(&r, offset);
  return done;
}

int percept_jpeg_decode(
  const uint8_t *bytes, size_t count, uint8_t *pixels, uint32_t width, uint32_t height, uint32_t denominator, int largest_scans, size_t *offset,
  char *message) {
  reading r = {.bytes = bytes, .count = count, .largest_scans = largest_scans};
  r.info.err = prepare(&r.handler, message);
  int done = read_pixels(&r, pixels, width, height, denominator);
  close_reading(&r, offset);
  return done;
}

// Writing

typedef struct {
  struct jpeg_destination_mgr destination;  // first, so that a pointer to it is a pointer to this
  struct jpeg_compress_struct info;
  error_handler handler;
  uint8_t *bytes;
  size_t count, capacity;
} writing;

static void start_writing(j_compress_ptr info) { (void)info; }

static boolean grow(j_compress_ptr info) {  // called when the buffer is full, whatever the fields of the destination say
  writing *w = (writing *)info->dest;
  size_t capacity = w->capacity ? 2 * w->capacity : 1 << 16;
  uint8_t *bytes = realloc(w->bytes, capacity);
  if (!bytes) fail_with((j_common_ptr)info, "out of memory");
  w->destination.next_output_byte = bytes + w->capacity;
  w->destination.free_in_buffer = capacity - w->capacity;
  w->bytes = bytes;
  w->capacity = capacity;
  return TRUE;
}

static void finish_writing(j_compress_ptr info) {
  writing *w = (writing *)info->dest;
  w->count = w->capacity - w->destination.free_in_buffer;
}

static int write_pixels(writing *w, const uint8_t *pixels, uint32_t width, uint32_t height, int quality, int halves_chroma) {
  if (setjmp(w->handler.target)) return 0;
  jpeg_create_compress(&w->info);
  w->destination.init_destination = start_writing;
  w->destination.empty_output_buffer = grow;
  w->destination.term_destination = finish_writing;
  w->info.dest = &w->destination;
  grow(&w->info);
  w->info.image_width = width;
  w->info.image_height = height;
  w->info.input_components = 3;
  w->info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&w->info);
  jpeg_set_quality(&w->info, quality, TRUE);
  w->info.comp_info[0].h_samp_factor = w->info.comp_info[0].v_samp_factor = halves_chroma ? 2 : 1;
  jpeg_start_compress(&w->info, TRUE);
  while (w->info.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)pixels + (size_t)w->info.next_scanline * width * 3;
    jpeg_write_scanlines(&w->info, &row, 1);
  }
  jpeg_finish_compress(&w->info);
  return 1;
}

int percept_jpeg_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int quality, int halves_chroma, uint8_t **encoded, size_t *count, char *message) {
  writing w = {.bytes = NULL};
  w.info.err = prepare(&w.handler, message);
  int done = write_pixels(&w, pixels, width, height, quality, halves_chroma);
  jpeg_destroy_compress(&w.info);
  if (!done) {
    free(w.bytes);
    w.bytes = NULL;
  }
  *encoded = w.bytes;
  *count = w.count;
  return done;
}
