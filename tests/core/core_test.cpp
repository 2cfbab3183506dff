#include <atomic>
#include <chrono>
#include <thread>

#include <bijou/core/buffer.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/core/fields.hpp>
#include <bijou/core/flush_subnormals.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/core/lane_choice.hpp>
#include <bijou/core/lane_functions.hpp>
#include <bijou/core/lane_mask.hpp>
#include <bijou/core/lane_vector.hpp>
#include <bijou/core/lanes.hpp>
#include <bijou/core/order.hpp>
#include <bijou/core/partial_register.hpp>
#include <bijou/core/shapes.hpp>
#include <bijou/core/threads.hpp>
#include <bijou/core/vector_register.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
struct Leaf {
  Row<double> w = Row<double>::Ones(3);
  Eigen::Array<int, Dynamic, 1> order = Eigen::ArrayXi::Zero(2);
  static auto fields(auto& self) { return named("w", self.w, "order", fixed(self.order)); }
};
struct Tree {
  std::array<Leaf, 2> row;
  std::vector<Leaf> list{Leaf{}};
  std::tuple<Leaf, Leaf> pair;
  static auto fields(auto& self) { return named("row", self.row, "list", self.list, "pair", self.pair); }
};
}  // namespace

TEST_CASE("fields: every trained array once, with its path; fixed ones on demand") {
  Tree tree;
  std::string trained, all;
  each_parameter([&](const Path& p, auto&) { trained += p.str() + " "; }, tree);
  each_array([&](const Path& p, auto&) { all += p.str() + " "; }, tree);
  CHECK(trained == "row.0.w row.1.w list.0.w pair.0.w pair.1.w ");
  CHECK(all ==
        "row.0.w row.0.order row.1.w row.1.order list.0.w list.0.order pair.0.w pair.0.order pair.1.w pair.1.order ");
  CHECK(parameter_count(tree) == 15);
  static_assert(!all_fixed<Leaf>);
}
TEST_CASE("fields: the same bits means NaN equals itself and 0 differs from -0") {
  Tree a, b;
  a.row[0].w(0) = b.row[0].w(0) = std::nan("");
  CHECK(same_bits(a, b));
  a.row[0].w(1) = 0.;
  b.row[0].w(1) = -0.;
  CHECK(!same_bits(a, b));
}
TEST_CASE("fields: models with other numbers of members have other bits, whichever comes first") {
  Tree one, two;
  two.list.emplace_back();
  CHECK_FALSE(same_bits(one, two));
  CHECK_FALSE(same_bits(two, one));
  one.list.emplace_back();
  CHECK(same_bits(one, two));
  CHECK(all_finite(one));
  one.list[1].w(2) = -std::numeric_limits<double>::infinity();
  CHECK_FALSE(all_finite(one));
}
TEST_CASE("gradients: arrays that nobody wants are empty, and stay so") {
  const Tree tree;
  Tree part = zero_gradient(tree, [](const Path& p) { return p.str() == "row.1.w"; });
  CHECK(part.row[0].w.size() == 0);
  CHECK((part.row[1].w == 0).all());
  accumulate(part.row[0].w, Row<double>::Ones(3));
  accumulate(part.row[1].w, Row<double>::Ones(3));
  CHECK(part.row[0].w.size() == 0);
  CHECK((part.row[1].w == 1).all());
  CHECK(parameter_count(no_gradient(tree)) == 0);
}
TEST_CASE("errors name the argument and both shapes, or row and column") {
  const Eigen::ArrayXXd a = Eigen::ArrayXXd::Zero(4, 3);
  CHECK_THROWS_WITH(require_columns("f", "x", a, 2), "f: x must be N x 2, is 4 x 3");
  CHECK_THROWS_WITH(require_shape("f", "x", a, 5, 2), "f: x must be 5 x 2, is 4 x 3");
  Eigen::ArrayXXd b = a;
  b(2, 1) = std::nan("");
  CHECK_THROWS_WITH(require_finite("f", "x", b), Catch::Contains("row 2, column 1"));
  CHECK_NOTHROW(require_finite("f", "x", a));
}
TEST_CASE("buffer: shrinking and growing back allocates nothing, a register past the end may be read") {
  Buffer<float> b;
  b.resize(100, 4);
  const float* before = b.data();
  b.resize(3, 4);
  b.resize(100, 4);
  CHECK(b.data() == before);
  CHECK(Lanes<float>::load(b.data() + 400)[0] == 0);
}
TEMPLATE_TEST_CASE("lanes: a part of a register is read and written, and nothing behind it", "", float, double,
                   long double) {
  using V = Lanes<TestType>;
  for (int n = 1; n <= V::size; ++n) {
    std::vector<TestType> exact(std::size_t(n), TestType(7));  // a sanitizer sees a read behind it
    const V first = V::load(exact.data(), n, V(3));
    std::vector<TestType> out(std::size_t(V::size), TestType(-1));
    V(5).store(out.data(), n);
    for (int i = 0; i < V::size; ++i) {
      CHECK(first[i] == (i < n ? 7 : 3));
      CHECK(out[std::size_t(i)] == (i < n ? 5 : -1));
    }
  }
}
TEMPLATE_TEST_CASE("lanes: tails, selection, folds", "", float, double, long double) {
  using V = Lanes<TestType>;
  TestType numbers[64];
  for (int i = 0; i < 64; ++i) numbers[i] = TestType(i);
  const V a = V::load(numbers), tail = V::load(numbers + 5, 1);
  CHECK(tail[V::size - 1] == 5);  // repeats the first
  CHECK(sum(a) == TestType(V::size * (V::size - 1) / 2));
  CHECK(any(a == V(0)));
  CHECK(all(a >= V(0)));
  for (int i = 0; i < V::size; ++i) CHECK(bits(a == V(TestType(i))) == 1u << i);
  CHECK(bits(a >= V(0)) == (1u << V::size) - 1);
  const V nan(std::numeric_limits<TestType>::quiet_NaN());
  CHECK(select(a >= V(0), a, nan)[0] == 0);
  CHECK(all(is_nan(min(a, nan)) & is_nan(max(nan, a))));
  CHECK(copysign(V(2), V(-1))[0] == -2);
  CHECK(abs(V(-3))[0] == 3);
  CHECK(sqrt(V(9))[0] == 3);
  CHECK(fused(V(2), V(3), V(4))[0] == 10);
  TestType out[64] = {};
  a.store(out, 1);
  CHECK(out[1] == 0);
  int rows = 0;
  each_panel<TestType>(37, [&](std::ptrdiff_t, int count) { rows += count; });
  CHECK(rows == 37);
  static_assert(sizeof(V) <= std::size_t(vector_bytes) || V::size == 1);
}
TEMPLATE_TEST_CASE("lanes: smaller and larger are the first if it is, else the second", "", float, double,
                   long double) {
  using T = TestType;
  using V = Lanes<T>;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  CHECK(smaller(V(1), V(2))[0] == 1);
  CHECK(larger(V(1), V(2))[0] == 2);
  CHECK(std::isnan(smaller(V(1), V(nan))[0]));
  CHECK(std::isnan(larger(V(1), V(nan))[0]));
  CHECK(smaller(V(nan), V(1))[0] == 1);
  CHECK(larger(V(nan), V(1))[0] == 1);
  CHECK(std::signbit(larger(V(0), V(T(-0.)))[0]));
  CHECK(std::signbit(smaller(V(0), V(T(-0.)))[0]));
}
TEMPLATE_TEST_CASE("lanes: a sum of a product has two roundings, a fused one wherever it can", "", float, double) {
  using T = TestType;
  using V = Lanes<T>;
  const T small = std::numeric_limits<T>::epsilon() * 2;  // (1 + small)^2 = 1 + 2 small + small^2
  volatile T factor = 1 + small, rest = -(1 + 2 * small);
  const V a(factor), b(rest);
  CHECK((a * a + b)[0] == 0);
  CHECK((b + a * a)[0] == 0);
  V p = a;
  p *= a;
  CHECK((p + b)[0] == 0);
#ifdef __FMA__
  CHECK(fused(a, a, b)[0] == small * small);
#endif
}
TEST_CASE("threads: each job once, the exception of the first failing job, usable afterwards") {
  for (int count : {1, 2, 5}) {
    Threads threads(count);
    CHECK(threads.count() == count);
    for (int round = 0; round < 50; ++round) {
      // Threads, or the caller, fall asleep in the first rounds, and need not in the others.
      const auto rest = [round](int place) {
        if (round < 4 && round % 2 == place) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      };
      std::vector<std::atomic<int>> done(23);
      rest(0);
      threads.run(23, [&](int i) {
        ++done[std::size_t(i)];
        if (i == 22) rest(1);
      });
      for (const auto& d : done) CHECK(d == 1);
    }
    CHECK_THROWS_WITH(threads.run(9,
                                  [](int i) {
                                    if (i % 4 == 3) throw std::runtime_error(std::to_string(i));
                                  }),
                      "3");
    threads.run(0, [](int) { FAIL(); });
  }
}
TEST_CASE("orders: there, back, and what is none") {
  CHECK(listed(natural_order(12)) == "0 1 2 3 4 5 6 7 8 9 10 11");
  CHECK(listed(reversed_order(3)) == "2 1 0");
  CHECK(natural_order(0).size() == 0);
  CHECK(natural_order(-1).size() == 0);
  CHECK_THROWS_WITH(natural_order(Index(1) << 31), "natural_order: n must be at most 2147483647, is 2147483648");
  CHECK(is_permutation(Eigen::Array3i(2, 0, 1)));
  CHECK(!is_permutation(Eigen::Array3i(0, 1, 1)));
  CHECK(!is_permutation(Eigen::Array3i(0, 1, 3)));
  CHECK(!is_permutation(Eigen::Array3i(0, 1, -1)));
}
#if defined(__SSE2__)
TEMPLATE_TEST_CASE("subnormal results are 0 while they are flushed, and there again afterwards", "[mxcsr]", float,
                   double) {
  volatile TestType smallest = std::numeric_limits<TestType>::min(), half = TestType(0.5);
  {
    const FlushSubnormals flush;
    const volatile TestType less = smallest * half;
    CHECK(less == 0);
  }
  const volatile TestType less = smallest * half;
  CHECK(less > 0);
}
#endif
