#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "figure.hpp"

/// The first and the last multiple within [low, high] of the largest of the steps 1, 2, 5 times 10^k that has two.
inline std::pair<double, double> round_numbers(double low, double high) {
  for (double power = std::pow(10, std::floor(std::log10(high - low))); power > 0; power /= 10)
    for (double step : {5 * power, 2 * power, power}) {
      const double first = std::ceil(low / step) * step, last = std::floor(high / step) * step;
      if (first < last) return {first, last};
    }
  return {low, high};
}

/// Data against samples: histograms on the diagonal, points below it (data) and above it (samples); at most 5 columns.
inline void corner_plot(const std::string& name, const std::vector<std::string>& names, const auto& data,
                        const auto& samples) {
  const int d = std::min<int>(5, int(data.cols()));
  Figure figure(name, d, d, 230, 220, "data (blue, below) and samples of the flow (red, above)");
  figure.data("data", data.topRows(std::min<Eigen::Index>(1500, data.rows())));
  figure.data("samples", samples.topRows(std::min<Eigen::Index>(1500, samples.rows())));
  figure.draw("set style fill solid 0.4 noborder; unset key");
  std::vector<std::pair<double, double>> range;
  for (int j = 0; j < d; ++j) {  // from the 0.2 % to the 99.8 % quantile
    std::vector<double> v(data.col(j).begin(), data.col(j).end());
    std::sort(v.begin(), v.end());
    const auto at = [&](double p) { return v[std::size_t(p * double(v.size() - 1))]; };
    const double pad = 0.05 * (at(0.998) - at(0.002));
    range.emplace_back(at(0.002) - pad, at(0.998) + pad);
  }
  // Panels side by side, for gnuplot leaves each the room of labels that only the outer ones have.
  const auto place = [&](int i, int j) {
    const double left = 0.10, top = 0.96, width = 0.89 / d, height = 0.89 / d, gap = 0.012;
    const double x = left + j * width, y = top - (i + 1) * height;
    std::ostringstream out;
    out << "set lmargin at screen " << x << "\nset rmargin at screen " << x + width - gap << "\nset bmargin at screen "
        << y << "\nset tmargin at screen " << y + height - gap << "\nunset label\n";
    const char* font = " center font ',8' noenhanced";
    if (j == 0)
      out << "set label " << quoted(names[std::size_t(i)]) << " at screen 0.015, screen " << y + (height - gap) / 2
          << " rotate" << font << "\n";
    if (i == d - 1)
      out << "set label " << quoted(names[std::size_t(j)]) << " at screen " << x + (width - gap) / 2 << ", screen 0.02"
          << font << "\n";
    return out.str();
  };
  // Two labels an axis, and only at the left and at the bottom.
  const auto limits = [&](char axis, int j, bool labels) {
    const auto [low, high] = range[std::size_t(j)];
    std::ostringstream out;
    out << "set " << axis << "range [" << low << ":" << high << "]\nset " << axis << "tics (";
    const auto [first, last] = round_numbers(low, high);
    const std::string format = labels ? "%g" : "";
    out << "'" << format << "' " << first + 0. << ", '" << format << "' " << last + 0. << ") font ',8'\n";
    return out.str();
  };
  for (int i = 0; i < d; ++i)
    for (int j = 0; j < d; ++j) {
      std::string lines = place(i, j) + limits('x', j, i == d - 1);
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
