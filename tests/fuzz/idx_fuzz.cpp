// Any bytes -> records, no larger than the bytes.
#include <bijou/io/idx.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bijou;
  fuzz::read_or_refuse([&] {
    const IdxData d = read_idx(fuzz::file_of<FileBytes>(data, size));
    Index product = 1;
    for (const Index n : d.shape) product *= n;
    fuzz::must(product == d.values.size() && std::size_t(product) <= size, "a shape that is not that of the values");
  });
  return 0;
}
