#pragma once
#include <cmath>

#include <bijou/conditioners/staircase.hpp>
#include <bijou/conditioners/unit_sums.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/outer_product.hpp>
#include <bijou/math/row_product.hpp>
#include <bijou/random/random.hpp>

namespace bijou {
/// y = x W + b, units that see all inputs, or in groups that see more and more of them (Staircase).
///     g_b += sum y_     g_W += x^T y_     x_ += y_ W^T
/// Groups are worked on first to last, and last to first on the way back. Of inputs and units the wider side is read
/// and the narrower one added to: units read the groups they see, or a group of inputs is added to all that see it. The
/// terms and their order are the same.
template <class T>
struct Dense {
  Row<T> w, b;
  Staircase stairs;
  static auto fields(auto& self) { return named("w", self.w, "b", self.b); }

  explicit Dense(Staircase s) : stairs(std::move(s)) {
    w = Row<T>::Zero(stairs.weights());
    b = Row<T>::Zero(stairs.height());
  }
  Index units() const { return b.size(); }

  /// W ~ N(0, 2 / seen) (He et al. 2015, arXiv:1502.01852), b ~ U(-1, 1) / sqrt(seen), where the unit sees so many
  /// inputs: kinks spread over them.
  void initialise(Random& random) {
    Eigen::Array<T, Dynamic, 1> normal(w.size()), uniform(b.size());
    random.normal(normal);
    random.uniform(uniform);
    Row<T> scale(units());
    for (std::size_t g = 0; g < stairs.units.size(); ++g)
      scale.segment(stairs.units[g].first, stairs.units[g].count) =
          1 / std::sqrt(static_cast<T>(std::max<Index>(1, stairs.inputs[g].end())));
    b = (2 * uniform.transpose() - 1) * scale;
    for (std::size_t g = 0; g < stairs.units.size(); ++g)
      for (Index k = 0, n = stairs.seen_by(g), at = stairs.block(g); k < stairs.inputs[g].count; ++k, at += n)
        w.segment(at, n) = normal.segment(at, n).transpose() * scale.tail(n) * std::sqrt(T(2));
  }

  /// Columns of group g of y <- its units, or Act of them, for n rows of x, of which groups 0 to g must be final; later
  /// columns of y may hold sums under way. x, y: columns n apart, in Buffers.
  template <class Act>
  void forward(std::size_t g, Index n, const T* x, T* y, bool activate) const {
    const Span own = stairs.units[g], from = stairs.inputs[g];
    const Index seen_by = stairs.seen_by(g);
    const T* const bias = b.data() + own.first;
    const bool one = stairs.one_group();
    y += own.first * n;
    if (n > 1 && !one && units() >= stairs.width())
      return multiply(n, own.count, stairs.seen(g, n, x, w.data()), UnitSums<Act, T>{bias, y, n, activate}, false);

    const T* const start = from.first == 0 ? bias : nullptr;
    const T *const x_g = x + from.first * n, *const w_g = w.data() + stairs.block(g);
    if (n == 1)
      multiply_row(seen_by, from.count, x_g, w_g, RowOfUnitSums<Act, T>{start, y, activate && one}, one);
    else
      multiply(n, seen_by, Terms{from.count, x_g, n, w_g, seen_by}, UnitSums<Act, T>{start, y, n, activate && one},
               one);
    if (activate && !one)
      each_panel<T>(own.count * n,
                    [&](Index i, int count) { Act::value(Lanes<T>::load(y + i, count)).store(y + i, count); });
  }
  /// From the adjoints g_y, of which groups g and later must be final (in a Buffer):  g_x +=, or g_x = where it is
  /// fresh: it has no values yet. After group 0, g_x is complete for inputs that feed a unit. Where x is given, it is
  /// Act of the sums of the layer before, and what goes to g_x is the adjoint of these sums. `turned` is scratch.
  template <class Act>
  void backward(std::size_t g, Index n, const T* g_y, T* g_x, bool fresh, const T* x, Buffer<T>& turned) const {
    const Span own = stairs.units[g], from = stairs.inputs[g];
    const Index seen_by = stairs.seen_by(g);
    const InputAdjoints<Act, T> g_from{g_x + from.first * n, x ? x + from.first * n : x, n, fresh};
    g_y += own.first * n;
    if (!stairs.one_group() && units() > stairs.width()) {
      const bool first_visit = fresh && g + 1 == stairs.units.size();
      multiply(n, from.end(), stairs.passed(g, n, g_y, w.data()), AddTo<T>{g_x, n, first_visit});
      if (x) each_panel<T>(from.count * n, [&](Index i, int count) { g_from.pass_on(i, count); });
      return;
    }
    const T* w_g = w.data() + stairs.block(g);
    if (from.count > 1) {  // the weights of a unit side by side
      turned.resize(from.count, seen_by);
      transpose(seen_by, from.count, w_g, seen_by, turned.data(), from.count);
      w_g = turned.data();
    }
    multiply(n, from.count, Terms{seen_by, g_y, n, w_g, from.count}, g_from);
  }
  /// grad += the sums over all rows, once g_y is complete. `turned` is scratch.
  void add_gradient(Index n, const T* x, const T* g_y, Buffer<T>& turned, Dense& grad) const {
    T* const g_b = grad.b.size() ? grad.b.data() : nullptr;
    const std::size_t groups = grad.w.size() ? stairs.units.size() : 0;
    bool turn = false;
    for (std::size_t g = 0; g < groups; ++g) turn = turn || !few_columns(stairs.inputs[g].count, stairs.seen_by(g));
    // Row by row, units then inputs. Rows at a distance of a power of two would crowd into a part of the cache.
    constexpr Index lanes = Lanes<T>::size;
    const Index step = (((units() + stairs.width() + lanes - 1) / lanes) | 1) * lanes;
    if (turn) {
      turned.resize(step, n);
      transpose(n, units(), g_y, n, turned.data(), step, g_b);
      transpose(n, stairs.width(), x, n, turned.data() + units(), step);
    } else if (g_b) {
      add_dots(n, units(), g_y, n, static_cast<const T*>(nullptr), g_b, Index(1));
    }
    for (std::size_t g = 0; g < groups; ++g) {
      const Index k = stairs.inputs[g].first, j = stairs.units[g].first;
      add_outer_product(n, stairs.inputs[g].count, x + k * n, turned.data() + units() + k, stairs.seen_by(g),
                        g_y + j * n, turned.data() + j, step, grad.w.data() + stairs.block(g));
    }
  }
};
}  // namespace bijou
