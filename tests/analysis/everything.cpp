// What tests/analysis.sh looks at: every header, with the usual models, fits and files instantiated.
#include <bijou/bijou.hpp>
#include <bijou/io/idx.hpp>
#include <bijou/io/safetensors.hpp>

namespace bijou {
template <class T>
void everything(const std::string& path) {
  Random random{1};
  const Batch<T, 2> data = sample<T>(Moons{}, 300, random);
  const auto fitted = [&](auto flow) {
    const FitReport report = fit(flow, Table<T>(data), {.optimizer = Adam{1e-3}, .max_epochs = 1});
    const auto scored = flow.sample_and_log_prob(3, random);
    const auto gradient = flow.log_prob_and_gradient(scored.x);
    save(flow, path);
    load(flow, path);
    write_csv(path, gradient.x, {});
    write_npy(path, gradient.x);
    return report.stopped + summary(flow);
  };
  fitted(real_nvp<T, 2, 2>({8}, random));
  fitted(neural_spline_flow<T, 2, 2>({8}, random));
  fitted(maf<T, 2, 2>({8}, random));
  fitted(iaf<T, 2, 2>({8}, random));
  read_csv<T>(path);
  read_npy<T>(path);
  read_pgm(path);
  read_idx(path);
}
}  // namespace bijou

int main(int count, char** arguments) {
  if (count < 2) return 1;
  bijou::everything<float>(arguments[1]);
  bijou::everything<double>(arguments[1]);
}
