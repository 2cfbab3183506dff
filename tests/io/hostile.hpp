#pragma once
// For tests of readers: another locale, and what a reader allocates while it refuses a file.
#include <locale>

#include <bijou/io/file_bytes.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "temporary.hpp"

namespace bijou::test {
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
