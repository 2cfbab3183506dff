#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// The log-scale of an affine map as it comes: s = r.
struct Unbounded {
  static constexpr const char* name = "affine";
  static auto scale(const auto& r) { return r; }
  static auto slope(const auto& r, const auto&) {
    using V = std::remove_cvref_t<decltype(r)>;
    return V(1);
  }
};
/// s = a tanh(r / a), a = Numerator / Denominator: neither direction can overflow, however large the net's output.
template <int Numerator, int Denominator>
struct Bounded {
  static constexpr double a = double(Numerator) / Denominator;
  static inline const std::string name = text("bounded_affine(", a, ")");
  template <class V>
  static V scale(V r) {
    return V(a) * tanh(r * V(1 / a));
  }
  template <class V>
  static V slope(V, V s) {
    const V t = s * V(1 / a);
    return V(1) - t * t;
  }
};

/// y = x e^s + b, log h' = s = scale(r).
///     b_ += y_      x_ = y_ e^s      r_ += (x_ x + l_) ds/dr        (l_ is the adjoint of log h')
/// phi = (r, b).  Source: Dinh et al. 2017, Real NVP, eqs. 7-8. arXiv:1605.08803
template <class Scale>
struct AffineWith {
  static constexpr int arity = 2;
  static constexpr const auto& name = Scale::name;
  static void forward(auto& x, const auto& phi, auto& log_det) {
    const auto s = Scale::scale(phi[0]);
    x = fused(x, exp(s), phi[1]);
    log_det += s;
  }
  static void inverse(auto& x, const auto& phi, auto& log_det) {
    const auto s = Scale::scale(phi[0]);
    x = (x - phi[1]) * exp(-s);
    log_det -= s;
  }
  static void backward(const auto& x, const auto& phi, auto& g, const auto& g_log_det, auto&& g_phi) {
    const auto r = phi[0], s = Scale::scale(r);
    g_phi.add(1, g);
    g *= exp(s);
    g_phi.add(0, (g * x + g_log_det) * Scale::slope(r, s));
  }
};
using Affine = AffineWith<Unbounded>;
template <int Numerator = 2, int Denominator = 1>
using BoundedAffine = AffineWith<Bounded<Numerator, Denominator>>;
}  // namespace bijou
