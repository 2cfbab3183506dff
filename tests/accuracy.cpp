// The precision contract, measured: worst and root-mean-square errors of the special functions and the transformers as
// a Markdown table (docs/accuracy.md says what its columns mean). Exit 1 beyond a bound.
#include <cstdio>

#include "math/functions.hpp"
#include "transformers/phi.hpp"
#include "transformers/transformer_list.hpp"

using namespace bijou;
namespace {
bool reached = true;

/// Worst and root-mean-square error of a quantity.
struct Errors {
  double worst = 0, squares = 0;
  long count = 0;
  void add(double error) {
    worst = std::isnan(worst) || error <= worst ? worst : error;  // NaN is the worst, and stays
    squares += error * error;
    ++count;
  }
  double rms() const { return std::sqrt(squares / double(std::max(count, 1L))); }
};
/// Where a goal is missed and why: the bound that holds instead, which a regression must not pass.
struct Exception {
  const char *name, *quantity;
  double bound;
};
constexpr Exception exceptions[] = {{"rational_quadratic_spline(5, [-3, 3], linear tails)", "adjoints (eps)", 4096}};

void print(const char* type, const std::string& name, const char* quantity, const Errors& e, double goal) {
  double bound = goal;
  for (const Exception& x : exceptions)
    if (name == x.name && std::string(quantity) == x.quantity) bound = x.bound;
  const bool kept = e.worst <= goal;
  reached = reached && e.count > 0 && e.worst <= bound;
  std::printf("| %s | %s | %s | %.2f | %.2f | %g%s |\n", name.c_str(), quantity, type, e.worst, e.rms(), goal,
              kept ? "" : " **missed**");
}

template <class T>
void special_functions(const char* type) {
  std::map<std::string, Errors> errors;
  test::each_reference<T>([&](const std::string& name, T x, long double wanted) {
    errors[name].add(test::ulp_error(test::functions<T>().at(name).call(Lanes<T>(x))[0], wanted));
  });
  for (const auto& [name, e] : errors) print(type, name, "value (ulp)", e, test::functions<T>().at(name).bound);
}

/// y, log_det, inverse(y) and the adjoints of x and phi for (g, g_log_det), at a point that every type holds exactly.
template <class H, class T>
struct Answer {
  T y, log_det, pulled, returned;
  test::Phi<Lanes<T>> adjoint;
  Answer(float x, const Eigen::ArrayXf& raw, T g, T g_log_det) {
    test::Phi<Lanes<T>> phi;
    for (int p = 0; p < H::arity; ++p) phi.values.push_back(Lanes<T>(T(raw(p))));
    Lanes<T> v{T(x)}, l{T(0)}, back{g};
    H::forward(v, phi, l);
    adjoint.values.assign(phi.values.size(), Lanes<T>(T(0)));
    H::backward(Lanes<T>(T(x)), phi, back, Lanes<T>(g_log_det), adjoint);
    y = v[0], log_det = l[0], pulled = back[0];
    H::inverse(v, phi, l);
    returned = v[0];
  }
  /// sum |input * d output / d input|: what rounding of the inputs alone would do, in eps.
  long double condition(long double x, const auto& raw) const {
    long double sum = std::abs(static_cast<long double>(pulled) * x);
    for (int p = 0; p < H::arity; ++p)
      sum += std::abs(static_cast<long double>(adjoint[p][0]) * static_cast<long double>(raw(p)));
    return sum;
  }
};
template <class T, class H>
void transformer(const char* type, double low, double high) {
  using Exact = long double;
  const Exact eps = static_cast<Exact>(std::numeric_limits<T>::epsilon());
  Random random{12};
  Eigen::ArrayXXf normal(4000, std::max(H::arity, 1));
  Eigen::ArrayXf place(normal.rows());
  random.normal(normal);
  random.uniform(place);
  Errors value, log_det, round_trip, adjoints;
  for (Index i = 0; i < normal.rows(); ++i) {
    const float x = float(low + (high - low) * double(place(i)));
    const Eigen::ArrayXf raw = normal.row(i);
    const Answer<H, T> got(x, raw, T(1), T(0)), got_log(x, raw, T(0), T(1));
    const Answer<H, Exact> exact(x, raw, 1, 0), exact_log(x, raw, 0, 1);
    const auto error = [&](T a, Exact b, Exact scale) {
      return double(std::abs(static_cast<Exact>(a) - b) / (eps * std::max({Exact(1), std::abs(b), scale})));
    };
    value.add(error(got.y, exact.y, exact.condition(Exact(x), raw)));
    log_det.add(error(got.log_det, exact.log_det, exact_log.condition(Exact(x), raw)));
    round_trip.add(error(got.returned, Exact(x), (1 + std::abs(exact.y)) * std::exp(-exact.log_det)));
    Exact largest = 1;
    for (int p = 0; p < H::arity; ++p) largest = std::max(largest, std::abs(exact.adjoint[p][0]));
    adjoints.add(error(got.pulled, exact.pulled, largest));
    for (int p = 0; p < H::arity; ++p) adjoints.add(error(got.adjoint[p][0], exact.adjoint[p][0], largest));
  }
  print(type, H::name, "value (eps)", value, 16);
  print(type, H::name, "log-det (eps)", log_det, 16);
  print(type, H::name, "round trip (eps)", round_trip, 32);
  print(type, H::name, "adjoints (eps)", adjoints, 256);
}
template <class T>
void everything(const char* type) {
  special_functions<T>(type);
  test::each_transformer([&]<class H>(double low, double high) { transformer<T, H>(type, low, high); });
}
}  // namespace

int main() {
  std::puts("| of | quantity | type | worst | rms | goal |\n| --- | --- | --- | --- | --- | --- |");
  everything<float>("float");
  everything<double>("double");
  return reached ? 0 : 1;
}
