#include "layer_list.hpp"

TEST_CASE("layers conform, float") { bijou::test::each_layer<float>(); }
