#pragma once
#include <bit>
#include <cmath>
#include <cstring>

#include <bijou/io/file_bytes.hpp>

namespace bijou {
static_assert(std::endian::native == std::endian::little, "numbers are copied from and to little-endian files");

/// Reads a NumPy array of one or two dimensions (format 1 to 3; f4, f8, u1, i4, i8, little-endian, either order) as N x
/// D. Throws std::runtime_error naming path and byte for a damaged file, an array without rows, and a number that is
/// not finite, whose row and column it names.
inline Batch<double, Dynamic> read_npy(FileBytes file) {
  const auto magic = file.take(6, "magic");
  if (std::memcmp(magic.data(), "\x93NUMPY", 6) != 0) throw FileError(file.path(), "is not an NPY file");
  const auto major = file.number(1, false, "version");
  file.number(1, false, "version");
  if (major < 1 || major > 3) file.fail("NPY version ", major, " is not known, 1 to 3 are");
  const auto length = file.number(major == 1 ? 2 : 4, false, "header length");
  const auto bytes = file.take(static_cast<std::size_t>(length), "header");
  const std::string header(bytes.begin(), bytes.end());

  const auto after = [&](const char* key) {
    const std::size_t at = header.find(key);
    if (at == std::string::npos) file.fail("the header has no ", key);
    return header.substr(header.find(':', at) + 1);
  };
  const std::string type = after("'descr'");  // a name in quotes, or, for records, a list: that is not read
  const std::size_t start = std::min(type.size(), type.find_first_not_of(' '));
  const std::string kind = type.substr(start, type.find_first_of(",}", start) - start);
  const bool fortran = after("'fortran_order'").find("True") < after("'fortran_order'").find(',');
  std::vector<std::uint64_t> shape;
  const std::string dimensions = after("'shape'");
  for (std::size_t i = dimensions.find('('); i < dimensions.size() && dimensions[i] != ')'; ++i)
    if (std::isdigit(static_cast<unsigned char>(dimensions[i]))) {
      std::uint64_t n = 0;
      for (; i < dimensions.size() && std::isdigit(static_cast<unsigned char>(dimensions[i])); ++i) {
        if (n > std::numeric_limits<std::uint64_t>::max() / 10 - 1) file.fail("the shape overflows");
        n = 10 * n + std::uint64_t(dimensions[i] - '0');
      }
      shape.push_back(n);
      --i;
    }
  if (shape.empty() || shape.size() > 2) file.fail("the array has ", shape.size(), " dimensions, must have 1 or 2");
  const std::uint64_t rows = shape[0], columns = shape.size() == 2 ? shape[1] : 1;

  const auto read = [&]<class T>(T) {
    const auto data = file.take(file.checked_size(rows, columns, sizeof(T)), "data");
    if (file.left()) file.fail(file.left(), " bytes after the array");
    if (rows == 0) file.fail("the array is 0 x ", columns, ", there is nothing to read");
    Batch<double, Dynamic> values{Index(rows), Index(columns)};
    for (std::uint64_t i = 0; i < rows; ++i)
      for (std::uint64_t j = 0; j < columns; ++j) {
        T value;
        std::memcpy(&value, data.data() + sizeof(T) * (fortran ? i + j * rows : i * columns + j), sizeof(T));
        values(Index(i), Index(j)) = static_cast<double>(value);
        if (!std::isfinite(values(Index(i), Index(j))))
          file.fail("row ", i, ", column ", j, " (counted from 0) is not a finite number; remove or fill in such rows");
      }
    return values;
  };
  if (kind == "'<f4'") return read(float{});
  if (kind == "'<f8'") return read(double{});
  if (kind == "'|u1'") return read(std::uint8_t{});
  if (kind == "'<i4'") return read(std::int32_t{});
  if (kind == "'<i8'") return read(std::int64_t{});
  file.fail("numbers of type ", kind, " are not read; save as little-endian f4, f8, u1, i4 or i8");
}

inline Batch<double, Dynamic> read_npy(const std::string& path) { return read_npy(FileBytes(path)); }

/// Writes N x D numbers as f8, C order.
inline void write_npy(const std::string& path, const auto& values) {
  std::string out = "\x93NUMPY\x01";
  out.push_back('\0');
  std::string header =
      text("{'descr': '<f8', 'fortran_order': False, 'shape': (", values.rows(), ", ", values.cols(), "), }");
  header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
  header += '\n';
  out.push_back(static_cast<char>(header.size() & 0xff));
  out.push_back(static_cast<char>(header.size() >> 8));
  out += header;
  for (Index i = 0; i < values.rows(); ++i)
    for (Index j = 0; j < values.cols(); ++j) {
      const double value = static_cast<double>(values(i, j));
      out.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
  write_file(path, {out.data(), out.size()});
}
}  // namespace bijou
