#include "shim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <samplerate.h>
#include <stdio.h>
#include <stdlib.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F) F(src_new) F(src_delete) F(src_process) F(src_strerror) F(src_is_valid_ratio)

#define DECLARE(name) __typeof__(&name) p_##name;
static struct {
  FUNCTIONS(DECLARE)
} samplerate;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char loading_error[256];

static void load(void) {
  void *library = dlopen("libsamplerate.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(loading_error, sizeof loading_error, "%s", reason ? reason : "libsamplerate.so.0");
    return;
  }
#define FIND(name)  \
  if (!(samplerate.p_##name = (__typeof__(&name))dlsym(library, #name))) snprintf(loading_error, sizeof loading_error, "libsamplerate has no " #name);
  FUNCTIONS(FIND)
}

struct percept_resampler {
  SRC_STATE *state;
  double ratio;
};

percept_resampler *percept_resampler_open(int quality, int32_t channels, double ratio, char *message) {
  message[0] = 0;
  pthread_once(&once, load);
  if (loading_error[0]) {
    snprintf(message, PERCEPT_RESAMPLER_MESSAGE, "%s", loading_error);
    return NULL;
  }
  if (!samplerate.p_src_is_valid_ratio(ratio)) {
    snprintf(message, PERCEPT_RESAMPLER_MESSAGE, "the rates differ more than 256 times");
    return NULL;
  }
  percept_resampler *resampler = calloc(1, sizeof *resampler);
  if (!resampler) return NULL;
  int error = 0, kind = quality == 0 ? SRC_SINC_BEST_QUALITY : quality == 1 ? SRC_SINC_MEDIUM_QUALITY : SRC_SINC_FASTEST;
  resampler->ratio = ratio;
  resampler->state = samplerate.p_src_new(kind, channels, &error);
  if (resampler->state) return resampler;
  const char *reason = samplerate.p_src_strerror(error);
  snprintf(message, PERCEPT_RESAMPLER_MESSAGE, "%s", reason ? reason : "libsamplerate cannot start");
  free(resampler);
  return NULL;
}

int percept_resampler_process(
    percept_resampler *resampler, const float *input, int64_t input_frames, float *output, int64_t output_frames, int is_last, int64_t *used,
    int64_t *generated, char *message) {
  message[0] = 0;
  SRC_DATA data = {.data_in = input, .data_out = output, .input_frames = input_frames, .output_frames = output_frames, .end_of_input = is_last,
                   .src_ratio = resampler->ratio};
  int error = samplerate.p_src_process(resampler->state, &data);
  *used = data.input_frames_used;
  *generated = data.output_frames_gen;
  if (!error) return 1;
  const char *reason = samplerate.p_src_strerror(error);
  snprintf(message, PERCEPT_RESAMPLER_MESSAGE, "%s", reason ? reason : "unknown");
  return 0;
}

void percept_resampler_close(percept_resampler *resampler) {
  samplerate.p_src_delete(resampler->state);
  free(resampler);
}
