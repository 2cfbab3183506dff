// Any text, whatever is said of its first line -> a table of finite numbers, no larger than the text.
#include <bijou/io/csv.hpp>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bijou;
  for (const Header first_line : {Header::unknown, Header::present, Header::absent})
    fuzz::read_or_refuse([&] {
      const CsvTable t = read_csv(fuzz::file_of<FileBytes>(data, size), first_line);
      fuzz::must(t.values.rows() >= 1 && t.values.cols() == Index(t.names.size()), "a table without rows, or names");
      fuzz::must(std::size_t(t.values.size()) <= size && t.values.isFinite().all(),
                 "more numbers than bytes, or a NaN");
    });
  return 0;
}
