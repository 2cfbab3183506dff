// Transformers on columns of 128 rows with parameters of their own: ns an element, forward, inverse, backward.
#include <bijou/bijou.hpp>

#include "../counters.hpp"

using namespace bijou;
namespace {
constexpr Index rows = 128;
template <class H, class T>
struct Columns {
  Batch<T, 1> x = Batch<T, 1>::Zero(rows, 1), y = x, g = Batch<T, 1>::Ones(rows, 1);
  PerSample<T> log_det = PerSample<T>::Zero(rows);
  Batch<T, H::arity> phi = Batch<T, H::arity>::Zero(rows, H::arity), g_phi = phi;
  Columns() {
    Random random{1};
    random.normal(x);
    random.normal(phi);
    phi *= T(0.3);
    y = x;
    map_column(y.col(0), phi, log_det, Maps<H>::forward);
  }
};
void report(benchmark::State& state, auto&& call) {
  bench::Counters count(state);
  count.per("element", double(rows));
  count.run(call);
}
template <class H, class T>
void forward(benchmark::State& state) {
  Columns<H, T> c;
  report(state, [&] {
    Batch<T, 1>& v = c.g = c.x;
    map_column(v.col(0), c.phi, c.log_det, Maps<H>::forward);
  });
}
template <class H, class T>
void inverse(benchmark::State& state) {
  Columns<H, T> c;
  report(state, [&] {
    c.g = c.y;
    map_column(c.g.col(0), c.phi, c.log_det, Maps<H>::inverse);
  });
}
template <class H, class T>
void backward(benchmark::State& state) {
  Columns<H, T> c;
  report(state, [&] {
    c.g.setOnes();
    pull_column(c.x.col(0), c.phi, c.g.col(0), c.log_det, c.g_phi.data(), Maps<H>::backward);
  });
}
#define TRANSFORMER(H)           \
  BENCHMARK(forward<H, float>);  \
  BENCHMARK(inverse<H, float>);  \
  BENCHMARK(backward<H, float>); \
  BENCHMARK(forward<H, double>); \
  BENCHMARK(inverse<H, double>)
TRANSFORMER(Affine);
TRANSFORMER(BoundedAffine<2>);
TRANSFORMER(OddPolynomial<3>);
TRANSFORMER(GaussianMixtureCdf<5>);
TRANSFORMER(LogisticMixtureLogit<5>);
using Spline8 = RationalQuadraticSpline<8>;
TRANSFORMER(Spline8);
}  // namespace
