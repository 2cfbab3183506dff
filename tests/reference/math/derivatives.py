#!/usr/bin/env python3
"""Reference derivatives, `derivatives.py > derivatives.txt`: lines `function x.. (d k)..`, the arguments exact in
binary32, then for each of them the derivative d by it, a difference of the function itself, and its condition number
k = sum_j |x_j dd/dx_j|, which is what rounding the arguments does to d. 25 and 5 digits."""
from mpmath import mp, mpf, diff, exp, log, nstr, sqrt

from make import f32, functions

mp.dps = 400  # of the function, so that its differences have theirs where it is 1 - e^-800
tails = [s * x for s in (-1, 1) for x in (1e-30, 1e-7, 0.1, 0.49, 1.01, 2.5, 6, 20, 50, 88)]
bell = [s * x for s in (-1, 1) for x in (1e-30, 1e-7, 0.1, 0.49, 1.01, 2.5, 6, 9, 12.5)]
positive = [1e-38, 1e-30, 1e-7, 0.1, 0.49, 0.99, 1.01, 2.5, 20, 88, 1e7, 1e30, 3e38]
unary = {name: (functions[name][0], tails) for name in ("exp", "expm1", "tanh", "sigmoid", "softplus", "log_sigmoid")}
unary |= {
    "log": (log, positive),
    "log1p": (functions["log1p"][0], positive + [-1e-30, -1e-7, -0.1, -0.49, -0.99, -0.999999]),
    "sqrt": (sqrt, positive),
    "abs": (abs, tails),
    "erf": (functions["erf"][0], bell + [-20, 20]),
    "erfc": (functions["erfc"][0], bell + [-20, 20]),
    "log1mexp": (functions["log1mexp"][0], [x for x in positive if x < 100]),
    "logit": (functions["logit"][0], [1e-38, 1e-30, 1e-7, 0.1, 0.25, 0.49, 0.51, 0.75, 0.99, 0.999999]),
    "normal_cdf": (functions["normal_cdf"][0], bell + [-37.5, -20, 20, 37.5]),
    "log_normal_cdf": (functions["log_normal_cdf"][0], bell + [-12345, -1000, -100, -38, -31, -29, 20, 37.5, 40]),
}
unary |= {f"power_{n}": (lambda x, n=n: x**n, [-20, -1.01, -0.49, 0.1, 0.99, 2.5, 20]) for n in (-2, -1, 1, 2, 3, 5)}
pairs = [(0.3, 0.7), (-1.3, 2.5), (20, -20), (-20, 20), (88, 0.49), (0.49, 88), (1e-30, 1.01), (1e-7, -6), (-88, -88.5), (-50, -50), (1000, 990), (-400, 400)]
binary = {"log_add_exp": lambda a, b: log(exp(a) + exp(b)), "/": lambda a, b: a / b}


def column(f, x, i):
    """The derivative by x[i] and its condition number."""
    order = lambda *by: tuple(by.count(j) for j in range(len(x)))
    d = diff(f, x, order(i), relative=True)
    k = sum(abs(x[j] * diff(f, x, order(i, j), relative=True)) for j in range(len(x)))
    return nstr(d, 25), nstr(k, 5)


cases = [(name, f, [(x,) for x in xs]) for name, (f, xs) in unary.items()] + [(name, f, pairs) for name, f in binary.items()]
for name, f, points in cases:
    for point in points:
        x = tuple(f32(v) for v in point)
        words = [w for i in range(len(x)) for w in column(f, tuple(map(mpf, x)), i)]
        print(name, *(v.hex() for v in x), *words)
