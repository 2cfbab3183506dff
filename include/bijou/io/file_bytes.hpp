#pragma once
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <new>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>
#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include <bijou/core/errors.hpp>

namespace bijou {
/// What is wrong with a file, and where: "data.npy, byte 10: ...".
class FileError : public std::runtime_error {
 public:
  FileError(const std::string& path, const auto&... parts) : std::runtime_error(text(path, ": ", parts...)) {}
};

inline void require_regular_file(const std::string& path) {
  if (!std::filesystem::exists(path)) throw FileError(path, "no such file");
  if (!std::filesystem::is_regular_file(path)) throw FileError(path, "not a regular file");
}

/// The bytes of a file, read front to back. Sizes that a file declares are compared with the bytes that are left before
/// anything is allocated for them.
class FileBytes {
 public:
  explicit FileBytes(std::string path) : path_(std::move(path)) {
    require_regular_file(path_);
    std::ifstream in(path_, std::ios::binary);
    if (!in) throw FileError(path_, "cannot be opened for reading");
    try {
      bytes_.resize(std::filesystem::file_size(path_));
    } catch (const std::exception&) {  // bad_alloc, length_error
      throw FileError(path_, "is too large for the memory");
    }
    in.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    if (in.gcount() != static_cast<std::streamsize>(bytes_.size()))
      throw FileError(path_, "could not be read to its end");
  }
  /// Bytes that are in memory already; path: their name in errors.
  FileBytes(std::string path, std::vector<char> bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {}

  const std::string& path() const { return path_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  /// The next n bytes; what: their name in the error.
  std::span<const char> take(std::size_t n, const char* what) {
    if (n > left()) fail("the ", what, " needs ", n, " bytes, only ", left(), " are left");
    at_ += n;
    return {bytes_.data() + at_ - n, n};
  }
  /// An unsigned number of `bytes` bytes.
  std::uint64_t number(int bytes, bool big_endian, const char* what) {
    std::uint64_t value = 0;
    const auto b = take(static_cast<std::size_t>(bytes), what);
    for (int i = 0; i < bytes; ++i)
      value |= std::uint64_t(static_cast<unsigned char>(b[std::size_t(i)])) << 8 * (big_endian ? bytes - 1 - i : i);
    return value;
  }
  /// rows * columns * size, refused where that is more than the bytes that are left, or where the one number would
  /// count things that take no bytes: any count could be claimed of these.
  std::size_t checked_size(std::uint64_t rows, std::uint64_t columns, std::uint64_t size) {
    if (columns == 0 ? rows > 0 : rows > left() / size / columns)
      fail("declares ", rows, " x ", columns, " numbers of ", size, " bytes, only ", left(), " bytes are left");
    if (columns > std::uint64_t(std::numeric_limits<int>::max())) fail("declares ", columns, " columns of no rows");
    return static_cast<std::size_t>(rows * columns * size);
  }
  [[noreturn]] void fail(const auto&... parts) const { throw FileError(path_, "byte ", at_, ": ", parts...); }

 private:
  std::string path_;
  std::vector<char> bytes_;
  std::size_t at_ = 0;
};

/// Writes a whole file or leaves the old one as it was: into a file beside it, which is then renamed. A symbolic link
/// stays one, also where there is no file behind it yet, and the permissions stay those of the old file.
/// Where the program is killed while it writes, the file beside it, NAME.<number>.part, is left: remove it by hand.
inline void write_file(const std::string& path, std::span<const char> bytes) {
  namespace fs = std::filesystem;
  std::error_code ignored, failed;
  const auto refuse = [&](const std::error_code& why, const char* what) {
    throw FileError(path, "could not be written (", why.message(), "); ", what);
  };
  const auto last_error = [] { return std::error_code(errno, std::generic_category()); };
  const auto old = fs::status(path, failed);
  if (fs::exists(old) && !fs::is_regular_file(old)) throw FileError(path, "is not a regular file: nothing was written");
  if (!fs::status_known(old)) refuse(failed, "nothing was changed");  // links in a circle
  failed.clear();
  fs::path target = path;
  while (fs::is_symlink(target, ignored)) target = target.parent_path() / fs::read_symlink(target, ignored);
  // A name of its own for each writer; "x": never through a file or link that someone else has put there.
  // Of a long name only the beginning: a file's name may have 255 bytes.
  const std::string name = text(target.filename().string().substr(0, 200), ".", std::random_device{}(), ".part");
  const std::string beside = (target.parent_path() / name).string();
  std::FILE* out = std::fopen(beside.c_str(), "wbx");
  if (!out) refuse(last_error(), "nothing was changed");
  // Before it holds anything: what only its owner might read stays so.
  if (fs::exists(old)) fs::permissions(beside, old.permissions(), ignored);
  bool good = std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size() && std::fflush(out) == 0;
#if __has_include(<unistd.h>)
  // Else after a power failure the new name could hold an empty file. The directory is not synced: at worst the old
  // name comes back, and with it the old file, whole.
  good = good && fsync(fileno(out)) == 0;
#endif
  good = std::fclose(out) == 0 && good;
  if (good)
    fs::rename(beside, target, failed);
  else
    failed = last_error();
  if (failed) {
    fs::remove(beside, ignored);
    refuse(failed, "what was there before is unchanged");
  }
}
}  // namespace bijou
