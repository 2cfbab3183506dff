#include "flow/references.hpp"

#include "catch.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE(
    "flows: couplings, maf and iaf in any order, ten layers against values at 60 digits [adversarial 26, 37, 38]",
    "[adversarial]", float, double) {
  int flows = 0;
  test::each_reference<TestType>([&](const std::string& name, const std::vector<test::Compared>& numbers) {
    ++flows;
    INFO(name);
    CHECK(numbers.size() >= 5 * (2 + 1 + 2));  // lines of two features or more
    for (const auto& c : numbers) {
      INFO(c.what << " is off by " << c.error << " eps in " << c.line);
      CHECK(c.error <= (c.what == "gradient" ? 256 : 64));
    }
  });
  CHECK(flows == 14);
}
