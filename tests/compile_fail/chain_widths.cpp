// expect: Chain: a layer must have the features of its neighbours, or the features and the context
#include <bijou/layers/chain.hpp>
#include <bijou/layers/permutation.hpp>

using namespace bijou;
auto wrong() { return Chain{Permutation<float, 2>{}, Permutation<float, 3>{}, Permutation<float, 4>{}}; }
