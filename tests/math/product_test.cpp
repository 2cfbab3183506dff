#include <bijou/core/buffer.hpp>
#include <bijou/math/outer_product.hpp>
#include <bijou/math/product.hpp>
#include <bijou/math/row_product.hpp>
#include <bijou/math/transpose.hpp>

#include "catch.hpp"

using namespace bijou;

namespace {
/// Sums that start from what C holds.
template <class T>
struct SumsTo {
  T* c;
  Index c_j;
  SumsTo column(Index j) const { return {c + j * c_j, c_j}; }
  void next() { c += c_j; }
  template <class V>
  V start(Index r, int count) const {
    return V::load(c + r, count);
  }
  void finish(Index r, int count, auto sum) const { sum.store(c + r, count); }
};
template <class T>
struct SumsToRow {
  T* c;
  template <class V>
  V start(Index j, int count) const {
    return V::load(c + j, count, V(0));
  }
  void finish(Index j, int count, auto sum) const { sum.store(c + j, count); }
};
/// The largest |element|, 0 of none.
double largest(const auto& m) { return m.size() ? double(m.array().abs().maxCoeff()) : 0; }
}  // namespace

TEMPLATE_TEST_CASE("multiply: right for odd shapes, the same bits for one row as for many [adversarial 65]",
                   "[adversarial]", float, double, long double) {
  using T = TestType;
  for (Index n : {1, 2, 3, 5, 17, 130})
    for (Index columns : {0, 1, 2, 3, 7, 20, 23, 66})
      for (Index depth : {0, 1, 5, 40, 64, 65, 130, 300}) {
        INFO(n << " x " << depth << " times " << depth << " x " << columns);
        Buffer<T> a, c;
        a.set_zero(n, depth);
        a.view().setRandom();
        c.resize(n, columns);
        c.view().setConstant(T(0.25));
        const Weights<T> most = Weights<T>::Random(depth + 1, columns);
        const auto w = most.topRows(depth);  // its address is never null
        multiply(n, columns, Terms{depth, a.data(), n, w.data(), columns}, SumsTo<T>{c.data(), n});
        const auto exact = [](const auto& m) { return m.matrix().template cast<long double>().eval(); };
        const Batch<long double, Dynamic> wanted = (exact(a.view()) * exact(w)).array() + 0.25L;
        const double size = 1 + largest((exact(a.view().abs()) * exact(w.array().abs())).eval());
        const double bound = 4 * size * double(std::numeric_limits<T>::epsilon());
        const auto error = [](const auto& got, const auto& right) {
          return largest(got.template cast<long double>() - right);
        };
        CHECK(error(c.view(), wanted) <= bound);
        Buffer<T> x;
        x.assign(a.view().topRows(1));
        Row<T> row = Row<T>::Constant(columns, T(0.25));
        multiply_row(columns, depth, std::as_const(x).data(), w.data(), SumsToRow<T>{row.data()}, std::false_type{});
        CHECK((row == c.view().row(0)).all());

        const Weights<T> wt = w.transpose();
        Buffer<T> added;
        added.resize(n, columns);
        for (const bool fresh : {true, false}) {
          added.view().setConstant(fresh ? std::numeric_limits<T>::quiet_NaN() : T(0.25));
          if (depth % 2)
            multiply(n, columns, Terms{depth, a.data(), n, w.data(), columns}, AddTo<T>{added.data(), n, fresh});
          else
            multiply(n, columns, ColumnTerms{depth, a.data(), n, wt.data(), depth}, AddTo<T>{added.data(), n, fresh});
          CHECK(error(added.view(), wanted - (fresh ? 0.25L : 0.0L)) <= bound);
        }

        a.view() = a.view().max(T(0));  // terms of 0, which one row leaves out
        c.view().setConstant(T(0.25));
        multiply(n, columns, Terms{depth, a.data(), n, w.data(), columns}, SumsTo<T>{c.data(), n});
        x.assign(a.view().topRows(1));
        row.setConstant(T(0.25));
        multiply_row(columns, depth, std::as_const(x).data(), w.data(), SumsToRow<T>{row.data()}, std::false_type{});
        CHECK((row == c.view().row(0)).all());
      }
}
TEMPLATE_TEST_CASE("outer product: A^T G and the sums of G, for odd shapes", "", float, double, long double) {
  using T = TestType;
  for (Index n : {1, 5, 16, 37, 128})
    for (Index inputs : {0, 1, 2, 3, 40})
      for (Index units : {0, 1, 2, 5, 20, 33}) {
        INFO(n << " rows, " << inputs << " x " << units);
        Buffer<T> a, g, turned;
        a.set_zero(n, inputs);
        a.view().setRandom();
        g.set_zero(n, units);
        g.view().setRandom();
        Weights<T> w = Weights<T>::Ones(inputs, units);
        Row<T> b = Row<T>::Ones(units);
        const Index step = units + inputs;
        turned.resize(step, n);
        transpose(n, units, g.data(), n, turned.data(), step);
        transpose(n, inputs, a.data(), n, turned.data() + units, step);
        const T* const rows = turned.data();
        add_outer_product<Linear>(n, inputs, a.data(), units, g.data(), Terms{n, rows, step, rows + units, step},
                                  w.data());
        add_dots(n, units, g.data(), n, static_cast<const T*>(nullptr), Index(0), b.data(), Index(1));
        const Weights<T> wanted =
            (a.view().matrix().transpose() * g.view().matrix()).array().matrix() + Weights<T>::Ones(inputs, units);
        const double bound = 256 * double(std::numeric_limits<T>::epsilon());
        CHECK(largest(w - wanted) <= bound);
        CHECK(largest(b - Row<T>::Ones(units) - g.view().colwise().sum()) <= bound);
      }
}
TEMPLATE_TEST_CASE("transpose: rows become columns, their sums beside them", "", float, double, long double) {
  using T = TestType;
  const Eigen::Array<T, Dynamic, Dynamic> a = Eigen::Array<T, Dynamic, Dynamic>::Random(37, 21);
  Eigen::Array<T, Dynamic, Dynamic> b(21, 37);
  Row<T> sums = Row<T>::Zero(21);
  transpose(Index(37), Index(21), a.data(), Index(37), b.data(), Index(21), sums.data());
  CHECK((b == a.transpose()).all());
  CHECK(largest(sums - a.colwise().sum()) <= 64 * double(std::numeric_limits<T>::epsilon()));
}
