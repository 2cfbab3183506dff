#pragma once
// Reading the values at 60 digits of tests/reference: lines of a name, inputs, and pairs of a value and its condition
// number k, which is what rounding the inputs alone does to it.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "catch.hpp"

namespace bijou::test {
/// How far `got` is off, in eps of max(least, |value|, k).
template <class T>
double error_of(T got, long double value, long double k, long double least = 1) {
  return double(std::abs(static_cast<long double>(got) - value) / std::max({least, std::abs(value), k})) /
         double(std::numeric_limits<T>::epsilon());
}
/// Holds `got` to the next value and k of the line.
template <class T>
void compare(const char* what, T got, std::istream& wanted, double goal, const std::string& line,
             long double least = 1) {
  std::string value, k;
  REQUIRE(wanted >> value >> k);
  const double error = error_of(got, std::strtold(value.c_str(), nullptr), std::strtold(k.c_str(), nullptr), least);
  INFO(what << " is " << double(got) << ", off by " << error << " eps in " << line);
  CHECK(error <= goal);
}
inline double number(std::istream& words) {
  std::string s;
  REQUIRE(words >> s);
  return std::strtod(s.c_str(), nullptr);
}
/// visit(words, line) for each line of the file that begins with `name`, words standing behind the name; how many.
int each_line(const std::string& file, const std::string& name, const auto& visit) {
  std::ifstream in(BIJOU_TEST_DIR "/reference/" + file);
  int count = 0;
  for (std::string line, first; std::getline(in, line);) {
    std::istringstream words(line);
    words >> first;
    if (first == name) visit(words, line), ++count;
  }
  return count;
}
}  // namespace bijou::test
