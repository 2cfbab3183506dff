// Flows against values at 60 digits.
#include "flow/references.hpp"

#include "ledger.hpp"

namespace bijou::test {
void references(Ledger& ledger) {
  const auto of_type = [&]<class T>(std::type_identity<T>) {
    const auto compare = [&](const char* name, const auto& flow) {
      Errors z, log_p, gradient;
      each_reference_number(flow, name, [&](const Compared& c) {
        const std::string what = c.what;
        (what == "z" ? z : what == "log p" ? log_p : gradient).add(c.error);
      });
      const std::string of = std::string(name) + ", 60 digits";
      ledger.row(of, "z (eps)", name_of<T>, z, 64);
      ledger.row(of, "log p (eps)", name_of<T>, log_p, 64);
      ledger.row(of, "gradient (eps)", name_of<T>, gradient, 256);
    };
    each_reference_coupling<T>(compare);
    each_reference_autoregression<T>(compare);
    each_reference_stack<T>(compare);
  };
  of_type(std::type_identity<float>{});
  of_type(std::type_identity<double>{});
}
}  // namespace bijou::test
