// How far does Real NVP come on the eight toy densities? Data, samples, log-density, the warped grid; test NLL beside
// the true entropy.   05_real_nvp [--quick]
#include <bijou/bijou.hpp>

#include "figure.hpp"

using namespace bijou;

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::string(argv[1]) == "--quick";
  using Eight = std::tuple<EightGaussians, Checkerboard, Moons, Circles, Rings, SwissRoll, TwoSpirals, Pinwheel>;
  Figure figure("05_real_nvp", 8, 4, 300, 300);
  figure.draw("set xrange [-4.5:4.5]; set yrange [-4.5:4.5]; set size ratio 1; unset colorbox");
  std::apply(
      [&](auto... density) {
        const auto show = [&]<class Density>(Density) {
          Random random{3};
          auto flow = real_nvp<float, 2, 8>({64, 64}, random);
          const FitReport report = fit_stream(
              flow, [](Random& r, auto& x) { Density::sample(r, x); },
              {.max_epochs = quick ? 2 : 40, .steps_per_epoch = 125, .clip_norm = 1, .average = 0.998, .seed = 1});
          Random unseen{77};
          const auto test = sample<float>(Density{}, 50000, unseen);
          const double nll = -flow.log_prob(test).template cast<double>().mean();
          std::printf("%s test_nll=%.4f reference_nll=%.4f seconds=%.1f\n", Density::name, nll, Density::entropy,
                      report.seconds);

          const std::string name = Density::name, id = "d" + name;
          constexpr int n = 120;
          figure.data(id + "data", test.topRows(3000));
          figure.data(id + "samples", flow.sample(3000, random));
          figure.draw("set title '" + name + ": data'; plot $" + id +
                      "data with points pt 7 ps 0.15 lc rgb '#2b6ca8' notitle\nset title 'samples'; plot $" + id +
                      "samples with points pt 7 ps 0.15 lc rgb '#d1495b' notitle");
          const auto log_p = flow.log_prob(grid<float>(n, -4.5, 4.5, -4.5, 4.5));
          figure.shades(id + "log", as_matrix(log_p.max(-9.F), n), -4.5, 4.5, -4.5, 4.5,
                        text("log p; NLL ", std::round(1000 * nll) / 1000, ", entropy ",
                             std::round(1000 * Density::entropy) / 1000),
                        "set cbrange [-9:0]");
          figure.draw(
              "$" + id + "grid << EOD\n" + curves(18, 160, -2.5, 2.5, [&](const auto& z) { return flow.inverse(z); }) +
              "EOD\nset title 'grid of the noise'; plot $" + id + "grid with lines lc rgb '#1f5fa8' lw 0.6 notitle");
        };
        (show(density), ...);
      },
      Eight{});
}
