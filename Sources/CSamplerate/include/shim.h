#pragma once
#include <stdint.h>

// Band-limited change of sample rate through libsamplerate, which is loaded at the first use.

#define PERCEPT_RESAMPLER_MESSAGE 256

typedef struct percept_resampler percept_resampler;

// `quality`: 0 best, 1 medium, 2 fastest of the sinc converters. Null on failure, with the reason in `message`.
percept_resampler *percept_resampler_open(int quality, int32_t channels, double ratio, char *message);

// Takes what it can of `input` (`input_frames` interleaved frames) and writes at most `output_frames`. `is_last`: no input follows this.
// Returns 1, or 0 with the reason in `message`.
int percept_resampler_process(
    percept_resampler *resampler, const float *input, int64_t input_frames, float *output, int64_t output_frames, int is_last, int64_t *used,
    int64_t *generated, char *message);

void percept_resampler_close(percept_resampler *resampler);
