// How the cost of log_prob, and the memory of training, grow with sizes: times at up to four sizes and the fitted
// exponent p of time ~ size^p.
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <thread>

#include "models.hpp"
#include "stopwatch.hpp"

using namespace bijou;
namespace {
template <class F>
double log_prob_time(F flow, Index n, int threads = 1) {
  flow = bench::trained(std::move(flow));
  Random random{2};
  const Batch<float, F::D> x = flow.sample(n, random);
  Parallel<F> team(threads);
  PerSample<float> out(n);
  return bench::median_microseconds([&] { team.log_prob(flow, x, Context<float>(), out); });
}
template <class F>
double sample_time(F flow, Index n) {
  flow = bench::trained(std::move(flow));
  Random random{2};
  Batch<float, F::D> x(n, Index(flow.features()));
  typename F::Workspace w;
  PerSample<float> out(n);
  const Context<float> none(n, 0);
  return bench::median_microseconds([&] { flow.sample(none, random, w, x, out); });
}
/// 1, 2, 4 ... up to `most`.
std::vector<int> powers_of_two(unsigned most) {
  std::vector<int> sizes;
  for (int s = 1; s <= int(std::max(1U, most)); s *= 2) sizes.push_back(s);
  return sizes;
}
void row(const char* name, const std::vector<int>& sizes, const std::function<double(int)>& time) {
  double mx = 0, my = 0, xx = 0, xy = 0;
  std::printf("%-44s", name);
  for (int s : sizes) {
    const double us = time(s), x = std::log(s), y = std::log(us), n = double(sizes.size());
    mx += x / n, my += y / n, xx += x * x / n, xy += x * y / n;
    std::printf("%6d:%10.1f", s, us);
    std::fflush(stdout);
  }
  if (sizes.size() > 1)
    std::printf("   %5.2f\n", (xy - mx * my) / (xx - mx * mx));
  else
    std::printf("       -\n");
}
auto coupling_of_width(int width) {
  Random random{1};
  return real_nvp<float, 2, 8>({width, width}, random);
}
template <int N>
auto coupling_of_depth() {
  Random random{1};
  return real_nvp<float, 2, N>({64, 64}, random);
}
auto made_of(int features) {
  Random random{1};
  using Net = Made<float, Dynamic, 0, 2>;
  return Flow{StandardNormal<float, Dynamic>(features),
              Autoregressive<Affine, Net>(Net({256, 256}, random, features, 0))};
}
template <int K>
auto mixture_of() {
  return Flow{UniformBox<float, 1>{}, Elementwise<GaussianMixtureCdf<K>, float, 1>{}};
}
template <int K>
auto spline_of() {
  return Flow{StandardNormal<float, 1>{}, Elementwise<RationalQuadraticSpline<K>, float, 1>{}};
}
/// Calls make<4>, make<8>, make<16> or make<32>, whichever `size` says.
double with_size(int size, auto four, auto eight, auto sixteen, auto many) {
  return size == 4 ? four() : size == 8 ? eight() : size == 16 ? sixteen() : many();
}
double peak_megabytes() {
  rusage use;
  getrusage(RUSAGE_SELF, &use);
  return double(use.ru_maxrss) / 1024;
}
}  // namespace

int main() {
  constexpr Index n = 4096;
  std::printf("%-44s%s   exponent\n", "log_prob of 4,096 rows by", "size: microseconds, four times");
  row("rows (Real NVP, 8 x 64-64)", {256, 1024, 4096, 16384},
      [](int s) { return log_prob_time(coupling_of_width(64), s); });
  row("width (Real NVP, 8 couplings)", {32, 64, 128, 256},
      [](int s) { return log_prob_time(coupling_of_width(s), n); });
  row("features D (MADE 256-256, its weights fixed)", {8, 16, 32, 64},
      [](int s) { return log_prob_time(made_of(s), n); });
  row("features D (sampling: as log_prob)", {8, 16, 32, 64}, [](int s) { return sample_time(made_of(s), n); });
  row("depth (Real NVP 64-64)", {4, 8, 16, 32}, [](int s) {
    return with_size(
        s, [] { return log_prob_time(coupling_of_depth<4>(), n); },
        [] { return log_prob_time(coupling_of_depth<8>(), n); },
        [] { return log_prob_time(coupling_of_depth<16>(), n); },
        [] { return log_prob_time(coupling_of_depth<32>(), n); });
  });
  row("components (Gaussian mixture CDF)", {4, 8, 16, 32}, [](int s) {
    return with_size(
        s, [] { return log_prob_time(mixture_of<4>(), n); }, [] { return log_prob_time(mixture_of<8>(), n); },
        [] { return log_prob_time(mixture_of<16>(), n); }, [] { return log_prob_time(mixture_of<32>(), n); });
  });
  row("bins (rational-quadratic spline)", {4, 8, 16, 32}, [](int s) {
    return with_size(
        s, [] { return log_prob_time(spline_of<4>(), n); }, [] { return log_prob_time(spline_of<8>(), n); },
        [] { return log_prob_time(spline_of<16>(), n); }, [] { return log_prob_time(spline_of<32>(), n); });
  });

  row("threads (Real NVP, 65,536 rows; ideal: -1)", powers_of_two(std::thread::hardware_concurrency()),
      [](int s) { return log_prob_time(coupling_of_width(64), 65536, s); });

  const double before = peak_megabytes();
  auto flow = bench::make_maf43();
  Random random{1};
  fit(flow, Table<float>(Batch<float, Dynamic>(flow.sample(4096, random))), {.batch_size = 256, .max_epochs = 1});
  std::size_t parameters = 0;
  each_parameter([&](const Path&, const auto& a) { parameters += std::size_t(a.size()); }, flow);
  std::printf("peak memory of an epoch of maf43 (%zu parameters, batch 256): %.0f MB\n", parameters,
              peak_megabytes() - before);
}
