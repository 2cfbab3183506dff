#pragma once
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

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
}  // namespace bijou::test
