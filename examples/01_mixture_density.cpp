// How do I fit a mixture of Gaussians to one column of numbers, by maximum likelihood?
// A flow without layers but the standardisation is its base: here a trainable mixture.
#include <bijou/bijou.hpp>

#include "figure.hpp"

int main() {
  using namespace bijou;
  Random random{1};
  // 400 numbers in the user's units: a narrow and a wide peak, a few far to the right.
  Batch<double, 1> data(400, 1);
  random.normal(data);
  Eigen::ArrayXi from(400);
  random.categorical(from, Eigen::Array3d(0.35, 0.5, 0.15));
  for (Index i = 0; i < data.rows(); ++i)
    data(i) = from(i) == 0 ? 20 + 0.8 * data(i) : from(i) == 1 ? 25 + 2.2 * data(i) : 36 + 1.5 * data(i);

  Flow flow{GaussianMixture<double, 1>(3, random), Standardize<double, 1>(data)};
  const FitReport report =
      fit(flow, Table<double>(data), {.optimizer = Adam{0.02}, .batch_size = 100, .max_epochs = 200, .patience = 40});
  std::printf("validation NLL %.3f nats, epoch %d of %zu; %s\n", report.best_validation, report.best_epoch,
              report.train.size(), report.stopped.c_str());

  Batch<double, 1> x(400, 1);
  x.col(0) = PerSample<double>::LinSpaced(400, 15, 42);
  Batch<double, 2> curve(400, 2);
  curve << x, flow.log_prob(x).exp();
  Figure figure("01_mixture_density", 1, 1, 720, 460);
  figure.data("histogram", histogram(data, 15, 42, 45));
  figure.data("density", curve);
  figure.draw(
      "set xlabel 'x'; set ylabel 'density'; set style fill solid 0.35 noborder; set boxwidth 0.6\n"
      "plot $histogram with boxes lc rgb '#4f8fc0' title '400 numbers', $density with lines ls 2 title 'mixture of 3 "
      "Gaussians'");
}
