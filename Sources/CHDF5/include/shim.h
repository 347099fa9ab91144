#pragma once
#include <stddef.h>
#include <stdint.h>

// HDF5 files, read-only, through libhdf5, which is loaded at the first use and not when the program starts. Every function returns a result of
// `percept_hdf5_result` and, unless it is done, writes a message to `error`. Each opens the file anew in a child process, which may crash. Paths in a
// file are names joined by '/'; "" is the root.

enum percept_hdf5_result {
  PERCEPT_HDF5_DONE = 0,
  PERCEPT_HDF5_NO_LIBRARY = 1,  // libhdf5 is not installed, or is of another version than the headers
  PERCEPT_HDF5_DAMAGED = 2,     // not an HDF5 file, or broken: the library's own words
  PERCEPT_HDF5_MISSING = 3,     // nothing of that name
  PERCEPT_HDF5_REFUSED = 4,     // lies outside the file, or behind a link
  PERCEPT_HDF5_OTHER_KIND = 5,  // found, but of another kind than asked for
  PERCEPT_HDF5_TOO_LARGE = 6,   // more than the limit
};

enum percept_hdf5_kind {
  PERCEPT_HDF5_GROUP = 0,
  PERCEPT_HDF5_DATASET = 1,
  PERCEPT_HDF5_LINK = 2,   // soft, external or of a user's own kind: named, never followed
  PERCEPT_HDF5_OTHER = 3,  // a named type
};

enum percept_hdf5_number {
  PERCEPT_HDF5_UINT8 = 0,
  PERCEPT_HDF5_INT64 = 1,   // every other kind of whole number but the next
  PERCEPT_HDF5_UINT64 = 2,
  PERCEPT_HDF5_FLOAT = 3,
  PERCEPT_HDF5_NO_NUMBER = 4,
};

enum { PERCEPT_HDF5_LARGEST_RANK = 32 };

struct percept_hdf5_dataset {
  int32_t rank;
  /// How its numbers are read: one of `percept_hdf5_number`.
  int32_t number;
  uint64_t sizes[PERCEPT_HDF5_LARGEST_RANK];
};

/// Whether `file` can be opened.
int32_t percept_hdf5_check(const char *file, char *error, size_t error_capacity);

/// Receives a name or text, which does not end with a zero, and its kind.
typedef void (*percept_hdf5_record)(void *context, int32_t kind, const char *bytes, size_t count);

/// Calls `member` with the name and `percept_hdf5_kind` of each member of a group, in alphabetical order. TOO_LARGE if there are more than `limit`.
int32_t percept_hdf5_list(
  const char *file, const char *group, int64_t limit, percept_hdf5_record member, void *context, char *error, size_t error_capacity);

/// Sizes and kind of number of a data set.
int32_t percept_hdf5_describe(
  const char *file, const char *path, struct percept_hdf5_dataset *description, char *error, size_t error_capacity);

/// Reads a data set, row-major, as `number`. OTHER_KIND unless it needs exactly `byte_count` bytes.
int32_t percept_hdf5_read(
  const char *file, const char *path, int32_t number, void *target, size_t byte_count, char *error, size_t error_capacity);

/// Calls `text` for each text of an attribute of an object, or of a data set of texts if `attribute` is null. TOO_LARGE if there are more than
/// `limit` bytes.
int32_t percept_hdf5_texts(
  const char *file, const char *path, const char *attribute, int64_t limit, percept_hdf5_record text, void *context, char *error,
  size_t error_capacity);
