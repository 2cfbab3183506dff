// Couplings, autoregressive layers and a whole flow against values at 60 digits: z and log p within 64 eps, the
// gradient of log p within 256 eps, of max(1, |value|, k) with the condition number k.
#include "flow/references.hpp"

#include "catch.hpp"

using namespace bijou;
namespace {
constexpr auto agrees = [](const char* name, const auto& flow) {
  const int lines = test::each_reference_number(flow, name, [](const test::Compared& c) {
    INFO(c.what << " is off by " << c.error << " eps in " << c.line);
    CHECK(c.error <= (std::string(c.what) == "gradient" ? 256 : 64));
  });
  INFO(name);
  CHECK(lines >= 5);
};
}  // namespace

TEMPLATE_TEST_CASE("coupling: every kind of transformer against values at 60 digits [adversarial 26]", "[adversarial]",
                   float, double) {
  test::each_reference_coupling<TestType>(agrees);
}
TEMPLATE_TEST_CASE("maf and iaf: any order, against values at 60 digits [adversarial 37, 38]", "[adversarial]", float,
                   double) {
  test::each_reference_autoregression<TestType>(agrees);
}
TEMPLATE_TEST_CASE("ten couplings: z, log p and its gradient against values at 60 digits [adversarial 26]",
                   "[adversarial]", float, double) {
  test::each_reference_stack<TestType>(agrees);
}
