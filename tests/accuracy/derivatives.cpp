// Derivatives of the functions that the tape knows, and activations with their slopes, against long double: at the
// arguments of the reference values and over all exponents.
#include <bijou/conditioners/activation.hpp>

#include "autodiff/operations.hpp"
#include "ledger.hpp"
#include "math/functions.hpp"

namespace bijou::test {
namespace {
using Exact = long double;
/// visit(name, f of a number on the tape, f' in long double)
void each_derivative(const auto& visit) {
  const auto inverse_cosh_squared = [](Exact x) { return 1 / (std::cosh(x) * std::cosh(x)); };
  visit(
      "exp", [](auto x) { return exp(x); }, [](Exact x) { return std::exp(x); });
  visit(
      "expm1", [](auto x) { return expm1(x); }, [](Exact x) { return std::exp(x); });
  visit(
      "log", [](auto x) { return log(x); }, [](Exact x) { return 1 / x; });
  visit(
      "log1p", [](auto x) { return log1p(x); }, [](Exact x) { return 1 / (1 + x); });
  visit(
      "sqrt", [](auto x) { return sqrt(x); }, [](Exact x) { return 1 / (2 * std::sqrt(x)); });
  visit(
      "tanh", [](auto x) { return tanh(x); }, inverse_cosh_squared);
  visit(
      "sigmoid", [](auto x) { return sigmoid(x); }, [](Exact x) { return exact::sigmoid(x) * exact::sigmoid(-x); });
  visit(
      "softplus", [](auto x) { return softplus(x); }, exact::sigmoid);
  visit(
      "log_sigmoid", [](auto x) { return log_sigmoid(x); }, [](Exact x) { return exact::sigmoid(-x); });
  visit(
      "erf", [](auto x) { return erf(x); },
      [](Exact x) { return std::exp(-x * x) * 2 * std::numbers::inv_sqrtpi_v<Exact>; });
  visit(
      "normal_cdf", [](auto x) { return normal_cdf(x); }, exact::normal_density);
  visit(
      "log_normal_cdf", [](auto x) { return log_normal_cdf(x); }, [](Exact x) { return exact::normal_hazard(-x); });
}
/// visit(activation, its value and slope in long double)
void each_activation(const auto& visit) {
  visit(
      Relu{}, [](Exact x) { return std::max(x, 0.L); }, [](Exact x) { return x > 0 ? 1.L : 0.L; });
  visit(
      LeakyRelu{}, [](Exact x) { return x < 0 ? x / 100 : x; }, [](Exact x) { return x < 0 ? 0.01L : 1.L; });
  visit(
      Tanh{}, [](Exact x) { return std::tanh(x); }, [](Exact x) { return 1 / (std::cosh(x) * std::cosh(x)); });
  visit(
      Elu{}, [](Exact x) { return x < 0 ? std::expm1(x) : x; }, [](Exact x) { return std::exp(std::min(x, 0.L)); });
  visit(
      Silu{}, [](Exact x) { return x * exact::sigmoid(x); },
      [](Exact x) { return exact::sigmoid(x) * (1 + x * exact::sigmoid(-x)); });
  visit(Softplus{}, exact::softplus, exact::sigmoid);
}
/// visit(x): the reference values' arguments, one after another, and 20,000 numbers of all exponents.
template <class T>
void each_argument(const auto& visit) {
  each_reference<T>([&](const std::string&, T x, long double) { visit(x); });
  each_magnitude<T>(10000, visit);
}
template <class T>
void of_type(Ledger& ledger) {
  each_derivative([&](const char* name, auto f, auto slope) {
    Errors e;
    each_argument<T>([&](T x) {
      const auto [value, by_x, unused] = played<T>([&](auto a, auto) { return f(a); }, x, T(0));
      if (!std::isnan(value)) e.add(error_in_eps(by_x, slope(static_cast<Exact>(x))));
    });
    ledger.row(name, "derivative (eps)", name_of<T>, e, 4);
  });
  each_activation([&]<class A>(A, auto value, auto slope) {
    Errors values, slopes;
    each_argument<T>([&](T x) {
      if (std::abs(x) < 100 * std::numeric_limits<T>::min()) return;  // leaky_relu: a hundredth of it may be 0
      const Lanes<T> y = A::value(Lanes<T>(x));
      values.add(error_in_eps(y[0], value(static_cast<Exact>(x))));
      slopes.add(error_in_eps(A::slope(Lanes<T>(x), y)[0], slope(static_cast<Exact>(x))));
    });
    const std::string name = text("activation ", A::name);
    ledger.row(name, "value (eps)", name_of<T>, values, 4);
    ledger.row(name, "derivative (eps)", name_of<T>, slopes, 4);
  });
}
}  // namespace
void derivatives(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
