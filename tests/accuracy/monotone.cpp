// Maps that never decrease, over consecutive numbers: how far they go back.
#include <bijou/bijou.hpp>

#include "ledger.hpp"
#include "transformers/each_bin.hpp"
#include "transformers/step_back.hpp"

namespace bijou::test {
namespace {
template <class T>
void of_type(Ledger& ledger) {
  const auto row = [&]<class H>(H, const std::string& way, auto map, const std::vector<T>& starts, int count) {
    Errors e;
    for (T start : starts) e.add(double(worst_step_back<H>(start, count, map)));
    ledger.row(text(H::name, way), "largest step back (eps)", name_of<T>, e, 0);
  };
  const auto mixture = [&]<class H>(H h) {
    row(
        h, "", [](auto&... a) { H::forward(a...); }, {T(-1.1F), T(0.7F), T(2.1F)}, 50000);
    row(
        h, ", inverse", [](auto&... a) { H::inverse(a...); }, {T(0.3F), T(0.9F)}, 20000);
  };
  mixture(GaussianMixtureCdf<3>{});
  mixture(GaussianMixtureLogit<3>{});
  mixture(LogisticMixtureCdf<3>{});
  mixture(LogisticMixtureLogit<3>{});
  using H = RationalQuadraticSpline<4, 3>;
  std::vector<T> starts{T(-2.9F), -2, T(-1.5F), T(-0.7F), T(0.1F), T(0.7F), T(1.4F), T(2.2F), T(2.9F)};
  const auto before = [](T x) {
    for (int i = 0; i < 10000; ++i) x = std::nextafter(x, T(-9));
    return x;
  };
  const bool joined = each_bin<SplineBins<4, -3, 3, true>>(
      waves<Lanes<T>>(H::arity), 4, T(-3), [&](const auto& bin) { starts.push_back(before(bin.x0[0])); });
  require(joined, "a bin begins elsewhere than where the one before it ends");
  starts.push_back(before(3));
  row(
      H{}, "", [](auto&... a) { H::forward(a...); }, starts, 20000);
}
}  // namespace
void monotone(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
