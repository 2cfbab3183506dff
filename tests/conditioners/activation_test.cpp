#include <bijou/conditioners/activation.hpp>

#include "catch.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE("activations: value and slope at 0 and -0, relu's slope is exactly 0 [adversarial 59]",
                   "[adversarial]", float, double, long double) {
  using T = TestType;
  using V = Lanes<T>;
  const auto check = []<class Act>(Act, T value, T slope) {
    for (T zero : {T(0), -T(0)}) {
      INFO(Act::name << " at " << double(zero));
      const V x(zero), y = Act::value(x);
      CHECK(std::abs(y[0] - value) <= std::numeric_limits<T>::epsilon());
      CHECK(Act::slope(x, y)[0] == slope);
    }
  };
  check(Relu{}, 0, 0);
  check(LeakyRelu{}, 0, 1);
  check(Tanh{}, 0, 1);
  check(Elu{}, 0, 1);
  check(Silu{}, 0, T(0.5));
  check(Softplus{}, std::numbers::ln2_v<T>, T(0.5));
}
TEMPLATE_TEST_CASE("activations: the smallest numbers beside 0 have the slopes of their side", "", float, double,
                   long double) {
  using T = TestType;
  using V = Lanes<T>;
  const auto slope = []<class Act>(Act, T x) { return Act::slope(V(x), Act::value(V(x)))[0]; };
  constexpr T tiny = std::numeric_limits<T>::min();
  CHECK(slope(Relu{}, tiny) == 1);
  CHECK(slope(Relu{}, -tiny) == 0);
  CHECK(slope(LeakyRelu{}, tiny) == 1);
  CHECK(slope(LeakyRelu{}, -tiny * 1000) == T(0.01));
  CHECK(slope(Elu{}, tiny) == 1);
  CHECK(slope(Elu{}, -tiny) == 1);
}
