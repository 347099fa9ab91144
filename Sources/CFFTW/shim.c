#include "shim.h"

#include <dlfcn.h>
#include <fftw3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// The library's functions, found by name at the first use. Their types come from the header, so a call with the wrong types does not compile.
#define FUNCTIONS(F)  \
  F(fftwf_plan_dft_r2c_1d) F(fftwf_plan_dft_c2r_1d) F(fftwf_execute) F(fftwf_destroy_plan) F(fftwf_malloc) F(fftwf_free)

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

void percept_fft_forward(percept_fft *fft) { fftw.p_fftwf_execute(fft->forward); }

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
