#pragma once
#include <bijou/autodiff/broadcast.hpp>
#include <bijou/math/exp.hpp>

namespace bijou {
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
