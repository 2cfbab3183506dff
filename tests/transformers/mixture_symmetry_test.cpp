// What must not change a mixture: another order of its components, the same number on all logits.
#include <array>

#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "one_point.hpp"

using namespace bijou;
using namespace bijou::test;
namespace {
constexpr std::size_t K = 4;
using Places = std::array<std::size_t, K>;
constexpr Places as_is{0, 1, 2, 3};
/// Where phi = 0 has the mean of component k.
double offset(std::size_t k) { return 2. * (2 * double(k) + 1 - K) / K; }
/// The same mixture with component order[k] at place k. All sums are exact.
std::vector<double> reordered(const std::vector<double>& phi, const Places& order) {
  std::vector<double> other(phi.size());
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t part : {0u, 1u, 2u})
      other[part * K + k] = phi[part * K + order[k]] + (part == 1 ? offset(order[k]) - offset(k) : 0);
  return other;
}
/// y, log h', the adjoint of x and those of phi, in the order of as_is, for adjoints 0.75 of y and -0.5 of log h'.
template <class H, class T>
std::vector<double> answers(double x, const std::vector<double>& phi, const Places& order) {
  const auto [y, log_det] = forward<H, T>(x, phi);
  const auto [g, g_phi] = backward<H, T>(x, phi, 0.75, -0.5);
  std::vector<double> all{y, log_det, g};
  Places place{};
  for (std::size_t k = 0; k < K; ++k) place[order[k]] = k;
  for (std::size_t part : {0u, 1u, 2u})
    for (std::size_t k : place) all.push_back(g_phi[part * K + k]);
  return all;
}
const std::vector<double> phi{0.25, -1, 0.5, -2.25, 0.5, -1.25, 0.75, 1, -0.5, 0.25, 1, -1.5};
/// To `epsilons` of max(1, |answer|) and to `of_logit` where it is log F - log S that is made.
template <class T>
void unchanged(const std::vector<double>& other_phi, const Places& order, double epsilons, double of_logit) {
  const auto check = [&]<class H>(H) {
    for (double x : {-1000., -40., -3., -0.625, 0.375, 2.5, 40., 1000.}) {
      const auto one = answers<H, T>(x, phi, as_is), other = answers<H, T>(x, other_phi, order);
      for (std::size_t i = 0; i < one.size(); ++i) {
        INFO(H::name << " at " << x << ", answer " << i << ": " << one[i] << ", " << other[i]);
        CHECK(close<T>(other[i], one[i], H::to_unit ? epsilons : of_logit));
      }
    }
  };
  check(GaussianMixtureCdf<K>{});
  check(GaussianMixtureLogit<K>{});
  check(LogisticMixtureCdf<K>{});
  check(LogisticMixtureLogit<K>{});
}
}  // namespace

// Sums in another order: F and S move by 2 eps of themselves, and the difference of their logarithms by twice that.
TEMPLATE_TEST_CASE("mixtures: their components in another order are the same mixture [adversarial 22]", "[adversarial]",
                   float, double) {
  for (const Places& order : {Places{3, 2, 1, 0}, Places{2, 0, 3, 1}})
    unchanged<TestType>(reordered(phi, order), order, 2, 4);
}
TEMPLATE_TEST_CASE("mixtures: 10,000 more on all logits change no bit [adversarial 23]", "[adversarial]", float,
                   double) {
  auto shifted = phi;
  for (std::size_t k = 0; k < K; ++k) shifted[k] += 1e4;  // exact in float too
  unchanged<TestType>(shifted, as_is, 0, 0);
}
