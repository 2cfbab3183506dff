#pragma once
#include <charconv>
#include <locale>
#include <optional>
#include <sstream>

#include <bijou/io/file_bytes.hpp>

namespace bijou {
/// The numeric columns of a table of text.
struct CsvTable {
  std::vector<std::string> names;     // of the columns of `values`; "column 3" where the file has no header
  Batch<double, Dynamic> values;      // N x D
  std::vector<std::string> left_out;  // columns that are not numbers, with the reason
};

/// What the first line of a table is.
enum class Header { unknown, present, absent };

namespace csv {
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The cells of one line; "a,b" in quotes is one cell, "" in it a quote.
/// Nothing where a quote is left open: a cell ends on its line.
inline std::optional<std::vector<std::string>> cells(std::string_view line) {
  std::vector<std::string> out(1);
  out.reserve(std::size_t(std::count(line.begin(), line.end(), ',')) + 1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      out.back() += line[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      out.emplace_back();
    else
      out.back() += c;
  }
  if (quoted) return std::nullopt;
  return out;
}
inline std::string_view without_blanks_around(std::string_view s) {
  const std::size_t first = s.find_first_not_of(" \t");
  return first == s.npos ? std::string_view() : s.substr(first, s.find_last_not_of(" \t") - first + 1);
}
/// The cell that holds a name: as it is, or in quotes where a reader would take it for something else.
inline std::string cell(const std::string& name) {
  require(name.find_first_of("\r\n") == name.npos, "write_csv: the name \"", name, "\" is of more than one line");
  const bool blank = without_blanks_around(name).size() < name.size() || name.empty();
  if (!blank && name.find_first_of(",\"") == name.npos && !name.starts_with(byte_order_mark)) return name;
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}
/// A number in any locale; blanks around it are allowed, anything else is not. 1e400 is none: no double can hold it;
/// 1e-400 is 0, the nearest double.
inline std::optional<double> number(std::string_view s) {
  s = without_blanks_around(s);
  if (s.starts_with('+') && !s.starts_with("+-")) s.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (s.empty() || end != s.data() + s.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {  // too large or too small, which only a stream tells
    std::istringstream stream{std::string(s)};
    stream.imbue(std::locale::classic());
    stream >> value;
    if (std::abs(value) >= 1) return std::nullopt;
  }
  return value;
}
}  // namespace csv

/// Reads a comma-separated table. Unless you say so, the first line is a row where all of it is numbers, and a header
/// else; but where it names a numeric column by a number (5.1,setosa above 4.9,setosa) it could be either, and is
/// refused. A column is numeric when its first value is a number; from then on every value must be a finite one, and
/// the error names line and column.
///     read_csv("iris.data", Header::absent)
inline CsvTable read_csv(FileBytes file, Header first_line = Header::unknown) {
  const std::string& path = file.path();
  const auto bytes = file.take(file.left(), "text");
  std::string_view all(bytes.data(), bytes.size());
  if (all.starts_with(csv::byte_order_mark)) all.remove_prefix(csv::byte_order_mark.size());

  CsvTable table;
  std::vector<std::string> header;
  std::vector<std::size_t> numeric;
  std::vector<double> values;
  std::size_t line_number = 0, header_line = 0, width = 0;
  bool decided = false;  // which columns are numeric
  while (!all.empty()) {
    const std::size_t end = all.find('\n');
    std::string_view line = all.substr(0, end);
    all.remove_prefix(end == std::string_view::npos ? all.size() : end + 1);
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    auto found = csv::cells(line);
    if (!found) throw FileError(path, "line ", line_number, ": a quote is left open");
    auto& cells = *found;
    if (width == 0) {
      width = cells.size();
      const auto is_text = [](const std::string& cell) { return !csv::number(cell); };
      if (first_line == Header::present ||
          (first_line == Header::unknown && std::any_of(cells.begin(), cells.end(), is_text))) {
        header = std::move(cells);
        header_line = line_number;
        continue;
      }
    }
    if (cells.size() != width)
      throw FileError(path, "line ", line_number, ": has ", cells.size(), " cells, the lines before have ", width);
    const auto name = [&](std::size_t i) { return header.empty() ? text("column ", i + 1) : header[i]; };
    if (!decided) {
      decided = true;
      for (std::size_t i = 0; i < width; ++i)
        if (csv::number(cells[i])) {
          if (first_line == Header::unknown && !header.empty() && csv::number(header[i]))
            throw FileError(
                path, "line ", header_line, ": may be a header or a row: \"", header[i].substr(0, 20),
                "\" is a number, as is what stands below it; pass Header::absent or Header::present to read_csv, "
                "or put a line of names above the rows");
          numeric.push_back(i);
          table.names.push_back(name(i));
        } else
          table.left_out.push_back(name(i) + ": \"" + cells[i].substr(0, 20) + "\" is not a number");
    }
    for (std::size_t i : numeric) {
      const auto value = csv::number(cells[i]);
      if (!value || !std::isfinite(*value))
        throw FileError(path, "line ", line_number, ", ", name(i), ": \"", cells[i].substr(0, 20),
                        "\" is not a finite number; remove or fill in such rows");
      values.push_back(*value);
    }
  }
  if (width == 0) throw FileError(path, "is empty");
  if (numeric.empty()) throw FileError(path, decided ? "has no numeric column" : "has a header and no rows");
  const Index columns = Index(numeric.size()), rows = Index(values.size()) / columns;
  table.values = Eigen::Map<Eigen::Array<double, Dynamic, Dynamic, Eigen::RowMajor>>(values.data(), rows, columns);
  return table;
}

inline CsvTable read_csv(const std::string& path, Header first_line = Header::unknown) {
  return read_csv(FileBytes(path), first_line);
}

/// Writes a header and rows, names in quotes where they need them, each number with the digits that give it back
/// exactly. To read names that are numbers, tell read_csv that a header is present.
inline void write_csv(const std::string& path, const std::vector<std::string>& names, const auto& values) {
  require(Index(names.size()) == values.cols(), "write_csv: ", names.size(), " names for ", values.cols(), " columns");
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) (out += i ? "," : "") += csv::cell(names[i]);
  out += '\n';
  for (Index i = 0; i < values.rows(); ++i)
    for (Index j = 0; j < values.cols(); ++j) {
      char digits[64];
      const auto end = std::to_chars(digits, digits + sizeof(digits), values(i, j)).ptr;
      out.append(digits, end).push_back(j + 1 < values.cols() ? ',' : '\n');
    }
  write_file(path, {out.data(), out.size()});
}
}  // namespace bijou
