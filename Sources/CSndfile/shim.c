#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)  \
  F(sf_open_virtual) F(sf_close) F(sf_readf_float) F(sf_writef_float) F(sf_writef_int) F(sf_error) F(sf_strerror) F(sf_command)  \
  F(sf_format_check)

#define DECLARE(name) __typeof__(&name) p_##name;
static struct {
  FUNCTIONS(DECLARE)
} sndfile;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char loading_error[256];
// A failed opening leaves its reason in one place for the whole process.
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void load(void) {
  void *library = dlopen("libsndfile.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(loading_error, sizeof loading_error, "%s", reason ? reason : "libsndfile.so.1");
    return;
  }
#define FIND(name)  \
  if (!(sndfile.p_##name = (__typeof__(&name))dlsym(library, #name))) snprintf(loading_error, sizeof loading_error, "libsndfile has no " #name);
  FUNCTIONS(FIND)
}

static int is_loaded(char *message) {
  pthread_once(&once, load);
  if (!loading_error[0]) return 1;
  snprintf(message, PERCEPT_SOUND_MESSAGE, "%s", loading_error);
  return 0;
}

/// What the library reads or writes: a descriptor when `bytes` and `written` are null, bytes in memory, or bytes that grow while they are written.
/// The library never gets the descriptor itself: it closes one that it cannot make sense of, whatever it was told.
struct medium {
  int descriptor;
  const uint8_t *bytes;
  uint8_t *written;
  size_t count, capacity, position;
};

struct percept_sound {
  SNDFILE *file;
  struct medium medium;
};

static sf_count_t medium_length(void *context) { return (sf_count_t)((struct medium *)context)->count; }

static sf_count_t medium_seek(sf_count_t offset, int origin, void *context) {
  struct medium *medium = context;
  sf_count_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? (sf_count_t)medium->position : (sf_count_t)medium->count, place;
  if (__builtin_add_overflow(base, offset, &place) || place < 0) return -1;
  medium->position = (size_t)place;
  return place;
}

static sf_count_t medium_read(void *target, sf_count_t count, void *context) {
  struct medium *medium = context;
  if (count <= 0 || medium->position >= medium->count) return 0;
  size_t rest = medium->count - medium->position, taken = (size_t)count < rest ? (size_t)count : rest;
  const uint8_t *bytes = medium->bytes ? medium->bytes : medium->written;
  if (bytes) {
    memcpy(target, bytes + medium->position, taken);
  } else {
    for (size_t done = 0; done < taken;) {
      ssize_t part = pread(medium->descriptor, (uint8_t *)target + done, taken - done, (off_t)(medium->position + done));
      if (part < 0 && errno == EINTR) continue;
      if (part <= 0) taken = done;
      else done += (size_t)part;
    }
  }
  medium->position += taken;
  return (sf_count_t)taken;
}

static sf_count_t medium_write(const void *source, sf_count_t count, void *context) {
  struct medium *medium = context;
  size_t end;
  if (medium->bytes || count < 0 || __builtin_add_overflow(medium->position, (size_t)count, &end)) return 0;
  if (end > medium->capacity) {
    size_t capacity = medium->capacity < 1 << 16 ? 1 << 16 : medium->capacity;
    while (capacity < end) {
      if (__builtin_mul_overflow(capacity, 2, &capacity)) return 0;
    }
    uint8_t *grown = realloc(medium->written, capacity);
    if (!grown) return 0;
    medium->written = grown;
    medium->capacity = capacity;
  }
  if (medium->position > medium->count) memset(medium->written + medium->count, 0, medium->position - medium->count);
  memcpy(medium->written + medium->position, source, (size_t)count);
  medium->position = end;
  if (end > medium->count) medium->count = end;
  return count;
}

static sf_count_t medium_position(void *context) { return (sf_count_t)((struct medium *)context)->position; }

static SF_VIRTUAL_IO medium_functions = {medium_length, medium_seek, medium_read, medium_write, medium_position};

/// The library's name for a major or minor format.
static void name_format(int format, char *name) {
  SF_FORMAT_INFO info = {.format = format};
  name[0] = 0;
  if (sndfile.p_sf_command(NULL, SFC_GET_FORMAT_INFO, &info, sizeof info) == 0 && info.name) snprintf(name, PERCEPT_SOUND_NAME, "%s", info.name);
}

static int open_sound(percept_sound *sound, percept_sound **result, percept_sound_facts *facts, char *message) {
  SF_INFO info = {0};
  pthread_mutex_lock(&turn);
  sound->file = sndfile.p_sf_open_virtual(&medium_functions, SFM_READ, &info, &sound->medium);
  int code = sound->file ? SF_ERR_NO_ERROR : sndfile.p_sf_error(NULL);
  if (!sound->file) snprintf(message, PERCEPT_SOUND_MESSAGE, "%s", sndfile.p_sf_strerror(NULL));
  pthread_mutex_unlock(&turn);
  if (!sound->file) {
    free(sound);
    return code == SF_ERR_UNRECOGNISED_FORMAT ? PERCEPT_SOUND_UNRECOGNIZED : PERCEPT_SOUND_UNREADABLE;
  }
  int major = info.format & SF_FORMAT_TYPEMASK, minor = info.format & SF_FORMAT_SUBMASK;
  facts->frames = info.frames == SF_COUNT_MAX ? -1 : info.frames;
  facts->rate = info.samplerate;
  facts->channels = info.channels;
  facts->is_exact = major == SF_FORMAT_WAV || major == SF_FORMAT_WAVEX || major == SF_FORMAT_FLAC || major == SF_FORMAT_AIFF;
  name_format(major, facts->container);
  name_format(minor, facts->coding);
  *result = sound;
  return PERCEPT_SOUND_DONE;
}

int percept_sound_open(int descriptor, size_t count, percept_sound **sound, percept_sound_facts *facts, char *message) {
  message[0] = 0;
  if (!is_loaded(message)) return PERCEPT_SOUND_NO_LIBRARY;
  percept_sound *opened = calloc(1, sizeof *opened);
  if (!opened) return PERCEPT_SOUND_UNREADABLE;
  opened->medium = (struct medium){.descriptor = descriptor, .count = count};
  return open_sound(opened, sound, facts, message);
}

int percept_sound_open_bytes(const uint8_t *bytes, size_t count, percept_sound **sound, percept_sound_facts *facts, char *message) {
  message[0] = 0;
  if (!is_loaded(message)) return PERCEPT_SOUND_NO_LIBRARY;
  percept_sound *opened = calloc(1, sizeof *opened);
  if (!opened) return PERCEPT_SOUND_UNREADABLE;
  // Even no bytes have an address, which tells them from a descriptor.
  opened->medium = (struct medium){.descriptor = -1, .bytes = bytes, .count = count};
  return open_sound(opened, sound, facts, message);
}

int percept_sound_read(percept_sound *sound, float *samples, int64_t frames, int64_t *read, char *message) {
  message[0] = 0;
  *read = sndfile.p_sf_readf_float(sound->file, samples, frames);
  if (*read == frames || sndfile.p_sf_error(sound->file) == SF_ERR_NO_ERROR) return 1;
  snprintf(message, PERCEPT_SOUND_MESSAGE, "%s", sndfile.p_sf_strerror(sound->file));
  return 0;
}

void percept_sound_close(percept_sound *sound) {
  sndfile.p_sf_close(sound->file);
  free(sound);
}

int percept_sound_encode(
    int container, int bits, const float *floats, const int32_t *integers, int64_t frames, int32_t channels, int32_t rate, uint8_t **encoded,
    size_t *count, char *message) {
  message[0] = 0;
  *encoded = NULL;
  *count = 0;
  if (!is_loaded(message)) return 0;
  int coding = floats ? SF_FORMAT_FLOAT : bits == 24 ? SF_FORMAT_PCM_24 : bits == 16 ? SF_FORMAT_PCM_16
             : container == PERCEPT_SOUND_WAV ? SF_FORMAT_PCM_U8 : SF_FORMAT_PCM_S8;
  SF_INFO info = {.samplerate = rate, .channels = channels, .format = (container == PERCEPT_SOUND_WAV ? SF_FORMAT_WAV : SF_FORMAT_FLAC) | coding};
  if (!sndfile.p_sf_format_check(&info)) {
    snprintf(message, PERCEPT_SOUND_MESSAGE, "%d channels of %d Hz do not fit this kind of file", channels, rate);
    return 0;
  }
  struct medium medium = {0};
  pthread_mutex_lock(&turn);
  SNDFILE *file = sndfile.p_sf_open_virtual(&medium_functions, SFM_WRITE, &info, &medium);
  if (!file) snprintf(message, PERCEPT_SOUND_MESSAGE, "%s", sndfile.p_sf_strerror(NULL));
  pthread_mutex_unlock(&turn);
  if (!file) return 0;
  // The peaks that the library would note in a file of floats come with the time of day: the same sound is to give the same bytes.
  sndfile.p_sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  sf_count_t written = floats ? sndfile.p_sf_writef_float(file, floats, frames) : sndfile.p_sf_writef_int(file, integers, frames);
  int is_whole = written == frames;
  if (!is_whole) snprintf(message, PERCEPT_SOUND_MESSAGE, "%s", sndfile.p_sf_strerror(file));
  if (sndfile.p_sf_close(file) != 0 && is_whole) {
    snprintf(message, PERCEPT_SOUND_MESSAGE, "the file could not be completed");
    is_whole = 0;
  }
  if (!is_whole) {
    free(medium.written);
    return 0;
  }
  *encoded = medium.written;
  *count = medium.count;
  return 1;
}
