#pragma once
#include <utility>

#include <bijou/concepts/tile.hpp>
#include <bijou/core/buffer.hpp>
#include <bijou/layers/lost_rows.hpp>

namespace bijou {
/// A tile on its way through a flow of D features (columns: and their context), and all that one thread writes while it
/// evaluates or trains. Saved: what the layers keep for their adjoints. Reused, it allocates nothing.
template <class T, int D, int Columns, class Saved>
struct Workspace {
  Buffer<T, Columns> rows, adjoints;  // [x | c] -> [z | c];  the adjoints of these
  Buffer<T, D> noise;                 // what a sample was made from
  Buffer<T, 1> log_dets, log_probs, g_log_dets;
  LostRows<T> lost;
  Saved saved;
  Random random{};
  bool saving = true;  // of the next tile, see there; every other one saves

  auto x() { return rows.view(); }
  auto g() { return adjoints.view(); }
  auto log_prob() { return log_probs.view(); }
  auto tile() { return Tile<T, Columns>{rows.view(), log_dets.view(), random, std::exchange(saving, true)}; }
  auto adjoint() { return Tile<T, Columns>{adjoints.view(), g_log_dets.view(), random}; }

  /// Rows of out from row `first` on <- the features. What a row outside the support was replaced by must not pass for
  /// its image: infinity says so.
  void store_x(Index features, auto&& out, Index first) const {
    constexpr T inf = std::numeric_limits<T>::infinity();
    for (Index j = 0; j < features; ++j)
      copy_column(column(rows, j).data(), column(out, j).data() + first, rows.rows());
    for (Index i = 0; i < log_dets.rows(); ++i)
      for (Index j = 0; j < features && log_dets.data()[i] == -inf; ++j) out(first + i, j) = inf;
  }
  /// Numbers of out from row `first` on <- log p.
  void store_log_prob(auto&& out, Index first) const {
    copy_column(log_probs.data(), out.data() + first, log_probs.rows());
  }
  /// Lost rows count as outside the support; harmless numbers take their place.
  void give_up_lost_rows() {
    for (Index i = 0; i < rows.rows(); ++i) {
      if (!lost[i]) continue;
      log_dets.data()[i] = log_probs.data()[i] = -std::numeric_limits<T>::infinity();
      for (Index j = 0; j < rows.cols(); ++j) rows.data()[i + j * rows.rows()] = 0;
    }
  }
};
}  // namespace bijou
