#pragma once
// For tests of readers: files that go away again, another locale, and what a reader allocates while it refuses a file.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <locale>

#include <bijou/io/file_bytes.hpp>

#include "allocations.hpp"
#include "catch.hpp"

namespace bijou::test {
/// A file with these bytes, removed at the end.
class Temporary {
 public:
  explicit Temporary(const std::string& bytes, const std::string& name = "file")
      : path_(std::filesystem::temp_directory_path() / ("bijou_" + std::to_string(getpid()) + "_" + name)) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~Temporary() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }
  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path path_;
};
inline FileBytes in_memory(const std::string& bytes) { return {"memory", {bytes.begin(), bytes.end()}}; }

/// Numbers with a decimal comma and grouped digits, everywhere in the program, for as long as it lives.
class CommaLocale {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  std::locale before_ = std::locale::global(std::locale(std::locale::classic(), new Comma));

 public:
  ~CommaLocale() { std::locale::global(before_); }
};

/// The message of the runtime_error with which `read` refuses, "accepted" where it does not. Less than `most` bytes may
/// be allocated, and no array.
inline std::string refusal(auto read, long most = 1 << 20) {
  std::string message = "accepted";
  const long before = allocated_bytes;
  Eigen::internal::set_is_malloc_allowed(false);
  try {
    read();
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(allocated_bytes - before < most);
  return message;
}
}  // namespace bijou::test
