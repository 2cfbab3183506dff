#pragma once
#include <string>

#include <bijou/concepts/tile.hpp>
#include <bijou/core/fields.hpp>

namespace bijou {
/// A value with named fields; describe() tells its architecture with all sizes and options.
template <class P>
concept Parametric = std::copyable<P> && requires(P& p, const P& c) {
  P::fields(p);
  P::fields(c);
  { c.describe() } -> std::convertible_to<std::string>;
};
template <class F>
using TileOf = Tile<typename F::Scalar, F::D>;

/// A layer: an invertible map of D columns, data -> noise. F::D is a constant or Dynamic (then f.dim() tells it).
/// `saved` is the layer's tape and scratch: reused, never read by anyone else. inverse leaves in it what forward leaves
/// there at the same x (the data side): backward may follow either. backward keeps it valid.
/// Optional: inverse_backward(saved, g, grad), the adjoint of inverse.
template <class F>
concept Bijection = Parametric<F> && requires {
  typename F::Scalar;
  typename F::Saved;
  F::D;
} && requires(const F f, TileOf<F> t, TileOf<F> g, typename F::Saved& saved, F& grad) {
  f.forward(t, saved);         // x <- f(x),     log_det += log|det df/dx|
  f.inverse(t, saved);         // x <- f^-1(x),  log_det -= log|det df/dx|
  f.backward(saved, g, grad);  // g: adjoint of forward's output -> of its input;  grad += the parameters' adjoint
};
/// A Bijection by name, for parameter packs: the compiler then prints which expression is missing.
template <Bijection L>
using Layer = L;
}  // namespace bijou
