// Transformers against values at 60 digits (tests/reference/transformers), each within C eps max(1, |value|, k), where
// the condition number k is what rounding the inputs alone does.
#include <bijou/bijou.hpp>

#include "phi.hpp"
#include "reference.hpp"

using namespace bijou;
namespace {
/// A value and its condition number.
struct Wanted {
  long double value, k;
};
struct Case {
  std::string way, name, text;
  std::vector<double> inputs;  // x, phi
  std::vector<Wanted> wanted;  // forward: y, log-det, derivatives of y - log-det / 2; inverse: x
};
std::vector<Case> cases_of(const std::string& file) {
  std::ifstream in(BIJOU_TEST_DIR "/reference/transformers/" + file);
  std::vector<Case> all;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Case c;
    std::size_t n;
    std::string a, b;
    words >> c.way >> c.name >> n;
    for (std::size_t i = 0; i <= n && words >> a; ++i) c.inputs.push_back(std::strtod(a.c_str(), nullptr));
    while (words >> a >> b) c.wanted.push_back({std::strtold(a.c_str(), nullptr), std::strtold(b.c_str(), nullptr)});
    c.text = line.substr(0, 300);
    all.push_back(std::move(c));
  }
  return all;
}
/// How far each kind of answer may be off, in eps.
struct Goals {
  double value, log_det, gradient, inverse;
};
template <class T, class H>
class Against {
  using V = Lanes<T>;
  const Case& c_;
  std::size_t next_ = 0;
  void expect(const char* what, T got, double goal) {
    const Wanted w = c_.wanted.at(next_++);
    if (got == static_cast<T>(w.value)) return;
    const double error = test::error_of(got, w.value, w.k);
    INFO(what << " is " << double(got) << ", wanted " << double(w.value) << " (k " << double(w.k) << "): off by "
              << error << " eps in " << c_.text);
    CHECK(error <= goal);
  }

 public:
  explicit Against(const Case& c) : c_(c) {}
  void run(const Goals& goals) {
    REQUIRE(c_.inputs.size() == std::size_t(H::arity) + 1);
    V x(static_cast<T>(c_.inputs[0])), log_det(0);
    test::Phi<V> phi, sum{std::vector<V>(std::size_t(H::arity), V(0))};
    for (std::size_t i = 1; i < c_.inputs.size(); ++i) phi.values.push_back(V(static_cast<T>(c_.inputs[i])));
    V g(1), moved = x;
    if (c_.way == "inverse") {
      H::inverse(moved, phi, log_det);
      return expect("x", moved[0], goals.inverse);
    }
    H::forward(moved, phi, log_det);
    expect("y", moved[0], goals.value);
    expect("log-det", log_det[0], goals.log_det);
    if (c_.wanted.size() == 2) return;
    H::backward(x, phi, g, V(T(-0.5)), sum);
    expect("adjoint of x", g[0], goals.gradient);
    for (int p = 0; p < H::arity; ++p) expect("adjoint of phi", sum[p][0], goals.gradient);
  }
};
/// All cases of `name` in `file`.
template <class T, class H>
void agrees(const std::string& file, const std::string& name, const Goals& goals) {
  int count = 0;
  for (const Case& c : cases_of(file))
    if (c.name == name) Against<T, H>(c).run(goals), ++count;
  CHECK(count > 9);
}
/// Lines of name, x, y, log h': y to `goal` eps of itself, however small; log h' to `goal` eps of max(1, |log h'|).
template <class T, class H>
void agrees_elementary(const std::string& name, double goal) {
  const int count =
      test::each_line("transformers/elementary.txt", name, [&](std::istream& words, const std::string& line) {
        Lanes<T> x(T(test::number(words))), log_det(0);
        H::forward(x, test::Phi<Lanes<T>>{}, log_det);
        std::string y, l;
        words >> y >> l;
        const long double wanted = std::strtold(y.c_str(), nullptr);
        const long double smallest = static_cast<long double>(std::numeric_limits<T>::min());
        const double error =
            double(std::abs(static_cast<long double>(x[0]) - wanted) / std::max(std::abs(wanted), smallest)) /
            double(std::numeric_limits<T>::epsilon());
        INFO("y is off by " << error << " eps in " << line);
        CHECK(error <= goal);
        const double of_slope = test::error_of(log_det[0], std::strtold(l.c_str(), nullptr), 0);
        INFO("log-det is off by " << of_slope << " eps");
        CHECK(of_slope <= goal);
      });
  CHECK(count >= 14);
}
constexpr Goals mixture_goals{16, 16, 256, 32};
}  // namespace

TEMPLATE_TEST_CASE("mixtures: F and log f of four components and of one, to 1,000 sigma [adversarial 15, 24]",
                   "[adversarial]", float, double) {
  agrees<TestType, GaussianMixtureCdf<4>>("mixtures.txt", "gaussian_cdf", mixture_goals);
  agrees<TestType, LogisticMixtureCdf<4>>("mixtures.txt", "logistic_cdf", mixture_goals);
  agrees<TestType, GaussianMixtureCdf<1>>("mixtures.txt", "gaussian_cdf1", mixture_goals);
  agrees<TestType, LogisticMixtureCdf<1>>("mixtures.txt", "logistic_cdf1", mixture_goals);
}
TEMPLATE_TEST_CASE("mixtures: logit and log-det of the logistic, to 1,000 sigma [adversarial 15, 17, 24]",
                   "[adversarial]", float, double) {
  agrees<TestType, LogisticMixtureLogit<4>>("mixtures.txt", "logistic_logit", mixture_goals);
  agrees<TestType, LogisticMixtureLogit<1>>("mixtures.txt", "logistic_logit1", mixture_goals);
}
TEMPLATE_TEST_CASE("mixtures: logit and log-det of the Gaussian, to 1,000 sigma [adversarial 15, 16, 20, 24]",
                   "[adversarial]", float, double) {
  agrees<TestType, GaussianMixtureLogit<4>>("mixtures.txt", "gaussian_logit", mixture_goals);
  agrees<TestType, GaussianMixtureLogit<1>>("mixtures.txt", "gaussian_logit1", mixture_goals);
}
TEMPLATE_TEST_CASE("odd polynomial: values, slopes, adjoints and inverses [adversarial 14]", "[adversarial]", float,
                   double) {
  agrees<TestType, OddPolynomial<4>>("polynomials.txt", "polynomial", {64, 64, 256, 64});
}
TEMPLATE_TEST_CASE("splines: inside, at knots and edges, in the tails, raw numbers of 10,000 [adversarial 50, 51, 53]",
                   "[adversarial]", float, double) {
  agrees<TestType, RationalQuadraticSpline<4, 3>>("splines.txt", "spline", {64, 64, 256, 64});
  agrees<TestType, BoxedRationalQuadraticSpline<4>>("splines.txt", "boxed", {64, 64, 256, 64});
}
TEMPLATE_TEST_CASE("exp, sigmoid, softplus, tanh: y to 4 eps of itself, and log-det, from -1,000 to 1,000", "", float,
                   double) {
  agrees_elementary<TestType, Exp>("exp", 4);
  agrees_elementary<TestType, Sigmoid>("sigmoid", 4);
  agrees_elementary<TestType, SoftplusMap>("softplus", 4);
  agrees_elementary<TestType, TanhMap>("tanh", 4);
}
