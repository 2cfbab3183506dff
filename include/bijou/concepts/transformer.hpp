#pragma once
#include <array>
#include <string>

#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>
#include <bijou/math/exp.hpp>

namespace bijou {
/// Takes the adjoints of a transformer's parameters and forgets them; the weakest thing that can be a g_phi.
struct ForgetAdjoint {
  void add(int, const auto&) {}
};
/// A monotone increasing map of one feature, y = h(x; phi), phi its `arity` parameters. Stateless; written once on
/// lanes (and, by Formula, on the tape). phi = 0 is a sensible map to start from.
template <class H>
concept Transformer = requires(Lanes<double>& x, const std::array<Lanes<double>, 1>& phi, ForgetAdjoint g_phi) {
  { H::arity } -> std::convertible_to<int>;
  { H::name } -> std::convertible_to<std::string>;
  H::forward(x, phi, x);  // x <- h(x; phi),     log_det += log h'(x)
  H::inverse(x, phi, x);  // x <- h^-1(x; phi),  log_det -= log h'(at the result)
  H::backward(x, phi, x, x,
              g_phi);  // g: adjoint of y -> of x,  g_phi.add(p, adjoint of phi[p]); linear in g, g_log_det
};

/// Adjoints of x = h^-1(y; phi) and of -log h'(x), from h alone. With x at hand (not y) and bars for adjoints, the
/// implicit-function rule  dx = (dy - h_phi dphi) / h'  gives
///     y_ = (x_ - l_ d log h'/dx) / h'        phi_ -= y_ h_phi + l_ d log h'/dphi
/// and both brackets are h's own backward, which is linear in its two adjoints. A transformer that knows better has an
/// inverse_backward of its own.
template <Transformer H>
void inverse_backward(const auto& x, const auto& phi, auto& g, const auto& g_log_det, auto&& g_phi) {
  using V = std::remove_cvref_t<decltype(g)>;
  if constexpr (requires { H::inverse_backward(x, phi, g, g_log_det, g_phi); })
    return H::inverse_backward(x, phi, g, g_log_det, g_phi);
  V u(0), log_slope(0), y = x;
  H::backward(x, phi, u, -g_log_det, g_phi);  // u = -l_ d log h'/dx
  H::forward(y, phi, log_slope);
  g += u;
  g = select(g == V(0), V(0), g * exp(-log_slope));  // nothing stays nothing where 1 / h' is infinite
  u = -g;
  H::backward(x, phi, u, V(0), g_phi);
}
}  // namespace bijou
