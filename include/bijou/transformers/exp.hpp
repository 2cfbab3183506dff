#pragma once
#include <bijou/math/log.hpp>
#include <bijou/transformers/inverted.hpp>

namespace bijou {
/// Outside a map's domain log h' is -inf and x becomes a harmless value inside; NaN stays NaN.
template <class V>
void keep_inside(auto inside, V harmless, V& x, V& log_det) {
  constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
  const auto outside = ~inside & (x == x);
  x = select(outside, harmless, x);
  log_det = select(outside, V(-inf), log_det);
}

/// y = e^x, R -> (0, inf), log h' = x.      x_ = y_ e^x + l_.      No parameters.
struct Exp {
  static constexpr int arity = 0;
  static constexpr const char* name = "exp";
  static void forward(auto& x, const auto&, auto& log_det) {
    log_det += x;
    x = exp(x);
  }
  template <class V>
  static void inverse(V& x, const auto&, V& log_det) {
    keep_inside((x > V(0)) & (x < V(std::numeric_limits<typename V::Scalar>::infinity())), V(1), x, log_det);
    x = log(x);
    log_det -= x;
  }
  static void backward(const auto& x, const auto&, auto& g, const auto& g_log_det, auto&&) {
    using V = std::remove_cvref_t<decltype(g)>;
    g = select(g == V(0), g_log_det, fused(g, exp(x), g_log_det));  // e^x may be infinite
  }
};
/// y = log x on (0, inf).
using Log = Inverted<Exp>;
}  // namespace bijou
