// Can p(x1) p(x2 | x1) with mixture CDFs learn any picture? The autoregressive flow to the unit square: 5 Gaussians for
// x1, 5 for x2 whose parameters a net 1-64-64 makes from x1.   04_autoregressive [--quick] [face]
#include <bijou/bijou.hpp>

#include "figure.hpp"

using namespace bijou;

namespace {
struct Frame {
  double x0, x1, y0, y1;
};
/// Fits to fresh points of draw(random, x), scores 50,000 test points, draws truth, samples, density and warped grid.
void show(const std::string& name, const char* title, auto draw, auto true_log_prob, double entropy, Frame f,
          int epochs) {
  Random random{1};
  auto flow = autoregressive_mixture<float, 2, 5>({64, 64}, random);
  const FitReport report = fit_stream(
      flow, draw, {.optimizer = Adam{1e-3}, .max_epochs = epochs, .steps_per_epoch = 500, .average = 0.998, .seed = 1});
  Batch<float, 2> test(50000, 2);
  Random unseen{77};
  draw(unseen, test);
  const double nll = -flow.log_prob(test).cast<double>().mean();

  constexpr int n = 180;
  const auto points = grid<float>(n, f.x0, f.x1, f.y0, f.y1);
  PerSample<double> truth(points.rows());
  for (Index i = 0; i < truth.size(); ++i)
    truth(i) = std::exp(true_log_prob(double(points(i, 0)), double(points(i, 1))));
  const PerSample<float> learned = flow.log_prob(points).exp();
  const auto samples = flow.sample(6000, random);
  Figure figure("04_autoregressive_" + name, 1, 4, 400, 430, title);
  const double top = truth.maxCoeff();
  const std::string range = text("set cbrange [0:", top, "]; set xlabel 'x_1'; set ylabel 'x_2'");
  figure.shades("truth", as_matrix(truth, n), f.x0, f.x1, f.y0, f.y1, "true density", range);
  figure.shades("learned", as_matrix(learned.min(float(top)), n), f.x0, f.x1, f.y0, f.y1,
                text("learned, KL ", std::round(1000 * (nll - entropy)) / 1000, " nats"));
  figure.data("samples", samples);
  figure.draw("set title '6,000 samples'; plot $samples with points pt 7 ps 0.2 lc rgb '#2b6ca8' notitle");
  figure.draw("$grid << EOD\n" + curves(24, 240, 0, 1, [&](const auto& z) { return flow.inverse(z); }) +
              "EOD\n"
              "set title 'grid of [0, 1]^2 in data space'; plot $grid with lines lc rgb '#1f5fa8' lw 0.6 notitle");
  std::printf("%s test_nll=%.4f reference_nll=%.4f seconds=%.1f\n", name.c_str(), nll, entropy, report.seconds);
}
}  // namespace

int main(int argc, char** argv) {
  bool quick = false, face = false;
  for (int i = 1; i < argc; ++i) (std::string(argv[i]) == "--quick" ? quick : face) = true;
  if (face) {
    const Picture p = read_pgm(BIJOU_EXAMPLES_DIR "/data/face_astronaut_256.pgm");
    Eigen::ArrayXXd weights(p.rows, p.columns);
    for (Index i = 0; i < p.rows; ++i)
      for (Index j = 0; j < p.columns; ++j) weights(i, j) = p.levels - 1 - p(i, j);  // dark is dense
    const PictureDensity density(weights);
    // Points of the picture live in [-2, 2]^2, where the flow starts: log p there is lower by log 16.
    const auto draw = [&](Random& random, auto& x) {
      density.sample(random, x);
      x = 4 * x - 2;
    };
    const auto log_prob = [&](double x, double y) {
      return density.log_prob((x + 2) / 4, (y + 2) / 4) - std::log(16.);
    };
    show("face", "A face as a density (NASA, public domain)", draw, log_prob, density.entropy() + std::log(16.),
         {-2, 2, -2, 2}, quick ? 4 : 80);
  } else {
    const auto draw = [](Random& random, auto& x) { Moons::sample(random, x); };
    show("moons", "Two moons", draw, Moons::log_prob, Moons::entropy, {-4, 4, -3, 3.6}, quick ? 4 : 40);
  }
}
