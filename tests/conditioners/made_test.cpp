#include <bijou/bijou.hpp>
#include <bijou/conditioners/activation.hpp>
#include <bijou/conditioners/dense.hpp>
#include <bijou/conditioners/mlp.hpp>
#include <bijou/conditioners/network.hpp>

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
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = 0.5 * noise(i);
      },
      net);
}
}  // namespace

TEST_CASE("made: outputs see exactly the features before them, for every D, order and width [adversarial 35, 36]",
          "[adversarial]") {
  Random random{2};
  for (int d = 1; d <= 8; ++d)
    for (int hidden : {1, 7, 64}) {
      using Net = Made<double, Dynamic, Dynamic, 2, Tanh>;
      const auto order = random.permutation(d);
      Net net({hidden, hidden}, order, random, 1);
      randomise(net, std::uint64_t(d));
      Net grad = no_gradient(net);
      typename Net::Saved s;
      Buffer<double> phi, g_phi;
      const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, d + 1);
      net.forward(x, phi, s);
      for (int i = 0; i < d; ++i) {
        g_phi.set_zero(3, 2 * d);
        g_phi.view().col(2 * order(i)).setOnes();
        Eigen::ArrayXXd g = Eigen::ArrayXXd::Zero(3, d + 1);
        net.backward(s, g_phi, g, grad);
        for (int j = 0; j < d; ++j) {
          if (j >= i) CHECK((g.col(order(j)) == 0).all());
          if (j < i && hidden >= d) CHECK((g.col(order(j)) != 0).all());
        }
        if (hidden >= d) CHECK((g.col(d) != 0).all());  // the context
      }
    }
}
TEST_CASE("made: one sweep inverts as D passes do, bit by bit [adversarial 38]", "[adversarial]") {
  Random random{4};
  using Net = Made<float, 5, 0, 2>;
  using L = Autoregressive<Affine, Net>;
  L layer(Net({20, 20}, Eigen::Array<int, 5, 1>(3, 0, 4, 1, 2), random));
  each_parameter(
      [&](const Path&, auto& a) {
        Eigen::ArrayXXf noise(a.size(), 1);
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = 0.3F * noise(i);
      },
      layer);
  Batch<float, 5> z(50, 5), x = Batch<float, 5>::Zero(50, 5);
  random.normal(z);
  Buffer<float, 10> phi;
  typename Net::Saved saved;
  for (int pass = 0; pass < 5; ++pass) {
    layer.conditioner.forward(x, phi, saved);
    PerSample<float> unused = PerSample<float>::Zero(50);
    for (Index i = 0; i < 5; ++i) {
      x.col(i) = z.col(i);
      map_column(x.col(i), of_feature<2>(phi.view(), i), unused, Maps<Affine>::inverse);
    }
  }
  Batch<float, 5> swept = z;
  PerSample<float> log_det = PerSample<float>::Zero(50);
  typename L::Saved s;
  layer.inverse({swept, log_det, random}, s);
  CHECK((swept == x).all());
}
TEST_CASE("nets: masked weights have no place, refused sizes are named") {
  Random random{1};
  using Net = Made<double, 3, 0, 1>;
  const Net net({4}, random);
  // degrees 1 and 2, two units each: 2 x 1 + 2 x 2 weights; outputs see 0, 2 and 4 units
  CHECK(net.net.layers[0].w.size() == 6);
  CHECK(net.net.layers[1].w.size() == 6);
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
template <class T>
void multiply(Index rows, Index columns, Index depth, const T* a, Index a_k, const T* b, auto b_k, auto b_j,
              const Sums auto& out) {
  Multiplications::done += rows * columns * depth;
  bijou::multiply(rows, columns, depth, a, a_k, b, b_k, b_j, out);
}
template <class T>
void multiply_row(Index columns, Index depth, const T* x, const T* w, const Sums auto& out) {
  Multiplications::done += columns * depth;
  bijou::multiply_row(columns, depth, x, w, out);
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
