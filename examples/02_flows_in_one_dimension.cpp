// What does a one-dimensional flow do to its data? x -> z before and after training, and the histogram of z beside the
// base that it should follow: N(0, 1), the uniform, Beta(5, 5), a mixture.
#include <bijou/bijou.hpp>

#include "figure.hpp"

using namespace bijou;
using Column = Batch<double, 1>;

namespace {
constexpr double low = -4, high = 5;

void row_of_panels(Figure& figure, int number, const char* title, auto flow, const Column& data, double z_low,
                   double z_high) {
  Column x(300, 1);
  x.col(0) = PerSample<double>::LinSpaced(300, low, high);
  const Column before = flow.forward(x), before_z = flow.forward(data);
  fit(flow, Table<double>(data), {.optimizer = Adam{0.03}, .max_epochs = 300, .patience = 60, .seed = 2});
  Column z(300, 1);
  z.col(0) = PerSample<double>::LinSpaced(300, z_low + 1e-9, z_high - 1e-9);
  PerSample<double> base(300);
  flow.base.log_prob(z, base);

  Eigen::ArrayXXd map(300, 3), density(300, 2), wanted(300, 2);
  map << x, before, flow.forward(x);
  density << x, flow.log_prob(x).exp();
  wanted << z, base.exp();
  const std::string n = std::to_string(number);
  figure.data("map" + n, map);
  figure.data("density" + n, density);
  figure.data("wanted" + n, wanted);
  figure.data("x" + n, histogram(data, low, high, 60));
  figure.data("before" + n, histogram(before_z, z_low, z_high, 50));
  figure.data("after" + n, histogram(flow.forward(data), z_low, z_high, 50));
  figure.draw(
      "set style fill solid 0.35 noborder; set xrange [" + text(low) + ":" + text(high) +
      "]; set yrange [0:0.55]; set xlabel 'x'; set ylabel 'density'; set title '" + title +
      "'\n"
      "plot $x" +
      n + " with boxes lc rgb '#4f8fc0' title 'data', $density" + n +
      " with lines ls 2 title 'flow'\n"
      "set yrange [" +
      text(z_low) + ":" + text(z_high) +
      "]; set ylabel 'z'; set title 'x -> z'; set key top left\n"
      "plot $map" +
      n +
      " using 1:2 with lines ls 3 title 'before training', '' using 1:3 with lines ls 1 title 'after'\n"
      "set xrange [" +
      text(z_low) + ":" + text(z_high) +
      "]; set yrange [0:*]; set xlabel 'z'; set ylabel 'density'; set title 'histogram of z'; set key top right\n"
      "plot $before" +
      n + " with histeps ls 3 title 'before', $after" + n + " with boxes lc rgb '#4f8fc0' title 'after', $wanted" + n +
      " with lines ls 2 title 'base'");
}
}  // namespace

int main() {
  Random random{3};
  Column data(3000, 1);
  random.normal(data);
  Eigen::ArrayXi from(data.rows());
  random.categorical(from, Eigen::Array3d(0.4, 0.35, 0.25));
  for (Index i = 0; i < data.rows(); ++i)
    data(i) = from(i) == 0 ? -2 + 0.4 * data(i) : from(i) == 1 ? 0.5 + 0.7 * data(i) : 3 + 0.3 * data(i);

  Random spread{2};  // this start ends with a mode to each normal; from others two modes may end in one of them
  Figure figure("02_flows_in_one_dimension", 4, 3, 400, 300);
  row_of_panels(figure, 1, "affine, mixture, affine; base N(0, 1)",
                Flow{StandardNormal<double, 1>{}, Elementwise<Affine, double, 1>{},
                     Elementwise<GaussianMixtureLogit<5>, double, 1>{}, Elementwise<Affine, double, 1>{}},
                data, -4, 4);
  row_of_panels(figure, 2, "CDF of 5 Gaussians; base U(0, 1)",
                Flow{UniformBox<double, 1>{}, Elementwise<GaussianMixtureCdf<5>, double, 1>{}}, data, 0, 1);
  row_of_panels(figure, 3, "CDF of 5 logistics; base Beta(5, 5)",
                Flow{Beta<double, 1>(5, 5), Elementwise<LogisticMixtureCdf<5>, double, 1>{}}, data, 0, 1);
  row_of_panels(figure, 4, "polynomial; base: 3 Gaussians",
                Flow{GaussianMixture<double, 1>(3, spread), Elementwise<OddPolynomial<3>, double, 1>{}}, data, -7, 7);
}
