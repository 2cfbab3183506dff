#pragma once
// What the targets of the fuzzer share. A target takes any bytes: it stops the program where a promise is broken.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <bijou/core/errors.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace bijou::fuzz {
inline void must(bool good, const auto&... parts) {
  if (good) return;
  std::fprintf(stderr, "%s\n", text(parts...).c_str());
  std::abort();
}
/// Bytes -> a result or a runtime_error; all else (bad_alloc, a failed argument check) goes on and stops the program.
void read_or_refuse(auto read) {
  try {
    read();
  } catch (const std::runtime_error&) {
  }
}
/// The bytes as the contents of a file.
template <class File>
File file_of(const std::uint8_t* data, std::size_t size) {
  return File("input", std::vector<char>(data, data + size));
}
}  // namespace bijou::fuzz
