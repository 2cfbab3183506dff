#pragma once
#include <array>
#include <stdexcept>
#include <utility>

#include <bijou/autodiff/var.hpp>
#include <bijou/concepts/transformer.hpp>
#include <bijou/transformers/bracketed_newton.hpp>

namespace bijou {
/// A transformer from its formula alone, for a map that nobody differentiated by hand:
///     struct Shift {
///       static constexpr int arity = 2;
///       static constexpr const char* name = "shift";
///       static auto formula(auto x, auto a, auto b) { return std::pair{x * exp(a) + b, a}; }   // {h(x), log h'(x)}
///     };
///     Elementwise<Formula<Shift>, double, 3>
/// A formula may use + - * /, comparisons with select, and exp, expm1, log, log1p, sqrt, abs, tanh, sigmoid, softplus,
/// log_sigmoid, log1mexp, logit, erf, erfc, normal_cdf, log_normal_cdf, log_add_exp, max, min, power
/// (autodiff/var.hpp). h must increase from -inf to inf. forward evaluates it on lanes, inverse is Newton's method
/// inside a bracket, backward records it on a tape and plays it back. inverse throws std::runtime_error where it finds
/// no root.
template <class F>
struct Formula : F {
  using F::arity, F::name;

  template <class V>
  static void forward(V& x, const auto& phi, V& log_det) {
    const auto [y, log_slope] = evaluate(x, phi);
    x = y;
    log_det += log_slope;
  }
  template <class V>
  static void inverse(V& x, const auto& phi, V& log_det) {
    using T = typename V::Scalar;
    const V y = x, far(std::numeric_limits<T>::max());
    const auto infinite = abs(y) > far;
    const auto at = [&](V v) {
      const auto [h, log_slope] = evaluate(v, phi);
      const V value = select(infinite, V(0), h - y);
      return std::pair{value, value * exp(-log_slope)};
    };
    // Not 1, where the root of x + tanh(x) would lie on the edge.
    V low = y - V(1.25), high = y + V(1.25);
    for (V step(1); any(at(low).first > V(0)) && all(step < far); step *= V(2))
      low = select(at(low).first > V(0), low - step, low);
    for (V step(1); any(at(high).first < V(0)) && all(step < far); step *= V(2))
      high = select(at(high).first < V(0), high + step, high);
    const auto root =
        bracketed_newton(V(0.5) * low + V(0.5) * high, low, high, V(std::numeric_limits<T>::epsilon() / 2) * abs(y), at,
                         V(0), V(far), y != y, 400);
    if (!root.converged)
      throw std::runtime_error("Formula::inverse: no root found: is the map increasing, from -inf to inf?");
    x = select(infinite | (y != y), y, root.x);
    log_det -= evaluate(x, phi).second;
  }
  template <class V>
  static void backward(const V& x, const auto& phi, V& g, const V& g_log_det, auto&& g_phi) {
    alignas(V) std::array<std::byte, 256 * 4 * sizeof(V)> stack;  // a formula of a few dozen operations stays in here
    std::pmr::monotonic_buffer_resource memory(stack.data(), stack.size());
    Tape<V> tape(&memory);
    const Var<V> in(x, tape);
    const auto parameters = [&]<int... P>(std::integer_sequence<int, P...>) {
      return std::array<Var<V>, arity>{Var<V>(V(phi[P]), tape)...};
    }
    (std::make_integer_sequence<int, arity>{});
    const auto [y, log_slope] = std::apply([&](auto... p) { return F::formula(in, p...); }, parameters);
    Var<V>(y).add_adjoint(g);
    Var<V>(log_slope).add_adjoint(g_log_det);
    tape.reverse();
    g = in.adjoint();
    for (int p = 0; p < arity; ++p) g_phi.add(p, parameters[std::size_t(p)].adjoint());
  }

 private:
  template <class V>
  static std::pair<V, V> evaluate(V x, const auto& phi) {
    return [&]<int... P>(std::integer_sequence<int, P...>) {
      const auto [y, log_slope] = F::formula(x, V(phi[P])...);
      return std::pair<V, V>{V(y), V(log_slope)};
    }
    (std::make_integer_sequence<int, arity>{});
  }
};
}  // namespace bijou
