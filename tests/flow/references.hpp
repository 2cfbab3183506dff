#pragma once
// Couplings, autoregressive layers and a whole flow against values at 60 digits (tests/reference/flow).
#include <functional>
#include <string>
#include <vector>

namespace bijou::test {
/// One number that a flow makes, beside its value at 60 digits.
struct Compared {
  std::string what;  // z, log p, gradient
  double error;      // in eps of max(1, |value|, its condition number)
  std::string line;
};
/// visit(name, its numbers) for each flow in the file: a coupling of every kind of transformer; maf, with another
/// order, and iaf; ten couplings.
template <class T>
void each_reference(const std::function<void(const std::string&, const std::vector<Compared>&)>& visit);
}  // namespace bijou::test
