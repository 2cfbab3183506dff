#pragma once
#include <bijou/math/sigmoid.hpp>
#include <bijou/transformers/exp.hpp>

namespace bijou {
/// y = log(1 + e^x), R -> (0, inf), log h' = log sigmoid(x).      x_ = y_ sigmoid(x) + l_ sigmoid(-x).  No parameters.
struct SoftplusMap {
  static constexpr int arity = 0;
  static constexpr const char* name = "softplus";
  static void forward(auto& x, const auto&, auto& log_det) {
    log_det += log_sigmoid(x);
    x = softplus(x);
  }
  /// x = y + log(1 - e^-y)
  template <class V>
  static void inverse(V& x, const auto&, V& log_det) {
    keep_inside((x > V(0)) & (x < V(std::numeric_limits<typename V::Scalar>::infinity())), V(1), x, log_det);
    x = x + log1mexp(x);
    log_det -= log_sigmoid(x);
  }
  static void backward(const auto& x, const auto&, auto& g, const auto& g_log_det, auto&&) {
    g = g * sigmoid(x) + g_log_det * sigmoid(-x);
  }
};
}  // namespace bijou
