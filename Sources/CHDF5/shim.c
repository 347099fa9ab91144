#include "shim.h"

#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// The library's name carries the version of its interface, which must be that of the headers.
#if H5_VERS_MINOR == 10
#define LIBRARIES "libhdf5_serial.so.103", "libhdf5.so.103"
#elif H5_VERS_MINOR == 12
#define LIBRARIES "libhdf5_serial.so.200", "libhdf5.so.200"
#else
#define LIBRARIES "libhdf5_serial.so.310", "libhdf5.so.310", "libhdf5_serial.so", "libhdf5.so"
#endif

#if H5_VERSION_GE(1, 12, 0)
#define LINK_INFO H5Lget_info2
typedef H5L_info2_t link_info;
#else
#define LINK_INFO H5Lget_info
typedef H5L_info_t link_info;
#endif

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)  \
  F(H5open) F(H5dont_atexit) F(H5Eset_auto2) F(H5Ewalk2) F(H5PLset_loading_state) F(H5Pcreate) F(H5Pget_layout)  \
  F(H5Pget_external_count) F(H5Pset_file_locking) F(H5Fopen) F(H5Oopen) F(H5Oclose) F(H5Iget_type) F(H5Gget_info) F(H5Lget_name_by_idx)  \
  F(H5Lexists) F(H5Dget_space) F(H5Dget_type) F(H5Dget_create_plist) F(H5Dread)  \
  F(H5Sget_simple_extent_ndims) F(H5Sget_simple_extent_dims) F(H5Sget_simple_extent_npoints) F(H5Sget_simple_extent_type)  \
  F(H5Tget_class) F(H5Tget_size) F(H5Tget_sign) F(H5Tis_variable_str) F(H5Aexists) F(H5Aopen) F(H5Aget_type)  \
  F(H5Aget_space) F(H5Aread)
// Its predefined types and property lists are variables, set once it is open.
#define VARIABLES(F)  \
  F(H5P_CLS_FILE_ACCESS_ID_g) F(H5T_NATIVE_UINT8_g) F(H5T_NATIVE_INT64_g) F(H5T_NATIVE_UINT64_g) F(H5T_NATIVE_FLOAT_g)

#define DECLARE_FUNCTION(name) __typeof__(&name) p_##name;
#define DECLARE_VARIABLE(name) hid_t *v_##name;
static struct {
  FUNCTIONS(DECLARE_FUNCTION)
  VARIABLES(DECLARE_VARIABLE)
  __typeof__(&LINK_INFO) link_info;
} library;

#define CALL(name, ...) library.p_##name(__VA_ARGS__)
#define TEXT_OF(name) #name
#define NAME_OF(name) TEXT_OF(name)

/// H5F_ACC_RDONLY, which the header wraps in calls of the library.
enum { read_only = 0 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int is_loaded;

/// Loads the library; returns 0 and writes a message if it cannot. The caller has the turn.
static int load(char *error, size_t capacity) {
  if (is_loaded) return 1;
  static const char *const names[] = {LIBRARIES};
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *message = dlerror();
    snprintf(error, capacity, "%s", message ? message : names[0]);
    return 0;
  }
#define FIND(field, name)  \
  if (!(library.field = (__typeof__(library.field))dlsym(handle, name))) {  \
    snprintf(error, capacity, "libhdf5 has no %s", name);  \
    return 0;  \
  }
#define FIND_FUNCTION(name) FIND(p_##name, #name)
#define FIND_VARIABLE(name) FIND(v_##name, #name)
  FUNCTIONS(FIND_FUNCTION)
  VARIABLES(FIND_VARIABLE)
  FIND(link_info, NAME_OF(LINK_INFO))
  CALL(H5dont_atexit);
  if (CALL(H5open) < 0) {
    snprintf(error, capacity, "libhdf5 cannot be started");
    return 0;
  }
  CALL(H5PLset_loading_state, 0);  // filters may not come out of libraries that an environment variable names
  is_loaded = 1;
  return 1;
}

enum { message_capacity = 512, cpu_seconds = 30, largest_name = 1024 };

/// What a child hands to its parent, in memory that both see.
struct shared {
  int32_t is_done, result;
  char message[message_capacity];
  size_t used;  // bytes written behind this
  size_t capacity;
  uint8_t bytes[];
};

static herr_t take_innermost(unsigned depth, const H5E_error2_t *entry, void *context) {
  struct shared *shared = context;
  if (depth == 0) snprintf(shared->message, message_capacity, "%s", entry->desc ? entry->desc : "");
  return 0;
}

/// Appends one record: its kind and size, and its bytes.
static int append(struct shared *shared, int32_t kind, const void *bytes, size_t count) {
  if (count > INT32_MAX || shared->capacity - shared->used < 8 + count) return 0;
  int32_t head[2] = {kind, (int32_t)count};
  memcpy(shared->bytes + shared->used, head, 8);
  memcpy(shared->bytes + shared->used + 8, bytes, count);
  shared->used += 8 + count;
  return 1;
}

/// What a call asks for.
struct request {
  int32_t (*work)(hid_t object, const struct request *request, struct shared *shared);  // null: only whether the file can be opened
  const char *file, *path, *attribute;
  int32_t number;
  int64_t limit;
  size_t byte_count;
};

static int32_t open_object(hid_t file, const char *path, hid_t *object);

/// Answers a request; runs in a child.
static void answer(const struct request *request, struct shared *shared) {
  // What the library, or the memory allocator on its behalf, has to say goes nowhere; nor is there a dump or a debugger.
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  setrlimit(RLIMIT_CPU, &(struct rlimit){cpu_seconds, cpu_seconds + 1});

  CALL(H5Eset_auto2, H5E_DEFAULT, NULL, NULL);
  int32_t result = PERCEPT_HDF5_DAMAGED;
  hid_t access = CALL(H5Pcreate, *library.v_H5P_CLS_FILE_ACCESS_ID_g);
  if (access >= 0) CALL(H5Pset_file_locking, access, 0, 1);  // a file that is only read may lie where nothing can be locked
  hid_t file = access < 0 ? -1 : CALL(H5Fopen, request->file, read_only, access);
  if (file >= 0) {
    hid_t object;
    result = open_object(file, request->path, &object);
    if (result == PERCEPT_HDF5_DONE && request->work) result = request->work(object, request, shared);
  }
  if (result == PERCEPT_HDF5_DAMAGED) CALL(H5Ewalk2, H5E_DEFAULT, H5E_WALK_UPWARD, take_innermost, shared);
  shared->result = result;
  shared->is_done = 1;
}

/// Answers a request in a child, since a damaged file can make the library crash or never end. `*shared` is to be given back by `release`.
static int32_t ask(const struct request *request, size_t capacity, struct shared **result, char *error, size_t error_capacity) {
  *result = NULL;
  error[0] = 0;
  pthread_mutex_lock(&turn);
  int can = load(error, error_capacity);
  pthread_mutex_unlock(&turn);
  if (!can) return PERCEPT_HDF5_NO_LIBRARY;
  if (capacity > SIZE_MAX / 2) return PERCEPT_HDF5_TOO_LARGE;
  size_t size = sizeof(struct shared) + capacity;
  struct shared *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (shared == MAP_FAILED) return PERCEPT_HDF5_TOO_LARGE;
  shared->capacity = capacity;
  pid_t child = fork();
  if (child == 0) {
    answer(request, shared);
    _exit(0);
  }
  if (child < 0) {
    snprintf(error, error_capacity, "no process can be started to read it: %s", strerror(errno));
    munmap(shared, size);
    return PERCEPT_HDF5_DAMAGED;
  }
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
  // A child that broke down may have written anything.
  shared->message[message_capacity - 1] = 0;
  if (!shared->is_done) snprintf(error, error_capacity, "libhdf5 broke down on it");
  else snprintf(error, error_capacity, "%s", shared->message);
  shared->capacity = capacity;
  if (shared->used > capacity) shared->used = 0;
  *result = shared;
  return shared->is_done ? shared->result : PERCEPT_HDF5_DAMAGED;
}

static void release(struct shared *shared) {
  if (shared) munmap(shared, sizeof(struct shared) + shared->capacity);
}

int32_t percept_hdf5_check(const char *file, char *error, size_t error_capacity) {
  struct request request = {.file = file, .path = ""};
  struct shared *shared;
  int32_t result = ask(&request, 0, &shared, error, error_capacity);
  release(shared);
  return result;
}

/// The kind of the link `name` in the group `place`: 0 for one to an object in the same file.
static int32_t check_link(hid_t place, const char *name) {
  htri_t exists = CALL(H5Lexists, place, name, H5P_DEFAULT);
  if (exists <= 0) return exists < 0 ? PERCEPT_HDF5_DAMAGED : PERCEPT_HDF5_MISSING;
  link_info info;
  if (library.link_info(place, name, &info, H5P_DEFAULT) < 0) return PERCEPT_HDF5_DAMAGED;
  return info.type == H5L_TYPE_HARD ? PERCEPT_HDF5_DONE : PERCEPT_HDF5_REFUSED;
}

/// Opens the object at `path`, name by name, so that no link leads out of the file unseen.
static int32_t open_object(hid_t file, const char *path, hid_t *object) {
  *object = CALL(H5Oopen, file, "/", H5P_DEFAULT);
  if (*object < 0) return PERCEPT_HDF5_DAMAGED;
  char name[largest_name];
  while (*path) {
    size_t count = strcspn(path, "/");
    if (count >= sizeof name) return PERCEPT_HDF5_MISSING;
    memcpy(name, path, count);
    name[count] = 0;
    path += count + (path[count] == '/');
    if (count == 0 || strcmp(name, ".") == 0) continue;
    int32_t result = CALL(H5Iget_type, *object) == H5I_GROUP ? check_link(*object, name) : PERCEPT_HDF5_MISSING;
    if (result != PERCEPT_HDF5_DONE) return result;
    hid_t next = CALL(H5Oopen, *object, name, H5P_DEFAULT);
    if (next < 0) return PERCEPT_HDF5_DAMAGED;
    CALL(H5Oclose, *object);
    *object = next;
  }
  return PERCEPT_HDF5_DONE;
}

static int32_t list(hid_t group, const struct request *request, struct shared *shared) {
  if (CALL(H5Iget_type, group) != H5I_GROUP) return PERCEPT_HDF5_OTHER_KIND;
  H5G_info_t info;
  if (CALL(H5Gget_info, group, &info) < 0) return PERCEPT_HDF5_DAMAGED;
  if (info.nlinks > (hsize_t)request->limit) return PERCEPT_HDF5_TOO_LARGE;
  for (hsize_t i = 0; i < info.nlinks; i++) {
    char name[largest_name];
    ssize_t count = CALL(H5Lget_name_by_idx, group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
    if (count < 0) return PERCEPT_HDF5_DAMAGED;
    if ((size_t)count >= sizeof name) return PERCEPT_HDF5_TOO_LARGE;
    int32_t kind = PERCEPT_HDF5_LINK, link = check_link(group, name);
    if (link == PERCEPT_HDF5_DONE) {
      hid_t object = CALL(H5Oopen, group, name, H5P_DEFAULT);
      if (object < 0) return PERCEPT_HDF5_DAMAGED;
      H5I_type_t type = CALL(H5Iget_type, object);
      kind = type == H5I_GROUP ? PERCEPT_HDF5_GROUP : type == H5I_DATASET ? PERCEPT_HDF5_DATASET : PERCEPT_HDF5_OTHER;
      CALL(H5Oclose, object);
    } else if (link != PERCEPT_HDF5_REFUSED) {
      return link;
    }
    if (!append(shared, kind, name, (size_t)count)) return PERCEPT_HDF5_TOO_LARGE;
  }
  return PERCEPT_HDF5_DONE;
}

/// Asks for records and hands them over.
static int32_t records(
  const struct request *request, size_t capacity, percept_hdf5_record record, void *context, char *error, size_t error_capacity) {
  struct shared *shared;
  int32_t result = ask(request, capacity, &shared, error, error_capacity);
  for (size_t place = 0; result == PERCEPT_HDF5_DONE && place < shared->used;) {
    int32_t head[2];
    if (shared->used - place >= 8) memcpy(head, shared->bytes + place, 8);
    else head[1] = -1;
    if (head[1] < 0 || (size_t)head[1] > shared->used - place - 8) result = PERCEPT_HDF5_DAMAGED;
    else record(context, head[0], (const char *)shared->bytes + place + 8, (size_t)head[1]);
    if (result == PERCEPT_HDF5_DONE) place += 8 + (size_t)head[1];
  }
  release(shared);
  return result;
}

int32_t percept_hdf5_list(
  const char *file, const char *group, int64_t limit, percept_hdf5_record member, void *context, char *error, size_t error_capacity) {
  struct request request = {.work = list, .file = file, .path = group, .limit = limit};
  return records(&request, (size_t)limit * (largest_name + 8), member, context, error, error_capacity);
}

/// How numbers of a type are read.
static int32_t number_of(hid_t type) {
  size_t size = CALL(H5Tget_size, type);
  switch (CALL(H5Tget_class, type)) {
  case H5T_FLOAT: return PERCEPT_HDF5_FLOAT;
  case H5T_INTEGER: {
    int is_unsigned = CALL(H5Tget_sign, type) == H5T_SGN_NONE;
    if (size == 0 || size > 8) return PERCEPT_HDF5_NO_NUMBER;
    return is_unsigned && size == 1 ? PERCEPT_HDF5_UINT8 : is_unsigned && size == 8 ? PERCEPT_HDF5_UINT64 : PERCEPT_HDF5_INT64;
  }
  default: return PERCEPT_HDF5_NO_NUMBER;
  }
}

/// Whether the numbers of a data set lie in the file itself.
static int32_t check_storage(hid_t dataset) {
  hid_t properties = CALL(H5Dget_create_plist, dataset);
  if (properties < 0) return PERCEPT_HDF5_DAMAGED;
  int external = CALL(H5Pget_external_count, properties);
  H5D_layout_t layout = CALL(H5Pget_layout, properties);
  if (external < 0 || layout < 0) return PERCEPT_HDF5_DAMAGED;
  return external > 0 || layout == H5D_VIRTUAL ? PERCEPT_HDF5_REFUSED : PERCEPT_HDF5_DONE;
}

static int32_t describe_into(hid_t dataset, struct percept_hdf5_dataset *description) {
  if (CALL(H5Iget_type, dataset) != H5I_DATASET) return PERCEPT_HDF5_OTHER_KIND;
  int32_t result = check_storage(dataset);
  if (result != PERCEPT_HDF5_DONE) return result;
  hid_t space = CALL(H5Dget_space, dataset), type = CALL(H5Dget_type, dataset);
  result = space < 0 || type < 0 ? PERCEPT_HDF5_DAMAGED : PERCEPT_HDF5_DONE;
  if (result == PERCEPT_HDF5_DONE) {
    hsize_t sizes[PERCEPT_HDF5_LARGEST_RANK] = {0};
    H5S_class_t extent = CALL(H5Sget_simple_extent_type, space);
    int rank = CALL(H5Sget_simple_extent_ndims, space);
    if (extent == H5S_NULL) result = PERCEPT_HDF5_OTHER_KIND;
    else if (rank < 0 || rank > PERCEPT_HDF5_LARGEST_RANK || CALL(H5Sget_simple_extent_dims, space, sizes, NULL) < 0) result = PERCEPT_HDF5_DAMAGED;
    description->rank = rank;
    description->number = number_of(type);
    for (int i = 0; i < PERCEPT_HDF5_LARGEST_RANK; i++) description->sizes[i] = sizes[i];
  }
  return result;
}

static int32_t describe(hid_t dataset, const struct request *request, struct shared *shared) {
  (void)request;
  return describe_into(dataset, (struct percept_hdf5_dataset *)(void *)shared->bytes);
}

int32_t percept_hdf5_describe(
  const char *file, const char *path, struct percept_hdf5_dataset *description, char *error, size_t error_capacity) {
  struct request request = {.work = describe, .file = file, .path = path};
  struct shared *shared;
  int32_t result = ask(&request, sizeof *description, &shared, error, error_capacity);
  if (result == PERCEPT_HDF5_DONE) {
    memcpy(description, shared->bytes, sizeof *description);
    if (description->rank < 0 || description->rank > PERCEPT_HDF5_LARGEST_RANK) result = PERCEPT_HDF5_DAMAGED;
  }
  release(shared);
  return result;
}

/// The type in memory and the size of a number.
static hid_t native(int32_t number, size_t *size) {
  *size = number == PERCEPT_HDF5_UINT8 ? 1 : number == PERCEPT_HDF5_FLOAT ? 4 : 8;
  switch (number) {
  case PERCEPT_HDF5_UINT8: return *library.v_H5T_NATIVE_UINT8_g;
  case PERCEPT_HDF5_INT64: return *library.v_H5T_NATIVE_INT64_g;
  case PERCEPT_HDF5_UINT64: return *library.v_H5T_NATIVE_UINT64_g;
  default: return *library.v_H5T_NATIVE_FLOAT_g;
  }
}

static int32_t read_numbers(hid_t dataset, const struct request *request, struct shared *shared) {
  struct percept_hdf5_dataset description;
  int32_t result = describe_into(dataset, &description);
  if (result != PERCEPT_HDF5_DONE) return result;
  size_t size;
  hid_t type = native(request->number, &size), space = CALL(H5Dget_space, dataset);
  hssize_t count = space < 0 ? -1 : CALL(H5Sget_simple_extent_npoints, space);
  if (count < 0) return PERCEPT_HDF5_DAMAGED;
  size_t bytes = request->byte_count;
  if (description.number != request->number || bytes / size != (size_t)count || bytes % size) return PERCEPT_HDF5_OTHER_KIND;
  if (count && CALL(H5Dread, dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, shared->bytes) < 0) return PERCEPT_HDF5_DAMAGED;
  return PERCEPT_HDF5_DONE;
}

int32_t percept_hdf5_read(
  const char *file, const char *path, int32_t number, void *target, size_t byte_count, char *error, size_t error_capacity) {
  struct request request = {.work = read_numbers, .file = file, .path = path, .number = number, .byte_count = byte_count};
  struct shared *shared;
  int32_t result = ask(&request, byte_count, &shared, error, error_capacity);
  if (result == PERCEPT_HDF5_DONE && byte_count) memcpy(target, shared->bytes, byte_count);
  release(shared);
  return result;
}

/// Reads the texts of an attribute, or of a data set where `is_attribute` is 0.
static int32_t texts_of(hid_t source, int is_attribute, int64_t limit, struct shared *shared) {
  hid_t type = is_attribute ? CALL(H5Aget_type, source) : CALL(H5Dget_type, source);
  hid_t space = is_attribute ? CALL(H5Aget_space, source) : CALL(H5Dget_space, source);
  int32_t result = PERCEPT_HDF5_DONE;
  hssize_t count = space < 0 ? -1 : CALL(H5Sget_simple_extent_npoints, space);
  int is_variable = type < 0 ? -1 : CALL(H5Tis_variable_str, type);
  size_t size = is_variable < 0 ? 0 : is_variable ? sizeof(char *) : CALL(H5Tget_size, type);
  if (count < 0 || type < 0) result = PERCEPT_HDF5_DAMAGED;
  else if (CALL(H5Tget_class, type) != H5T_STRING) result = PERCEPT_HDF5_OTHER_KIND;
  else if (is_variable < 0 || size == 0) result = PERCEPT_HDF5_DAMAGED;
  else if ((uint64_t)count > (uint64_t)limit / size) result = PERCEPT_HDF5_TOO_LARGE;
  char *bytes = result == PERCEPT_HDF5_DONE && count ? calloc((size_t)count, size) : NULL;
  if (bytes) {
    herr_t code = is_attribute ? CALL(H5Aread, source, type, bytes) : CALL(H5Dread, source, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes);
    if (code < 0) result = PERCEPT_HDF5_DAMAGED;
    int64_t total = 0;
    for (hssize_t i = 0; result == PERCEPT_HDF5_DONE && i < count; i++) {
      const char *one = is_variable ? ((char **)(void *)bytes)[i] : bytes + (size_t)i * size;
      size_t length = !one ? 0 : is_variable ? strlen(one) : strnlen(one, size);
      total += (int64_t)length;
      if (total > limit || !append(shared, 0, one ? one : "", length)) result = PERCEPT_HDF5_TOO_LARGE;
    }
    free(bytes);
  } else if (result == PERCEPT_HDF5_DONE && count) {
    result = PERCEPT_HDF5_TOO_LARGE;
  }
  return result;
}

static int32_t texts(hid_t object, const struct request *request, struct shared *shared) {
  if (!request->attribute) {
    int32_t result = CALL(H5Iget_type, object) == H5I_DATASET ? check_storage(object) : PERCEPT_HDF5_OTHER_KIND;
    return result == PERCEPT_HDF5_DONE ? texts_of(object, 0, request->limit, shared) : result;
  }
  htri_t exists = CALL(H5Aexists, object, request->attribute);
  if (exists == 0) return PERCEPT_HDF5_MISSING;
  hid_t source = exists > 0 ? CALL(H5Aopen, object, request->attribute, H5P_DEFAULT) : -1;
  return source < 0 ? PERCEPT_HDF5_DAMAGED : texts_of(source, 1, request->limit, shared);
}

int32_t percept_hdf5_texts(
  const char *file, const char *path, const char *attribute, int64_t limit, percept_hdf5_record text, void *context, char *error,
  size_t error_capacity) {
  struct request request = {.work = texts, .file = file, .path = path, .attribute = attribute, .limit = limit};
  // Eight bytes come before each text; the texts are pointers or have bytes of their own, so they are no more than `limit`.
  return records(&request, (size_t)limit * 9, text, context, error, error_capacity);
}
