#pragma once
#include <bijou/concepts/bijection.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>

namespace bijou {
/// The density of the noise side. Parametric like a layer: its gradient has its own type. A base with trained
/// parameters whose samples carry a gradient also has sample_backward(z, g, g_log_prob, grad): the adjoint of its
/// parameters when z was drawn by sample, g being the adjoint of z.
template <class B>
concept BaseDensity = Parametric<B> && requires {
  typename B::Scalar;
  B::D;
} && requires(const B b, View<Batch<typename B::Scalar, B::D>> z, View<PerSample<typename B::Scalar>> v, Random& random,
              B& grad) {
  { b.dim() } -> std::convertible_to<int>;
  b.log_prob(z, v);           // v <- log p(z) in nats, exactly -inf outside the support
  b.backward(z, v, z, grad);  // z_ += v d log p/dz,  grad += v d log p/dtheta
  b.sample(random, z);        // z <- N independent points
};
/// Throws unless z is N x D and log_p holds N values, naming the base, the argument and both shapes.
template <class P>
void check_rows(const char* where, const auto& base, const auto& z, const P& log_p) {
  static_assert(contiguous_columns<P>, "log_p must be a PerSample, or a column of a column-major array");
  require_columns(where, "z", z, base.dim());
  require_shape(where, "log_p", log_p, z.rows(), 1);
}
}  // namespace bijou
