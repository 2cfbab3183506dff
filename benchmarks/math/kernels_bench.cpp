// The product and the special functions: GFLOP/s and share of the peak, ns an element.
#include <bijou/bijou.hpp>

#include "../counters.hpp"

using namespace bijou;
namespace {
template <class T>
void product(benchmark::State& state) {
  const Index n = state.range(0), in = state.range(1), out = state.range(2);
  Buffer<T> x, y;
  x.resize(n, in);
  x.view().setRandom();
  y.set_zero(n, out);
  const Weights<T> w = Weights<T>::Random(in, out);
  bench::Counters count(state);
  count.per("row", double(n));
  count.operations<T>(2 * double(n * in * out));
  count.run([&] { multiply(n, out, Terms{in, x.data(), n, w.data(), out}, AddTo<T>{y.data(), n}); });
}
BENCHMARK(product<float>)->Args({64, 64, 64})->Args({128, 64, 23})->Args({128, 512, 512});
BENCHMARK(product<double>)->Args({64, 64, 64});

template <class T>
void elements(benchmark::State& state, Lanes<T> (*f)(Lanes<T>), T low, T high) {
  constexpr int n = 4096;
  PerSample<T> x = PerSample<T>::LinSpaced(n, low, high), y(n);
  bench::Counters count(state);
  count.per("element", n);
  count.bytes(2. * n * sizeof(T));
  count.run([&] {
    each_panel<T>(n, [&](Index i, int lanes) { f(Lanes<T>::load(x.data() + i, lanes)).store(y.data() + i, lanes); });
  });
}
void of_float(benchmark::State& state, Lanes<float> (*f)(Lanes<float>), double low, double high) {
  elements<float>(state, f, float(low), float(high));
}
void of_double(benchmark::State& state, Lanes<double> (*f)(Lanes<double>), double low, double high) {
  elements<double>(state, f, low, high);
}
#define FUNCTION(f, low, high)                                      \
  BENCHMARK_CAPTURE(                                                \
      of_float, f, [](Lanes<float> x) { return f(x); }, low, high); \
  BENCHMARK_CAPTURE(                                                \
      of_double, f, [](Lanes<double> x) { return f(x); }, low, high)
FUNCTION(exp, -20, 20);
FUNCTION(log, 0.01, 100);
FUNCTION(log1p, -0.5, 10);
FUNCTION(tanh, -4, 4);
FUNCTION(softplus, -10, 10);
FUNCTION(normal_cdf, -5, 5);
FUNCTION(log_normal_cdf, -20, 5);
FUNCTION(inverse_normal_cdf, 0.001, 0.999);
}  // namespace
