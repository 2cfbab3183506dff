// Optimizers against trajectories at 60 digits (tests/reference/training), and what they do with hostile gradients.
#include <bijou/training/optimizer.hpp>

#include <fstream>
#include <map>

#include <bijou/bijou.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
/// One number as a model, or as its gradient.
template <class T>
struct Number {
  using Scalar = T;
  Row<T> x = Row<T>::Constant(1, T(1.5));
  static auto fields(auto& self) { return named("x", self.x); }
};
template <class T>
struct Walk {
  Optimizer rule;
  Number<T> model, gradient, first, second;
  long t = 0;
  explicit Walk(Optimizer r) : rule(std::move(r)) { first.x.setZero(), second.x.setZero(); }
  T take(T g) {
    gradient.x(0) = g;
    step(Update<T>(rule, ++t, 1, 1, 0), model, gradient, first, second);
    return model.x(0);
  }
};
AdamW with_decay(double rate, double decay) {
  AdamW rule;
  rule.rate = rate;
  rule.weight_decay = decay;
  return rule;
}
/// The gradient of step t that the generator uses.
double gradient_at(long t) { return double((t * 37 + 11) % 64 - 30) / 16 * (t % 5 ? 1 : 0x1p-12); }
constexpr double inf = std::numeric_limits<double>::infinity();
}  // namespace

TEMPLATE_TEST_CASE("optimizers: trajectories of 36 steps [adversarial 68]", "[adversarial]", float, double) {
  using T = TestType;
  std::map<std::string, Walk<T>> walks{{"sgd", Walk<T>(Sgd{.rate = 0.1})},
                                       {"momentum", Walk<T>(Sgd{.rate = 0.1, .momentum = 0.9})},
                                       {"nesterov", Walk<T>(Sgd{.rate = 0.1, .momentum = 0.9, .nesterov = true})},
                                       {"adam", Walk<T>(Adam{.rate = 0.05})},
                                       {"adamw", Walk<T>(with_decay(0.05, 0.125))},
                                       {"adamax", Walk<T>(Adamax{.rate = 0.05})},
                                       {"rmsprop", Walk<T>(RmsProp{.rate = 0.05})}};
  std::ifstream file(BIJOU_TEST_DIR "/reference/training/optimizers.txt");
  int lines = 0;
  std::string name, wanted;
  for (long t; file >> name >> t >> wanted; ++lines) {
    Walk<T>& walk = walks.at(name);
    while (walk.t < t) walk.take(static_cast<T>(gradient_at(walk.t + 1)));
    const long double theta = std::strtold(wanted.c_str(), nullptr), got = static_cast<long double>(walk.model.x(0));
    INFO(name << ", step " << t << ": " << double(got) << ", wanted " << double(theta));
    CHECK(double(std::abs(got - theta) / std::max(1.L, std::abs(theta))) <=
          64 * double(std::numeric_limits<T>::epsilon()));
  }
  CHECK(lines == 63);
}
TEMPLATE_TEST_CASE("optimizers: a gradient of 0 from the start moves nothing [adversarial 69]", "[adversarial]", float,
                   double) {
  for (const Optimizer& rule : {Optimizer(Sgd{.momentum = 0.9}), Optimizer(Adam{}), Optimizer(with_decay(1e-3, 0)),
                                Optimizer(Adamax{}), Optimizer(RmsProp{})}) {
    Walk<TestType> walk(rule);
    for (int i = 0; i < 3; ++i) CHECK(walk.take(0) == TestType(1.5));
  }
}
TEST_CASE(
    "optimizers: a gradient of 1e30 in float, whose square overflows, leaves the parameter finite [adversarial 69]",
    "[adversarial]") {
  for (const Optimizer& rule :
       {Optimizer(Adam{}), Optimizer(AdamW{}), Optimizer(Adamax{}), Optimizer(RmsProp{}), Optimizer(Sgd{})}) {
    Walk<float> walk(rule);
    CHECK(std::isfinite(walk.take(1e30F)));
  }
}
TEMPLATE_TEST_CASE("optimizers: after 10^7 steps Adam's bias correction is 1 [adversarial 69]", "[adversarial]", float,
                   double) {
  using T = TestType;
  Lanes<T> m(1), v(1);
  CHECK(double(Adam{}.at(10000000)(Lanes<T>(1), m, v)[0]) ==
        Approx(1 / (1 + 1e-8)).epsilon(4 * double(std::numeric_limits<T>::epsilon())));
}
TEST_CASE("optimizers: rates of 0, below 0, infinite or NaN are refused; so are betas of 1 [adversarial 70]",
          "[adversarial]") {
  for (double rate : {0., -1e-3, inf, std::nan("")}) {
    CHECK_THROWS_AS(check<double>(Adam{.rate = rate}), std::invalid_argument);
    CHECK_THROWS_AS(check<double>(Sgd{.rate = rate}), std::invalid_argument);
  }
  CHECK_THROWS_AS(check<double>(Adam{.beta1 = 1}), std::invalid_argument);
  CHECK_THROWS_AS(check<double>(Adam{.beta2 = std::nan("")}), std::invalid_argument);
  CHECK_THROWS_AS(check<float>(Adam{.beta2 = 1 - 1e-9}), std::invalid_argument);  // 1 as a float
  CHECK_NOTHROW(check<double>(Adam{.beta2 = 1 - 1e-9}));
}
