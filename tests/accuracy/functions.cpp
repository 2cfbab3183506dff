// Special functions, in ulp of the result, against values at 60 digits, and over all exponents against long double;
// logarithms of sums of exponentials and of the normal density, in eps.
#include "math/functions.hpp"

#include <bijou/random/random.hpp>

#include "autodiff/operations.hpp"
#include "ledger.hpp"

namespace bijou::test {
namespace {
/// Of up to 100 numbers from N(0, 30^2), whose exponentials a float does not hold.
template <class T>
void sums_of_exponentials(Ledger& ledger) {
  using Exact = long double;
  Errors of_many, of_two, by_either;
  Random random{12};
  Eigen::ArrayXf normal(100);
  for (int i = 0; i < 300; ++i) {
    random.normal(normal);
    const Eigen::Array<Exact, Dynamic, 1> a = (30 * normal).template cast<Exact>();
    std::vector<Lanes<T>> all;
    Exact total = -std::numeric_limits<Exact>::infinity();
    const auto added = [](Exact x, Exact y) { return std::max(x, y) + std::log1p(std::exp(-std::abs(x - y))); };
    for (int n = 1; n <= 100; ++n) {
      const Exact last = a(n - 1), before = a(std::max(n - 2, 0));
      all.emplace_back(static_cast<T>(last));
      total = added(total, last);
      of_many.add(error_in_eps(log_sum_exp(all.data(), n)[0], total, n / 2.L));
      const auto [sum, by_last, by_before] =
          played([](auto x, auto y) { return log_add_exp(x, y); }, static_cast<T>(last), static_cast<T>(before));
      of_two.add(error_in_eps(sum, added(last, before)));
      by_either.add(error_in_eps(by_last, exact::sigmoid(last - before)));
      by_either.add(error_in_eps(by_before, exact::sigmoid(before - last)));
    }
  }
  ledger.row("log_sum_exp, to 100 terms", "value (eps)", name_of<T>, of_many, 2);
  ledger.row("log_add_exp", "value (eps)", name_of<T>, of_two, 2);
  ledger.row("log_add_exp", "derivatives (eps)", name_of<T>, by_either, 4);
}
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
  Errors log_density;
  each_magnitude<T>(10000, [&](T x) {
    const auto z = static_cast<long double>(x);
    log_density.add(error_in_eps(normal_log_density(Lanes<T>(x))[0], -z * z / 2 - log_sqrt_two_pi));
  });
  ledger.row("normal_log_density", "value, all exponents (eps)", name_of<T>, log_density, 2);
  sums_of_exponentials<T>(ledger);
}
}  // namespace
void functions(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
