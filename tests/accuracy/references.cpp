// Flows against values at 60 digits.
#include "flow/references.hpp"

#include "ledger.hpp"

namespace bijou::test {
namespace {
template <class T>
void of_type(Ledger& ledger) {
  each_reference<T>([&](const std::string& name, const std::vector<Compared>& numbers) {
    Errors z, log_p, gradient;
    for (const auto& c : numbers) (c.what == "z" ? z : c.what == "log p" ? log_p : gradient).add(c.error);
    const std::string of = name + ", 60 digits";
    ledger.row(of, "z (eps)", name_of<T>, z, 64);
    ledger.row(of, "log p (eps)", name_of<T>, log_p, 64);
    ledger.row(of, "gradient (eps)", name_of<T>, gradient, 256);
  });
}
}  // namespace
void references(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
