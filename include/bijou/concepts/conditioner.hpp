#pragma once
#include <bijou/concepts/bijection.hpp>
#include <bijou/core/buffer.hpp>

namespace bijou {
/// A net that makes phi, the parameters of transformers: c(x): N x in -> N x out. x includes the context.
template <class C>
concept Conditioner = Parametric<C> && requires {
  typename C::Scalar;
  typename C::Saved;
  C::in;
  C::out;
} && requires(const C c, ConstView<Batch<typename C::Scalar, C::in>> x, Buffer<typename C::Scalar, C::out>& phi,
              View<Batch<typename C::Scalar, C::in>> g_x, typename C::Saved& saved, C& grad) {
  c.inputs();
  c.outputs();
  c.forward(x, phi, saved);
  c.backward(saved, phi, g_x, grad);  // phi: here its adjoint;  g_x += ...,  grad += ...
};
}  // namespace bijou
