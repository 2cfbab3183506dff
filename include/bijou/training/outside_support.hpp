#pragma once
#include <optional>
#include <string>

#include <bijou/training/table.hpp>

namespace bijou {
/// A sentence that counts the rows of a table whose log p is not finite, and shows the first one; nothing where there
/// is none. A single one makes a loss infinite.
template <class F>
std::optional<std::string> outside_support(const F& flow, const Table<typename F::Scalar>& data, const char* which) {
  const auto log_p = flow.log_prob(data.x, data.context);
  Index count = 0, first = 0;
  for (Index i = data.rows(); i--;)
    if (!std::isfinite(log_p(i))) ++count, first = i;
  if (count == 0) return std::nullopt;
  std::string row;
  constexpr Index most = 8;
  for (Index j = 0; j < std::min(most, data.x.cols()); ++j) row += (j ? ", " : "") + text(data.x(first, j));
  if (data.x.cols() > most) row += ", ...";
  return text(count, " of ", data.rows(), " ", which, " rows have no density under this flow, the first is (", row,
              "): leave them out, or choose layers that reach them");
}
}  // namespace bijou
