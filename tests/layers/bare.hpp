#pragma once
#include <bijou/concepts/bijection.hpp>

namespace bijou::test {
/// L with only what every layer must have: the adjoints of its inverse are solved for.
template <class L>
struct Bare : L {
  void inverse_backward() = delete;
};
}  // namespace bijou::test
