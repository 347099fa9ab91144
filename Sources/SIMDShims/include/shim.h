// What Swift cannot spell: single instructions on vectors, and questions to the processor. Everything is inlined into its caller, which is compiled
// for the instruction set it names. Vectors of 32 and 64 bytes arrive in Swift as SIMD8<Float> and SIMD16<Float>.
#pragma once

#define SHIM static inline __attribute__((always_inline))

/// Asks for a cache line, to be read, in the second-level cache.
SHIM void shim_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>

/// How many processors the affinity mask of this process allows, 0 if the system does not say. The C library declares the call for GNU sources alone.
SHIM int shim_allowed_processors(void) {
  unsigned char mask[1024];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long i = 0; i < bytes; i++) count += __builtin_popcount(mask[i]);
  return count;
}
#endif

#if defined(__x86_64__)
#include <immintrin.h>

/// Whether the processor and the system can run code compiled for AVX2 and FMA.
SHIM int shim_supports_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

/// Whether the processor and the system can run code compiled for AVX-512 F, VL, BW and DQ.
SHIM int shim_supports_avx512(void) {
  __builtin_cpu_init();
  return shim_supports_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

/// Whether they can, and have the dot products of AVX-512 BF16 and VNNI.
SHIM int shim_supports_avx512_dots(void) {
  __builtin_cpu_init();
  return shim_supports_avx512() && __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni");
}

/// Tells the processor that this thread waits in a loop.
SHIM void shim_pause(void) { __builtin_ia32_pause(); }

/// From here on, this thread takes numbers too small for a normalised float for zero, in operands and in results; returns what to restore.
SHIM unsigned shim_flush_subnormals(void) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  return before;
}
SHIM void shim_restore_subnormals(unsigned before) { _mm_setcsr(before); }
#else
SHIM int shim_supports_avx512_dots(void) { return 0; }
SHIM unsigned shim_flush_subnormals(void) { return 0; }
SHIM void shim_restore_subnormals(unsigned before) { (void)before; }
SHIM int shim_supports_avx2(void) { return 0; }
SHIM int shim_supports_avx512(void) { return 0; }
SHIM void shim_pause(void) {}
#endif

// Dot products of bytes: in each lane of 32 bits, c + the sum of its four products of an unsigned byte of a and a signed one of b. All are whole numbers, in
// vectors that Swift sees as floats.
typedef float f32x4 __attribute__((vector_size(16)));
typedef int i32x4 __attribute__((vector_size(16)));

// Products of pairs: c + the product of the upper halves of a and b, then of the lower ones, each half the upper half of a float.
#define SHIM_PAIRS(type, integers, name, multiply_add)                                                                          \
  SHIM type name(type a, type b, type c) {                                                                                      \
    integers x = (integers)a, y = (integers)b;                                                                                  \
    c = multiply_add((type)(x & ~0xffff), (type)(y & ~0xffff), c);                                                              \
    return multiply_add((type)(x << 16), (type)(y << 16), c);                                                                   \
  }

SHIM f32x4 f32x4_multiply_add(f32x4 a, f32x4 b, f32x4 c) { return a * b + c; }
SHIM_PAIRS(f32x4, i32x4, f32x4_dot_pairs, f32x4_multiply_add)
SHIM f32x4 f32x4_of_integers(f32x4 a) { return __builtin_convertvector((i32x4)a, f32x4); }
SHIM f32x4 f32x4_dot_bytes(f32x4 a, f32x4 b, f32x4 c) {
#if defined(__SSE2__)
  __m128i x = (__m128i)a, y = (__m128i)b;
  __m128i even = _mm_madd_epi16(_mm_and_si128(x, _mm_set1_epi16(255)), _mm_srai_epi16(_mm_slli_epi16(y, 8), 8));
  __m128i odd = _mm_madd_epi16(_mm_srli_epi16(x, 8), _mm_srai_epi16(y, 8));
  return (f32x4)_mm_add_epi32((__m128i)c, _mm_add_epi32(even, odd));
#else
  i32x4 x = (i32x4)a, y = (i32x4)b, sum = (i32x4)c;
  for (int byte = 0; byte < 4; byte++) sum += ((x >> 8 * byte) & 255) * ((y << (24 - 8 * byte)) >> 24);
  return (f32x4)sum;
#endif
}

#if defined(__AVX2__) && defined(__FMA__)
typedef float f32x8 __attribute__((vector_size(32)));

SHIM f32x8 f32x8_load(const void *address) { return (f32x8)_mm256_loadu_ps((const float *)address); }
SHIM void f32x8_store(void *address, f32x8 a) { _mm256_storeu_ps((float *)address, (__m256)a); }
SHIM f32x8 f32x8_repeat(float a) { return (f32x8)_mm256_set1_ps(a); }
SHIM f32x8 f32x8_add(f32x8 a, f32x8 b) { return a + b; }
SHIM f32x8 f32x8_subtract(f32x8 a, f32x8 b) { return a - b; }
SHIM f32x8 f32x8_multiply(f32x8 a, f32x8 b) { return a * b; }
SHIM f32x8 f32x8_divide(f32x8 a, f32x8 b) { return a / b; }
SHIM f32x8 f32x8_multiply_add(f32x8 a, f32x8 b, f32x8 c) { return (f32x8)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
SHIM f32x8 f32x8_max(f32x8 a, f32x8 b) { return (f32x8)_mm256_max_ps((__m256)a, (__m256)b); }
SHIM f32x8 f32x8_min(f32x8 a, f32x8 b) { return (f32x8)_mm256_min_ps((__m256)a, (__m256)b); }
SHIM f32x8 f32x8_floor(f32x8 a) { return (f32x8)_mm256_floor_ps((__m256)a); }
SHIM f32x8 f32x8_select_less(f32x8 a, f32x8 b, f32x8 yes, f32x8 no) {
  return (f32x8)_mm256_blendv_ps((__m256)no, (__m256)yes, _mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ));
}
SHIM f32x8 f32x8_select_number(f32x8 a, f32x8 yes, f32x8 no) {
  return (f32x8)_mm256_blendv_ps((__m256)no, (__m256)yes, _mm256_cmp_ps((__m256)a, (__m256)a, _CMP_ORD_Q));
}
SHIM f32x8 f32x8_shift_exponent(f32x8 a) { return (f32x8)_mm256_slli_epi32((__m256i)a, 23); }
typedef int i32x8 __attribute__((vector_size(32)));
SHIM_PAIRS(f32x8, i32x8, f32x8_dot_pairs, f32x8_multiply_add)
SHIM f32x8 f32x8_of_integers(f32x8 a) { return (f32x8)_mm256_cvtepi32_ps((__m256i)a); }
SHIM f32x8 f32x8_dot_bytes(f32x8 a, f32x8 b, f32x8 c) {
  __m256i x = (__m256i)a, y = (__m256i)b;
  __m256i even = _mm256_madd_epi16(_mm256_and_si256(x, _mm256_set1_epi16(255)), _mm256_srai_epi16(_mm256_slli_epi16(y, 8), 8));
  __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(x, 8), _mm256_srai_epi16(y, 8));
  return (f32x8)_mm256_add_epi32((__m256i)c, _mm256_add_epi32(even, odd));
}

/// target[j][i] = source[i][j] for 8×8 floats, rows `from` and `to` floats apart: pairs, then fours, then halves change places.
SHIM void f32x8_transpose(const float *source, long from, float *target, long to) {
  __m256 r[8], s[8];
  for (int i = 0; i < 8; i++) r[i] = _mm256_loadu_ps(source + i * from);
  for (int i = 0; i < 8; i += 2) {
    s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
    r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xee);
    r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
    r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_ps(target + i * to, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(target + (i + 4) * to, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__)
typedef float f32x16 __attribute__((vector_size(64)));

SHIM f32x16 f32x16_load(const void *address) { return (f32x16)_mm512_loadu_ps(address); }
SHIM void f32x16_store(void *address, f32x16 a) { _mm512_storeu_ps(address, (__m512)a); }
SHIM f32x16 f32x16_repeat(float a) { return (f32x16)_mm512_set1_ps(a); }
SHIM f32x16 f32x16_add(f32x16 a, f32x16 b) { return a + b; }
SHIM f32x16 f32x16_subtract(f32x16 a, f32x16 b) { return a - b; }
SHIM f32x16 f32x16_multiply(f32x16 a, f32x16 b) { return a * b; }
SHIM f32x16 f32x16_divide(f32x16 a, f32x16 b) { return a / b; }
SHIM f32x16 f32x16_multiply_add(f32x16 a, f32x16 b, f32x16 c) { return (f32x16)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
SHIM f32x16 f32x16_max(f32x16 a, f32x16 b) { return (f32x16)_mm512_max_ps((__m512)a, (__m512)b); }
SHIM f32x16 f32x16_min(f32x16 a, f32x16 b) { return (f32x16)_mm512_min_ps((__m512)a, (__m512)b); }
SHIM f32x16 f32x16_floor(f32x16 a) { return (f32x16)_mm512_roundscale_ps((__m512)a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
SHIM f32x16 f32x16_select_less(f32x16 a, f32x16 b, f32x16 yes, f32x16 no) {
  return (f32x16)_mm512_mask_blend_ps(_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ), (__m512)no, (__m512)yes);
}
SHIM f32x16 f32x16_select_number(f32x16 a, f32x16 yes, f32x16 no) {
  return (f32x16)_mm512_mask_blend_ps(_mm512_cmp_ps_mask((__m512)a, (__m512)a, _CMP_ORD_Q), (__m512)no, (__m512)yes);
}
SHIM f32x16 f32x16_shift_exponent(f32x16 a) { return (f32x16)_mm512_slli_epi32((__m512i)a, 23); }
SHIM f32x16 f32x16_of_integers(f32x16 a) { return (f32x16)_mm512_cvtepi32_ps((__m512i)a); }
SHIM f32x16 f32x16_dot_bytes(f32x16 a, f32x16 b, f32x16 c) {
#if defined(__AVX512VNNI__)
  return (f32x16)_mm512_dpbusd_epi32((__m512i)c, (__m512i)a, (__m512i)b);
#else
  __m512i x = (__m512i)a, y = (__m512i)b;
  __m512i even = _mm512_madd_epi16(_mm512_and_si512(x, _mm512_set1_epi16(255)), _mm512_srai_epi16(_mm512_slli_epi16(y, 8), 8));
  __m512i odd = _mm512_madd_epi16(_mm512_srli_epi16(x, 8), _mm512_srai_epi16(y, 8));
  return (f32x16)_mm512_add_epi32((__m512i)c, _mm512_add_epi32(even, odd));
#endif
}
#if defined(__AVX512BF16__)
SHIM f32x16 f32x16_dot_pairs(f32x16 a, f32x16 b, f32x16 c) { return (f32x16)_mm512_dpbf16_ps((__m512)c, (__m512bh)a, (__m512bh)b); }
#else
typedef int i32x16 __attribute__((vector_size(64)));
SHIM_PAIRS(f32x16, i32x16, f32x16_dot_pairs, f32x16_multiply_add)
#endif

/// target[j][i] = source[i][j] for 16×16 floats, rows `from` and `to` floats apart: pairs, fours, then quarters of the vector change places in two steps.
SHIM void f32x16_transpose(const float *source, long from, float *target, long to) {
  __m512 r[16], s[16];
  for (int i = 0; i < 16; i++) r[i] = _mm512_loadu_ps(source + i * from);
  for (int i = 0; i < 16; i += 2) {
    s[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    s[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_shuffle_ps(s[i], s[i + 2], 0x44);
    r[i + 1] = _mm512_shuffle_ps(s[i], s[i + 2], 0xee);
    r[i + 2] = _mm512_shuffle_ps(s[i + 1], s[i + 3], 0x44);
    r[i + 3] = _mm512_shuffle_ps(s[i + 1], s[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    s[i] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0x88);
    s[i + 4] = _mm512_shuffle_f32x4(r[i], r[i + 4], 0xdd);
    s[i + 8] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0x88);
    s[i + 12] = _mm512_shuffle_f32x4(r[i + 8], r[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    _mm512_storeu_ps(target + i * to, _mm512_shuffle_f32x4(s[i], s[i + 8], 0x88));
    _mm512_storeu_ps(target + (i + 4) * to, _mm512_shuffle_f32x4(s[i + 4], s[i + 12], 0x88));
    _mm512_storeu_ps(target + (i + 8) * to, _mm512_shuffle_f32x4(s[i], s[i + 8], 0xdd));
    _mm512_storeu_ps(target + (i + 12) * to, _mm512_shuffle_f32x4(s[i + 4], s[i + 12], 0xdd));
  }
}
#endif
