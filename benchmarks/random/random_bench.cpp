// Filling 65,536 x 2 numbers: ns a number, bytes a second.
#include <bijou/random/random.hpp>

#include "../counters.hpp"

using namespace bijou;
namespace {
template <class T>
void fill(benchmark::State& state, void (*draw)(Random&, Batch<T, 2>&)) {
  Batch<T, 2> x(65536, 2);
  Random random{1};
  bench::Counters count(state);
  count.per("number", double(x.size()));
  count.bytes(double(x.size()) * sizeof(T));
  count.run([&] { draw(random, x); });
}
void uniform_float(benchmark::State& state) {
  fill<float>(state, [](Random& r, Batch<float, 2>& x) { r.uniform(x); });
}
void normal_float(benchmark::State& state) {
  fill<float>(state, [](Random& r, Batch<float, 2>& x) { r.normal(x); });
}
void normal_double(benchmark::State& state) {
  fill<double>(state, [](Random& r, Batch<double, 2>& x) { r.normal(x); });
}
void beta_double(benchmark::State& state) {
  fill<double>(state, [](Random& r, Batch<double, 2>& x) { r.beta(x, 5, 5); });
}
BENCHMARK(uniform_float);
BENCHMARK(normal_float);
BENCHMARK(normal_double);
BENCHMARK(beta_double);
}  // namespace
