// How do I turn samples of one density into samples of another? Through the uniform: the CDF of the first, then the
// inverse CDF of the second, both learned from samples.
#include <bijou/bijou.hpp>

#include "figure.hpp"

int main() {
  using namespace bijou;
  using Column = Batch<double, 1>;
  Random random{5};
  Column p(20000, 1), q(20000, 1);
  random.beta(p, 2, 6);  // one hump, skewed
  p = 6 * p - 3;
  random.normal(q);
  for (Index i = 0; i < q.rows(); ++i) q(i) = (i % 3 == 0 ? -1.5 : i % 3 == 1 ? 0 : 1.8) + 0.3 * q(i);  // three

  const auto learn = [](const Column& data) {
    Flow flow{UniformBox<double, 1>{}, Elementwise<Affine, double, 1>{},
              Elementwise<LogisticMixtureCdf<8>, double, 1>{}};
    fit(flow, Table<double>(data), {.optimizer = Adam{0.01}, .schedule = CosineRate{}, .max_epochs = 60});
    return flow;
  };
  const auto from = learn(p), to = learn(q);
  Column fresh(20000, 1);
  random.beta(fresh, 2, 6);
  fresh = 6 * fresh - 3;
  const Column u = from.forward(fresh), y = to.inverse(u);

  Column x(400, 1);
  x.col(0) = PerSample<double>::LinSpaced(400, -3.2, 3.2);
  Eigen::ArrayXXd truth(400, 3);
  const auto peak = [&](double m) { return (-0.5 * ((x - m) / 0.3).square()).exp() / (3 * 0.3 * 2.5066282746); };
  const auto t = ((x + 3) / 6).eval();
  truth << x, (t > 0 && t < 1).select(42 * t * (1 - t).pow(5) / 6, 0.), peak(-1.5) + peak(0) + peak(1.8);
  Figure figure("03_any_density_to_any", 1, 3, 420, 340);
  figure.data("truth", truth);
  figure.data("x", histogram(fresh, -3.2, 3.2, 70));
  figure.data("u", histogram(u, 0, 1, 50));
  figure.data("y", histogram(y, -3.2, 3.2, 70));
  figure.draw(
      "set style fill solid 0.35 noborder; set yrange [0:*]; set ylabel 'density'; set xlabel 'x'; set title 'x from "
      "p'\n"
      "plot $x with boxes lc rgb '#4f8fc0' title 'samples', $truth using 1:2 with lines ls 2 title 'p'\n"
      "set xlabel 'u'; set title 'u = F_p(x), learned'; set yrange [0:1.6]\n"
      "plot $u with boxes lc rgb '#4f8fc0' notitle, 1 with lines ls 2 title 'uniform'\n"
      "set xlabel 'y'; set title 'y = F_q^{-1}(u), learned'; set yrange [0:*]\n"
      "plot $y with boxes lc rgb '#4f8fc0' title 'moved samples', $truth using 1:3 with lines ls 2 title 'q'");
}
