#include <bijou/core/buffer.hpp>
#include <bijou/math/product.hpp>

#include "catch.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE("multiply: right for odd shapes, the same bits for one row as for many", "", float, double,
                   long double) {
  using T = TestType;
  for (Index n : {1, 2, 3, 5, 17, 33, 100})
    for (Index columns : {1, 2, 3, 7, 23, 66})
      for (Index depth : {0, 1, 5, 40}) {
        INFO(n << " x " << depth << " times " << depth << " x " << columns);
        Buffer<T> a, c;
        a.set_zero(n, depth);
        a.view().setRandom();
        c.resize(n, columns);
        c.view().setConstant(T(0.25));
        const Weights<T> w = Weights<T>::Random(depth, columns);
        multiply(n, columns, depth, a.data(), n, w.data(), columns, Index(1), c.data(), n);
        const Batch<T, Dynamic> wanted = (a.view().matrix() * w).array() + T(0.25);
        CHECK(double((c.view() - wanted).abs().maxCoeff()) <= 64 * double(std::numeric_limits<T>::epsilon()));
        Row<T> row = Row<T>::Constant(columns, T(0.25));
        multiply_row(columns, depth, a.data(), n, w.data(), columns, row.data());
        CHECK((row == c.view().row(0)).all());
      }
}
TEST_CASE("transpose: rows become columns") {
  const Eigen::ArrayXXd a = Eigen::ArrayXXd::Random(37, 21);
  Eigen::ArrayXXd b(21, 37);
  transpose(Index(37), Index(21), a.data(), Index(37), b.data());
  CHECK((b == a.transpose()).all());
}
