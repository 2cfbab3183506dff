#pragma once
#include <vector>

#include <bijou/core/shapes.hpp>
#include <bijou/core/vector_register.hpp>

namespace bijou {
/// Consecutive columns.
struct Span {
  Index first, count;
  Index end() const { return first + count; }
};

/// Where the weights of a layer are whose inputs and units come in groups: a unit of group g sees the inputs of groups
/// 0 to g. So those of an input go from some unit to the last one; these rows lie one after another, and a masked
/// weight has no place to be stored. An ordinary dense layer has one group of each.
class Staircase {
 public:
  std::vector<Span> inputs, units;

  /// Numbers of inputs and of units, group by group. Inputs of groups behind the last one of units feed none.
  Staircase(const std::vector<Index>& input_counts, const std::vector<Index>& unit_counts)
      : inputs(spans(input_counts)), units(spans(unit_counts)) {
    for (std::size_t g = 0; g < inputs.size(); ++g)
      for (Index k = 0; k < inputs[g].count; ++k) {
        const Index first = g < units.size() ? units[g].first : height();
        rows_.push_back(weights_ - first);
        weights_ += height() - first;
      }
  }
  /// How many inputs, units, weights.
  Index width() const { return inputs.back().end(); }
  Index height() const { return units.back().end(); }
  Index weights() const { return weights_; }
  bool one_group() const { return units.size() == 1; }

  /// The weight of input k for unit u is number row(k) + u.
  Index row(Index k) const { return rows_[static_cast<std::size_t>(k)]; }
  /// The block of weights of the inputs of group g, [count][seen_by]: its first, and by how many units they are seen.
  Index block(std::size_t g) const { return inputs[g].count ? row(inputs[g].first) + units[g].first : 0; }
  Index seen_by(std::size_t g) const { return height() - units[g].first; }

  /// Terms (see product.hpp) of the units of group g, for n rows of x: the inputs of one group after another.
  template <class T>
  struct Seen {
    using Scalar = T;
    static constexpr bool adjacent = true;
    const Staircase& stairs;
    std::size_t g;
    Index depth;
    const T *x, *w;
    Index n;
    template <int Columns>
    BIJOU_INLINE void each_group(Index j0, auto visit) const {
      for (std::size_t i = 0; i <= g; ++i) {
        const Span from = stairs.inputs[i];
        const Index step = stairs.seen_by(i);
        const T* const row = w + stairs.block(i) + (stairs.units[g].first - stairs.units[i].first) + j0;
        visit(from.count, x + from.first * n, n, [row, step](Index k, int j) { return row[k * step + j]; });
      }
    }
  };
  template <class T>
  Seen<T> seen(std::size_t g, Index n, const T* x, const T* w) const {
    return {*this, g, inputs[g].end(), x, w, n};
  }
  /// Terms of the inputs that the units of group g see, from n rows of adjoints g_y of these units.
  template <class T>
  struct Passed {
    using Scalar = T;
    static constexpr bool adjacent = false;
    const Staircase& stairs;
    Index depth;
    const T *g_y, *w;
    Index n;
    template <int Columns>
    BIJOU_INLINE void each_group(Index j0, auto visit) const {
      const T* from[Columns];
      for (int j = 0; j < Columns; ++j) from[j] = w + stairs.row(j0 + j);
      visit(depth, g_y, n, [&from](Index k, int j) { return from[j][k]; });
    }
  };
  template <class T>
  Passed<T> passed(std::size_t g, Index n, const T* g_y, const T* w) const {
    return {*this, units[g].count, g_y, w + units[g].first, n};
  }

 private:
  std::vector<Index> rows_;
  Index weights_ = 0;
  static std::vector<Span> spans(const std::vector<Index>& counts) {
    std::vector<Span> s;
    Index first = 0;
    for (Index count : counts) s.push_back({first, count}), first += count;
    return s;
  }
};
}  // namespace bijou
