#pragma once
#include <bijou/random/portable.hpp>

namespace bijou::portable {
/// Gamma(shape, 1) variates by rejection: (1 + c z)^3 d for normal z, shape < 1 by G_{shape + 1} U^{1 / shape}. Source:
/// Marsaglia and Tsang 2000, A simple method for generating gamma variables.
struct GammaVariates {
  double shape, d = (shape < 1 ? shape + 1 : shape) - 1. / 3, c = 1 / std::sqrt(9 * d);
  V log_d = portable::log(V(d));

  /// log of a variate a lane. uniforms(k): two numbers in (0, 1) a lane, independent for each k.
  V log(auto uniforms) const {
    V log_v(0);
    auto open = log_v == V(0);
    for (std::uint32_t attempt = 1; any(open); ++attempt) {
      const auto [first, u] = uniforms(attempt);
      const V z = inverse_normal_cdf(first), square = z * z, root = V(1) + V(c) * z, v = root * root * root;
      const V log_root = V(3) * portable::log(select(root > V(0), root, V(1)));
      const auto possible = open & (root > V(0));
      auto taken = possible & (u < V(1) - V(0.0331) * square * square);  // nearly all: no need for log u
      if (any(possible & ~taken))
        taken = possible & (portable::log(u) < V(0.5) * square + V(d) * (V(1) - v + log_root));
      log_v = select(taken, log_root, log_v);
      open = open & ~taken;
    }
    const V log_g = log_d + log_v;
    return shape < 1 ? log_g + portable::log(uniforms(0)[0]) / V(shape) : log_g;
  }
};
}  // namespace bijou::portable
