#include "layer_list.hpp"

TEST_CASE("layers conform, long double") { bijou::test::each_layer<long double>(); }
