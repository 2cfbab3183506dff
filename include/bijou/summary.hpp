#pragma once
#include <iomanip>

#include <bijou/flow.hpp>

namespace bijou {
/// A table of a flow, data first: its layers, what each is made of, and how many numbers it trains.
template <class Base, class... Ls>
std::string summary(const Flow<Base, Ls...>& flow) {
  std::ostringstream out;
  out.imbue(std::locale::classic());  // 8836, never 8.836
  const auto line = [&](const std::string& what, Index parameters) {
    out << std::setw(10) << parameters << "  " << what << "\n";
  };
  out << "parameters  layer (data -> noise)\n";
  std::apply([&](const auto&... layer) { (line(layer.describe(), parameter_count(layer)), ...); }, flow.layers.layers);
  line("base " + flow.base.describe(), parameter_count(flow.base));
  line("total", parameter_count(flow));
  return out.str();
}
template <class Base, class... Ls>
std::ostream& operator<<(std::ostream& out, const Flow<Base, Ls...>& flow) {
  return out << summary(flow);
}
/// The same architecture and parameters with the same bits (NaN equals NaN).
template <class Base, class... Ls>
bool operator==(const Flow<Base, Ls...>& a, const Flow<Base, Ls...>& b) {
  return a.describe() == b.describe() && same_bits(a, b);
}
}  // namespace bijou
