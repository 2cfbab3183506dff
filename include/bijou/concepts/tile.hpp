#pragma once
#include <algorithm>

#include <bijou/core/columns.hpp>
#include <bijou/random/random.hpp>

namespace bijou {
/// Rows of one tile: what goes through all layers while it is in the nearest caches. The partition of a batch depends
/// on its size alone, never on the threads.
inline constexpr Index tile_rows = 128;
/// visit(first row, how many) of each tile of a batch.
void each_tile(Index rows, auto visit) {
  for (Index first = 0; first < rows; first += tile_rows) visit(first, std::min(tile_rows, rows - first));
}

/// Rows on their way through the layers (and, in backward, the adjoints of the same things).
/// p(x|c) runs on [x | c]: columns behind the features that a layer transforms are its context; it may read them, never
/// changes them, and adds to their adjoints.
template <class T, int D>
struct Tile {
  View<Batch<T, D>> x;         // N x D
  View<PerSample<T>> log_det;  // N
  Random& random;              // draws of these rows: a value depends on seed, row, draws so far and column alone
  bool saving = true;          // a backward may follow; else layers may share what they save for it

  /// The same rows, the first n or the last n columns.
  template <class N>
  auto first(N n) {
    return Tile<T, fixed_value<N>>{x.leftCols(n), log_det, random, saving};
  }
  template <class N>
  auto last(N n) {
    return Tile<T, fixed_value<N>>{x.rightCols(n), log_det, random, saving};
  }
};
}  // namespace bijou
