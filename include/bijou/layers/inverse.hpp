#pragma once
#include <vector>

#include <Eigen/LU>

#include <bijou/concepts/bijection.hpp>
#include <bijou/core/gradient.hpp>

namespace bijou {
/// Adjoints of x = f^-1(z) and of -log|det J(x)|, from f's own backward at the saved x (implicit-function rule):
///     J^T z_ = x_ - l_ d log|det J|/dx        grad -= backward's grad at (z_, l_)
/// Layers that know how to solve with J^T say so themselves (`inverse_backward`); for the others J is read off row by
/// row with D backward passes and solved for each sample: exact but slow, and it allocates.
template <Bijection F>
void inverse_backward(const F& f, typename F::Saved& s, TileOf<F> g, F& grad) {
  if constexpr (requires { f.inverse_backward(s, g, grad); })
    f.inverse_backward(s, g, grad);
  else {
    using T = typename F::Scalar;
    using Matrix = Eigen::Matrix<T, Dynamic, Dynamic>;
    const Index n = g.x.rows(), d = g.x.cols();
    F nothing = no_gradient(f);
    Batch<T, F::D> u = Batch<T, F::D>::Zero(n, d);
    PerSample<T> l = -g.log_det;
    f.backward(s, {u, l, g.random}, nothing);  // u = -l_ d log|det J|/dx
    g.x += u;
    std::vector<Batch<T, F::D>> j(std::size_t(d), Batch<T, F::D>::Zero(n, d));  // j[i].row(k): row i of sample k's J
    for (Index i = 0; i < d; ++i) {
      j[std::size_t(i)].col(i).setOnes();
      l.setZero();
      f.backward(s, {j[std::size_t(i)], l, g.random}, nothing);
    }
    Matrix transposed(d, d);
    for (Index k = 0; k < n; ++k) {
      for (Index i = 0; i < d; ++i) transposed.col(i) = j[std::size_t(i)].row(k).matrix().transpose();
      const Matrix z = transposed.partialPivLu().solve(g.x.row(k).matrix().transpose());
      g.x.row(k) = z.transpose().array();
    }
    u = -g.x;
    l = -g.log_det;
    f.backward(s, {u, l, g.random}, grad);
  }
}

/// The number of columns up to the last one that a layer transforms: a context must lie behind it. Layers say so
/// themselves; 0 for the others.
int transformed_columns(const auto& layer) {
  if constexpr (requires { layer.transformed(); })
    return layer.transformed();
  else
    return 0;
}

/// The layer run the other way: its data -> noise is L's noise -> data. IAF = Inverse<Autoregressive<...>>.
template <Bijection L>
struct Inverse {
  using Scalar = typename L::Scalar;
  static constexpr int D = L::D;
  L layer;
  static auto fields(auto& self) { return named("layer", self.layer); }
  explicit Inverse(L l) : layer(std::move(l)) {}
  int dim() const { return int(width(layer)); }
  int transformed() const { return transformed_columns(layer); }
  std::string describe() const { return "inverse(" + layer.describe() + ")"; }

  using Saved = typename L::Saved;
  void forward(TileOf<L> t, Saved& s) const { layer.inverse(t, s); }
  void inverse(TileOf<L> t, Saved& s) const { layer.forward(t, s); }
  void backward(Saved& s, TileOf<L> g, Inverse& grad) const { bijou::inverse_backward(layer, s, g, grad.layer); }
  void inverse_backward(Saved& s, TileOf<L> g, Inverse& grad) const { layer.backward(s, g, grad.layer); }
};
}  // namespace bijou
