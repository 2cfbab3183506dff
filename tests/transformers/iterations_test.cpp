// How often inverses without a formula evaluate their map, and that they return, however far out.
#include <bijou/transformers/bracketed_newton.hpp>
#include <bijou/transformers/mixture_kernel.hpp>
#include <bijou/transformers/odd_polynomial.hpp>

#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "one_point.hpp"

using namespace bijou;
using namespace bijou::test;
namespace {
/// Numbers that count their quotients: the inverse of a polynomial makes one an iteration, and one at the end.
template <class T>
struct Quotients : Lanes<T> {
  static inline int count = 0;
  using Lanes<T>::Lanes;
  Quotients() = default;
  Quotients(Lanes<T> plain) : Lanes<T>(plain) {}
  friend Quotients operator/(Quotients a, Quotients b) {
    ++count;
    return Lanes<T>(a) / Lanes<T>(b);
  }
  friend Quotients operator/(Quotients a, Lanes<T> b) { return a / Quotients(b); }
};
/// A mixture's kernel that counts how often a component is evaluated, by plain sums or by logarithms.
template <class Kernel>
struct Counted : Kernel {
  static inline int components = 0;
  static void tail_and_density(auto a, auto& tail, auto& density) {
    ++components;
    Kernel::tail_and_density(a, tail, density);
  }
  template <class V>
  static V log_density(V z) {
    ++components;
    return Kernel::log_density(z);
  }
};
}  // namespace

TEMPLATE_TEST_CASE("bracketed newton: halvings alone find a root among all numbers", "", float, double) {
  using V = Lanes<TestType>;
  using Limits = std::numeric_limits<TestType>;
  for (TestType root : {Limits::min() * 64, TestType(1), Limits::max() / 64}) {
    const auto found = bracketed_newton(V(0), V(-Limits::max()), V(Limits::max()), V(0), [&](V x) {
      return std::pair{select(x < V(root), V(-1), V(1)), V(Limits::infinity())};  // a sign, no step to take
    });
    CHECK(found.converged);
    CHECK(std::abs(found.x[0] / root - 1) <= 4 * Limits::epsilon());
  }
}
TEMPLATE_TEST_CASE("odd polynomial: an inverse takes a few iterations [adversarial 14]", "[adversarial]", float,
                   double) {
  using T = TestType;
  using H = OddPolynomial<4>;
  for (const std::vector<double>& phi :
       std::vector<std::vector<double>>{{std::log(0x1p-10), -inf, -inf, std::log(8.) + 4, 0},
                                        {0, 0, 0, 0, 0},
                                        {-1, 2, 3.5, 1, -0.75},
                                        {-30, 34, -30, -20, 2},
                                        {20, 10, -10, -10, 1e6}})
    for (double y : {1e30, -1e30, 1e4, -1., 0.3, -1e-3, 1e-30, 0.}) {
      Quotients<T> x(static_cast<T>(y)), log_det(0);
      Quotients<T>::count = 0;
      H::inverse(x, lanes_of<H, T>(phi), log_det);
      INFO(y);
      CHECK(Quotients<T>::count <= 16);  // the goal is 64
      const double back = forward<H, T>(double(x[0]), phi).y, scale = std::max(std::abs(y), std::abs(phi[4]));
      CHECK(std::abs(back - y) <= 64 * double(std::numeric_limits<T>::epsilon()) * scale);
    }
}
TEMPLATE_TEST_CASE("mixtures: an inverse takes at most 80 evaluations, and comes back [adversarial 20]",
                   "[adversarial]", float, double) {
  using T = TestType;
  const auto check = [&]<class Kernel>(Kernel) {
    using ToLine = MixtureCdf<Counted<Kernel>, 3, MixtureOutput::logit>;
    using ToUnit = MixtureCdf<Counted<Kernel>, 3, MixtureOutput::unit>;
    const auto returns = [&]<class H>(H, double y, const std::vector<double>& phi, bool wide = false) {
      INFO(H::name << " from " << y);
      Counted<Kernel>::components = 0;
      const double x = inverse<H, T>(y, phi).y;
      CHECK(Counted<Kernel>::components <= 3 * (wide ? 80 : 10));  // what is so far from its start takes halvings
      // The numbers beside x are up to 300 of these standard deviations away.
      const double eps = double(std::numeric_limits<T>::epsilon()), apart = wide ? 2 * std::abs(x) * eps : 0,
                   rounding = 64 * eps * std::max(1., std::abs(y));
      CHECK(forward<H, T>(x - apart, phi).y <= y + rounding);
      CHECK(forward<H, T>(x + apart, phi).y >= y - rounding);
    };
    const double far = single<T> ? 800 : 5000;
    const std::vector<double> usual{0.3, -20, 1, 0.5, -1, 3, -1, 0.7, 1.5}, wide{0, 0, 0, 1e6, -1e6, 0, -20, -20, -20};
    for (double y : {-far, -700., -36., 0.3, 36., 700., far}) {
      returns(ToLine{}, y, usual);
      returns(ToLine{}, y, wide, true);
    }
    for (double y : {0x1p-100, 0x1p-24, 0.3, 0.5, 0.7, 1 - 0x1p-24}) {
      returns(ToUnit{}, y, usual);
      returns(ToUnit{}, y, wide, true);
    }
  };
  check(NormalKernel{});
  check(LogisticKernel{});
}
