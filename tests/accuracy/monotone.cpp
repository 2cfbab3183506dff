// Maps that never decrease, over consecutive numbers: how far they go back.
#include <bijou/bijou.hpp>

#include "ledger.hpp"
#include "transformers/step_back.hpp"

namespace bijou::test {
namespace {
template <class T>
void of_type(Ledger& ledger) {
  const auto row = [&]<class H>(H, const std::string& way, auto map, std::initializer_list<float> starts, int count) {
    Errors e;
    for (float start : starts) e.add(double(worst_step_back<H>(T(start), count, map)));
    ledger.row(text(H::name, way), "largest step back (eps)", name_of<T>, e, 0);
  };
  const auto mixture = [&]<class H>(H h) {
    row(
        h, "", [](auto&... a) { H::forward(a...); }, {-1.1F, 0.7F, 2.1F}, 50000);
    row(
        h, ", inverse", [](auto&... a) { H::inverse(a...); }, {0.3F, 0.9F}, 20000);
  };
  mixture(GaussianMixtureCdf<3>{});
  mixture(GaussianMixtureLogit<3>{});
  mixture(LogisticMixtureCdf<3>{});
  mixture(LogisticMixtureLogit<3>{});
  using H = RationalQuadraticSpline<4, 3>;
  row(
      H{}, "", [](auto&... a) { H::forward(a...); }, {-3, -2.9F, -2, -1.5F, -0.7F, 0.1F, 0.7F, 1.4F, 2.2F, 2.9F},
      20000);
}
}  // namespace
void monotone(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
