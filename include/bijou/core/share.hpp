#pragma once
#include <bijou/core/shapes.hpp>

namespace bijou {
/// One thread's part of work on long arrays: number `part` of `parts`.
struct Share {
  int part = 0, parts = 1;
  /// Of n numbers those from begin(n) to end(n), in whole cache lines.
  Index begin(Index n) const { return at(n, part); }
  Index end(Index n) const { return part + 1 == parts ? n : at(n, part + 1); }

 private:
  Index at(Index n, int p) const { return n * p / parts / 64 * 64; }
};
}  // namespace bijou
