#!/usr/bin/env python3
"""Reference values of the special functions at 60 digits: lines `function x y`, x exact in binary32, 25 digits of y."""
import struct
from mpmath import mp, mpf, exp, expm1, log, log1p, tanh, erf, erfc, erfinv, sqrt

mp.dps = 60
f32 = lambda x: struct.unpack("f", struct.pack("f", x))[0]
phi = lambda x: erfc(-x / sqrt(mpf(2))) / 2


def inverse_normal_cdf(p):
    x = mpf(2) ** mpf("0.5") * erfinv(2 * p - 1) if 1e-15 < p < 1 - 1e-15 else -sqrt(-2 * log(min(p, 1 - p))) * (1 if p < 0.5 else -1)
    for _ in range(80):
        x -= (phi(x) - p) / (exp(-x * x / 2) / sqrt(2 * mp.pi))
    return x


wide = [s * f32(m * 2.0**e) for s in (1, -1) for e in range(-60, 8, 3) for m in (1.0, 1.37, 1.81)]
near = [f32(i / 16) for i in range(-160, 161, 3)]
functions = {
    "exp": (exp, [x for x in wide + near if abs(x) < 87]),
    "expm1": (expm1, [x for x in wide + near if x < 87]),
    "log": (log, [f32(m * 2.0**e) for e in range(-126, 127, 4) for m in (1.0, 1.01, 1.4142135, 1.99)]),
    "log1p": (log1p, [x for x in wide + near if x > -1]),
    "tanh": (tanh, wide + near),
    "sigmoid": (lambda x: 1 / (1 + exp(-x)), [x for x in wide + near if abs(x) < 80]),
    "softplus": (lambda x: log1p(exp(x)), [x for x in wide + near if abs(x) < 80]),
    "log_sigmoid": (lambda x: -log1p(exp(-x)), [x for x in wide + near if abs(x) < 80]),
    "log1mexp": (lambda x: log1p(-exp(-x)) if x > 1 else log(-expm1(-x)), [x for x in wide + near if 0 < x < 80]),
    "logit": (lambda p: log(p / (1 - p)), [f32(p) for p in [2.0**-e for e in range(1, 60, 3)] + [i / 64 for i in range(1, 64)] + [1 - 2.0**-e for e in range(2, 24)]]),
    "erf": (erf, wide + near),
    "erfc": (erfc, [x for x in wide + near if x < 9]),
    "normal_cdf": (phi, [x for x in wide + near if x > -12]),
    "log_normal_cdf": (lambda x: log(phi(x)), [x for x in near] + [x for x in wide if x < 5] + [f32(-x) for x in (20.0, 37.5, 40.0, 100.0, 1000.0, 12345.0)]),
    "inverse_normal_cdf": (inverse_normal_cdf, [f32(p) for p in [1e-30, 1e-20, 1e-12, 1e-7, 1e-4, 0.001, 0.02, 0.075, 0.1, 0.3, 0.42, 0.499, 0.501, 0.7, 0.925, 0.98, 0.999, 0.99999]]),
}
if __name__ == "__main__":
    for name, (f, xs) in functions.items():
        for x in sorted(set(xs)):
            print(name, float(x).hex(), mp.nstr(f(mpf(x)), 25))
