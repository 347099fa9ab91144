#pragma once
#include <stddef.h>
#include <stdint.h>

// Sound files through libsndfile, which is loaded when the first file is opened. Functions that return `int` return 1 when done; when they fail they
// return
// 0 and write the reason to `message` (PERCEPT_SOUND_MESSAGE bytes, zero-terminated).

#define PERCEPT_SOUND_MESSAGE 256
#define PERCEPT_SOUND_NAME 64

typedef struct percept_sound percept_sound;

typedef struct {
  int64_t frames;  // as the header says; negative when it does not
  int32_t rate, channels;
  int32_t is_exact;  // whether `frames` is what the decoder must deliver
  char container[PERCEPT_SOUND_NAME], coding[PERCEPT_SOUND_NAME];
} percept_sound_facts;

enum { PERCEPT_SOUND_UNREADABLE = 0, PERCEPT_SOUND_DONE = 1, PERCEPT_SOUND_UNRECOGNIZED = 2, PERCEPT_SOUND_NO_LIBRARY = 3 };

// Opens for reading the file of `count` bytes that `descriptor` names, or the bytes; both must outlive the sound. Returns one of the codes above.
int percept_sound_open(int descriptor, size_t count, percept_sound **sound, percept_sound_facts *facts, char *message);
int percept_sound_open_bytes(const uint8_t *bytes, size_t count, percept_sound **sound, percept_sound_facts *facts, char *message);

// Reads up to `frames` frames of interleaved samples, from −1 to 1 where the file has whole numbers. `*read` is smaller at the end only.
int percept_sound_read(percept_sound *sound, float *samples, int64_t frames, int64_t *read, char *message);

void percept_sound_close(percept_sound *sound);

enum { PERCEPT_SOUND_WAV = 0, PERCEPT_SOUND_FLAC = 1 };

// A whole file: of floats when `floats` is given, else of whole numbers whose highest `bits` bits (8, 16 or 24) count. The caller frees `*encoded`
// with free().
int percept_sound_encode(
    int container, int bits, const float *floats, const int32_t *integers, int64_t frames, int32_t channels, int32_t rate, uint8_t **encoded,
    size_t *count, char *message);
