#include "shim.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)                                                                                                                   \
  F(archive_read_new) F(archive_read_free) F(archive_read_support_filter_gzip) F(archive_read_support_filter_bzip2)                     \
  F(archive_read_support_filter_xz) F(archive_read_support_filter_zstd) F(archive_read_support_format_tar)                              \
  F(archive_read_support_format_zip) F(archive_read_support_format_ar) F(archive_read_support_format_raw)                               \
  F(archive_read_open_filename) F(archive_read_open) F(archive_read_next_header) F(archive_read_data) F(archive_error_string)           \
  F(archive_entry_size) F(archive_entry_pathname) F(archive_entry_pathname_utf8) F(archive_entry_filetype)                            \
  F(archive_entry_hardlink) F(archive_set_error)

#define DECLARE(name) __typeof__(&name) p_##name;
static struct {
  FUNCTIONS(DECLARE)
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char loading_error[256];

static void load(void) {
  void *handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    snprintf(loading_error, sizeof loading_error, "%s", dlerror());
    return;
  }
#define FIND(name)                                                                                                                     \
  if (!(library.p_##name = (__typeof__(&name))dlsym(handle, #name)))                                                                    \
    snprintf(loading_error, sizeof loading_error, "libarchive has no " #name);
  FUNCTIONS(FIND)
}

enum { block_size = 1 << 16 };

/// The member of an outer archive as the source of an inner one.
struct inner_source {
  struct archive *outer;
  uint8_t block[block_size];
};

static la_ssize_t read_inner(struct archive *inner, void *context, const void **block) {
  struct inner_source *source = context;
  la_ssize_t count = library.p_archive_read_data(source->outer, source->block, block_size);
  if (count < 0) library.p_archive_set_error(inner, EIO, "%s", library.p_archive_error_string(source->outer));
  *block = source->block;
  return count;
}

/// A reader of the formats that models come in: not of all that the library knows, some of which start other programs.
static struct archive *new_reader(int32_t kind) {
  struct archive *reader = library.p_archive_read_new();
  if (!reader) return NULL;
  library.p_archive_read_support_filter_gzip(reader);
  library.p_archive_read_support_filter_bzip2(reader);
  library.p_archive_read_support_filter_xz(reader);
  library.p_archive_read_support_filter_zstd(reader);
  if (kind == PERCEPT_ARCHIVE_COMPRESSED) {
    library.p_archive_read_support_format_raw(reader);
  } else if (kind == PERCEPT_ARCHIVE_DEBIAN) {
    library.p_archive_read_support_format_ar(reader);
  } else {
    library.p_archive_read_support_format_tar(reader);
    library.p_archive_read_support_format_zip(reader);
  }
  return reader;
}

struct search {
  int64_t member_limit, byte_limit;
  percept_archive_wanted wanted;
  void *context;
};

/// Moves `reader` to the first wanted member.
static int32_t find(struct archive *reader, struct search *search) {
  struct archive_entry *entry;
  int64_t total = 0;  // skipping a member of a compressed archive unpacks it
  for (int64_t members = 0;; members++) {
    int code = library.p_archive_read_next_header(reader, &entry);
    if (code == ARCHIVE_EOF) return PERCEPT_ARCHIVE_NO_MEMBER;
    if (code < ARCHIVE_WARN) return PERCEPT_ARCHIVE_DAMAGED;
    int64_t size = library.p_archive_entry_size(entry);
    if (members >= search->member_limit || size > search->byte_limit - total) return PERCEPT_ARCHIVE_TOO_LARGE;
    total += size;
    if (library.p_archive_entry_filetype(entry) != AE_IFREG || library.p_archive_entry_hardlink(entry)) continue;
    const char *name = library.p_archive_entry_pathname(entry);
    if (!name) name = library.p_archive_entry_pathname_utf8(entry);
    if (name && search->wanted(search->context, name)) return PERCEPT_ARCHIVE_DONE;
  }
}

static int32_t is_debian_data(void *context, const char *name) {
  (void)context;
  return strncmp(name, "data.tar", 8) == 0;
}

static int32_t copy(struct archive *reader, int64_t limit, percept_archive_write write, void *context) {
  uint8_t *block = malloc(block_size);
  if (!block) return PERCEPT_ARCHIVE_TOO_LARGE;
  int32_t result = PERCEPT_ARCHIVE_DONE;
  int64_t total = 0;
  for (;;) {
    la_ssize_t count = library.p_archive_read_data(reader, block, block_size);
    if (count == 0) break;
    total += count;
    if (count < 0) result = PERCEPT_ARCHIVE_DAMAGED;
    else if (total > limit) result = PERCEPT_ARCHIVE_TOO_LARGE;
    else if (write(context, block, (size_t)count) != 0) result = PERCEPT_ARCHIVE_STOPPED;
    if (result != PERCEPT_ARCHIVE_DONE) break;
  }
  free(block);
  return result;
}

int32_t percept_archive_extract(
  const char *path, int32_t kind, int64_t member_limit, int64_t byte_limit, percept_archive_wanted wanted, percept_archive_write write,
  void *context, char *error, size_t error_capacity) {
  error[0] = 0;
  pthread_once(&once, load);
  if (loading_error[0]) {
    snprintf(error, error_capacity, "%s", loading_error);
    return PERCEPT_ARCHIVE_NO_LIBRARY;
  }
  int is_debian = kind == PERCEPT_ARCHIVE_DEBIAN;
  struct archive *outer = new_reader(kind), *inner = is_debian ? new_reader(PERCEPT_ARCHIVE_MEMBERS) : NULL;
  struct inner_source *source = is_debian ? malloc(sizeof *source) : NULL;
  struct archive *reader = is_debian ? inner : outer;
  struct search search = {member_limit, byte_limit, wanted, context};
  int32_t result = PERCEPT_ARCHIVE_DAMAGED;

  if (outer && (!is_debian || (inner && source)) && library.p_archive_read_open_filename(outer, path, block_size) == ARCHIVE_OK) {
    result = PERCEPT_ARCHIVE_DONE;
    if (is_debian) {
      struct search data = {member_limit, byte_limit, is_debian_data, NULL};
      result = find(outer, &data);
      source->outer = outer;
      if (result == PERCEPT_ARCHIVE_DONE && library.p_archive_read_open(inner, source, NULL, read_inner, NULL) != ARCHIVE_OK)
        result = PERCEPT_ARCHIVE_DAMAGED;
    }
    if (result == PERCEPT_ARCHIVE_DONE) result = find(reader, &search);
    if (result == PERCEPT_ARCHIVE_DONE) result = copy(reader, byte_limit, write, context);
  }
  if (result == PERCEPT_ARCHIVE_DAMAGED) {
    const char *message = reader ? library.p_archive_error_string(reader) : NULL;
    if (!message && outer) message = library.p_archive_error_string(outer);
    snprintf(error, error_capacity, "%s", message ? message : "out of memory");
  }
  if (inner) library.p_archive_read_free(inner);
  if (outer) library.p_archive_read_free(outer);
  free(source);
  return result;
}
