#pragma once
#include <cmath>
#include <limits>

#include <Eigen/LU>

#include "any_layer.hpp"
#include "catch.hpp"

namespace bijou::test {
/// What is asked of a layer beyond the defaults.
template <class T>
struct Expectation {
  T spread = T(0.3);           // of random parameters around where the layer starts
  T lowest = -2, highest = 2;  // of the data
  T round_trip = 32;           // eps times the condition of the inverse
};

/// Every property of the contract, for one layer with random parameters.
template <class T>
class Conformance {
 public:
  Conformance(AnyLayer<T> layer, Expectation<T> e) : layer_(std::move(layer)), expected_(e) {
    Eigen::Array<T, Dynamic, 1> noise(Index(layer_.parameters.size()));
    if (noise.size()) random_.normal(noise);
    for (std::size_t i = 0; i < layer_.parameters.size(); ++i) *layer_.parameters[i] += e.spread * noise(Index(i));
    x_ = uniform(rows, layer_.columns) * (e.highest - e.lowest) + e.lowest;
    w_ = uniform(rows, layer_.columns) - T(0.5);
    v_ = (uniform(rows, 1) - T(0.5)).col(0);
    forward_ = layer_.map(Way::forward, x_);
  }
  void run() {
    INFO(layer_.name << ", eps = " << double(eps));
    finite();
    round_trip();
    log_det();
    for (Way way : {Way::forward, Way::inverse}) {
      INFO((way == Way::forward ? "forward" : "inverse"));
      rows_stand_alone(way);
      not_a_number_stays_in_its_row(way);
      no_gradient_wanted(way);
      if constexpr (!std::is_same_v<T, float>) adjoints(way);
      either_way_saves_the_same(way);
    }
  }

 private:
  static constexpr int rows = 5;
  static constexpr T eps = std::numeric_limits<T>::epsilon();

  Batch<T, Dynamic> uniform(Index n, Index d) {
    Batch<T, Dynamic> u(n, d);
    random_.uniform(u);
    return u;
  }
  Batch<T, Dynamic> input(Way way) const { return way == Way::forward ? x_ : forward_.y; }
  static T size(const Batch<T, Dynamic>& a) { return std::max(T(1), a.abs().maxCoeff()); }

  void finite() { CHECK((forward_.y.isFinite().all() && forward_.log_det.isFinite().all())); }

  /// J of each row, from D backward passes with unit vectors.
  std::vector<Eigen::Matrix<T, Dynamic, Dynamic>> jacobians() const {
    const int d = layer_.features;
    std::vector<Eigen::Matrix<T, Dynamic, Dynamic>> j(rows, Eigen::Matrix<T, Dynamic, Dynamic>(d, d));
    for (int i = 0; i < d; ++i) {
      Batch<T, Dynamic> unit = Batch<T, Dynamic>::Zero(rows, layer_.columns);
      unit.col(i).setOnes();
      const auto g = layer_.pull(Way::forward, Way::forward, x_, unit, PerSample<T>::Zero(rows), false).g_x;
      for (int n = 0; n < rows; ++n) j[std::size_t(n)].row(i) = g.row(n).leftCols(d).matrix();
    }
    return j;
  }
  void round_trip() {
    const int context = layer_.columns - layer_.features;
    CHECK((forward_.y.rightCols(context) == x_.rightCols(context)).all());
    T condition = 1;
    for (const auto& j : jacobians())
      condition = std::max(condition, j.inverse().cwiseAbs().rowwise().sum().maxCoeff());
    const auto back = layer_.map(Way::inverse, forward_.y);
    CHECK(double((back.y - x_).abs().maxCoeff() / (eps * condition * size(forward_.y))) <=
          double(expected_.round_trip));
    CHECK(double((back.log_det + forward_.log_det).abs().maxCoeff() / (eps * condition * size(forward_.log_det))) <=
          8 * double(expected_.round_trip));
    const auto again = layer_.map(Way::forward, back.y);
    CHECK(double((again.y - forward_.y).abs().maxCoeff() / (eps * condition * size(forward_.y))) <=
          8 * double(expected_.round_trip));
  }
  /// log|det J| against J from the adjoints and, where differences are sharp enough, against J from these.
  void log_det() {
    const auto j = jacobians();
    for (int n = 0; n < rows; ++n) {
      const T from_jacobian = std::log(std::abs(j[std::size_t(n)].determinant()));
      CHECK(double(std::abs(from_jacobian - forward_.log_det(n)) / (eps * std::max(T(1), std::abs(from_jacobian)))) <=
            512);
    }
    if constexpr (!std::is_same_v<T, float>) {
      const int d = layer_.features;
      std::vector<Eigen::Matrix<T, Dynamic, Dynamic>> differences(rows, Eigen::Matrix<T, Dynamic, Dynamic>(d, d));
      for (int i = 0; i < d; ++i) {
        const T h = T(1e-5);
        const auto moved = [&](T step) -> Batch<T, Dynamic> {
          auto x = x_;
          x.col(i) += step;
          return layer_.map(Way::forward, x).y;
        };
        const Batch<T, Dynamic> column = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
        for (int n = 0; n < rows; ++n)
          differences[std::size_t(n)].col(i) = column.row(n).leftCols(d).matrix().transpose();
      }
      for (int n = 0; n < rows; ++n)
        CHECK(double(std::abs(std::log(std::abs(differences[std::size_t(n)].determinant())) - forward_.log_det(n))) <
              1e-8);
    }
  }
  void rows_stand_alone(Way way) {
    const auto in = input(way);
    const auto whole = layer_.map(way, in);
    const auto g = layer_.pull(way, way, in, w_, v_, false).g_x;
    const int n = 37;  // more than a vector register, and no multiple of one
    Batch<T, Dynamic> many(n, in.cols()), many_w(n, in.cols());
    PerSample<T> many_v(n);
    for (int i = 0; i < n; ++i)
      many.row(i) = in.row((3 * i + 1) % rows), many_w.row(i) = w_.row((3 * i + 1) % rows),
      many_v(i) = v_((3 * i + 1) % rows);
    const auto shuffled = layer_.map(way, many);
    const auto g_shuffled = layer_.pull(way, way, many, many_w, many_v, false).g_x;
    for (int i = 0; i < n; ++i) {
      const int row = (3 * i + 1) % rows;
      CHECK((shuffled.y.row(i) == whole.y.row(row)).all());
      CHECK(shuffled.log_det(i) == whole.log_det(row));
      CHECK((g_shuffled.row(i) == g.row(row)).all());
    }
    for (int i = 0; i < rows; ++i) {
      const auto alone = layer_.map(way, in.middleRows(i, 1));
      CHECK((alone.y.row(0) == whole.y.row(i)).all());
      CHECK(alone.log_det(0) == whole.log_det(i));
      CHECK((layer_.pull(way, way, in.middleRows(i, 1), w_.middleRows(i, 1), v_.segment(i, 1), false).g_x.row(0) ==
             g.row(i))
                .all());
    }
    const auto none = layer_.map(way, in.topRows(0));
    CHECK((none.y.rows() == 0 && none.log_det.size() == 0));
  }
  void not_a_number_stays_in_its_row(Way way) {
    auto in = input(way);
    const auto clean = layer_.map(way, in);
    in.row(2).leftCols(layer_.features).setConstant(std::numeric_limits<T>::quiet_NaN());
    const auto dirty = layer_.map(way, in);
    for (int i = 0; i < rows; ++i) {
      if (i == 2)
        CHECK(dirty.y.row(i).leftCols(layer_.features).isNaN().all());
      else
        CHECK(((dirty.y.row(i) == clean.y.row(i)).all() && dirty.log_det(i) == clean.log_det(i)));
    }
  }
  void no_gradient_wanted(Way way) {
    const auto in = input(way);
    CHECK((layer_.pull(way, way, in, w_, v_, true).g_x == layer_.pull(way, way, in, w_, v_, false).g_x).all());
  }
  T value(Way way, const Batch<T, Dynamic>& in) const {
    const auto m = layer_.map(way, in);
    return (m.y * w_).sum() + (m.log_det * v_).sum();
  }
  /// Central difference of order 6.
  T difference(Way way, auto at) const {
    const T h = T(1e-5);
    const auto f = [&](T step) { return value(way, at(step)); };
    return ((f(3 * h) - f(-3 * h)) - 9 * (f(2 * h) - f(-2 * h)) + 45 * (f(h) - f(-h))) / (60 * h);
  }
  void adjoints(Way way) {
    const auto in = input(way);
    const auto g = layer_.pull(way, way, in, w_, v_, true);
    const T bound = std::is_same_v<T, double> ? T(1e-8) : T(1e-12);
    T worst = 0;
    for (Index i = 0; i < in.size(); ++i) {
      const T d = difference(way, [&](T step) {
        auto moved = in;
        moved.data()[i] += step;
        return moved;
      });
      worst = std::max(worst, std::abs(d - g.g_x.data()[i]) / std::max(T(1), std::abs(d)));
    }
    CHECK(double(worst) <= double(bound));
    worst = 0;
    for (std::size_t i = 0; i < layer_.parameters.size(); ++i) {
      T& p = *layer_.parameters[i];
      const T keep = p, d = difference(way, [&](T step) {
                          p = keep + step;
                          return in;
                        });
      p = keep;
      worst = std::max(worst, std::abs(d - g.g_parameters[i]) / std::max(T(1), std::abs(d)));
    }
    CHECK(double(worst) <= double(bound));
  }
  /// `inverse` leaves in saved what `forward` leaves there: either adjoint may follow either run.
  void either_way_saves_the_same(Way adjoint) {
    const auto after_forward = layer_.pull(Way::forward, adjoint, x_, w_, v_, true),
               after_inverse = layer_.pull(Way::inverse, adjoint, forward_.y, w_, v_, true);
    const T bound = T(2e4) * eps;
    CHECK(double((after_forward.g_x - after_inverse.g_x).abs().maxCoeff() / size(after_forward.g_x)) <= double(bound));
    T worst = 0;
    for (std::size_t i = 0; i < after_forward.g_parameters.size(); ++i)
      worst = std::max(worst, std::abs(after_forward.g_parameters[i] - after_inverse.g_parameters[i]) /
                                  std::max(T(1), std::abs(after_forward.g_parameters[i])));
    CHECK(double(worst) <= double(bound));
  }

  AnyLayer<T> layer_;
  Expectation<T> expected_;
  Random random_{11, 0, 0};
  Batch<T, Dynamic> x_, w_;
  PerSample<T> v_;
  Mapped<T> forward_;
};
}  // namespace bijou::test
