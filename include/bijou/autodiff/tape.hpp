#pragma once
#include <memory_resource>
#include <vector>

#include <bijou/core/lanes.hpp>

namespace bijou {
/// A flat tape of numbers V (lanes of rows): each node knows its parents by index and its derivative by each, computed
/// while it was recorded. Walked once in reverse order of creation; nothing is recursive.
template <class V>
class Tape {
 public:
  explicit Tape(std::pmr::memory_resource* memory = std::pmr::get_default_resource()) : nodes_(memory) {}

  /// A node that depends on nothing; it begins with adjoint 0.
  int push() { return push(0, V(0), 0, V(0)); }
  /// d(node) = by_a d(a) + by_b d(b)
  int push(int a, V by_a, int b, V by_b) {
    nodes_.push_back({a, b, by_a, by_b, V(0)});
    return static_cast<int>(nodes_.size()) - 1;
  }
  V& adjoint(int node) { return nodes_[std::size_t(node)].adjoint; }
  /// Sends the adjoints that were set to everything before them.
  void reverse() {
    for (std::size_t i = nodes_.size(); i--;) {
      const Node n = nodes_[i];
      nodes_[std::size_t(n.a)].adjoint += share(n.adjoint, n.by_a);
      nodes_[std::size_t(n.b)].adjoint += share(n.adjoint, n.by_b);
    }
  }
  /// Forgets the nodes, keeps their memory.
  void clear() { nodes_.clear(); }

 private:
  /// 0 times anything is 0 here, even times inf or NaN: the branch that a select did not take has no influence.
  static V share(V adjoint, V derivative) {
    return select((adjoint == V(0)) | (derivative == V(0)), V(0), adjoint * derivative);
  }
  struct Node {
    int a, b;
    V by_a, by_b, adjoint;
  };
  std::pmr::vector<Node> nodes_;
};
}  // namespace bijou
