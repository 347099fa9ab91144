#pragma once
#include <stddef.h>
#include <stdint.h>

// One file out of an archive (tar, zip, ar; plain or packed with gzip, bzip2, xz or zstd) through libarchive, which is loaded at the first use and not
// when the program starts. Nothing is ever written under a name that the archive gives: the caller receives bytes.

enum percept_archive_result {
  PERCEPT_ARCHIVE_DONE = 0,
  PERCEPT_ARCHIVE_NO_LIBRARY = 1,  // libarchive is not installed
  PERCEPT_ARCHIVE_DAMAGED = 2,     // not an archive, or broken
  PERCEPT_ARCHIVE_NO_MEMBER = 3,   // no regular file in it was wanted
  PERCEPT_ARCHIVE_TOO_LARGE = 4,   // more members or more bytes than the limits
  PERCEPT_ARCHIVE_STOPPED = 5,     // `write` asked to stop
};

enum percept_archive_kind {
  PERCEPT_ARCHIVE_MEMBERS = 0,     // an archive with members
  PERCEPT_ARCHIVE_COMPRESSED = 1,  // one compressed file, offered under the name "data"
  PERCEPT_ARCHIVE_DEBIAN = 2,      // a Debian package: the members of the archive data.tar.* inside the archive
};

/// Whether the regular file `name` is the wanted one: 1 yes, 0 no. Links and devices are never offered.
typedef int32_t (*percept_archive_wanted)(void *context, const char *name);

/// Some of the member's bytes, in order. A result other than 0 stops the extraction.
typedef int32_t (*percept_archive_write)(void *context, const uint8_t *bytes, size_t count);

/// Hands the bytes of the first wanted member to `write`.
/// - member_limit: the most members to look at; byte_limit: the most unpacked bytes of the archive to read; error: receives a message.
int32_t percept_archive_extract(
  const char *path, int32_t kind, int64_t member_limit, int64_t byte_limit, percept_archive_wanted wanted, percept_archive_write write,
  void *context, char *error, size_t error_capacity);
