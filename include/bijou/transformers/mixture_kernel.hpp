#pragma once
#include <bijou/math/normal.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// The standard distribution of which a mixture is made: log CDF (the log survival function is log_cdf(-z)), log
/// density, its derivative, and the quantile of e^lp, lp <= log(1/2), which need not be exact.
struct NormalKernel {
  static constexpr const char* name = "gaussian";
  template <class V>
  static V cdf(V z) {
    return normal_cdf(z);
  }
  template <class V>
  static V log_cdf(V z) {
    return log_normal_cdf(z);
  }
  template <class V>
  static V log_density(V z) {
    return normal_log_density(z);
  }
  template <class V>
  static V score(V z) {
    return -z;
  }
  /// -sqrt(t - log t - ...), t = -2 lp - log(2 pi), far out; both ends need few Newton steps from there.
  template <class V>
  static V quantile(V lp) {
    const V t = V(-2) * lp, far = max(t - V(1.8378770664093453), V(1)), guess = -sqrt(max(far - log(far), V(0.1)));
    return select(lp > V(-20), inverse_normal_cdf(exp(max(lp, V(-21)))), guess);
  }
};
struct LogisticKernel {
  static constexpr const char* name = "logistic";
  template <class V>
  static V cdf(V z) {
    return sigmoid(z);
  }
  template <class V>
  static V log_cdf(V z) {
    return log_sigmoid(z);
  }
  template <class V>
  static V log_density(V z) {
    const V a = abs(z);
    return -a - V(2) * log1p(exp(-a));
  }
  template <class V>
  static V score(V z) {
    return -tanh(V(0.5) * z);
  }
  template <class V>
  static V quantile(V lp) {
    return lp - log1mexp(-lp);
  }
};
}  // namespace bijou
