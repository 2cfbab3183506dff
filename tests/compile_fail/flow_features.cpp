// expect: Flow: layers must have the base's features, or these and the context behind them
#include <bijou/bijou.hpp>

using namespace bijou;
auto wrong() { return Flow{StandardNormal<float, 3>{}, Permutation<float, 2>{}}; }
