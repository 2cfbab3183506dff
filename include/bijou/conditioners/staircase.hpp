#pragma once
#include <limits>
#include <vector>

#include <bijou/math/product.hpp>

namespace bijou {
/// Consecutive columns.
struct Span {
  Index first, count;
  Index end() const { return first + count; }
};

/// In place of a group's number: all of them.
struct AllGroups {};

/// Where the weights of a layer are whose units all see all inputs: in rows, an input's weights side by side.
class OneGroup {
 public:
  static constexpr bool alone = true;
  static constexpr Index chunk = product_chunk;
  OneGroup(Index width, Index height) : width_(width), height_(height) {}
  Index width() const { return width_; }
  Index height() const { return height_; }
  Index weights() const { return width_ * height_; }
  Index fed() const { return width_; }
  std::size_t groups() const { return 1; }
  Span inputs(std::size_t) const { return {0, width_}; }
  Span units(std::size_t) const { return {0, height_}; }
  Index block(std::size_t) const { return 0; }
  Index seen_by(std::size_t) const { return height_; }

 private:
  Index width_, height_;
};

/// Where the weights of a layer are whose inputs and units come in groups: a unit of group g sees the inputs of groups
/// 0 to g. So those of an input go from some unit to the last one; these rows lie one after another, and a masked
/// weight has no place to be stored.
class Staircase {
 public:
  static constexpr bool alone = false;
  /// A unit's sum goes on from group to group: its terms are a single chunk.
  static constexpr Index chunk = std::numeric_limits<Index>::max();
  /// Numbers of inputs and of units, group by group. Inputs of groups behind the last one of units feed none.
  Staircase(const std::vector<Index>& input_counts, const std::vector<Index>& unit_counts)
      : inputs_(spans(input_counts)), units_(spans(unit_counts)) {
    for (std::size_t g = 0; g < inputs_.size(); ++g)
      for (Index k = 0; k < inputs_[g].count; ++k) {
        const Index first = g < groups() ? units_[g].first : height();
        rows_.push_back(weights_ - first);
        firsts_.push_back(first);
        weights_ += height() - first;
      }
    rows_.resize(rows_.size() + std::size_t(terms_ahead));  // which are fetched, but not read
    for (std::size_t g = 0; g < groups(); ++g)
      terms_.insert(terms_.end(), std::size_t(units_[g].count), inputs_[g].end());
  }
  /// How many inputs, units, weights; how many inputs feed a unit: the first ones.
  Index width() const { return inputs_.back().end(); }
  Index height() const { return units_.back().end(); }
  Index weights() const { return weights_; }
  Index fed() const { return inputs_[groups() - 1].end(); }
  std::size_t groups() const { return units_.size(); }
  Span inputs(std::size_t g) const { return inputs_[g]; }
  Span units(std::size_t g) const { return units_[g]; }
  Span units(AllGroups) const { return {0, height()}; }

  /// The weight of input k for unit u is number row(k) + u.
  Index row(Index k) const { return rows_[static_cast<std::size_t>(k)]; }
  /// The first unit that sees input k; how many inputs unit u sees.
  Index first(Index k) const { return firsts_[static_cast<std::size_t>(k)]; }
  Index terms(Index u) const { return terms_[static_cast<std::size_t>(u)]; }
  /// The block of weights of the inputs of group g, [count][seen_by]: its first, and by how many units they are seen.
  Index block(std::size_t g) const { return inputs_[g].count ? row(inputs_[g].first) + units_[g].first : 0; }
  Index seen_by(std::size_t g) const { return height() - units_[g].first; }

  /// Terms (see product.hpp) of the units of group g, for n rows of x.
  template <class T>
  struct Seen {
    using Scalar = T;
    static constexpr bool adjacent = true;
    Index depth;
    const T* a;
    Index a_k;
    const T* w;
    const Index* rows;
    Index chunk;
    template <int Columns>
    BIJOU_INLINE auto factors(Index j0) const {
      return [from = w + j0, rows = rows](Index k, int j) {
        if (j == 0 || j + 1 == Columns) fetch<Columns>(from + rows[k + terms_ahead] + j);  // rows begin anywhere
        return from[rows[k] + j];
      };
    }
  };
  template <class T>
  Seen<T> terms(std::size_t g, Index n, const T* x, const T* w) const {
    return {inputs_[g].end(), x, n, w + units_[g].first, rows_.data(), chunk};
  }
  /// Terms of the inputs that the units of group g see, from n rows of adjoints g_y of these units.
  template <class T>
  struct Passed {
    using Scalar = T;
    static constexpr bool adjacent = false;
    Index depth;
    const T* a;
    Index a_k;
    const T* w;
    const Index* rows;
    Index chunk = product_chunk;
    template <int Columns>
    BIJOU_INLINE auto factors(Index j0) const {
      std::array<const T*, Columns> from;
      for (int j = 0; j < Columns; ++j) from[std::size_t(j)] = w + rows[j0 + j];
      return [from](Index k, int j) { return from[std::size_t(j)][k]; };
    }
  };
  template <class T>
  Passed<T> passed(std::size_t g, Index n, const T* g_y, const T* w) const {
    return {units_[g].count, g_y, n, w + units_[g].first, rows_.data()};
  }

 private:
  std::vector<Span> inputs_, units_;
  std::vector<Index> rows_, firsts_, terms_;
  Index weights_ = 0;
  static std::vector<Span> spans(const std::vector<Index>& counts) {
    std::vector<Span> s;
    Index first = 0;
    for (Index count : counts) s.push_back({first, count}), first += count;
    return s;
  }
};
}  // namespace bijou
