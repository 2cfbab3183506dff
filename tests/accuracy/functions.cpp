// Special functions, in ulp of the result, against values at 60 digits, and over all exponents against long double.
#include "math/functions.hpp"

#include "ledger.hpp"

namespace bijou::test {
namespace {
template <class T>
void of_type(Ledger& ledger) {
  std::map<std::string, Errors> errors;
  each_reference<T>([&](const std::string& name, T x, long double wanted) {
    errors[name].add(ulp_error(bijou::test::functions<T>().at(name).call(Lanes<T>(x))[0], wanted));
  });
  for (const auto& [name, f] : bijou::test::functions<T>()) {
    ledger.row(name, "value (ulp)", name_of<T>, errors[name], f.bound);
    Errors everywhere;
    each_magnitude<T>(100000, [&, &f = f](T x) {
      const long double wanted = f.exactly(static_cast<long double>(x));
      const T got = f.call(Lanes<T>(x))[0];
      if (!std::isnan(wanted) || !std::isnan(got)) everywhere.add(ulp_error(got, wanted));  // NaN for one of them
    });
    ledger.row(name, "value, all exponents (ulp)", name_of<T>, everywhere, f.bound);
  }
}
}  // namespace
void functions(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
