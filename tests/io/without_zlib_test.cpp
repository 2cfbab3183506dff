// What a program built without zlib says of packed files; plain ones it reads.
#define BIJOU_NO_ZLIB
#include <bijou/io/idx.hpp>

#include "catch.hpp"
#include "temporary.hpp"

using namespace bijou;

TEST_CASE("idx: without zlib a packed file is refused, a plain one is read") {
  CHECK_THROWS_WITH(read_idx("images.gz"),
                    "images.gz: is packed, and this program was built without zlib: gunzip it first");
  const test::Temporary plain(std::string("\0\0\x08\x01\0\0\0\x02\x05\x07", 10));
  CHECK(int(read_idx(plain.path()).values(1, 0)) == 7);
}
