// Special functions, in ulp of the result, against values at 60 digits.
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
  for (const auto& [name, e] : errors)
    ledger.row(name, "value (ulp)", name_of<T>, e, bijou::test::functions<T>().at(name).bound);
}
}  // namespace
void functions(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
