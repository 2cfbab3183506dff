// Samplers against their distributions: a million numbers each, fixed seeds.
#include "flow/models.hpp"
#include "flow/uniformity.hpp"
#include "ledger.hpp"

namespace bijou::test {
namespace {
struct Found {
  Errors gap, cells;
  void add(const Eigen::ArrayXd& u) {
    const Uniformity found(u);
    gap.add(found.gap);
    cells.add(found.chi_square);
  }
  void rows(Ledger& ledger, const char* name, const char* type) const {
    ledger.row(name, "largest gap of distribution functions (5.4e-3 is seen)", type, gap, Uniformity::dkw);
    ledger.row(name, "chi-square, 100 cells (9 % of a cell is seen)", type, cells, Uniformity::cells);
  }
};
/// Moments 1 to 4 of the standard normal, in standard errors.
template <class T>
Errors moments() {
  constexpr Index n = Uniformity::n;
  Batch<T, 1> x(n, 1);
  Random random{17};
  StandardNormal<T, 1>{}.sample(random, x);
  const Eigen::ArrayXd z = x.col(0).template cast<double>();
  const double root = std::sqrt(double(n));
  Errors e;
  e.add(std::abs(z.mean()) * root);
  e.add(std::abs(z.square().mean() - 1) * root / std::sqrt(2.));
  e.add(std::abs(z.cube().mean()) * root / std::sqrt(15.));
  e.add(std::abs(z.square().square().mean() - 3) * root / std::sqrt(96.));
  return e;
}
template <class T>
void of_type(Ledger& ledger) {
  Found bases;
  each_base_sample<T>([&](const char*, const Eigen::ArrayXd& u) { bases.add(u); });
  bases.rows(ledger, "samplers of all bases", name_of<T>);
  ledger.row("standard normal, 4 moments", "standard errors", name_of<T>, moments<T>(), 5);
  Found flow;
  double covered = 0;
  flow.add(through_own_density(
      randomised(Flow{StandardNormal<T, 1>{}, Elementwise<OddPolynomial<2>, T, 1>{}, Elementwise<Affine, T, 1>{}}, 0.4),
      covered));
  flow.rows(ledger, "a flow's samples and its density", name_of<T>);
}
}  // namespace
void samplers(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
