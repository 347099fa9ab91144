#pragma once
#include <stddef.h>
#include <stdint.h>

// Deflated bytes (RFC 1951, without the header of zlib or gzip) and CRC-32 through zlib.

/// 1 if `source` unpacks to exactly `target_count` bytes and ends there, else 0. Nothing is written beyond them.
int32_t percept_inflate(const void *source, size_t source_count, void *target, size_t target_count);

uint32_t percept_crc32(const void *bytes, size_t count);
