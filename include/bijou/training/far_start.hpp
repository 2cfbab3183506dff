#pragma once
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <bijou/training/degeneracies.hpp>
#include <bijou/training/table.hpp>

namespace bijou {
/// A sentence where a flow, before it is trained, scores data (their first 1,000 rows) far below what a Gaussian of
/// each column's mean and deviation does: most of a fit then goes into finding the data's units, and it may never get
/// there. Else nothing; nor where a column is constant. Rows outside the support are passed over. Far: 10 nats and a
/// quarter for each feature.
template <class F>
std::optional<std::string> far_start(const F& flow, const Table<typename F::Scalar>& data) {
  const Index rows = std::min<Index>(data.rows(), 1000);
  const Context<typename F::Scalar> context = data.context.topRows(std::min(rows, data.context.rows()));
  double gaussian = 0;
  for (Index j = 0; j < data.x.cols(); ++j) {
    std::vector<double> column(data.x.col(j).data(), data.x.col(j).data() + rows);
    if (std::all_of(column.begin(), column.end(), [&](double x) { return x == column[0]; })) return std::nullopt;
    const double mean = std::accumulate(column.begin(), column.end(), 0.) / double(rows);
    for (double& x : column) x -= mean;
    gaussian -= std::log(std::sqrt(mean_product(column, column) * 2 * std::numbers::pi * std::numbers::e));
  }
  double sum = 0;
  Index inside = 0;
  for (const auto log_p : flow.log_prob(data.x.topRows(rows), context))
    if (std::isfinite(log_p)) sum += double(log_p), ++inside;
  const double below = gaussian - sum / double(inside);
  if (!(below > 10 + double(data.x.cols()) / 4)) return std::nullopt;
  return text("before training, log p was ", std::round(below),
              " nats below that of a Gaussian of each column's mean and deviation: put Standardize in front of the "
              "layers, so that a fit need not find the data's units");
}
}  // namespace bijou
