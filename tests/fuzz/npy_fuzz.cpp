// Any bytes -> an array, no larger than the bytes.
#include <bijou/io/npy.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bijou;
  fuzz::read_or_refuse([&] {
    const auto values = read_npy(fuzz::file_of<FileBytes>(data, size));
    fuzz::must(std::size_t(values.size()) <= size, "more numbers than bytes");
    fuzz::must(values.cols() > 0 || values.rows() == 0, "rows of no numbers");
  });
  return 0;
}
