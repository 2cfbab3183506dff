// expect: Autoregressive: the conditioner's outputs per feature must be the transformer's arity
#include <bijou/conditioners/made.hpp>
#include <bijou/layers/autoregressive.hpp>
#include <bijou/transformers/affine.hpp>

using namespace bijou;
using Net = Made<float, 2, 0, 3>;
auto wrong(Random& random) { return Autoregressive<Affine, Net>(Net({8}, random)); }
