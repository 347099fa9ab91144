#pragma once
#include <stddef.h>
#include <stdint.h>

// Downloads over HTTPS (and HTTP, and file:) through libcurl, which is loaded at the first use and not when the program starts.

enum percept_download_result {
  PERCEPT_DOWNLOAD_DONE = 0,
  PERCEPT_DOWNLOAD_NO_LIBRARY = 1,  // libcurl is not installed
  PERCEPT_DOWNLOAD_FAILED = 2,      // no connection, an error status: trying again at once is of no use
  PERCEPT_DOWNLOAD_CUT = 3,         // the connection broke or stalled on the way: what came can be resumed
  PERCEPT_DOWNLOAD_STOPPED = 4,     // a callback asked to stop
  PERCEPT_DOWNLOAD_NO_RANGE = 5,    // the server has no such range (status 416)
};

/// The answer's head, told once and before its first byte.
/// `starts_at` is the offset of the first byte that follows (0 when the server sends the file from its start, whatever was asked for);
/// `total` is the size of the whole file or -1; `validator` is a strong ETag or a date for `resume_if`, or ""; `url` is the address after redirects.
typedef int32_t (*percept_download_begin)(void *context, int64_t starts_at, int64_t total, const char *validator, const char *url);

/// Some bytes. A result other than 0 stops the download.
typedef int32_t (*percept_download_write)(void *context, const uint8_t *bytes, size_t count);

/// Fetches `url`, following redirects, and hands its bytes to `write`.
/// - accept: the Accept header, or NULL; certificates: a file of trusted certificates, or NULL for the system's.
/// - resume_from: bytes that are already there; they are asked for again when the file no longer matches `resume_if`.
/// - connect_seconds: limit for connecting; stall_seconds: give up after that time with less than a byte a second.
/// - error: receives a message, always terminated.
int32_t percept_download(
  const char *url, const char *accept, const char *certificates, int64_t resume_from, const char *resume_if, int32_t connect_seconds,
  int32_t stall_seconds, percept_download_begin begin, percept_download_write write, void *context, char *error, size_t error_capacity);

/// Writes the address that `reference` means on the page `base` (RFC 3986, section 5) to `result`. Returns 0, or another number when it is none.
int32_t percept_resolve_url(const char *base, const char *reference, char *result, size_t capacity);
