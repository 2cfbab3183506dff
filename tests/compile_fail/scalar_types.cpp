// expect: Chain: all layers must have the same scalar type
#include <bijou/layers/chain.hpp>
#include <bijou/layers/permutation.hpp>

using namespace bijou;
auto wrong() { return Chain{Permutation<float, 2>{}, Permutation<double, 2>{}}; }
