// expect: RationalQuadraticSpline: 1 to 999 bins, each at least 1/1000 of the box
#include <bijou/transformers/rational_quadratic_spline.hpp>

using namespace bijou;
int wrong() { return RationalQuadraticSpline<1000>::arity; }
