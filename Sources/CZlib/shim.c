#include "shim.h"

#include <limits.h>
#include <zlib.h>

/// zlib counts bytes in 32 bits: what it is given at a time.
static uInt part(size_t count) { return count < UINT_MAX ? (uInt)count : UINT_MAX; }

int32_t percept_inflate(const void *source, size_t source_count, void *target, size_t target_count) {
  z_stream stream = {0};
  Bytef empty = 0;
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 0;
  stream.next_in = source_count ? (z_const Bytef *)source : &empty;
  stream.next_out = target_count ? (Bytef *)target : &empty;  // zlib refuses a null even where it writes nothing
  int code = Z_OK;
  while (code == Z_OK) {
    uInt in = stream.avail_in = part(source_count), out = stream.avail_out = part(target_count);
    code = inflate(&stream, Z_NO_FLUSH);
    source_count -= in - stream.avail_in;
    target_count -= out - stream.avail_out;
  }
  inflateEnd(&stream);
  return code == Z_STREAM_END && source_count == 0 && target_count == 0;
}

uint32_t percept_crc32(const void *bytes, size_t count) {
  return (uint32_t)(bytes ? crc32_z(crc32_z(0, Z_NULL, 0), bytes, count) : 0);
}
