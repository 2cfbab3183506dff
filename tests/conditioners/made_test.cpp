#include <bijou/bijou.hpp>
#include <bijou/conditioners/activation.hpp>
#include <bijou/conditioners/dense.hpp>
#include <bijou/conditioners/mlp.hpp>
#include <bijou/conditioners/network.hpp>
#include <bijou/conditioners/staircase.hpp>
#include <bijou/conditioners/unit_sums.hpp>
#include <bijou/math/staircase_product.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
/// Random weights in every layer, the last included.
void randomise(auto& net, std::uint64_t seed) {
  Random random{seed};
  each_parameter(
      [&](const Path&, auto& a) {
        Eigen::ArrayXXd noise(a.size(), 1);
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i)
          a.data()[i] = static_cast<std::remove_reference_t<decltype(a.data()[i])>>(0.5 * noise(i));
      },
      net);
}
}  // namespace

TEMPLATE_TEST_CASE(
    "made: outputs see exactly the features before them, for every D, order and width [adversarial 35, 36]",
    "[adversarial]", float, double) {
  using T = TestType;
  Random random{2};
  for (int d = 1; d <= 8; ++d)
    for (int hidden : {1, 7, 64}) {
      using Net = Made<T, Dynamic, Dynamic, 2, Tanh>;
      const auto order = random.permutation(d);
      Net net({hidden, hidden}, order, random, 1);
      randomise(net, std::uint64_t(d));
      Net grad = no_gradient(net);
      typename Net::Saved s;
      Buffer<T> phi, g_phi;
      const Batch<T, Dynamic> x = Batch<T, Dynamic>::Random(3, d + 1);
      net.forward(x, phi, s);
      bool sees_all = true;
      for (int i = 0; i < d; ++i) {
        g_phi.set_zero(3, 2 * d);
        g_phi.view().col(2 * order(i)).setOnes();
        Batch<T, Dynamic> g = Batch<T, Dynamic>::Zero(3, d + 1);
        net.backward(s, g_phi, g, grad);
        for (int j = 0; j < d; ++j) {
          if (j >= i) CHECK((g.col(order(j)) == 0).all());
          if (j < i) sees_all &= (g.col(order(j)) != 0).all();
        }
        sees_all &= (g.col(d) != 0).all();  // the context
      }
      CHECK(sees_all == !net.is_narrow());
      CHECK((net.describe().find("narrow") == std::string::npos) == sees_all);
    }
}
TEST_CASE("made: outputs of features in their own order are made in place, of another one put in order") {
  Random random{2};
  using Net = Made<double, 3, 0, 2>;
  const auto rows_put_in_order = [&](const Order& order) {
    const Net net({6}, order, random);
    Net::Saved s;
    Buffer<double, 6> phi;
    net.forward(Batch<double, 3>::Random(4, 3), phi, s);
    return s.y.rows();
  };
  CHECK(rows_put_in_order(natural_order(3)) == 0);
  CHECK(rows_put_in_order(Eigen::Array3i(0, 2, 1)) == 4);
}
TEST_CASE("made: groups of hidden units are fours where there are a dozen for each, and differ by no more than four") {
  Random random{4};
  const Made<float, 7, 0, 2> net({80, 64}, random);  // six degrees
  std::vector<Index> wide, narrow;
  for (std::size_t g = 0; g < 7; ++g) {
    wide.push_back(net.net.layers[0].seen.units(g).count);
    narrow.push_back(net.net.layers[1].seen.units(g).count);
  }
  CHECK(wide == std::vector<Index>{0, 12, 12, 16, 12, 12, 16});
  CHECK(narrow == std::vector<Index>{0, 10, 11, 11, 10, 11, 11});
}
TEMPLATE_TEST_CASE("made: narrow and wide layers, one row and many: the same bits; adjoints are those of differences",
                   "", Relu, Tanh) {
  Random random{6};
  for (const auto& hidden : {std::vector{7, 40}, {40, 7}, {3, 70}, {150, 150}, {2}})
    for (int d : {1, 2, 5}) {
      INFO(d << " features, hidden layers from " << hidden.front() << " to " << hidden.back());
      using Net = Made<double, Dynamic, Dynamic, 3, TestType>;
      Net net(hidden, random.permutation(d), random, 2);
      randomise(net, std::uint64_t(d));
      each_parameter([](const Path&, auto& a) { a *= 0.3; }, net);
      typename Net::Saved s, one;
      Buffer<double> phi, row, g_phi;
      Eigen::ArrayXXd x(21, d + 2), drawn(21, 3 * d);
      random.normal(x);
      random.normal(drawn);
      net.forward(x, phi, s);
      for (Index r : {0, 16, 20}) {
        net.forward(x.row(r).eval(), row, one);
        CHECK((row.view().row(0) == phi.view().row(r)).all());
      }
      g_phi.set_zero(21, 3 * d);
      g_phi.view() = drawn;
      Net grad = zero_gradient(net);
      Eigen::ArrayXXd g = Eigen::ArrayXXd::Zero(21, d + 2);
      net.backward(s, g_phi, g, grad);
      Eigen::ArrayXXd again = Eigen::ArrayXXd::Zero(21, d + 2);
      Net nothing = no_gradient(net);
      net.backward(s, g_phi, again, nothing);
      CHECK((again == g).all());
      const auto value = [&] {
        Buffer<double> y;
        net.forward(x, y, one);
        return (y.view() * g_phi.view()).sum();
      };
      const auto slope = [&](double& at) {
        const double was = at, h = 1e-7;  // few kinks are that close
        at = was + h;
        const double above = value();
        at = was - h;
        const double below = value();
        at = was;
        return (above - below) / (2 * h);
      };
      for (Index c = 0; c < d + 2; ++c) CHECK(g(5, c) == Approx(slope(x(5, c))).margin(1e-6));
      each_parameter(
          [&](const Path& path, auto& a, const auto& ga) {
            INFO(path.str());
            for (Index i = 0; i < a.size(); i += 1 + a.size() / 7)
              CHECK(ga.data()[i] == Approx(slope(a.data()[i])).margin(1e-6));
          },
          net, grad);
    }
}
TEMPLATE_TEST_CASE("made: a row by itself, layer by layer, has the bits of a batch; NaN and inf reach what sees them",
                   "", float, double, long double) {
  using T = TestType;
  Random random{7};
  for (const auto& hidden : {std::vector<int>{}, {5}, {100, 100}, {33, 70}})
    for (int d : {1, 2, 6, 20})
      for (int context : {0, 3}) {
        INFO(hidden.size() << " hidden layers, " << d << " features and " << context);
        Made<T, Dynamic, Dynamic, 2> net(hidden, random.permutation(d), random, context);
        randomise(net, std::uint64_t(d));
        typename decltype(net)::Saved many, one;
        Buffer<T> phi, row;
        Eigen::Array<T, Dynamic, Dynamic> x = Eigen::Array<T, Dynamic, Dynamic>::Random(3, d + context);
        x(1, d / 2) = std::numeric_limits<T>::infinity();
        x(2, d - 1) = std::numeric_limits<T>::quiet_NaN();
        net.forward(x, phi, many);
        for (Index r = 0; r < 3; ++r) {
          net.forward(x.row(r).eval(), row, one);
          for (Index i = 0; i < 2 * d; ++i) {
            const T a = row.view()(0, i), b = phi.view()(r, i);
            CHECK((a == b || (a != a && b != b)));
          }
        }
      }
}
TEMPLATE_TEST_CASE("made: one sweep inverts as D passes do, bit by bit [adversarial 38]", "[adversarial]", float,
                   double) {
  using T = TestType;
  Random random{4};
  using Net = Made<T, 5, 0, 2>;
  using L = Autoregressive<Affine, Net>;
  L layer(Net({20, 20}, Eigen::Array<int, 5, 1>(3, 0, 4, 1, 2), random));
  each_parameter(
      [&](const Path&, auto& a) {
        Batch<T, Dynamic> noise(a.size(), 1);
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = T(0.3) * noise(i);
      },
      layer);
  Batch<T, 5> z(50, 5), x = Batch<T, 5>::Zero(50, 5);
  random.normal(z);
  Buffer<T, 10> phi;
  typename Net::Saved saved;
  for (int pass = 0; pass < 5; ++pass) {
    layer.conditioner.forward(x, phi, saved);
    PerSample<T> unused = PerSample<T>::Zero(50);
    for (Index i = 0; i < 5; ++i) {
      x.col(i) = z.col(i);
      map_column(x.col(i), of_feature<2>(phi.view(), i), unused, Maps<Affine>::inverse);
    }
  }
  Batch<T, 5> swept = z;
  PerSample<T> log_det = PerSample<T>::Zero(50);
  typename L::Saved s;
  layer.inverse({swept, log_det, random}, s);
  CHECK((swept == x).all());
}
TEST_CASE("nets: where all units are off, outputs are zeros of one sign, for one row and for many") {
  Random random{1};
  Mlp<double, 1, 5> net({4}, random);
  net.net.layers[0].w.setZero();
  net.net.layers[0].b.setConstant(-1);
  net.net.layers[1].w.setRandom();
  net.net.layers[1].b.setConstant(-0.0);
  typename Mlp<double, 1, 5>::Saved s;
  Buffer<double, 5> phi;
  for (Index n : {1, 2, 40}) {
    net.forward(Batch<double, 1>::Ones(n, 1), phi, s);
    CHECK((phi.view() == 0).all());
    CHECK((1 / phi.view() > 0).all());
  }
}
TEST_CASE("nets: masked weights have no place, refused sizes are named") {
  Random random{1};
  using Net = Made<double, 3, 0, 1>;
  const Net net({4}, random);
  // degrees 1 and 2, two units each: 2 x 1 + 2 x 2 weights; outputs see 0, 2 and 4 units
  CHECK(net.net.layers[0].w.size() == 6);
  CHECK(net.net.layers[1].w.size() == 6);
  const Staircase& stairs = net.net.layers[1].seen;
  CHECK(stairs.width() == 4);
  CHECK(stairs.height() == 3);
  // rows: units 0, 1 are seen by outputs 1 and 2, units 2, 3 by output 2 alone
  CHECK(stairs.row(0) + 1 == 0);
  CHECK(stairs.row(1) + 1 == 2);
  CHECK(stairs.row(2) + 2 == 4);
  CHECK(stairs.row(3) + 2 == 5);
  CHECK_THROWS_WITH(Net({4}, Eigen::Array3i(0, 0, 2), random), Catch::Contains("must be a permutation of 0 .. 2"));
  CHECK_THROWS_WITH(Net({0}, random), Catch::Contains("hidden widths must be positive"));
  CHECK_THROWS_WITH((Mlp<double, 2, 3>({4}, random, 5)), "Mlp: inputs must be 2, is 5");
  CHECK_THROWS_WITH((Mlp<double, Dynamic, Dynamic>({4}, random)),
                    Catch::Contains("must be given where they are Dynamic"));
  CHECK(Mlp<double, 2, 3>({4, 5}, random).describe() == "mlp(2-4-5-relu-3)");
}
TEMPLATE_TEST_CASE("activations: slopes against differences, NaN is not hidden", "", Relu, LeakyRelu, Tanh, Elu, Silu,
                   Softplus) {
  using V = Lanes<double>;
  for (double x : {-2., -0.3, 0.4, 3.}) {
    const auto at = [](double t) { return TestType::value(V(t))[0]; };
    CHECK(TestType::slope(TestType::from_output ? V(at(x)) : V(x), V(at(x)))[0] ==
          Approx((at(x + 1e-6) - at(x - 1e-6)) / 2e-6).margin(1e-9));
  }
  CHECK(std::isnan(TestType::value(V(std::nan("")))[0]));
}

namespace {
/// A relu that counts the numbers it is asked for: the work of the hidden layers.
struct CountedRelu : Relu {
  static inline long evaluated = 0;
  static constexpr bool in_registers = false;
  template <class V>
  static V value(V x) {
    evaluated += V::size;
    return Relu::value(x);
  }
};
}  // namespace
TEST_CASE("made: an autoregressive inverse does the work of one pass, and answers as the pass for every feature") {
  constexpr int features = 12;
  using Net = Made<double, features, 0, 2, CountedRelu>;
  Random random{3};
  const Net net({64, 64}, reversed_order(features), random);
  Flow flow{StandardNormal<double, features>{}, Autoregressive<Affine, Net>(net)};
  randomise(flow, 4);
  each_parameter([](const Path&, auto& a) { a *= 0.2; }, flow);  // s stays small: nothing overflows
  Batch<double, features> z(256, features);
  random.normal(z);

  CountedRelu::evaluated = 0;
  const auto x = flow.inverse(z);
  const double inverse_work = double(CountedRelu::evaluated);
  CountedRelu::evaluated = 0;
  flow.forward(x);
  const double forward_work = double(CountedRelu::evaluated);
  CHECK(std::abs(inverse_work / forward_work - 1) <= 0.1);
  CHECK(forward_work <= 1.1 * 256 * 128);

  // Pass after pass, each makes one more feature final: z_i = x_i e^s + t.
  Batch<double, features> slow = Batch<double, features>::Zero(256, features);
  const auto& layer = std::get<0>(flow.layers.layers);
  typename Net::Saved saved;
  Buffer<double, 2 * features> phi;
  for (int pass = 0; pass < features; ++pass) {
    layer.conditioner.forward(slow, phi, saved);
    const Index f = layer.conditioner.order(pass);
    for (Index r = 0; r < slow.rows(); ++r)
      slow(r, f) = (z(r, f) - phi.view()(r, 2 * f + 1)) * exp(Lanes<double>(-phi.view()(r, 2 * f)))[0];
  }
  CHECK((slow == x).all());
}

// Every product of a net whose activation lives here passes through here on its way to the library's: weights times
// rows.
namespace counted {
struct Multiplications : Relu {
  static inline Index done = 0;
};
template <class Out>
concept Sums = true;
void multiply(Index rows, Index columns, const auto& terms, const Sums auto& out) {
  Multiplications::done += rows * columns * terms.depth;
  bijou::multiply(rows, columns, terms, out);
}
template <class T>
void multiply_row(Index columns, Index depth, const T* x, const T* w, const Sums auto out, auto in_order) {
  Multiplications::done += columns * depth;
  bijou::multiply_row(columns, depth, x, w, out, in_order);
}
template <class T>
void multiply_row_of_steps(Index columns, const T* x, const T* w, const auto& steps, const Sums auto out) {
  for (Index j = 0; j < columns; ++j) Multiplications::done += steps.terms(j);
  bijou::multiply_row_of_steps(columns, x, w, steps, out);
}
}  // namespace counted
TEST_CASE("made: an inverse multiplies each stored weight once a row, as a forward pass does") {
  for (int features : {2, 12, 43})
    for (Index rows : {1, 256}) {
      using Net = Made<float, Dynamic, 0, 2, counted::Multiplications>;
      Random random{3};
      Flow flow{StandardNormal<float, Dynamic>(features),
                Autoregressive<Affine, Net>(Net({64, 64}, random, features, 0))};
      Index weights = 0;
      for (const auto& layer : std::get<0>(flow.layers.layers).conditioner.net.layers) weights += layer.w.size();
      const auto work = [&](auto&& call) {
        counted::Multiplications::done = 0;
        call();
        return double(counted::Multiplications::done);
      };
      Batch<float, Dynamic> x = Batch<float, Dynamic>::Zero(rows, features);
      const double forward = work([&] { flow.forward(x); }), inverse = work([&] { flow.inverse(x); });
      CHECK(forward == double(rows * weights));
      CHECK(std::abs(inverse / forward - 1) <= 0.1);
    }
}
