// expect: Coupling: the transformer must have parameters
#include <bijou/conditioners/mlp.hpp>
#include <bijou/layers/coupling.hpp>
#include <bijou/transformers/exp.hpp>

using Wrong = bijou::Coupling<bijou::Exp, bijou::Mlp<float, 1, 1>>;
int wrong() { return Wrong::D; }
