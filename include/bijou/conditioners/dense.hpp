#pragma once
#include <cmath>
#include <vector>

#include <bijou/core/buffer.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/product.hpp>
#include <bijou/random/random.hpp>

namespace bijou {
/// Consecutive units that see the same inputs: the first `sees` ones. Their weights [sees][count] lie together.
struct UnitGroup {
  Index first, count, sees, weights;
};

/// y = x W + b in groups of units, each of which sees a prefix of the inputs. A masked weight has no place to be
/// stored; an ordinary dense layer is one group that sees everything.
///     g_b += sum y_     g_W += x^T y_     x_ += y_ W^T
template <class T>
struct Dense {
  Row<T> w, b;
  std::vector<UnitGroup> groups;
  static auto fields(auto& self) { return named("w", self.w, "b", self.b); }

  /// Group g has counts[g] units that see the first sees[g] inputs.
  Dense(const std::vector<Index>& counts, const std::vector<Index>& sees) {
    Index units = 0, weights = 0;
    for (std::size_t g = 0; g < counts.size(); ++g) {
      groups.push_back({units, counts[g], sees[g], weights});
      units += counts[g];
      weights += counts[g] * sees[g];
    }
    w = Row<T>::Zero(weights);
    b = Row<T>::Zero(units);
  }
  Index units() const { return groups.empty() ? 0 : groups.back().first + groups.back().count; }

  /// W ~ N(0, 2 / sees) (He et al. 2015, arXiv:1502.01852), b ~ U(-1, 1) / sqrt(sees): kinks spread over the inputs.
  void initialise(Random& random) {
    Eigen::Array<T, Dynamic, 1> normal(w.size()), uniform(b.size());
    random.normal(normal);
    random.uniform(uniform);
    for (const UnitGroup& g : groups) {
      const T scale = 1 / std::sqrt(static_cast<T>(std::max<Index>(1, g.sees)));
      w.segment(g.weights, g.sees * g.count) =
          normal.segment(g.weights, g.sees * g.count).transpose() * scale * std::sqrt(T(2));
      b.segment(g.first, g.count) = (2 * uniform.segment(g.first, g.count).transpose() - 1) * scale;
    }
  }

  /// y <- the units of group g, for n rows of x (a Buffer, n x at least `sees`); y: n x count, columns n apart.
  void forward(const UnitGroup& g, Index n, const Buffer<T>& x, T* y) const {
    for (Index j = 0; j < g.count; ++j) std::fill_n(y + j * n, n, b(g.first + j));
    if (n == 1)
      multiply_row(g.count, g.sees, x.data(), Index(1), w.data() + g.weights, g.count, y);
    else
      multiply(n, g.count, g.sees, x.data(), n, w.data() + g.weights, g.count, Index(1), y, n);
  }
  /// From the adjoint g_y of the group's units (in a Buffer): grad and g_x. `turned` is scratch.
  void backward(const UnitGroup& g, Index n, const Buffer<T>& x, const T* g_y, Buffer<T>& g_x, Buffer<T>& turned,
                Dense& grad) const {
    if (grad.b.size())
      for (Index j = 0; j < g.count; ++j) grad.b(g.first + j) += total(n, g_y + j * n);
    if (grad.w.size()) {
      turned.resize(g.count, n);
      transpose(n, g.count, g_y, n, turned.data());
      multiply(g.count, g.sees, n, turned.data(), g.count, x.data(), Index(1), n, grad.w.data() + g.weights, g.count);
    }
    multiply(n, g.sees, g.count, g_y, n, w.data() + g.weights, Index(1), g.count, g_x.data(), n);
  }

 private:
  static T total(Index n, const T* a) {
    constexpr int lanes = Lanes<T>::size;
    Lanes<T> sums(0);
    Index r = 0;
    for (; r + lanes <= n; r += lanes) sums += Lanes<T>::load(a + r);
    T rest = sum(sums);
    for (; r < n; ++r) rest += a[r];
    return rest;
  }
};
}  // namespace bijou
