#pragma once
#if __has_include(<zlib.h>) && !defined(BIJOU_NO_ZLIB)  // define it to do without the library
#include <zlib.h>
#define BIJOU_HAS_ZLIB 1
#endif
#include <memory>

#include <bijou/io/file_bytes.hpp>

namespace bijou {
/// Bytes of the MNIST format: N records of the given shape.
struct IdxData {
  std::vector<Index> shape;                                              // N first
  Eigen::Array<std::uint8_t, Dynamic, Dynamic, Eigen::RowMajor> values;  // N x (product of the rest)
};

#ifdef BIJOU_HAS_ZLIB
/// The contents of a gzip file, at most `limit` bytes of them.
inline std::vector<char> read_gzip(const std::string& path, std::size_t limit = std::size_t{1} << 30) {
  require_regular_file(path);
  std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(path.c_str(), "rb"), gzclose);
  if (!in) throw FileError(path, "cannot be opened for reading");
  std::vector<char> out;
  int got = 0;
  do {
    const std::size_t before = out.size();
    out.resize(before + 65536);
    got = gzread(in.get(), out.data() + before, 65536);
    out.resize(before + std::size_t(std::max(got, 0)));
  } while (got > 0 && out.size() <= limit);
  const bool whole = got == 0 && gzeof(in.get());
  const bool closed = gzclose(in.release()) == Z_OK;
  if (out.size() > limit) throw FileError(path, "unpacks to more than ", limit, " bytes");
  if (!whole || !closed) throw FileError(path, "is not a whole gzip file");
  return out;
}
#endif

/// Reads IDX bytes: unsigned bytes in 1 to 4 dimensions.
inline IdxData read_idx(FileBytes file) {
  if (file.number(2, true, "magic") != 0) throw FileError(file.path(), "is not an IDX file");
  if (const auto type = file.number(1, true, "type"); type != 8)
    file.fail("holds numbers of type ", type, ", only unsigned bytes (8) are read");
  const auto dimensions = file.number(1, true, "number of dimensions");
  if (dimensions < 1 || dimensions > 4) file.fail("has ", dimensions, " dimensions, must have 1 to 4");
  IdxData data;
  std::uint64_t size = 1;
  for (std::uint64_t i = 0; i < dimensions; ++i) {
    const auto n = file.number(4, true, "dimension");
    data.shape.push_back(Index(n));
    if (i > 0) size = file.checked_size(size, n, 1);
  }
  const auto bytes = file.take(file.checked_size(std::uint64_t(data.shape[0]), size, 1), "data");
  if (file.left()) file.fail(file.left(), " bytes after the data");
  if (bytes.empty()) file.fail("the first dimension is 0, there is nothing to read");
  data.values.resize(data.shape[0], Index(size));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(data.values.data()));
  return data;
}
/// A name that ends in .gz is unpacked first (where zlib is there), to at most `limit` bytes.
inline IdxData read_idx(const std::string& path, [[maybe_unused]] std::size_t limit = std::size_t{1} << 30) {
  if (!path.ends_with(".gz")) return read_idx(FileBytes(path));
#ifdef BIJOU_HAS_ZLIB
  return read_idx(FileBytes(path, read_gzip(path, limit)));
#else
  throw FileError(path, "is packed, and this program was built without zlib: gunzip it first");
#endif
}
}  // namespace bijou
