#pragma once
#include <bijou/io/file_bytes.hpp>

namespace bijou {
/// A picture of 1 (grey) or 3 (red, green, blue) channels with values 0 .. levels - 1.
struct Picture {
  Index rows, columns;
  int channels, levels;
  Eigen::ArrayXi pixels;  // row by row, a pixel's channels together
  int operator()(Index row, Index column, int channel = 0) const {
    return pixels((row * columns + column) * channels + channel);
  }
};

/// Reads PGM and PPM, plain (P2, P3) or binary (P5, P6), 8 or 16 bits, with comments. The format allows more
/// pictures in a file: what follows the first is ignored.
inline Picture read_pgm(FileBytes file) {
  const auto magic = file.take(2, "magic");
  const char kind = magic[1];
  if (magic[0] != 'P' || (kind != '2' && kind != '3' && kind != '5' && kind != '6'))
    throw FileError(file.path(), "is not a PGM or PPM file (P2, P3, P5, P6)");
  const auto number = [&](const char* what) {
    char c = file.take(1, what)[0];
    for (; c == '#' || std::isspace(static_cast<unsigned char>(c)); c = file.take(1, what)[0])
      if (c == '#')
        while (c != '\n') c = file.take(1, what)[0];
    std::uint64_t n = 0;
    if (!std::isdigit(static_cast<unsigned char>(c))) file.fail("expected the ", what, ", found '", c, "'");
    for (; std::isdigit(static_cast<unsigned char>(c)); c = file.take(1, what)[0]) {
      n = 10 * n + std::uint64_t(c - '0');
      if (n > 0xffffffff) file.fail("the ", what, " is too large");
      if (!file.left()) break;
    }
    if (!std::isspace(static_cast<unsigned char>(c)) && !std::isdigit(static_cast<unsigned char>(c)))
      file.fail("the ", what, " is followed by '", c, "'");
    return n;
  };
  const bool plain = kind < '4';
  const int channels = kind == '3' || kind == '6' ? 3 : 1;
  const auto columns = number("width"), rows = number("height"), top = number("largest value");
  if (top < 1 || top > 65535) file.fail("the largest value must be 1 to 65535, is ", top);
  if (rows < 1 || columns < 1) file.fail("the picture is empty: ", columns, " x ", rows);
  const int bytes = plain ? 1 : top > 255 ? 2 : 1;  // a plain number takes at least one byte
  file.checked_size(rows, columns, std::uint64_t(bytes) * std::uint64_t(channels));

  Picture p{Index(rows), Index(columns), channels, int(top) + 1, Eigen::ArrayXi(Index(rows * columns) * channels)};
  for (int& pixel : p.pixels) {
    const auto value = plain ? number("pixel") : file.number(bytes, true, "pixel");
    if (value > top) file.fail("a pixel is ", value, ", above the largest value ", top);
    pixel = static_cast<int>(value);
  }
  return p;
}
inline Picture read_pgm(const std::string& path) { return read_pgm(FileBytes(path)); }
}  // namespace bijou
