#pragma once
#include <cmath>

#include <bijou/conditioners/staircase.hpp>
#include <bijou/conditioners/unit_sums.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/outer_product.hpp>
#include <bijou/math/row_product.hpp>
#include <bijou/math/staircase_product.hpp>
#include <bijou/random/random.hpp>

namespace bijou {
/// y = x W + b. Groups says which inputs a unit sees, and where their weights are: OneGroup or Staircase.
///     g_b += sum y_     g_W += x^T y_     x_ += y_ W^T
/// Groups are worked on first to last, and last to first on the way back. Of inputs and units the wider side is read
/// and the narrower one added to: units read the groups they see, or a group of inputs is added to all that see it. The
/// terms and their order are the same.
template <class T, class Groups>
struct Dense {
  Row<T> w, b;
  Groups seen;
  static auto fields(auto& self) { return named("w", self.w, "b", self.b); }

  explicit Dense(Groups g) : seen(std::move(g)) {
    w.resize(seen.weights());
    b.resize(seen.height());
    std::fill_n(w.data(), w.size(), T(0));
    std::fill_n(b.data(), b.size(), T(0));
  }
  Index units() const { return b.size(); }

  /// W ~ N(0, 2 / sees) (He et al. 2015, arXiv:1502.01852), b ~ U(-1, 1) / sqrt(sees), where the unit sees so many
  /// inputs: kinks spread over them.
  void initialise(Random& random) {
    PerSample<T> normal(w.size()), uniform(b.size());
    random.normal(normal);
    random.uniform(uniform);
    std::vector<T> scale;
    for (std::size_t g = 0; g < seen.groups(); ++g)
      scale.resize(std::size_t(seen.units(g).end()),
                   1 / std::sqrt(static_cast<T>(std::max<Index>(1, seen.inputs(g).end()))));
    for (Index u = 0; u < units(); ++u) b(u) = (2 * uniform(u) - 1) * scale[std::size_t(u)];
    for (std::size_t g = 0; g < seen.groups(); ++g)
      for (Index k = 0, at = seen.block(g); k < seen.inputs(g).count; ++k)
        for (Index u = seen.units(g).first; u < units(); ++u, ++at)
          w(at) = normal(at) * scale[std::size_t(u)] * std::sqrt(T(2));
  }

  /// Columns of group g of y <- its units, or Act of them, for n rows of x, of which groups 0 to g must be final; later
  /// columns of y may hold sums under way. x, y: columns n apart, in Buffers.
  template <class Act>
  void forward(std::size_t g, Index n, const T* x, T* y, bool activate) const {
    const Span own = seen.units(g), from = seen.inputs(g);
    const Index seen_by = seen.seen_by(g);
    const T* const bias = b.data() + own.first;
    y += own.first * n;
    if constexpr (!Groups::alone)
      if (n > 1 && units() >= seen.width())
        return multiply(n, own.count, seen.terms(g, n, x, weights()), UnitSums<Act, T>{bias, y, n, activate});

    const T* const start = from.first == 0 ? bias : nullptr;
    const T *const x_g = x + from.first * n, *const w_g = weights() + seen.block(g);
    const auto at_once = [&] {
      if constexpr (Groups::alone)
        return activate;
      else
        return std::false_type{};
    }();
    if (n == 1)
      multiply_row(seen_by, from.count, x_g, w_g,
                   RowOfUnitSums<Act, T, std::remove_const_t<decltype(at_once)>>{start, y, at_once},
                   std::bool_constant<!Groups::alone>{});
    else
      multiply(n, seen_by, Terms{from.count, x_g, n, w_g, seen_by, Groups::chunk},
               UnitSums<Act, T>{start, y, n, at_once});
    if (activate && !at_once)
      each_panel<T>(own.count * n,
                    [&](Index i, int count) { Act::value(Lanes<T>::load(y + i, count)).store(y + i, count); });
  }
  /// All units of one row, of which all inputs are final.
  template <class Act>
  void forward(AllGroups, Index, const T* x, T* y, bool activate) const {
    multiply_row_of_steps(units(), x, weights(), seen, RowOfUnitSums<Act, T>{b.data(), y, activate});
  }
  /// From the adjoints g_y, of which groups g and later must be final (in a Buffer):  g_x +=, or g_x = where it is
  /// fresh: it has no values yet. After group 0, g_x is complete for inputs that feed a unit. Where x is given, it is
  /// Act of the sums of the layer before, and what goes to g_x is the adjoint of these sums. `turned` is scratch.
  template <class Act>
  void backward(std::size_t g, Index n, const T* g_y, T* g_x, bool fresh, const T* x, Buffer<T>& turned) const {
    const Span own = seen.units(g), from = seen.inputs(g);
    const Index seen_by = seen.seen_by(g);
    const T* const w_g = weights() + seen.block(g);
    const AddTo<T, Act> g_from{g_x + from.first * n, n, fresh, x ? x + from.first * n : x};
    g_y += own.first * n;
    if constexpr (!Groups::alone)
      if (units() > seen.width()) {
        const bool first_visit = fresh && g + 1 == seen.groups();
        multiply(n, from.end(), seen.passed(g, n, g_y, weights()), AddTo<T, Act>{g_x, n, first_visit});
        if (x)
          transform_column(
              from.count * n, g_from.c, [](auto sum, auto y) { return sum * Act::slope(y, y); }, g_x + from.first * n,
              g_from.y);
        return;
      }
    if (!turns_weights(from.count)) return multiply(n, from.count, ColumnTerms{seen_by, g_y, n, w_g, seen_by}, g_from);
    if constexpr (!Groups::alone) {
      turned.resize(from.count, seen_by);
      transpose(seen_by, from.count, w_g, seen_by, turned.data(), from.count);
      multiply(n, from.count, Terms{seen_by, g_y, n, std::as_const(turned).data(), from.count}, g_from);
    }
  }
  /// grad += the sums over all rows, once g_y is complete. `turned` is scratch.
  template <class Act>
  void add_gradient(Index n, const T* x, const T* g_y, Buffer<T>& turned, Dense& grad) const {
    T* const g_b = grad.b.size() ? grad.b.data() : nullptr;
    const std::size_t groups = grad.w.size() ? seen.groups() : 0;
    bool turn_units = false, turn_inputs = false;
    for (std::size_t g = 0; g < groups; ++g)
      if (!few_columns(seen.inputs(g).count, seen.seen_by(g))) {
        turn_units = true;
        turn_inputs = turn_inputs || turns_inputs(seen.inputs(g).count);
      }
    // Row by row, units then inputs. Rows at a distance of a power of two would crowd into a part of the cache.
    constexpr Index lanes = Lanes<T>::size;
    const Index columns = units() + (turn_inputs ? seen.width() : 0),
                step = (((columns + lanes - 1) / lanes) | 1) * lanes;
    if (turn_units) {
      turned.resize(step, n);
      transpose(n, units(), g_y, n, turned.data(), step, g_b);
      if (turn_inputs) transpose(n, seen.width(), x, n, turned.data() + units(), step);
    } else if (g_b) {
      add_dots(n, units(), g_y, n, static_cast<const T*>(nullptr), Index(0), g_b, Index(1));
    }
    const T* const rows = turn_units ? turned.data() : g_y;  // not read if nothing was turned
    for (std::size_t g = 0; g < groups; ++g) {
      const Index k = seen.inputs(g).first, j = seen.units(g).first, inputs = seen.inputs(g).count;
      const auto sum = [&](const auto& terms) {
        add_outer_product<Act>(n, inputs, x + k * n, seen.seen_by(g), g_y + j * n, terms,
                               grad.w.data() + seen.block(g));
      };
      if (!turns_inputs(inputs)) sum(ColumnTerms{n, rows + j, step, x + k * n, n});
      if constexpr (!Groups::alone)
        if (turns_inputs(inputs)) sum(Terms{n, rows + j, step, rows + units() + k, step});
    }
  }

 private:
  /// Some place that is not read where no unit has an input.
  const T* weights() const { return w.size() ? w.data() : b.data(); }
  /// Whether the weights are turned on the way back, so that one pointer finds what a register of rows is multiplied
  /// with: that pays where groups are small and twelve columns at once fit better than eight.
  static bool turns_weights(Index columns) { return !Groups::alone && columns % 8 >= 4; }
  /// Whether for the weights' gradient the inputs are turned beside the adjoints. That is all rows: for twenty columns
  /// eight, eight and four cost less.
  static bool turns_inputs(Index columns) { return turns_weights(columns) && columns < 16; }
};
}  // namespace bijou
