// The tape at hostile arguments: infinities, NaN, ties, nodes used again and again.
#include "catch.hpp"
#include "operations.hpp"

using namespace bijou;
using test::played;
namespace {
template <class T>
constexpr T inf = std::numeric_limits<T>::infinity();
}  // namespace

TEMPLATE_TEST_CASE("var: at infinities and NaN every value is what it is without a tape [adversarial 58]",
                   "[adversarial]", float, double) {
  using T = TestType;
  using V = Lanes<T>;
  const T arguments[] = {T(-1.3), 0, T(0.49), T(0.99), T(1.01), inf<T>, -inf<T>, std::numeric_limits<T>::quiet_NaN()};
  const auto check = [&](const char* name, auto f) {
    for (T a : arguments)
      for (T b : arguments) {
        INFO(name << " " << double(a) << " " << double(b));
        const T plain = f(V(a), V(b))[0], taped = played<T>(f, a, b)[0];
        CHECK((taped == plain || (std::isnan(taped) && std::isnan(plain))));
      }
  };
  check("+", [](auto a, auto b) { return a + b; });
  check("-", [](auto a, auto b) { return a - b; });
  check("*", [](auto a, auto b) { return a * b; });
  check("/", [](auto a, auto b) { return a / b; });
  check("max", [](auto a, auto b) { return max(a, b); });
  check("min", [](auto a, auto b) { return min(a, b); });
  check("log_add_exp", [](auto a, auto b) { return log_add_exp(a, b); });
  check("exp", [](auto a, auto) { return exp(a); });
  check("expm1", [](auto a, auto) { return expm1(a); });
  check("log", [](auto a, auto) { return log(a); });
  check("log1p", [](auto a, auto) { return log1p(a); });
  check("sqrt", [](auto a, auto) { return sqrt(a); });
  check("abs", [](auto a, auto) { return abs(a); });
  check("tanh", [](auto a, auto) { return tanh(a); });
  check("sigmoid", [](auto a, auto) { return sigmoid(a); });
  check("softplus", [](auto a, auto) { return softplus(a); });
  check("log_sigmoid", [](auto a, auto) { return log_sigmoid(a); });
  check("erf", [](auto a, auto) { return erf(a); });
  check("normal_cdf", [](auto a, auto) { return normal_cdf(a); });
  check("log_normal_cdf", [](auto a, auto) { return log_normal_cdf(a); });
}
TEMPLATE_TEST_CASE("var: derivatives of pairs at infinities and NaN are those of the formulas [adversarial 58]",
                   "[adversarial]", float, double) {
  using T = TestType;
  const T arguments[] = {T(-1.3), 0, T(0.49), T(0.99), T(1.01), inf<T>, -inf<T>, std::numeric_limits<T>::quiet_NaN()};
  const auto same = [](T a, T b) {
    return a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= 8 * std::numeric_limits<T>::epsilon();
  };
  const auto check = [&](const char* name, auto f, auto by_a, auto by_b) {
    for (T a : arguments)
      for (T b : arguments) {
        const auto [value, da, db] = played<T>(f, a, b);
        INFO(name << " " << double(a) << " " << double(b) << ": " << double(da) << ", " << double(db));
        CHECK(same(da, by_a(a, b)));
        CHECK(same(db, by_b(a, b)));
      }
  };
  const auto one = [](T, T) { return T(1); };
  check(
      "+", [](auto a, auto b) { return a + b; }, one, one);
  check(
      "-", [](auto a, auto b) { return a - b; }, one, [](T, T) { return T(-1); });
  check(
      "*", [](auto a, auto b) { return a * b; }, [](T, T b) { return b; }, [](T a, T) { return a; });
  check(
      "/", [](auto a, auto b) { return a / b; }, [](T, T b) { return 1 / b; }, [](T a, T b) { return -(a / b) / b; });
  // NaN in either is the first's, as a value is; of a tie the first has all.
  const auto first = [](bool wins) { return wins ? T(1) : T(0); };
  check(
      "max", [](auto a, auto b) { return max(a, b); }, [&](T a, T b) { return first(a >= b || std::isnan(a)); },
      [&](T a, T b) { return first(!(a >= b || std::isnan(a))); });
  check(
      "min", [](auto a, auto b) { return min(a, b); }, [&](T a, T b) { return first(a <= b || std::isnan(a)); },
      [&](T a, T b) { return first(!(a <= b || std::isnan(a))); });
  const auto share = [](T own, T other) {
    if (own == other) return own == -inf<T> ? T(0) : T(0.5);
    return 1 / (1 + std::exp(other - own));
  };
  check(
      "log_add_exp", [](auto a, auto b) { return log_add_exp(a, b); }, share, [&](T a, T b) { return share(b, a); });
}
TEMPLATE_TEST_CASE("var: saturated functions have derivatives 0 or 1 at infinity, NaN only for NaN [adversarial 58]",
                   "[adversarial]", float, double) {
  using T = TestType;
  const auto slope = [](auto f, T a) { return played<T>(f, a, T(0))[1]; };
  for (T a : {-inf<T>, inf<T>}) {
    CHECK(slope([](auto x, auto) { return tanh(x); }, a) == 0);
    CHECK(slope([](auto x, auto) { return sigmoid(x); }, a) == 0);
    CHECK(slope([](auto x, auto) { return erf(x); }, a) == 0);
    CHECK(slope([](auto x, auto) { return normal_cdf(x); }, a) == 0);
    CHECK(slope([](auto x, auto) { return softplus(x); }, a) == (a > 0 ? 1 : 0));
    CHECK(slope([](auto x, auto) { return log_sigmoid(x); }, a) == (a > 0 ? 0 : 1));
  }
  CHECK(slope([](auto x, auto) { return log_normal_cdf(x); }, inf<T>) == 0);
  CHECK(std::isnan(slope([](auto x, auto) { return tanh(x); }, std::numeric_limits<T>::quiet_NaN())));
}
TEMPLATE_TEST_CASE("var: log_add_exp of -inf, of one -inf, of NaN [adversarial 61]", "[adversarial]", float, double) {
  using T = TestType;
  const auto f = [](auto a, auto b) { return log_add_exp(a, b); };
  CHECK(played<T>(f, -inf<T>, -inf<T>) == std::array<T, 3>{-inf<T>, 0, 0});
  CHECK(played<T>(f, 0, -inf<T>) == std::array<T, 3>{0, 1, 0});
  CHECK(std::isnan(played<T>(f, std::numeric_limits<T>::quiet_NaN(), 0)[0]));
}
TEMPLATE_TEST_CASE("var: a number used in three places, x += x, two backward runs [adversarial 64]", "[adversarial]",
                   float, double) {
  using T = TestType;
  using V = Lanes<T>;
  CHECK(played<T>([](auto a, auto b) { return a * a + a * b + a; }, 3, 2) == std::array<T, 3>{18, 9, 3});
  CHECK(played<T>(
            [](auto a, auto) {
              a += a;
              return a;
            },
            3, 0)[1] == 2);
  Tape<V> tape;
  for (int run = 0; run < 2; ++run) {  // a tape that was cleared starts from 0
    tape.clear();
    const Var<V> x(V(3), tape);
    const Var<V> y = x * x;
    y.add_adjoint(V(1));
    y.add_adjoint(V(1));
    tape.reverse();
    CHECK(x.adjoint()[0] == 12);
  }
}
TEST_CASE("tape: cleared and recorded again it allocates nothing [adversarial 67]", "[adversarial]") {
  using V = Lanes<double>;
  struct Counted : std::pmr::memory_resource {
    int count = 0;
    void* do_allocate(std::size_t n, std::size_t a) override {
      return ++count, std::pmr::new_delete_resource()->allocate(n, a);
    }
    void do_deallocate(void* p, std::size_t n, std::size_t a) override {
      std::pmr::new_delete_resource()->deallocate(p, n, a);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  } memory;
  Tape<V> tape(&memory);
  int warm = 0;
  for (int run = 0; run < 100; ++run) {
    tape.clear();
    Var<V> x(V(1), tape);
    for (int i = 0; i < 100; ++i) x = tanh(x) * x;
    x.add_adjoint(V(1));
    tape.reverse();
    if (run == 0) warm = memory.count;
  }
  CHECK(memory.count == warm);
}
