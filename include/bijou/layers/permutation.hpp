#pragma once
#include <bijou/concepts/bijection.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/core/order.hpp>

namespace bijou {
/// y_i = x_order(i), |det J| = 1. The order is state: it is saved, not trained.
template <class T, int Dim>
struct Permutation {
  using Scalar = T;
  static constexpr int D = Dim;
  Order order;
  static auto fields(auto& self) { return named("order", fixed(self.order)); }

  /// The reversal of d features.
  explicit Permutation(int d = D) : Permutation(reversed_order(d)) {}
  explicit Permutation(Order o) : order(std::move(o)) { validate(); }
  /// Throws unless the entries are 0 .. d-1, each once.
  void validate() const {
    require(order.size() >= 1 && (D == Dynamic || order.size() == D), "Permutation: order must have ",
            D == Dynamic ? text("at least 1 entry") : text(D, " entries"), ", has ", order.size());
    require(is_permutation(order), "Permutation: order must hold 0 .. ", order.size() - 1, ", each once, is ",
            listed(order));
  }
  /// A random order.
  explicit Permutation(Random& random, int d = D) : Permutation(random.permutation(d)) {}
  int dim() const { return int(order.size()); }
  int transformed() const { return dim(); }
  std::string describe() const { return text("permutation(", dim(), ")"); }

  struct Saved {
    Buffer<T, D> x;
  };
  void forward(Tile<T, D> t, Saved& s) const { gather(t, s); }
  void inverse(Tile<T, D> t, Saved& s) const { scatter(t, s); }
  void backward(Saved& s, Tile<T, D> g, Permutation&) const { scatter(g, s); }
  void inverse_backward(Saved& s, Tile<T, D> g, Permutation&) const { gather(g, s); }

 private:
  void gather(Tile<T, D>& t, Saved& s) const {
    s.x.assign(t.x);
    for (Index i = 0; i < t.x.cols(); ++i) copy_column(column(s.x, order(i)).data(), column(t.x, i).data(), t.x.rows());
  }
  void scatter(Tile<T, D>& t, Saved& s) const {
    s.x.assign(t.x);
    for (Index i = 0; i < t.x.cols(); ++i) copy_column(column(s.x, i).data(), column(t.x, order(i)).data(), t.x.rows());
  }
};
/// The two halves of 2 features change places.
template <class T>
using Swap = Permutation<T, 2>;
}  // namespace bijou
