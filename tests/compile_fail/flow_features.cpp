// expect: Flow: layers must have the base's features, or these and the context behind them
#include <bijou/distributions/standard_normal.hpp>
#include <bijou/flow.hpp>
#include <bijou/layers/permutation.hpp>

using namespace bijou;
auto wrong() { return Flow{StandardNormal<float, 3>{}, Permutation<float, 2>{}}; }
