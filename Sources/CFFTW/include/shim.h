#pragma once
#include <stdint.h>

// Fourier transforms of real numbers in single precision through FFTW, which is loaded at the first use.

#define PERCEPT_FFT_MESSAGE 256

// Plans of both directions for one length, and the memory they work in. One thread at a time may use a transform; any may make one.
typedef struct {
  float *real;     // count numbers
  float *complex;  // count / 2 + 1 pairs of a real and an imaginary part
  int32_t count;
  void *forward, *inverse;
} percept_fft;

// Null on failure, with the reason in `message`.
percept_fft *percept_fft_open(int32_t count, char *message);

// Spectra of `count` frames, which begin `hop` samples apart: of window · samples[frame · hop …]. `spectra` is [count, count_of_bins, 2], real and imaginary
// parts, or with `is_power` [count, count_of_bins], the sums of their squares. Of a long sound several threads make them: the numbers are the same.
void percept_fft_frames(percept_fft *fft, const float *samples, int64_t hop, int64_t count, const float *window, int is_power, float *spectra);

// real[n] = Σₖ complex[k] exp(2πi kn / count) over all count frequencies: not divided by count. Overwrites `complex`.
void percept_fft_inverse(percept_fft *fft);

void percept_fft_close(percept_fft *fft);
