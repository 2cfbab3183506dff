// expect: Autoregressive: the conditioner's outputs per feature must be the transformer's arity
#include <bijou/bijou.hpp>

using namespace bijou;
using Net = Made<float, 2, 0, 3>;
auto wrong(Random& random) { return Autoregressive<Affine, Net>(Net({8}, random)); }
