#pragma once
#include <bijou/autodiff/broadcast.hpp>
#include <bijou/math/exp.hpp>

namespace bijou {
/// For numbers that are not lanes, those of a tape, the ordinary e^x.
template <class V>
V exp_of_negative(V x) {
  return exp(x);
}
/// e^x for x <= 0, <= 1 ulp; 0 where it would be less than 0.7 of the smallest normal number. With these two limits a
/// third of what exp does falls away. The same bits in registers of any width.
template <class T, int N>
BIJOU_INLINE Lanes<T, N> exp_of_negative(Lanes<T, N> x) {
  using V = Lanes<T, N>;
  if constexpr (N == 1)
    return V::of(std::exp(x.v));
  else {
    constexpr bool single = std::is_same_v<T, float>;
    constexpr int mantissa = std::numeric_limits<T>::digits - 1;
    constexpr auto bias = typename lanes::BitsOf<T>::type{std::numeric_limits<T>::max_exponent - 1} << mantissa;
    constexpr T shift = T(std::int64_t{3} << (mantissa - 1)), bottom = single ? T(-88) : T(-709);
    const V inside = larger(V(bottom), x);
    // x = n log 2 + r; n lies in the lowest bits of `shifted`. log 2 in two parts, as in lanes::reduce_exponent. At the
    // bottom n is the exponent of 0.
    const V shifted = fused(inside, V(std::numbers::log2e_v<T>), V(shift)), n = shifted - V(shift);
    const V r = fused(n, V(single ? T(2.12194440054690582e-4) : T(-1.42860682030941723212e-6)),
                      fused(n, V(single ? T(-0.693359375) : T(-6.93145751953125e-1)), inside));
    const V power = from_bits<T, N>((to_bits(shifted) << mantissa) + bias);
    return fused(r, fused(r, lanes::exp_tail(r), V(1)), V(1)) * power;
  }
}
/// out[k] = exp(sign phi[first + k] - shift), k < K, sign = 1 or -1. Of a single row the parameters lie side by side:
/// there one register takes many of them, with the same bits.
template <int K, class V>
BIJOU_INLINE void exponentials(const auto& phi, int first, V sign, V shift, V (&out)[K]) {
  if constexpr (requires { phi.side_by_side(); })
    if (phi.side_by_side()) {
      using T = typename V::Scalar;
      T values[K];
      each_panel<T>(K, [&](Index k, int count) {
        exp(V(sign[0]) * V::load(phi.p + first + k, count, V(0)) - V(shift[0])).store(values + k, count);
      });
      for (int k = 0; k < K; ++k) out[k] = V(values[k]);
      return;
    }
  for (int k = 0; k < K; ++k) out[k] = exp(sign * phi[first + k] - shift);
}
}  // namespace bijou
