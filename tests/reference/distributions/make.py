#!/usr/bin/env python3
"""Reference values of the bases at 60 digits, `make.py > bases.txt`. All inputs are binary32.

    beta a b z  log_p k  slope k
    log_beta a b  log_B k
    large_beta a b z  log_p k                              k of these two: what the values of the terms add up to
    mixture K  z0 z1 z2  log_p k  slope k slope k slope k      the mixture of K components that `component` describes
k is the condition: the sum of |input times derivative by it|. Mixture parameters (as the base stores them): logits,
means, lower triangular factors A with log-diagonal; (A^T A)^-1 is the covariance."""
import struct
from mpmath import mp, mpf, exp, log, log1p, loggamma, nstr, pi

mp.dps = 60
h = mpf(10) ** -18
f32 = lambda x: struct.unpack("f", struct.pack("f", x))[0]
moved = lambda v, i, s: v[:i] + [v[i] + s] + v[i + 1:]
derivative = lambda f, i: lambda v: (f(moved(v, i, h)) - f(moved(v, i, -h))) / (2 * h)
condition = lambda f, v: sum(abs(v[i] * derivative(f, i)(v)) for i in range(len(v)) if v[i])


def line(name, inputs, f, extra=()):
    """f(z.., parameters..); derivatives by the first len(inputs) entries."""
    v = [mpf(x) for x in inputs] + [mpf(x) for x in extra]
    parts = [f] + [derivative(f, i) for i in range(len(inputs))]
    print(name, *[float(x).hex() for x in inputs], *[w for g in parts for w in (nstr(g(v), 25), nstr(condition(g, v), 4))])


# The steps of differences in z must stay well inside (0, 1): relative to the smaller of z and 1 - z.
def beta(a, b, z):
    a, b, z = mpf(a), mpf(b), mpf(z)
    norm = loggamma(a + b) - loggamma(a) - loggamma(b)
    p = (a - 1) * log(z) + (b - 1) * log1p(-z) + norm
    slope = (a - 1) / z - (b - 1) / (1 - z)
    k = abs(slope * z) + abs(a * log(z)) + abs(b * log1p(-z)) + sum(abs(t) for t in (loggamma(a + b), loggamma(a), loggamma(b)))
    k_slope = abs(a / z) + abs(b / (1 - z)) + abs(z * ((a - 1) / z ** 2 + (b - 1) / (1 - z) ** 2))
    print("beta", *[float(x).hex() for x in (a, b, z)], nstr(p, 25), nstr(k, 4), nstr(slope, 25), nstr(k_slope, 4))


for a, b in (5, 5), (0.5, 0.5), (1, 3), (2.5, 0.25), (40, 3):
    for z in (1e-30, 1e-7, 0.01, 0.3, 0.5, 0.8, 0.999, 1 - 2.0 ** -24): beta(a, b, f32(z))

# Around what log_beta takes for large, and far beyond, where log B is a small difference of large logarithms.
def log_beta(a, b):
    mp.dps = 100
    value = loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b))
    mp.dps = 60
    return value


for a in (1e-30, 1e-3, 0.5, 1, 2, 7.25, 14.5, 15, 40, 1e4, 1e9, 1e15, 1e30):
    for b in (1e-30, 0.125, 1, 3, 14.75, 15, 16.5, 300, 1e6, 1e12, 1e30):
        value = log_beta(f32(a), f32(b))
        print("log_beta", f32(a).hex(), f32(b).hex(), nstr(value, 25), nstr(abs(value), 4))
for a, b, z in ((2 ** 24, 2, 1 - 2.0 ** -24), (2 ** 20, 2, 1 - 2.0 ** -20), (2, 1e6, 1e-6), (2, 1e9, 1e-9), (2, 1e12, 1e-12),
                (2, 1e15, 1e-15), (0.5, 1e12, 1e-13), (0.01, 1e15, 1e-15), (40, 1e12, 4e-11), (1, 1e15, 3e-15), (20, 30, 0.4),
                (1000, 2000, 0.3333)):
    a, b, z = (mpf(f32(x)) for x in (a, b, z))
    terms = (a - 1) * log(z), (b - 1) * log1p(-z), -log_beta(a, b)
    print("large_beta", *[float(x).hex() for x in (a, b, z)], nstr(sum(terms), 25), nstr(sum(abs(t) for t in terms), 4))

component = lambda k: dict(logit=-0.75 * k, mean=[k - 0.5, 0.25 - k, 1.5 * k], row=[0.5 - 0.25 * k, 0.75, -0.5, -0.25, 0.5 * k, 0.125])


def mixture(K):
    def log_p(v):
        terms = []
        for k in range(K):
            c = v[3 + 10 * k: 13 + 10 * k]
            logit, m, a = c[0], c[1:4], c[4:]
            d = [z - t for z, t in zip(v, m)]
            u = [exp(a[0]) * d[0], a[1] * d[0] + exp(a[2]) * d[1], a[3] * d[0] + a[4] * d[1] + exp(a[5]) * d[2]]
            terms.append((logit, logit + a[0] + a[2] + a[5] - sum(t * t for t in u) / 2 - 3 * log(2 * pi) / 2))
        return log(sum(exp(t) for _, t in terms)) - log(sum(exp(l) for l, _ in terms))
    return log_p


for K in 1, 3:
    parameters = [x for k in range(K) for x in [component(k)["logit"]] + component(k)["mean"] + component(k)["row"]]
    for i in range(20):
        size = [1, 3, 30, 1000][i % 4]
        line(f"mixture {K}", [f32(float(size * mp.sin(5 * i + 2 * j + 1))) for j in range(3)], mixture(K), parameters)
