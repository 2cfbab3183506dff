#!/usr/bin/env python3
"""Polynomials of the error function family: Chebyshev interpolation at 60 digits, printed as monomial coefficients.

mills:  (2 + sqrt(2 pi) x) e^(x^2/2) Phi(-x) on x >= 0, in m = (x - K) / (x + K)
erf:    erf(x) / x on |x| <= 1, in x^2
"""
from mpmath import mp, mpf, cos, pi, sqrt, exp, erfc, erf, chebyt, taylor, polyval, linspace, inf, log

mp.dps = 60


def chebyshev(f, n, a=mpf(-1), b=mpf(1)):
    """Monomial coefficients (lowest first) of the degree n - 1 interpolant of f on [a, b]."""
    nodes = [cos(pi * (k + mpf(1) / 2) / n) for k in range(n)]
    values = [f((a + b) / 2 + (b - a) / 2 * t) for t in nodes]
    c = [2 / mpf(n) * sum(v * cos(pi * j * (k + mpf(1) / 2) / n) for k, v in enumerate(values)) for j in range(n)]
    c[0] /= 2
    mono = [mpf(0)] * n
    for j in range(n):
        for i, t in enumerate(taylor(lambda x: chebyt(j, x), 0, j)):
            mono[i] += c[j] * t
    # t = (2 x - a - b) / (b - a)
    scale, shift = 2 / (b - a), -(a + b) / (b - a)
    out = [mpf(0)] * n
    power = [mpf(1)]
    for i in range(n):
        for k, p in enumerate(power):
            out[k] += mono[i] * p
        power = [(power[k] * shift if k < len(power) else 0) + (power[k - 1] * scale if k else 0) for k in range(len(power) + 1)]
    return out


def mills(m, k):
    if m >= 1:
        return mpf(1)
    x = k * (1 + m) / (1 - m)
    if x > 1000:
        s, t = mpf(0), mpf(1)
        for j in range(60):
            s += t
            t *= -(2 * j + 1) / x**2
        r = s / (x * sqrt(2 * pi))
    else:
        r = exp(x * x / 2) * erfc(x / sqrt(mpf(2))) / 2
    return (2 + sqrt(2 * pi) * x) * r


def error(f, c, a, b):
    worst = mpf(0)
    for x in linspace(a, b, 400):
        v = f(x)
        worst = max(worst, abs(polyval(c[::-1], x) / v - 1))
    return worst


if __name__ == "__main__":
    for name, k, n in (("mills float", mpf(4), 12), ("mills double", mpf(4), 27)):
        c = chebyshev(lambda m: mills(m, k), n)
        print(name, "K =", k, "error", mp.nstr(error(lambda m: mills(m, k), c, mpf(-1), mpf(1) - mpf(10) ** -9), 3))
        print(", ".join(mp.nstr(x, 17) for x in c))
    f = lambda z: erf(sqrt(z)) / sqrt(z) if z else 2 / sqrt(pi)
    for name, n in (("erf float", 7), ("erf double", 13)):
        c = chebyshev(f, n, mpf(0), mpf(1))
        print(name, "error", mp.nstr(error(f, c, mpf(0), mpf(1)), 3))
        print(", ".join(mp.nstr(x, 17) for x in c))
