#pragma once
#include <bijou/concepts/transformer.hpp>
#include <bijou/core/errors.hpp>

namespace bijou {
/// h^-1 as a transformer of its own, e.g. Inverted<Exp>, the logarithm. Adjoints by the implicit-function rule.
template <Transformer H>
struct Inverted {
  static constexpr int arity = H::arity;
  static inline const std::string name = text("inverted(", H::name, ")");
  static void forward(auto& x, const auto& phi, auto& log_det) { H::inverse(x, phi, log_det); }
  static void inverse(auto& x, const auto& phi, auto& log_det) { H::forward(x, phi, log_det); }
  static void backward(const auto& x, const auto& phi, auto& g, const auto& g_log_det, auto&& g_phi) {
    auto y = x, unused = x;
    H::inverse(y, phi, unused);
    inverse_backward<H>(y, phi, g, g_log_det, g_phi);
  }
};
}  // namespace bijou
