// The tape at hostile arguments: infinities, NaN, ties, nodes used again and again.
#include "catch.hpp"
#include "operations.hpp"

using namespace bijou;
using test::played;
namespace {
template <class T>
constexpr T inf = std::numeric_limits<T>::infinity();
}  // namespace

TEMPLATE_TEST_CASE(
    "var: at infinities, NaN and corners every value and derivative is that of the formula [adversarial 58]",
    "[adversarial]", float, double) {
  using T = TestType;
  using V = Lanes<T>;
  const T arguments[] = {T(-1.3), 0, T(0.49), T(0.99), T(1.01), inf<T>, -inf<T>, std::numeric_limits<T>::quiet_NaN()};
  const auto same = [](T a, T b, T eps) {
    return a == b || (std::isnan(a) && std::isnan(b)) ||
           (std::isfinite(b) && std::abs(a - b) <= eps * std::max(T(1), std::abs(b)));
  };
  test::each_operation<T>([&](const std::string& name, auto f, auto value, auto by_a, auto by_b) {
    for (T a : arguments)
      for (T b : arguments) {
        const auto [taped, da, db] = played<T>(f, a, b);
        INFO(name << " " << double(a) << " " << double(b) << ": " << double(taped) << ", " << double(da) << ", "
                  << double(db));
        constexpr T eps = 8 * std::numeric_limits<T>::epsilon();
        CHECK(same(taped, T(f(V(a), V(b))[0]), 0));  // what it is without a tape
        CHECK(same(taped, value(a, b), eps));
        CHECK(same(da, by_a(a, b), eps));
        CHECK(same(db, by_b(a, b), eps));
      }
  });
}
TEMPLATE_TEST_CASE("var: log_add_exp of -inf, of one -inf, of NaN [adversarial 61]", "[adversarial]", float, double) {
  using T = TestType;
  const auto f = [](auto a, auto b) { return log_add_exp(a, b); };
  CHECK(played<T>(f, -inf<T>, -inf<T>) == std::array<T, 3>{-inf<T>, 0, 0});
  CHECK(played<T>(f, 0, -inf<T>) == std::array<T, 3>{0, 1, 0});
  CHECK(std::isnan(played<T>(f, std::numeric_limits<T>::quiet_NaN(), 0)[0]));
}
TEMPLATE_TEST_CASE("var: where a minimum is the other number, an overflow has no share in the derivative", "", float,
                   double) {
  CHECK(played<TestType>([](auto a, auto b) { return min(exp(a), b); }, 1000, 2) == std::array<TestType, 3>{2, 0, 1});
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
