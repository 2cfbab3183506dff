#include <bijou/autodiff/broadcast.hpp>
#include <bijou/autodiff/tape.hpp>

#include "catch.hpp"
#include "operations.hpp"

using namespace bijou;
using V = Lanes<double>;
namespace {
using test::derivatives, test::by_complex_step;
constexpr double inf = std::numeric_limits<double>::infinity();
}  // namespace

TEMPLATE_TEST_CASE("var: every operation against a complex step or a difference [adversarial 57]", "[adversarial]",
                   float, double) {
  using T = TestType;
  constexpr double eps = double(std::numeric_limits<T>::epsilon());
  const auto check = [&](const char* name, auto f) {
    for (double a : {double(T(-1.3)), double(T(0.49)), double(T(0.99)), 2.5})
      for (double b : {double(T(0.3)), double(T(1.01))}) {
        INFO(name << " " << a << " " << b);
        const auto [da, db] = derivatives<T>(f, a, b);
        const auto [wa, wb] = by_complex_step(f, a, b);
        CHECK(std::abs(da - wa) <= 4 * eps * std::max(1., std::abs(wa)));
        CHECK(std::abs(db - wb) <= 4 * eps * std::max(1., std::abs(wb)));
      }
  };
  test::each_analytic_operation(check);
  test::each_operation<T>([&](const std::string& name, auto f, auto...) {
    for (double a : {double(T(-1.3)), double(T(-0.7)), double(T(0.49)), 2.5}) {
      INFO(name << " " << a);
      const double b = double(T(0.7));
      const double wanted = test::by_six_points([&](double h) { return f(V(a + h), V(b))[0]; });
      if (!std::isnan(wanted))  // a logarithm or a root of a negative number
        CHECK(derivatives<T>(f, a, b).first == Approx(wanted).epsilon(1e-10 + 8 * eps).margin(1e-12 + eps));
    }
  });
}
TEMPLATE_TEST_CASE("var: corners have the derivatives that the header states [adversarial 59, 61]", "[adversarial]",
                   float, double) {
  using T = TestType;
  const auto first = [](auto f, double a, double b = 0) { return derivatives<T>(f, a, b).first; };
  CHECK(first([](auto a, auto) { return power(a, 2); }, 0) == 0);
  CHECK(first([](auto a, auto) { return power(a, 1); }, 0) == 1);
  CHECK(first([](auto a, auto) { return power(a, 0); }, 0) == 0);
  CHECK(first([](auto a, auto) { return power(a, 5); }, -5) == 3125);
  CHECK(first([](auto a, auto) { return abs(a); }, 0) == 0);
  CHECK(first([](auto a, auto) { return sqrt(a); }, 0) == inf);
  CHECK(derivatives<T>([](auto a, auto b) { return log_add_exp(a, b); }, -inf, -inf) == std::pair{0., 0.});
  CHECK(derivatives<T>([](auto a, auto b) { return log_add_exp(a, b); }, 0, -inf) == std::pair{1., 0.});
  CHECK(derivatives<T>([](auto a, auto b) { return max(a, b); }, 2, 2) == std::pair{1., 0.});
}
TEMPLATE_TEST_CASE("var: the branch that select leaves adds exactly 0, even where it is not a number [adversarial 60]",
                   "[adversarial]", float, double) {
  using T = TestType;
  const auto f = [](auto a, auto) { return select(a > decltype(a)(1), a, sqrt(a - 2)); };
  CHECK(derivatives<T>(f, 1.5).first == 1);
  const auto g = [](auto a, auto) { return select(a > decltype(a)(0), sqrt(a), a - a); };
  CHECK(derivatives<T>(g, 0).first == 0);
}
TEST_CASE("tape: long chains and wide sums need no stack, shared nodes are walked once [adversarial 62, 63]",
          "[adversarial]") {
  Tape<V> tape;
  Var<V> x(V(1e-6), tape), chain = x, sum = x;
  for (int i = 0; i < 1000000; ++i) chain = chain + 1e-9, sum = sum + x;
  (chain + sum).add_adjoint(V(1));
  tape.reverse();
  CHECK(x.adjoint()[0] == 1000002);
  tape.clear();
  Var<V> y(V(1), tape), twice = y;
  for (int i = 0; i < 60; ++i) twice = twice + twice;
  twice.add_adjoint(V(1));
  tape.reverse();
  CHECK(y.adjoint()[0] == 0x1p60);
  twice.add_adjoint(V(0));
  CHECK(Var<V>(V(3)).adjoint()[0] == 0);
}
TEST_CASE("broadcast: a shared parameter's adjoint is the sum over the panel's rows alone [adversarial 65]",
          "[adversarial]") {
  double shared[2] = {0, 0}, own[V::size * 2] = {};
  ParameterAdjoint<double, true> to_shared{shared, 1, 1};
  to_shared.add(1, V(3));
  CHECK(shared[1] == 3);
  ParameterAdjoint<double, false> to_rows{own, V::size, 1};
  to_rows.add(0, V(2));
  to_rows.add(0, V(2));
  CHECK(own[0] == 4);
  if (V::size > 1) CHECK(own[1] == 0);
  ParameterAdjoint<double, true>{nullptr, 1, 1}.add(0, V(1));
  const Parameters<double, true> phi{shared, 1, 1};
  CHECK(phi[1][0] == 3);
  const double apart[] = {1, 0, 2, 0, 5};
  CHECK(Parameters<double, true>{apart, 2, 1}[2][0] == 5);
}
