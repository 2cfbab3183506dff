#include <bijou/bijou.hpp>
#include <future>

#include "catch.hpp"

using namespace bijou;

TEST_CASE("toy densities: the KL that published flows reach") {
  std::vector<std::pair<std::future<double>, double>> fits;  // side by side
  const auto below = [&](double most, auto density, auto flow, int epochs, long steps) {
    const auto kl = [=]() mutable {
      fit_stream(flow, [](Random& r, auto& x) { decltype(density)::sample(r, x); },
                 {.max_epochs = epochs, .steps_per_epoch = steps, .clip_norm = 5, .average = 0.998, .seed = 1});
      Random unseen{999};
      return -flow.log_prob(sample<float>(density, 50000, unseen)).template cast<double>().mean() - density.entropy;
    };
    fits.emplace_back(std::async(std::launch::async, kl), most);
  };
  Random random{1};
  below(0.015, Moons{}, autoregressive_mixture<float, 2, 5>({64, 64}, random), 20, 1000);
  below(0.025, EightGaussians{}, autoregressive_mixture<float, 2, 5>({64, 64}, random), 20, 1000);
  const auto nvp = [] {
    Random start{3};
    return real_nvp<float, 2, 8>({64, 64}, start);
  };
  below(0.155 + 0.02, EightGaussians{}, nvp(), 20, 250);
  below(0.337 + 0.02, Checkerboard{}, nvp(), 20, 250);
  below(0.038 + 0.02, Moons{}, nvp(), 20, 250);
  below(0.929 + 0.02, Pinwheel{}, nvp(), 20, 250);
  below(0.559 + 0.02, Rings{}, nvp(), 20, 250);
  below(0.275 + 0.02, TwoSpirals{}, nvp(), 20, 250);
  for (auto& [kl, most] : fits) CHECK(kl.get() < most);
}
