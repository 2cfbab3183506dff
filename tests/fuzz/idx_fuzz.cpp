// Any bytes -> records, no larger than the bytes; those of a packed file, no larger than the limit.
#include <sys/mman.h>
#include <unistd.h>

#include <bijou/io/idx.hpp>

#include "fuzz.hpp"

namespace {
using namespace bijou;
void fits(const IdxData& d, std::size_t most) {
  Index product = 1;
  for (const Index n : d.shape) product *= n;
  fuzz::must(product == d.values.size() && std::size_t(product) <= most, "a shape that is not that of the values");
}
#ifdef BIJOU_HAS_ZLIB
/// The bytes unpacked, by way of a file in memory.
std::vector<char> unpacked(const std::uint8_t* data, std::size_t size, std::size_t limit) {
  static const int file = memfd_create("packed", 0);
  fuzz::must(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == ssize_t(size), "no file in memory");
  return read_gzip(text("/proc/self/fd/", file), limit);
}
#endif
}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_or_refuse([&] { fits(read_idx(fuzz::file_of<FileBytes>(data, size)), size); });
#ifdef BIJOU_HAS_ZLIB
  constexpr std::size_t limit = 1 << 20;
  if (size > 1 && data[0] == 0x1f && data[1] == 0x8b)
    fuzz::read_or_refuse([&] { fits(read_idx(FileBytes("packed", unpacked(data, size, limit))), limit); });
#endif
  return 0;
}
