#pragma once
#include <array>
#include <cstdint>
#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bijou/core/vector_register.hpp>

namespace bijou {
/// As many integers as a register has doubles.
using Words = lanes::VectorOf<std::uint64_t, lanes::native<double>>::type;

/// The products of the lower halves of the words with a number. Written out, since g++ multiplies whole words.
BIJOU_INLINE Words product_of_lower_halves(Words a, std::uint32_t b) {
#if defined(__AVX512F__)
  return Words(_mm512_maskz_mul_epu32(0xff, __m512i(a), _mm512_set1_epi64(b)));
#elif defined(__AVX2__)
  return Words(_mm256_mul_epu32(__m256i(a), _mm256_set1_epi64x(b)));
#elif defined(__SSE2__) && !defined(__AVX__)
  return Words(_mm_mul_epu32(__m128i(a), _mm_set1_epi64x(b)));
#else
  return (a & 0xffffffff) * b;
#endif
}
/// Philox4x32-10: 128 random bits from a counter and a key, a counter a lane. A number of 32 bits is the lower half of
/// its word; the upper half means nothing, before and after.
/// Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3.
inline std::array<Words, 4> philox(std::array<Words, 4> c, std::array<std::uint32_t, 2> key) {
  Words first = Words{} + key[0], second = Words{} + key[1];
  for (int round = 0; round < 10; ++round) {
    const Words a = product_of_lower_halves(c[0], 0xD2511F53), b = product_of_lower_halves(c[2], 0xCD9E8D57);
    c = {(b >> 32) ^ c[1] ^ first, b, (a >> 32) ^ c[3] ^ second, a};
    first += 0x9E3779B9;
    second += 0xBB67AE85;
  }
  return c;
}
}  // namespace bijou
