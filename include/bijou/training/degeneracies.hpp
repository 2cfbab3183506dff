#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <bijou/core/errors.hpp>
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// How many different values a column has, the smallest gap between two of them (0 where it has one), and the value
/// that most rows share.
struct DistinctValues {
  Index count = 0, most = 0;
  double gap = 0, commonest = 0;
  explicit DistinctValues(const auto& column) {
    std::vector<double> v;
    for (Index i = 0; i < column.size(); ++i) v.push_back(double(column(i)));
    std::sort(v.begin(), v.end());
    for (std::size_t i = 0, first = 0; i < v.size(); ++i) {
      if (!i || v[i] != v[i - 1]) {
        if (i) gap = count == 1 ? v[i] - v[i - 1] : std::min(gap, v[i] - v[i - 1]);
        ++count;
        first = i;
      }
      if (const Index same = Index(i - first) + 1; same > most) most = same, commonest = v[i];
    }
  }
};

/// sum of a_i b_i / n
inline double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  Lanes<double> total(0);
  each_panel<double>(Index(a.size()), [&](Index i, int count) {
    total += Lanes<double>::load(a.data() + i, count, Lanes<double>(0)) *
             Lanes<double>::load(b.data() + i, count, Lanes<double>(0));
  });
  return sum(total) / double(a.size());
}
/// The numbers of a column shifted and scaled to mean 0 and variance 1; none where they do not vary. Scaled first by
/// the largest, whose square may be beyond the range of numbers.
inline std::vector<double> standardized(const auto& column) {
  std::vector<double> v;
  double largest = 0;
  for (Index i = 0; i < column.size(); ++i) largest = std::max(largest, std::abs(double(column(i))));
  for (Index i = 0; i < column.size(); ++i) v.push_back(double(column(i)) / largest);
  const double mean = std::accumulate(v.begin(), v.end(), 0.) / double(v.size());
  for (double& x : v) x -= mean;
  const double deviation = std::sqrt(mean_product(v, v));
  if (!(deviation > 0)) return {};
  for (double& x : v) x /= deviation;
  return v;
}

/// Data to which a density would be drawn without bound: constant columns, columns that repeat a few values or one of
/// them in a twentieth of the rows, columns that depend on each other linearly. One sentence each, which names the
/// columns and says what to do; the data are finite. A maximum-likelihood fit of such data does not converge to
/// anything of meaning.
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
    else if (values.most >= 20 && values.most >= rows / 20)
      found.push_back(text("column ", j, " is ", values.commonest, " in ", values.most, " of ", rows,
                           " rows: no density grows as high; add noise to them, or leave them out"));
  }
  const Index d = Index(varied.size());
  if (d < 2 || rows <= d) {
    if (rows <= d) found.push_back(text(rows, " rows in ", d, " columns lie in a plane: more rows are needed"));
    return found;
  }
  // Cholesky's factor of the correlations: what is left of a column's variance when those before it are known. Of many
  // numbers, rows spread over all of them tell that in a second or two.
  const Index stride = std::max<Index>(1, Index(double(rows) * double(d) * double(d) / 2e9));
  std::vector<std::vector<double>> standard, factor;
  for (const Index k : varied) {
    auto column = standardized(data.col(k)(Eigen::seq(0, rows - 1, stride)));
    if (column.empty()) continue;  // it varies in other rows
    standard.push_back(std::move(column));
    factor.emplace_back();
    const std::size_t i = factor.size() - 1;
    for (std::size_t j = 0; j <= i; ++j) {
      double left = mean_product(standard[i], standard[j]);
      for (std::size_t m = 0; m < j; ++m) left -= factor[i][m] * factor[j][m];
      if (j == i)
        factor[i].push_back(left >= 1e-9 ? std::sqrt(left) : 0);
      else
        factor[i].push_back(factor[j][j] > 0 ? left / factor[j][j] : 0);
    }
    if (factor[i][i] == 0)
      found.push_back(text("column ", k,
                           " is a linear function of the columns before it, to 1e-9 of its variance: leave one "
                           "of them out"));
  }
  return found;
}
}  // namespace bijou
