#pragma once
#include <bijou/transformers/components.hpp>

namespace bijou {
/// Powers e^(raw_k - top) of K of a transformer's parameters, from number `first` on, the largest 1, and their sum.
/// `C` says how the K numbers lie in registers.
template <int K, class V, class C = ComponentsOfRows<K, V>>
struct Powers {
  typename C::Values power;
  V total;

  Powers(const auto& phi, int first) {
    for (int r = 0; r < C::registers; ++r)
      power[r] = C::load(phi, first, r, V(-std::numeric_limits<typename V::Scalar>::infinity()));
    // A NaN that is passed over here comes back with its own power.
    const V top = C::reduce(power, [](auto a, auto b) { return larger(a, b); });
    for (int r = 0; r < C::registers; ++r) power[r] = exp_of_negative(power[r] - top);
    total = C::folded_sum(power);
  }
};
/// Softmax of K of a transformer's parameters, from number `first` on:  share_k = e^(raw_k - top) / total.
/// `C` says how the K numbers lie in registers.
template <int K, class V, class C = ComponentsOfRows<K, V>>
struct Softmax {
  typename C::Values raw, share;
  V top, total;

  Softmax(const auto& phi, int first) {
    for (int r = 0; r < C::registers; ++r) raw[r] = C::load(phi, first, r);
    top = C::reduce(raw, [](auto a, auto b) { return larger(a, b); });  // of NaN, see above
    if constexpr (C::a_register_each)
      exponentials(phi, first, V(1), top, share);
    else
      for (int r = 0; r < C::registers; ++r) share[r] = exp(raw[r] - top);
    total = C::sum(share);
    const V scale = V(1) / total;
    for (int r = 0; r < C::registers; ++r) share[r] *= scale;
  }
  /// Logarithms of e^(raw_k - top) and of the share: without a top that is large against the logits' differences.
  V log_power(int r) const { return raw[r] - top; }
  V log_share(int r) const { return log_power(r) - log(total); }
};
}  // namespace bijou
