#pragma once
#include <bijou/concepts/bijection.hpp>

namespace bijou::test {
/// A layer that only has what every layer must have: the adjoints of its inverse are solved for.
template <class L>
struct Bare {
  using Scalar = typename L::Scalar;
  static constexpr int D = L::D;
  L layer;
  static auto fields(auto& self) { return named("layer", self.layer); }
  int dim() const { return int(width(layer)); }
  std::string describe() const { return "bare(" + layer.describe() + ")"; }

  using Saved = typename L::Saved;
  void forward(TileOf<L> t, Saved& s) const { layer.forward(t, s); }
  void inverse(TileOf<L> t, Saved& s) const { layer.inverse(t, s); }
  void backward(Saved& s, TileOf<L> g, Bare& grad) const { layer.backward(s, g, grad.layer); }
};
}  // namespace bijou::test
