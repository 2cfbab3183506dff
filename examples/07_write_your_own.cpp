// How do I write my own transformer, and my own layer? Both are small structs of functions; nothing is registered.
#include <bijou/bijou.hpp>

#include <cstdio>
#include <numbers>

using namespace bijou;

// 1. A transformer from its formula alone. It maps one feature, is increasing from -inf to inf, and returns the pair
//    {h(x), log h'(x)}. Formula<> inverts it by a bracketed Newton's method and differentiates it on a tape.
struct Wave {
  static constexpr int arity = 2;  // parameters: amplitude and phase
  static constexpr const char* name = "wave";
  static auto formula(auto x, auto a, auto b) {
    const auto t = tanh(x + b), c = 0.9 * tanh(a);  // |c| < 1 keeps x + c tanh(x + b) increasing
    return std::pair{x + c * t, log1p(c * (1 - t * t))};
  }
};

// 2. One by hand, for speed: forward, inverse and backward, written once for a register of rows. x_ is x's adjoint:
//    y = x + a,  x_ = y_,  a_ = y_.
struct Shift {
  static constexpr int arity = 1;
  static constexpr const char* name = "shift";
  static void forward(auto& x, const auto& phi, auto& /*log_det*/) { x += phi[0]; }
  static void inverse(auto& x, const auto& phi, auto& /*log_det*/) { x -= phi[0]; }
  static void backward(const auto& /*x*/, const auto& /*phi*/, auto& g, const auto& /*g_log_det*/, auto&& g_phi) {
    g_phi.add(0, g);
  }
};

// 3. A layer: two features turned by a trained angle.  y = x R(angle),  log|det J| = 0.
template <class T>
struct Rotation {
  using Scalar = T;
  static constexpr int D = 2;
  Row<T> angle = Row<T>::Zero(1);
  // What is trained, and under which name it is saved. The gradient of a Rotation is a Rotation.
  static auto fields(auto& self) { return named("angle", self.angle); }
  std::string describe() const { return "rotation"; }

  struct Saved {  // what backward needs, and scratch; reused from step to step
    Buffer<T, 2> x;
  };
  // t.x: N x 2 rows, changed in place; t.log_det: N sums of log|det J|.
  void forward(Tile<T, 2> t, Saved& s) const {
    s.x.assign(t.x);  // the data side is what both directions leave in Saved
    turn(t.x, angle(0));
  }
  void inverse(Tile<T, 2> t, Saved& s) const {
    turn(t.x, -angle(0));
    s.x.assign(t.x);
  }
  // g.x: adjoint of the output -> of the input; grad += the parameters' adjoint, unless nobody wants it (then it is
  // empty).
  void backward(Saved& s, Tile<T, 2> g, Rotation& grad) const {
    turn(g.x, -angle(0));  // the transpose of a rotation is its inverse
    const auto x = s.x.view();
    if (grad.angle.size()) grad.angle(0) += (g.x.col(1) * x.col(0) - g.x.col(0) * x.col(1)).sum();
  }

 private:
  static void turn(View<Batch<T, 2>> x, T a) {
    for (Index i = 0; i < x.rows(); ++i) {
      const T u = x(i, 0), v = x(i, 1);
      x(i, 0) = std::cos(a) * u - std::sin(a) * v;
      x(i, 1) = std::sin(a) * u + std::cos(a) * v;
    }
  }
};

int main() {
  Random random{1};
  Batch<double, 2> data(4000, 2);  // a narrow Gaussian, turned by 30 degrees, then bent
  random.normal(data);
  for (Index i = 0; i < data.rows(); ++i) {
    const double u = 2 * data(i, 0), v = 0.4 * data(i, 1), a = std::numbers::pi / 6;
    data.row(i) << std::cos(a) * u - std::sin(a) * v + 1, std::sin(a) * u + std::cos(a) * v;
  }
  Flow flow{DiagonalNormal<double, 2>{}, Elementwise<Shift, double, 2>{}, Rotation<double>{},
            Elementwise<Formula<Wave>, double, 2>{}};
  std::printf("%s\n", flow.describe().c_str());
  const FitReport report = fit(flow, Table<double>(data), {.optimizer = Adam{0.02}, .max_epochs = 60});
  const double degrees = std::get<1>(flow.layers.layers).angle(0) * 180 / std::numbers::pi;
  std::printf("NLL %.4f nats (the truth's: %.4f), angle %.1f degrees\n", report.best_validation,
              std::log(2 * std::numbers::pi * std::numbers::e) + std::log(0.8), degrees);
  const Batch<double, 2> z = flow.forward(data);
  std::printf("round trip: %.1e\n", (flow.inverse(z) - data).abs().maxCoeff());

  // 4. Is it right? A wrong log|det J| or backward gives a wrong density without a word: compare them with differences.
  const double h = 1e-5;
  Batch<double, 2> near(5, 2);  // a point, and its neighbours along both axes
  near.rowwise() = data.row(0);
  near(1, 0) -= h, near(2, 0) += h, near(3, 1) -= h, near(4, 1) += h;
  const Batch<double, 2> image = flow.forward(near);
  const PerSample<double> log_p = flow.log_prob(near);
  Eigen::Matrix2d jacobian;  // a column for each axis
  for (Index k : {0, 1}) jacobian.col(k) = (image.row(2 * k + 2) - image.row(2 * k + 1)).matrix().transpose() / (2 * h);
  PerSample<double> of_base(5);
  flow.base.log_prob(image, of_base);
  std::printf("log|det J| is off by %.0e",
              std::abs(log_p(0) - of_base(0) - std::log(std::abs(jacobian.determinant()))));
  const Batch<double, 2> score = flow.log_prob_and_gradient(near).x;
  std::printf(", the score by %.0e\n", std::max(std::abs(score(0, 0) - (log_p(2) - log_p(1)) / (2 * h)),
                                                std::abs(score(0, 1) - (log_p(4) - log_p(3)) / (2 * h))));
}
