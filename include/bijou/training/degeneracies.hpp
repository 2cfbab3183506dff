#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <bijou/core/errors.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// How many different values a column has, and the smallest gap between two of them (0 where it has one).
struct DistinctValues {
  Index count = 0;
  double gap = 0;
  explicit DistinctValues(const auto& column) {
    std::vector<double> v;
    for (Index i = 0; i < column.size(); ++i) v.push_back(double(column(i)));
    std::sort(v.begin(), v.end());
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (i && v[i] == v[i - 1]) continue;
      if (i) gap = count == 1 ? v[i] - v[i - 1] : std::min(gap, v[i] - v[i - 1]);
      ++count;
    }
  }
};

/// Data to which a density would be drawn without bound: constant columns, columns that repeat a few values, columns
/// that depend on each other linearly. One sentence each, which names the columns and says what to do; the data are
/// finite. A maximum-likelihood fit of such data does not converge to anything of meaning.
inline std::vector<std::string> degeneracies(const auto& data) {
  std::vector<std::string> found;
  std::vector<Index> varied;
  const Index rows = data.rows();
  for (Index j = 0; j < data.cols(); ++j) {
    const DistinctValues values(data.col(j));
    if (values.count > 1) varied.push_back(j);
    if (values.count <= 1)
      found.push_back(text("column ", j, " is constant: it has no density, leave it out"));
    else if (rows >= 20 && values.count <= rows / 2)
      found.push_back(text("column ", j, " takes only ", values.count, " values in ", rows,
                           " rows: add uniform noise of its resolution, ", values.gap));
  }
  const Index d = Index(varied.size());
  if (d < 2 || rows <= d) {
    if (rows <= d) found.push_back(text(rows, " rows in ", d, " columns lie in a plane: more rows are needed"));
    return found;
  }
  Eigen::ArrayXXd standard(rows, d), factor = Eigen::ArrayXXd::Zero(d, d);
  for (Index j = 0; j < d; ++j) {
    const auto column = data.col(varied[std::size_t(j)]).template cast<double>();
    standard.col(j) = column - column.mean();
    standard.col(j) /= std::sqrt(standard.col(j).square().mean());
  }
  // Cholesky's factor of the correlations: what is left of a column's variance when those before it are known.
  for (Index j = 0; j < d; ++j)
    for (Index i = j; i < d; ++i) {
      const double left = (standard.col(i) * standard.col(j)).mean() - (factor.row(i) * factor.row(j)).head(j).sum();
      if (i > j)
        factor(i, j) = factor(j, j) > 0 ? left / factor(j, j) : 0;
      else if (left >= 1e-9)
        factor(j, j) = std::sqrt(left);
      else
        found.push_back(text("column ", varied[std::size_t(j)],
                             " is a linear function of the columns before it: leave one of them out"));
    }
  return found;
}
}  // namespace bijou
