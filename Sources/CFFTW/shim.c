#include "shim.h"

#include <dlfcn.h>
#include <fftw3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)  \
  F(fftwf_plan_dft_r2c_1d) F(fftwf_plan_dft_c2r_1d) F(fftwf_execute) F(fftwf_execute_dft_r2c) F(fftwf_destroy_plan) F(fftwf_malloc) F(fftwf_free)

#define DECLARE(name) __typeof__(&name) p_##name;
static struct {
  FUNCTIONS(DECLARE)
} fftw;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char loading_error[256];
// FFTW's planner may be used by one thread at a time; its plans by any.
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static void load(void) {
  void *library = dlopen("libfftw3f.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(loading_error, sizeof loading_error, "%s", reason ? reason : "libfftw3f.so.3");
    return;
  }
#define FIND(name)  \
  if (!(fftw.p_##name = (__typeof__(&name))dlsym(library, #name))) snprintf(loading_error, sizeof loading_error, "libfftw3f has no " #name);
  FUNCTIONS(FIND)
}

percept_fft *percept_fft_open(int32_t count, char *message) {
  message[0] = 0;
  pthread_once(&once, load);
  if (loading_error[0]) {
    snprintf(message, PERCEPT_FFT_MESSAGE, "%s", loading_error);
    return NULL;
  }
  percept_fft *fft = calloc(1, sizeof *fft);
  if (!fft) return NULL;
  pthread_mutex_lock(&planner);
  fft->count = count;
  fft->real = fftw.p_fftwf_malloc(sizeof(float) * (size_t)count);
  fft->complex = fftw.p_fftwf_malloc(sizeof(fftwf_complex) * ((size_t)count / 2 + 1));
  // Plans that are chosen by measured time would differ from run to run in their last bits; estimated ones are always the same.
  if (fft->real && fft->complex) {
    fft->forward = fftw.p_fftwf_plan_dft_r2c_1d(count, fft->real, (fftwf_complex *)fft->complex, FFTW_ESTIMATE);
    fft->inverse = fftw.p_fftwf_plan_dft_c2r_1d(count, (fftwf_complex *)fft->complex, fft->real, FFTW_ESTIMATE);
  }
  pthread_mutex_unlock(&planner);
  if (fft->forward && fft->inverse) return fft;
  snprintf(message, PERCEPT_FFT_MESSAGE, "no plan for a transform of %d numbers", count);
  percept_fft_close(fft);
  return NULL;
}

// A run of frames, for one thread, with memory of its own.
typedef struct {
  percept_fft *fft;
  const float *samples, *window;
  int64_t hop, count;
  int is_power;
  float *spectra, *real, *complex;
} frames;

static void *make_frames(void *argument) {
  const frames *run = argument;
  const int64_t length = run->fft->count, bins = length / 2 + 1;
  const float *restrict window = run->window;
  float *restrict real = run->real;
  const float *restrict complex = run->complex;
  for (int64_t frame = 0; frame < run->count; frame++) {
    const float *restrict part = run->samples + frame * run->hop;
    for (int64_t n = 0; n < length; n++) real[n] = part[n] * window[n];
    fftw.p_fftwf_execute_dft_r2c(run->fft->forward, run->real, (fftwf_complex *)run->complex);
    if (run->is_power) {
      float *restrict power = run->spectra + frame * bins;
      for (int64_t k = 0; k < bins; k++) power[k] = complex[2 * k] * complex[2 * k] + complex[2 * k + 1] * complex[2 * k + 1];
    } else {
      memcpy(run->spectra + frame * 2 * bins, complex, sizeof(float) * 2 * (size_t)bins);
    }
  }
  return NULL;
}

// So many frames are worth a thread of their own.
enum { FRAMES_A_THREAD = 1024, MOST_THREADS = 8 };

void percept_fft_frames(percept_fft *fft, const float *samples, int64_t hop, int64_t count, const float *window, int is_power, float *spectra) {
  const int64_t length = fft->count, bins = length / 2 + 1, width = is_power ? bins : 2 * bins;
  int64_t threads = count / FRAMES_A_THREAD;
  if (threads > 1) {
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (threads > processors) threads = processors;
    if (threads > MOST_THREADS) threads = MOST_THREADS;
  }
  frames runs[MOST_THREADS];
  pthread_t others[MOST_THREADS];
  int64_t first = 0, started = 0;
  // The last run is this thread's, and so is what no other could be had for.
  for (int64_t thread = 0; thread < threads - 1; thread++) {
    const int64_t share = count / threads;
    frames *run = &runs[started];
    *run = (frames){fft, samples + first * hop, window, hop, share, is_power, spectra + first * width, NULL, NULL};
    run->real = fftw.p_fftwf_malloc(sizeof(float) * (size_t)length);
    run->complex = fftw.p_fftwf_malloc(sizeof(fftwf_complex) * (size_t)bins);
    if (run->real && run->complex && pthread_create(&others[started], NULL, make_frames, run) == 0) {
      first += share;
      started++;
      continue;
    }
    if (run->real) fftw.p_fftwf_free(run->real);
    if (run->complex) fftw.p_fftwf_free(run->complex);
    break;
  }
  frames own = {fft, samples + first * hop, window, hop, count - first, is_power, spectra + first * width, fft->real, fft->complex};
  make_frames(&own);
  for (int64_t thread = 0; thread < started; thread++) {
    pthread_join(others[thread], NULL);
    fftw.p_fftwf_free(runs[thread].real);
    fftw.p_fftwf_free(runs[thread].complex);
  }
}

void percept_fft_inverse(percept_fft *fft) { fftw.p_fftwf_execute(fft->inverse); }

void percept_fft_close(percept_fft *fft) {
  pthread_mutex_lock(&planner);
  if (fft->forward) fftw.p_fftwf_destroy_plan(fft->forward);
  if (fft->inverse) fftw.p_fftwf_destroy_plan(fft->inverse);
  if (fft->real) fftw.p_fftwf_free(fft->real);
  if (fft->complex) fftw.p_fftwf_free(fft->complex);
  pthread_mutex_unlock(&planner);
  free(fft);
}
