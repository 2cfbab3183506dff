#pragma once
#include <cmath>
#include <vector>

#include <bijou/core/buffer.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/outer_product.hpp>
#include <bijou/math/row_product.hpp>
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
  Index units() const { return b.size(); }

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

  /// Leaves sums as they are.
  struct Linear {
    template <class V>
    BIJOU_INLINE static V value(V x) {
      return x;
    }
  };
  /// y <- the units of group g, or Act of them, for n rows of x (n x at least `sees`, columns n apart, in a Buffer);
  /// y: n x count.
  template <class Act>
  void forward(const UnitGroup& g, Index n, const T* x, T* y, bool activate) const {
    if (n == 1)
      multiply_row(g.count, g.sees, x, w.data() + g.weights, UnitsOfRow<Act>{b.data() + g.first, y, activate});
    else
      multiply(n, g.count, g.sees, x, n, w.data() + g.weights, g.count, Eigen::fix<1>,
               Units<Act>{b.data() + g.first, y, n, activate});
  }
  /// From the adjoint g_y of the group's units (in a Buffer): grad += and g_x +=, or g_x = where it is fresh: it has
  /// no values yet. `turned` is scratch.
  void backward(const UnitGroup& g, Index n, const T* x, const T* g_y, T* g_x, bool fresh, Buffer<T>& turned,
                Dense& grad) const {
    add_outer_product(n, g.sees, x, n, g.count, g_y, grad.w.size() ? grad.w.data() + g.weights : nullptr,
                      grad.b.size() ? grad.b.data() + g.first : nullptr, turned);
    multiply(n, g.sees, g.count, g_y, n, w.data() + g.weights, Eigen::fix<1>, g.count, AddTo<T>{g_x, n, fresh});
  }

 private:
  /// Sums start from the bias and are finished while they are in registers; of a batch, unit by unit, or of one row.
  template <class Act>
  struct Units {
    const T* b;
    T* y;
    Index n;
    bool activate;
    Units column(Index j) const { return {b + j, y + j * n, n, activate}; }
    BIJOU_INLINE void next() { ++b, y += n; }
    template <class V>
    BIJOU_INLINE V start(Index, int) const {
      return V(*b);
    }
    BIJOU_INLINE void finish(Index r, int count, auto sum) const {
      (activate ? Act::value(sum) : sum).store(y + r, count);
    }
  };
  template <class Act>
  struct UnitsOfRow {
    const T* b;
    T* y;
    bool activate;
    template <class V>
    BIJOU_INLINE V start(Index j, int count) const {
      return V::load(b + j, count, V(0));
    }
    BIJOU_INLINE void finish(Index j, int count, auto sum) const {
      (activate ? Act::value(sum) : sum).store(y + j, count);
    }
  };
};
}  // namespace bijou
