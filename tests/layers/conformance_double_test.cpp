#include "layer_list.hpp"

TEST_CASE("layers conform, double") { bijou::test::each_layer<double>(); }
