// A file is written whole, or what was there stays.
#include "hostile.hpp"

#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "limit.hpp"

using namespace bijou;
using namespace bijou::test;
using Catch::Contains;
namespace fs = std::filesystem;
namespace {
/// A directory of its own, removed at the end.
struct Room {
  fs::path path = fs::temp_directory_path() / ("bijou_" + std::to_string(getpid()) + "_room");
  Room() { fs::create_directory(path); }
  ~Room() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  auto files() const { return std::distance(fs::directory_iterator(path), fs::directory_iterator()); }
};
std::string why(std::errc error) { return std::make_error_code(error).message(); }
std::string bytes_of(const std::string& path) {
  const FileBytes file(path);
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
}  // namespace

TEST_CASE("write_file: a disk that is full leaves the old file, and nothing beside it [adversarial 78]",
          "[adversarial]") {
  const Room room;
  const std::string path = room / "model", big(1 << 20, 'x');
  write_file(path, std::string("old"));
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  std::string message = "written";
  try {
    const Limit full(RLIMIT_FSIZE, 1 << 16);
    write_file(path, big);
  } catch (const FileError& error) {
    message = error.what();
  }
  std::signal(SIGXFSZ, handler);
  CHECK(message ==
        path + ": could not be written (" + why(std::errc::file_too_large) + "); what was there before is unchanged");
  CHECK(bytes_of(path) == "old");
  CHECK(room.files() == 1);
  write_file(path, big);
  CHECK(bytes_of(path) == big);
  CHECK(room.files() == 1);
}
TEST_CASE("write_file: devices and directories are refused and stay what they are [adversarial 78]", "[adversarial]") {
  const Room room;
  CHECK_THROWS_WITH(write_file("/dev/full", std::string("x")), Contains("/dev/full: is not a regular file"));
  CHECK(fs::is_character_file("/dev/full"));
  CHECK_THROWS_WITH(write_file(room.path.string(), std::string("x")), Contains("is not a regular file"));
  CHECK_THROWS_WITH(write_file(room / "no/where", std::string("x")),
                    Contains("(" + why(std::errc::no_such_file_or_directory) + "); nothing was changed"));
  CHECK_THROWS_WITH(write_file("", std::string("x")), Contains("could not be written"));
  CHECK(room.files() == 0);
}
TEST_CASE("write_file: a link stays a link, permissions stay", "[adversarial]") {
  const Room room;
  write_file(room / "file", std::string("old"));
  fs::permissions(room / "file", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("file", room / "link");
  write_file(room / "link", std::string("new"));
  CHECK(fs::is_symlink(room / "link"));
  CHECK(bytes_of(room / "file") == "new");
  CHECK(fs::status(room / "file").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}
TEST_CASE("write_file: a link to what is not there yet stays one, and a loop of links is refused", "[adversarial]") {
  const Room room;
  fs::create_directory(room.path / "elsewhere");
  fs::create_symlink("elsewhere/next", room / "link");
  fs::create_symlink("../file", room / "elsewhere/next");
  write_file(room / "link", std::string("new"));
  CHECK(fs::is_symlink(room / "link"));
  CHECK(fs::is_symlink(room / "elsewhere/next"));
  CHECK(bytes_of(room / "file") == "new");
  fs::create_symlink("there", room / "here");
  fs::create_symlink("here", room / "there");
  CHECK_THROWS_WITH(write_file(room / "here", std::string("x")),
                    Contains(why(std::errc::too_many_symbolic_link_levels)));
  CHECK(fs::is_symlink(room / "here"));
  CHECK(fs::is_symlink(room / "there"));
  CHECK(room.files() == 5);
}
TEST_CASE("write_file: what only its owner may read is not open to others while it is written", "[adversarial]") {
  const Room room;
  write_file(room / "model", std::string("old"));
  fs::permissions(room / "model", fs::perms::owner_read | fs::perms::owner_write);
  const pid_t child = fork();
  if (child == 0) {  // is killed in the middle of the write
    std::signal(SIGXFSZ, SIG_DFL);
    const Limit no_core(RLIMIT_CORE, 0), full(RLIMIT_FSIZE, 1 << 16);
    try {
      write_file(room / "model", std::string(1 << 20, 'x'));
    } catch (const FileError&) {
    }
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGXFSZ);
  CHECK(room.files() == 2);
  for (const auto& file : fs::directory_iterator(room.path))
    CHECK(file.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}
TEST_CASE("write_file: the longest name that a file can have", "[adversarial]") {
  const Room room;
  const std::string path = room / std::string(255, 'n').c_str();
  write_file(path, std::string("new"));
  CHECK(bytes_of(path) == "new");
}
TEST_CASE("write_file: of two writers one wins, never a mixture", "[adversarial]") {
  const Room room;
  const std::string path = room / "file", a(100000, 'a'), b(100000, 'b');
  const auto write = [&](const std::string& bytes) {
    for (int i = 0; i < 10; ++i) write_file(path, bytes);
  };
  std::thread other([&] { write(a); });
  write(b);
  other.join();
  const std::string found = bytes_of(path);
  CHECK((found == a || found == b));
  CHECK(room.files() == 1);
}
TEST_CASE("FileBytes: directories, devices, no file and files larger than the memory are errors", "[adversarial]") {
  CHECK_THROWS_WITH(FileBytes(fs::temp_directory_path().string()), Contains("not a regular file"));
  CHECK_THROWS_WITH(FileBytes("/dev/zero"), Contains("not a regular file"));
  CHECK_THROWS_WITH(FileBytes("/nowhere"), Contains("no such file"));
  CHECK_THROWS_AS(FileBytes(std::string(10000, 'x')), std::runtime_error);
#ifndef BIJOU_SANITIZED
  const Temporary sparse("", "sparse");
  std::error_code refused;
  fs::resize_file(sparse.path(), std::uintmax_t(1) << 43, refused);
  if (!refused) CHECK_THROWS_WITH(FileBytes(sparse.path()), Contains("is too large for the memory"));
#endif
}
TEST_CASE("FileBytes: a file that cannot be opened and one that ends before its size are errors", "[adversarial]") {
  const Temporary file("x", "closed");
  std::string message = "opened";
  try {
    const Limit none(RLIMIT_NOFILE, 0);
    FileBytes closed(file.path());
  } catch (const FileError& error) {
    message = error.what();
  }
  CHECK(message == file.path() + ": cannot be opened for reading");
  const std::string page = "/sys/devices/system/cpu/online";  // a few bytes, though Linux says that it has 4096
  if (fs::exists(page)) CHECK_THROWS_WITH(FileBytes(page), Contains("could not be read to its end"));
}
