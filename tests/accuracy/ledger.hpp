#pragma once
#include <cmath>
#include <functional>
#include <string>

#include <bijou/core/errors.hpp>

namespace bijou::test {
template <class T>
inline constexpr const char* name_of = sizeof(T) == sizeof(float) ? "float" : "double";
template <class T>
inline constexpr long double eps_of = static_cast<long double>(std::numeric_limits<T>::epsilon());

/// Worst and root-mean-square error of a quantity.
struct Errors {
  double worst = 0, squares = 0;
  long count = 0;
  /// Says whether this is the worst so far.
  bool add(double error) {
    const bool worse = !std::isnan(worst) && !(error <= worst);  // NaN is the worst, and stays
    if (worse) worst = error;
    squares += error * error;
    ++count;
    return worse;
  }
  double rms() const { return std::sqrt(squares / double(std::max(count, 1L))); }
};
/// |got - exact| in eps of max(1, |exact|, scale); 0 where T rightly has no number but infinity.
template <class T>
double error_in_eps(T got, long double exact, long double scale = 0) {
  const auto value = static_cast<long double>(got);
  if (value == exact || (std::isinf(got) && got == static_cast<T>(exact))) return 0;
  return double(std::abs(value - exact) / (eps_of<T> * std::max({1.L, std::abs(exact), scale})));
}

/// The table, a line a quantity, beside its goal.
class Ledger {
 public:
  Ledger();
  /// condition: the condition number at the worst point, asked for where the goal is missed.
  void row(const std::string& name, const std::string& quantity, const char* type, const Errors& e, double goal,
           const std::function<double()>& condition = {});
  bool kept() const { return kept_; }

 private:
  bool kept_ = true;
};

// One section of the table each.
void functions(Ledger& ledger);
void derivatives(Ledger& ledger);
void transformers(Ledger& ledger);
void monotone(Ledger& ledger);
void layers(Ledger& ledger);
void deep_flows(Ledger& ledger);
void bases(Ledger& ledger);
void references(Ledger& ledger);
void gradients(Ledger& ledger);
void integrals(Ledger& ledger);
void samplers(Ledger& ledger);
void determinism(Ledger& ledger);
}  // namespace bijou::test
