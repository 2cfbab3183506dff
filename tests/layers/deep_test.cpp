// Ten thousand layers: nothing recurses over the repetitions, none of them lies on the stack.
#include "catch.hpp"
#include "flow/models.hpp"
#include "small_stack.hpp"

using namespace bijou;
namespace {
constexpr int depth = 10000;
auto block(Random& random) {
  using Net = Mlp<double, 1, 2, Tanh>;
  return Chain{Coupling<Affine, Net>(Net({4}, random)), Swap<double>{}};
}
}  // namespace

TEST_CASE("repeat: 10,000 repetitions on a stack of 512 KiB: log p, round trip, gradient") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  Batch<double, 2> z, back, score, higher, lower;
  PerSample<double> log_p, by_hand, slope = PerSample<double>::Zero(3), upper, below;
  double in_the_middle = 0, difference = 0;
  test::with_small_stack(512 * 1024, [&] {
    Random random{1};
    auto flow = test::randomised(Flow{StandardNormal<double, 2>{}, repeat<depth>([&] { return block(random); })}, 0.01);
    z = flow.forward(x), back = flow.inverse(z), log_p = flow.log_prob(x);
    score = flow.log_prob_and_gradient(x).x;

    // One layer after another, as a flow of one layer each.
    Batch<double, 2> y = x;
    by_hand = PerSample<double>::Zero(3);
    for (const auto& one : std::get<0>(flow.layers.layers).layers) {
      const Flow single{StandardNormal<double, 2>{}, one};
      const Batch<double, 2> next = single.forward(y);
      by_hand += single.log_prob(y) + 0.5 * next.square().rowwise().sum() + std::log(2 * std::numbers::pi);
      y = next;
    }
    by_hand -= 0.5 * y.square().rowwise().sum() + std::log(2 * std::numbers::pi);

    const double h = 1e-5;
    Batch<double, 2> moved = x;
    moved.col(0) += h, upper = flow.log_prob(moved);
    moved.col(0) -= 2 * h, below = flow.log_prob(moved);
    slope = (upper - below) / (2 * h);

    // A training step's gradient, at a bias in the middle.
    Team<decltype(flow)> team(zero_gradient(flow), 1);
    auto gradient = zero_gradient(flow);
    const Table<double> rows(x);
    const Eigen::Array3i index(0, 1, 2);
    negative_log_likelihood(flow, rows, index, Random{}, team, gradient);
    const auto bias = [](auto& f) -> double& {
      return std::get<0>(std::get<0>(f.layers.layers).layers[depth / 2].layers).conditioner.net.layers[1].b(0);
    };
    in_the_middle = bias(gradient);
    bias(flow) += h, difference = -flow.log_prob(x).mean();
    bias(flow) -= 2 * h, difference += flow.log_prob(x).mean();
    difference /= 2 * h;
  });
  CHECK((z - x).abs().maxCoeff() > 0.1);
  CHECK((back - x).abs().maxCoeff() < 1e-9);
  CHECK((log_p - by_hand).abs().maxCoeff() < 1e-9);
  CHECK((score.col(0) - slope).abs().maxCoeff() < 1e-5 * slope.abs().maxCoeff());
  CHECK(in_the_middle == Approx(difference).epsilon(1e-5));
}
TEST_CASE("repeat: what has been moved from has no repetitions, and reads none") {
  Random random{1};
  const auto make = [&] { return block(random); };
  auto model = repeat<3>(make);
  CHECK(model.describe().starts_with("3 x ("));
  const auto taken = std::move(model);
  CHECK(taken.layers.size() == 3);
  CHECK(taken.dim() == 2);
  CHECK(model.dim() == 0);
  CHECK(model.features() == 0);
  CHECK(model.describe() == "nothing, moved from");
  model = taken;
  CHECK(model.layers.size() == 3);
  CHECK(same_bits(model, taken));
}
