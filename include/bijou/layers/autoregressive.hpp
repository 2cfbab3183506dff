#pragma once
#include <bijou/concepts/conditioner.hpp>
#include <bijou/layers/features.hpp>
#include <bijou/layers/scratch.hpp>

namespace bijou {
/// Autoregressive layer over [x | context]:  y_i = h(x_i; phi_i(x_<i, context)),  log|det J| = sum_i log h'(x_i;
/// phi_i). forward, inverse and both adjoints are one sweep of the conditioner over the features, in its order. Source:
/// Papamakarios et al. 2017, MAF, arXiv:1705.07057. IAF (Kingma et al. 2016) is its Inverse.
template <Transformer H, Conditioner C>
struct Autoregressive {
  using T = typename C::Scalar;
  using Scalar = T;
  static constexpr int P = H::arity, D = C::in, B = over(C::out, P);
  static_assert(P > 0, "Autoregressive: the transformer must have parameters for the conditioner to make");
  static_assert(P == C::arity, "Autoregressive: the conditioner's outputs per feature must be the transformer's arity");
  C conditioner;
  static auto fields(auto& self) { return named("conditioner", self.conditioner); }

  explicit Autoregressive(C c) : conditioner(std::move(c)) {}
  int dim() const { return int(conditioner.inputs()); }
  int transformed() const { return int(conditioner.outputs()) / P; }
  std::string describe() const { return text("autoregressive(", H::name, ", ", conditioner.describe(), ")"); }

  struct Saved {
    Buffer<T, B> x;
    Buffer<T, C::out> phi, g_phi;
    typename C::Saved conditioner;
    void swap_scratch(Saved& other) {
      std::swap(g_phi, other.g_phi);
      bijou::swap_scratch(conditioner, other.conditioner);
    }
  };
  void forward(Tile<T, D> t, Saved& s) const {
    if (t.saving) s.x.assign(transformed(t));
    conditioner.forward(t.x, s.phi, s.conditioner);
    map_features<H>(
        t, transformed(t).cols(), s.phi, [](Index i) { return i; }, Maps<H>::forward);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    conditioner.sweep(t.x, s.phi, s.conditioner, [&](Index i) {
      map_column(column(t.x, i), of_feature<P>(s.phi, i), t.log_det, Maps<H>::inverse);
    });
    if (t.saving) s.x.assign(transformed(t));
  }
  void backward(Saved& s, Tile<T, D> g, Autoregressive& grad) const {
    pull(s, g, grad, [&](Index i, const auto& from_later) {
      pull_column(column(s.x, i), of_feature<P>(s.phi, i), column(g.x, i), g.log_det, of_feature<P>(s.g_phi, i).data(),
                  Maps<H>::backward);
      add_column(from_later.data(), column(g.x, i).data(), g.x.rows());
    });
  }
  /// J is triangular: back substitution, last feature first.
  void inverse_backward(Saved& s, Tile<T, D> g, Autoregressive& grad) const {
    pull(s, g, grad, [&](Index i, const auto& from_later) {
      add_column(from_later.data(), column(g.x, i).data(), g.x.rows());
      pull_column(column(s.x, i), of_feature<P>(s.phi, i), column(g.x, i), g.log_det, of_feature<P>(s.g_phi, i).data(),
                  Maps<H>::inverse_backward);
    });
  }

 private:
  auto transformed(Tile<T, D>& t) const { return t.x.leftCols(Eigen::fix<B>(int(conditioner.outputs()) / P)); }
  void pull(Saved& s, Tile<T, D>& g, Autoregressive& grad, auto at_feature) const {
    s.g_phi.set_zero(s.phi.rows(), s.phi.cols());
    conditioner.sweep_backward(s.conditioner, s.g_phi, g.x, grad.conditioner, at_feature);
  }
};
}  // namespace bijou
