#pragma once
#include <bijou/transformers/formula.hpp>

namespace bijou::test {
/// x + a tanh(x + b), |a| < 1: increasing, with no inverse in closed form; its adjoints come from a tape.
struct Wave {
  static constexpr int arity = 2;
  static constexpr const char* name = "wave";
  static auto formula(auto x, auto a, auto b) {
    const auto t = tanh(x + b), c = 0.9 * tanh(a);
    return std::pair{x + c * t, log1p(c * (1 - t * t))};
  }
};
}  // namespace bijou::test
