// Any bytes -> a picture whose pixels are below its levels.
#include <bijou/io/pgm.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bijou;
  fuzz::read_or_refuse([&] {
    const Picture p = read_pgm(fuzz::file_of<FileBytes>(data, size));
    fuzz::must(p.pixels.size() == p.rows * p.columns * p.channels && std::size_t(p.pixels.size()) <= size,
               "more pixels than bytes");
    fuzz::must(p.pixels.minCoeff() >= 0 && p.pixels.maxCoeff() < p.levels, "a pixel above the largest value");
  });
  return 0;
}
