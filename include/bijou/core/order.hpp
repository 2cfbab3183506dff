#pragma once
#include <limits>
#include <string>
#include <vector>

#include <bijou/core/errors.hpp>

namespace bijou {
/// Numbers of features or rows, in some order.
using Order = Eigen::Array<int, Dynamic, 1>;

/// 0, 1, .. n - 1, and its reverse. Throws where these are more numbers than int has.
inline Order natural_order(Index n) {
  require(n <= std::numeric_limits<int>::max(), "natural_order: n must be at most ", std::numeric_limits<int>::max(),
          ", is ", n);
  Order order(std::max<Index>(n, 0));
  for (Index i = 0; i < order.size(); ++i) order(i) = int(i);
  return order;
}
inline Order reversed_order(Index n) {
  Order order = natural_order(n);
  std::reverse(order.data(), order.data() + order.size());
  return order;
}
/// Whether it holds 0 .. n - 1, each once.
inline bool is_permutation(const Order& order) {
  std::vector<bool> seen(std::size_t(order.size()), false);
  for (Index i = 0; i < order.size(); ++i) {
    const int k = order(i);
    if (k < 0 || k >= order.size() || seen[std::size_t(k)]) return false;
    seen[std::size_t(k)] = true;
  }
  return true;
}
/// "2 0 1"
inline std::string listed(const Order& order) {
  std::string s;
  for (Index i = 0; i < order.size(); ++i) {
    if (i > 0) s += ' ';
    s += std::to_string(order(i));
  }
  return s;
}
}  // namespace bijou
