// What tests/analysis.sh looks at: every header, with the usual models, fits and files instantiated.
#include <bijou/bijou.hpp>
#include <bijou/io/checkpoint.hpp>
#include <bijou/io/idx.hpp>
#include <bijou/io/safetensors.hpp>

namespace {
using namespace bijou;
template <class T>
void everything(const std::string& path) {
  Random random{1};
  const Batch<T, 2> data = sample<T>(Moons{}, 300, random);
  const auto fitted = [&](auto flow) {
    FitState state(flow);
    FitOptions options{.optimizer = Adam{1e-3}, .max_epochs = 1, .callback = checkpoint(state, path)};
    const FitReport report = fit(flow, Table<T>(data), options, state);
    const auto scored = flow.sample_and_log_prob(3, random);
    const auto gradient = flow.log_prob_and_gradient(scored.x);
    save(flow, path);
    load(flow, path);
    write_csv(path, {"a", "b"}, gradient.x);
    write_npy(path, gradient.x);
    std::printf("%s\n%s\n", report.stopped.c_str(), summary(flow).c_str());
  };
  fitted(real_nvp<T, 2, 2>({8}, random));
  fitted(neural_spline_flow<T, 2, 2>({8}, random));
  fitted(iaf<T, 2, 2>({8}, random));
  fitted(autoregressive_mixture<T, 2, 3>({8}, random));
  fitted(Flow{Beta<T, 2>(2, 2), Elementwise<LogisticMixtureCdf<2>, T, 2>{}});
  fitted(Flow{GaussianMixture<T, 2>(3, random),
              Reversible(repeat<2>([] { return Chain{Elementwise<TanhMap, T, 2>{}}; }))});

  auto streamed = real_nvp<T, 2, 2>({8}, random);
  fit_stream(streamed, [](Random& r, auto& x) { Moons::sample(r, x); }, {.steps_per_epoch = 2});
  fit_energy(streamed, [](const auto& x, auto&& u, auto&& g) { u = x.square().rowwise().sum(), g = 2 * x; },
             {.steps_per_epoch = 2});
  Parallel<decltype(streamed)> team(2);
  PerSample<T> log_prob(data.rows());
  team.log_prob(streamed, data, log_prob);
  std::printf("%s\n%g\n", expectation_maximization(Batch<T, Dynamic>(data), 2).describe().c_str(),
              double(log_prob.mean()));
}
}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 1;
  try {
    everything<float>(arguments[1]);
    everything<double>(arguments[1]);
    std::printf("%td %td %td\n", bijou::read_csv(arguments[1]).values.rows(), bijou::read_npy(arguments[1]).rows(),
                bijou::Index(bijou::read_idx(arguments[1]).shape.size()));
  } catch (const std::exception& e) {
    (void)std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
