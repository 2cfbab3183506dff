#pragma once
#include <bijou/concepts/bijection.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/layers/features.hpp>

namespace bijou {
/// Applies a transformer to every feature with its own trained parameters,
///     y_i = h(x_i; phi_i),   log|det J| = sum_i log h'(x_i; phi_i).      phi: 1 x (P D), starts from 0
template <Transformer H, class T, int Dim>
struct Elementwise {
  using Scalar = T;
  static constexpr int D = Dim, P = H::arity;
  Row<T> phi;
  static auto fields(auto& self) { return named("phi", self.phi); }

  explicit Elementwise(int d = D) : phi(Row<T>::Zero(Index(P) * std::max(d, 0))), dim_(d) {
    require(d >= 1 && (D == Dynamic || d == D), "Elementwise: D must be ", D == Dynamic ? text("at least 1") : text(D),
            ", is ", d);
  }
  int dim() const { return dim_; }
  int transformed() const { return dim(); }
  std::string describe() const { return text("elementwise(", H::name, ", ", dim(), ")"); }

  struct Saved {
    Buffer<T, D> x;
  };
  void forward(Tile<T, D> t, Saved& s) const {
    if (t.saving) s.x.assign(t.x);
    push(t, Maps<H>::forward);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    push(t, Maps<H>::inverse);
    if (t.saving) s.x.assign(t.x);
  }
  void backward(Saved& s, Tile<T, D> g, Elementwise& grad) const { pull(s, g, grad, Maps<H>::backward); }
  void inverse_backward(Saved& s, Tile<T, D> g, Elementwise& grad) const {
    pull(s, g, grad, Maps<H>::inverse_backward);
  }

 private:
  int dim_;
  void push(Tile<T, D>& t, auto map) const {
    map_features<H>(
        t, t.x.cols(), phi, [](Index i) { return i; }, map);
  }
  void pull(Saved& s, Tile<T, D>& g, Elementwise& grad, auto adjoint) const {
    for (Index i = 0; i < g.x.cols(); ++i)
      pull_column(column(s.x, i), of_feature<P>(phi, i), column(g.x, i), g.log_det,
                  grad.phi.size() ? grad.phi.data() + P * i : nullptr, adjoint);
  }
};
}  // namespace bijou
