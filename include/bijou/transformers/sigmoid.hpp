#pragma once
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>
#include <bijou/transformers/exp.hpp>

namespace bijou {
/// y = 1 / (1 + e^-x), R -> (0, 1), log h' = -softplus(x) - softplus(-x).
///     x_ = y_ h' - l_ tanh(x / 2).      No parameters.
struct Sigmoid {
  static constexpr int arity = 0;
  static constexpr const char* name = "sigmoid";
  template <class V>
  static void forward(V& x, const auto&, V& log_det) {
    log_det += log_slope(x);
    x = sigmoid(x);
  }
  template <class V>
  static void inverse(V& x, const auto&, V& log_det) {
    keep_inside((x > V(0)) & (x < V(1)), V(0.5), x, log_det);
    x = logit(x);
    log_det -= log_slope(x);
  }
  template <class V>
  static void backward(const V& x, const auto&, V& g, const V& g_log_det, auto&&) {
    const V y = sigmoid(x);
    g = fused(-g_log_det, tanh(V(0.5) * x), g * y * sigmoid(-x));
  }

 private:
  /// With a = |x|:  -a - 2 log(1 + e^-a), right to the last digits however far out.
  template <class V>
  static V log_slope(V x) {
    const V a = abs(x);
    return -a - V(2) * log1p(exp(-a));
  }
};
/// y = log(x / (1 - x)) on (0, 1).
using Logit = Inverted<Sigmoid>;
}  // namespace bijou
