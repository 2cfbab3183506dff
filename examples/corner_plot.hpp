#pragma once
#include <algorithm>
#include <vector>

#include "figure.hpp"

/// Data against samples: histograms on the diagonal, points below it (data) and above it (samples); at most 5 columns.
inline void corner_plot(const std::string& name, const std::vector<std::string>& names, const auto& data,
                        const auto& samples) {
  const int d = std::min<int>(5, int(data.cols()));
  Figure figure(name, d, d, 230, 220, "data (blue, below) and samples of the flow (red, above)");
  figure.data("data", data.topRows(std::min<Eigen::Index>(1500, data.rows())));
  figure.data("samples", samples.topRows(std::min<Eigen::Index>(1500, samples.rows())));
  figure.draw(
      "set tics font ',7'; set style fill solid 0.4 noborder; unset key; set lmargin 11; set rmargin 1; set bmargin 3; "
      "set tmargin 1");
  std::vector<std::pair<double, double>> range;
  for (int j = 0; j < d; ++j) {  // from the 0.2 % to the 99.8 % quantile
    std::vector<double> v(data.col(j).begin(), data.col(j).end());
    std::sort(v.begin(), v.end());
    const auto at = [&](double p) { return v[std::size_t(p * double(v.size() - 1))]; };
    const double pad = 0.05 * (at(0.998) - at(0.002));
    range.emplace_back(at(0.002) - pad, at(0.998) + pad);
  }
  // Two labels an axis, and only at the left and at the bottom.
  const auto limits = [&](char axis, int j, bool labels) {
    const auto [low, high] = range[std::size_t(j)];
    std::ostringstream out;
    out << "set " << axis << "range [" << low << ":" << high << "]\nset " << axis << "tics (";
    for (double at : {0.2, 0.8}) {
      const double value = low + at * (high - low);
      char label[32];
      std::snprintf(label, sizeof(label), "%.3g", value);
      out << "'" << (labels ? label : "") << "' " << value << (at < 0.5 ? ", " : ") font ',7'\n");
    }
    return out.str();
  };
  for (int i = 0; i < d; ++i)
    for (int j = 0; j < d; ++j) {
      std::string lines = limits('x', j, i == d - 1) + "set xlabel '" + (i == d - 1 ? names[std::size_t(j)] : "") +
                          "' font ',8' noenhanced\nset ylabel '" + (j == 0 ? names[std::size_t(i)] : "") +
                          "' font ',8' noenhanced\n";
      const std::string columns =
          " using " + std::to_string(j + 1) + ":" + std::to_string(i + 1) + " with points pt 7 ps 0.18 lc rgb ";
      if (i == j) {
        const auto [low, high] = range[std::size_t(j)];
        figure.data("h" + std::to_string(j), histogram(data.col(j), low, high, 40));
        figure.data("s" + std::to_string(j), histogram(samples.col(j), low, high, 40));
        lines += "set yrange [0:*]\nunset ytics\nplot $h" + std::to_string(j) + " with boxes lc rgb '#73a9cf', $s" +
                 std::to_string(j) + " with histeps lc rgb '#d1495b' lw 1.6";
      } else
        lines += limits('y', i, j == 0) +
                 (i > j ? "plot $data" + columns + "'#1f5fa8'" : "plot $samples" + columns + "'#d1495b'");
      figure.draw(lines);
    }
}
