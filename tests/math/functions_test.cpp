#include "functions.hpp"

#include "catch.hpp"

using namespace bijou;
using test::functions, test::ulp_error;
namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
}  // namespace

TEMPLATE_TEST_CASE("special functions: reference values at 60 digits", "", float, double, long double) {
  std::map<std::string, double> worst;
  int lines = 0;
  test::each_reference<TestType>([&](const std::string& name, TestType x, long double wanted) {
    const TestType got = functions<TestType>().at(name).call(Lanes<TestType>(x))[0];
    const double error = ulp_error(got, wanted);
    INFO(name << "(" << double(x) << ") = " << double(got) << ", wanted " << double(wanted));
    CHECK(error <= functions<TestType>().at(name).bound);
    worst[name] = std::max(worst[name], error);
    if (name == "expm1" && x <= 0) CHECK(ulp_error(expm1_of_negative(Lanes<TestType>(x))[0], wanted) <= 3);
    ++lines;
  });
  CHECK(lines > 2000);
  CHECK(worst.size() == functions<TestType>().size());
}
TEMPLATE_TEST_CASE("special functions: NaN in is NaN out, limits at infinity", "", float, double, long double) {
  using T = TestType;
  const T infinity = std::numeric_limits<T>::infinity();
  for (const auto& [name, f] : functions<T>()) {
    INFO(name);
    CHECK(std::isnan(f.call(Lanes<T>(std::numeric_limits<T>::quiet_NaN()))[0]));
  }
  const auto at = [](const char* name, T x) { return double(functions<T>().at(name).call(Lanes<T>(x))[0]); };
  CHECK(at("exp", -infinity) == 0);
  CHECK(at("exp", infinity) == inf);
  CHECK(at("expm1", -infinity) == -1);
  CHECK(at("expm1", infinity) == inf);
  CHECK(at("log", 0) == -inf);
  CHECK(at("log", infinity) == inf);
  CHECK(std::isnan(at("log", -1)));
  CHECK(at("log1p", -1) == -inf);
  CHECK(at("log1p", infinity) == inf);
  CHECK(at("tanh", infinity) == 1);
  CHECK(at("tanh", -infinity) == -1);
  CHECK(at("sigmoid", -infinity) == 0);
  CHECK(at("sigmoid", infinity) == 1);
  CHECK(at("softplus", infinity) == inf);
  CHECK(at("softplus", -infinity) == 0);
  CHECK(at("log_sigmoid", -infinity) == -inf);
  CHECK(at("log1mexp", 0) == -inf);
  CHECK(at("logit", 0) == -inf);
  CHECK(at("logit", 1) == inf);
  CHECK(at("erf", -infinity) == -1);
  CHECK(at("erfc", infinity) == 0);
  CHECK(at("erfc", -infinity) == 2);
  CHECK(at("normal_cdf", -infinity) == 0);
  CHECK(at("normal_cdf", infinity) == 1);
  CHECK(at("normal_cdf", 0) == 0.5);
  for (double z : {0., 1., -40.})
    CHECK(double(normal_log_density(Lanes<T>(T(z)))[0]) == Approx(-z * z / 2 - 0.91893853320467274));
  CHECK(at("log_normal_cdf", -infinity) == -inf);
  CHECK(at("inverse_normal_cdf", 0) == -inf);
  CHECK(at("inverse_normal_cdf", 1) == inf);
  CHECK(std::isnan(at("inverse_normal_cdf", T(1.5))));
}
TEST_CASE("normal quantile in long double: down to the smallest numbers, log Phi of it is log p") {
  for (int power : {10, 280, 299, 301, 310, 400, 1000, 2200, 4000, 4900}) {
    const long double log_p = -power * std::log(10.L);
    const auto x = inverse_normal_cdf(Lanes<long double>(std::exp(log_p)));
    CHECK(double(log_normal_cdf(x).v / std::log(std::exp(log_p)) - 1) == Approx(0).margin(1e-17));
  }
}
TEMPLATE_TEST_CASE("special functions: a sweep over all exponents against long double", "", float, double) {
  using T = TestType;
  for (const auto& [name, f] : functions<T>())
    test::each_magnitude<T>(10000, [&, &name = name, &f = f](T x) {
      const long double wanted = f.exactly(static_cast<long double>(x));
      const T got = f.call(Lanes<T>(x))[0];
      INFO(name << "(" << double(x) << ") = " << double(got) << ", wanted " << double(wanted));
      if (std::isnan(wanted))
        CHECK(std::isnan(got));
      else
        CHECK(ulp_error(got, wanted) <= f.bound);
    });
}
TEMPLATE_TEST_CASE("special functions: bits depend neither on the lane nor on its neighbours", "", float, double) {
  using V = Lanes<TestType>;
  V mixed(0), lonely(0);
  for (int i = 0; i < V::size; ++i) mixed.set(i, TestType(i % 3 == 0 ? 0.37 : i % 3 == 1 ? 1e30 : -50));
  for (const auto& [name, f] : functions<TestType>()) {
    const V y = f.call(mixed);
    for (int i = 0; i < V::size; ++i) {
      lonely = V(mixed[i]);
      const TestType alone = f.call(lonely)[0];
      INFO(name << " lane " << i);
      CHECK((y[i] == alone || (std::isnan(y[i]) && std::isnan(alone))));
    }
  }
}
TEMPLATE_TEST_CASE("lanewise functions on Eigen arrays: an element's bits do not depend on the array", "", float,
                   double) {
  const auto f = lanewise([](auto v) { return exp(v) * tanh(v); });
  for (Index n = 1; n < 70; ++n) {
    const Eigen::Array<TestType, Dynamic, 1> x = Eigen::Array<TestType, Dynamic, 1>::Random(n), y = x.unaryExpr(f);
    for (Index i = 0; i < n; ++i) CHECK(y(i) == f(x(i)));
  }
}
TEST_CASE("log_sum_exp: nothing overflows, empty sums are -inf") {
  using V = Lanes<double>;
  const V far[] = {V(1000), V(1000)}, none[] = {V(-inf), V(-inf)}, one[] = {V(0), V(-inf)};
  CHECK(log_sum_exp(far, 2)[0] == Approx(1000 + std::log(2.)));
  CHECK(log_sum_exp(none, 2)[0] == -inf);
  CHECK(log_sum_exp(one, 2)[0] == 0);
  CHECK(log_add_exp(V(-inf), V(-inf))[0] == -inf);
  CHECK(log_add_exp(V(3), V(3))[0] == Approx(3 + std::log(2.)));
  CHECK(std::isnan(log_add_exp(V(std::nan("")), V(0))[0]));
}
