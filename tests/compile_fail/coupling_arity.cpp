// expect: Coupling: the conditioner's outputs must be a multiple of the transformer's arity
#include <bijou/conditioners/mlp.hpp>
#include <bijou/layers/coupling.hpp>
#include <bijou/transformers/affine.hpp>

bijou::Coupling<bijou::Affine, bijou::Mlp<float, 1, 3>>* wrong() {
  bijou::Random random;
  return new bijou::Coupling<bijou::Affine, bijou::Mlp<float, 1, 3>>(bijou::Mlp<float, 1, 3>({8}, random));
}
