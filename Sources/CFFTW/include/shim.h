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

// complex[k] = Σₙ real[n] exp(−2πi kn / count)
void percept_fft_forward(percept_fft *fft);

// real[n] = Σₖ complex[k] exp(2πi kn / count) over all count frequencies: not divided by count. Overwrites `complex`.
void percept_fft_inverse(percept_fft *fft);

void percept_fft_close(percept_fft *fft);
