#!/usr/bin/env python3
"""Reference values of the transformers: `make.py mixtures | splines | polynomials | elementary > that.txt`. All
inputs are binary32.

    forward NAME n  x phi..   y k  l k   then of y - l/2, for each input: derivative k
    inverse NAME n  y phi..   x k
    NAME  x  y  l   (elementary)
k is the condition: the sum of |input times derivative by it| over all inputs, what rounding them alone does."""
import struct, sys
from mpmath import mp, mpf, exp, expm1, log, log1p, erfc, sqrt, cosh, tanh, nstr

mp.dps = 80
h = mpf(10) ** -22  # of central differences: 40 digits of a derivative, 18 of a second one
f32 = lambda x: struct.unpack("f", struct.pack("f", x))[0]
softplus = lambda x: max(x, 0) + log1p(exp(-abs(x)))


def gradient(f, v):
    moved = lambda i, s: v[:i] + [v[i] + s] + v[i + 1:]
    return [(f(moved(i, h)) - f(moved(i, -h))) / (2 * h) for i in range(len(v))]


condition = lambda g, v: sum(abs(a * b) for a, b in zip(g, v))
digits = lambda x: nstr(x, 25)
rough = lambda x: nstr(x, 4)


def forward(name, map, inputs, with_gradient=True):
    v = [mpf(x) for x in inputs]
    out = []
    for part in (0, 1):
        out += [digits(map(v)[part]), rough(condition(gradient(lambda w: map(w)[part], v), v))]
    if with_gradient:
        def both(w):
            y, l = map(w)
            return y - l / 2
        by = lambda i: lambda w: (both(w[:i] + [w[i] + h] + w[i + 1:]) - both(w[:i] + [w[i] - h] + w[i + 1:])) / (2 * h)
        for i in range(len(v)):
            out += [digits(by(i)(v)), rough(condition(gradient(by(i), v), v))]
    print("forward", name, len(inputs) - 1, *[float(x).hex() for x in inputs], *out)


def inverse(name, map, inputs, worst=1e7):
    """Back from y, rounded to binary32; where x is determined by it. y comes from sums of numbers up to 1: 1 + |y|."""
    x, phi = mpf(inputs[0]), [mpf(p) for p in inputs[1:]]
    y = mpf(f32(float(map([x] + phi)[0])))
    if not mp.isfinite(y) or name.count("_cdf") and not 0 < y < 1: return
    for _ in range(40):
        x -= (map([x] + phi)[0] - y) / exp(map([x] + phi)[1])
        if not abs(x) < 1e6: return
    if abs(map([x] + phi)[0] - y) > abs(y) * mpf(10) ** -50: return
    returned(name, map, y, phi, x, 1 + abs(y), worst)


def inverse_at(name, map, y, phi):
    """Back from this y, by halving what lies between -1e6 and 1e6 down to 70 digits. The smaller of F and S is exact."""
    phi, low, high = [mpf(p) for p in phi], mpf(-1e6), mpf(1e6)
    for _ in range(260):
        middle = (low + high) / 2
        low, high = (middle, high) if map([middle] + phi)[0] < y else (low, middle)
    returned(name, map, y, phi, low, min(y, 1 - y) if 0 < y < 1 else 1 + abs(y))


def returned(name, map, y, phi, x, of_y, worst=1e7):
    g = gradient(lambda w: map(w)[0], [x] + phi)
    if g[0] and (k := (of_y + condition(g[1:], phi)) / g[0]) < worst: print("inverse", name, len(phi), float(y).hex(), *[p.hex() for p in map32(phi)], digits(x), rough(k))


map32 = lambda values: [float(v) for v in values]


def mixture(K, kernel, to_unit):
    def map(v):
        x, logits, mean, s = v[0], v[1:1 + K], v[1 + K:1 + 2 * K], [exp(r) for r in v[1 + 2 * K:]]
        w = [exp(l) for l in logits]
        F = S = f = mpf(0)
        for k in range(K):
            z = (x - mean[k] - mpf(2 * (2 * k + 1 - K)) / K) / s[k]
            if kernel == "gaussian":
                F += w[k] * erfc(-z / sqrt(2)) / 2
                S += w[k] * erfc(z / sqrt(2)) / 2
                f += w[k] * exp(-z * z / 2) / sqrt(2 * mp.pi) / s[k]
            else:
                F += w[k] / (1 + exp(-z))
                S += w[k] / (1 + exp(z))
                f += w[k] / (2 + exp(z) + exp(-z)) / s[k]
        total = sum(w)
        return (F / total, log(f / total)) if to_unit else (log(F) - log(S), log(f * total) - log(F) - log(S))
    return map


def spline(K, low, high, tails):
    least = mpf("0.001")

    def map(v):
        x, phi = v[0], v[1:]
        if tails and not low < x < high: return x, mpf(0)

        def sizes(raw):
            e = [exp(r - max(raw)) for r in raw]
            return [(high - low) * (least + (1 - K * least) * a / sum(e)) for a in e]
        w, t, slopes = sizes(phi[:K]), sizes(phi[K:2 * K]), phi[2 * K:]
        one = log(expm1(1 - least))
        d = [softplus(r + one) + least for r in ([mpf(0)] + slopes + [mpf(0)] if tails else slopes)]
        k, x0, y0 = 0, mpf(low), mpf(low)
        while k + 1 < K and x >= x0 + w[k]: x0, y0, k = x0 + w[k], y0 + t[k], k + 1
        s, a = t[k] / w[k], (x - x0) / w[k]
        q = s + (d[k] + d[k + 1] - 2 * s) * a * (1 - a)
        return (y0 + t[k] * (s * a * a + d[k] * a * (1 - a)) / q,
                log(s * s * (d[k + 1] * a * a + 2 * s * a * (1 - a) + d[k] * (1 - a) ** 2) / q ** 2))
    return map


def polynomial(K):
    def map(v):
        x, c = v[0], [exp(r - (4 if k else 0)) for k, r in enumerate(v[1:1 + K])]
        return v[1 + K] + sum(a * x ** (2 * k + 1) for k, a in enumerate(c)), log(sum((2 * k + 1) * a * x ** (2 * k) for k, a in enumerate(c)))
    return map


def mixtures():
    far = lambda to_unit: (2. ** -100, 2. ** -24, 1 - 2. ** -24) if to_unit else (-5000, -800, 800, 5000)
    for phi in ([0, -20, -40, -1, -1, 0.5, 2, -0.25, -6, 0, 3, -2], [0.5, -0.75, 0, 0.25, 3, 0, -3, -1.5, 0, 1, -0.5, 3],
                [-40, 0, 0, -20, 0.5, -0.5, 0.5, 1, 2, -6, -4, 0]):
        for kernel in "gaussian", "logistic":
            for to_unit in True, False:
                name = kernel + ("_cdf" if to_unit else "_logit")
                for x in (-1000, -40, -3, -1.25, 0.375, 1.5, 3, 40, 1000):
                    forward(name, mixture(4, kernel, to_unit), [x] + phi)
                    inverse(name, mixture(4, kernel, to_unit), [x] + phi)
                for y in far(to_unit): inverse_at(name, mixture(4, kernel, to_unit), y, phi)
    for x in (-1000, -300, -40, -9, -1, 0, 2, 6, 1000):  # one standard component, to 1,000 sigma
        for kernel in "gaussian", "logistic":
            for to_unit in True, False:
                name = kernel + ("_cdf1" if to_unit else "_logit1")
                forward(name, mixture(1, kernel, to_unit), [x, 0, 0, 0])
                inverse(name, mixture(1, kernel, to_unit), [x, 0, 0, 0])
    for kernel in "gaussian", "logistic":
        for to_unit in True, False:
            for y in far(to_unit): inverse_at(kernel + ("_cdf1" if to_unit else "_logit1"), mixture(1, kernel, to_unit), y, [0, 0, 0])


def splines():
    wave = lambda i, size: f32(size * mp.sin(7 * i + 1))
    for name, K, low, high, tails in ("spline", 4, -3, 3, True), ("boxed", 4, 0, 1, False):
        n = 2 * K + (K - 1 if tails else K + 1)
        map = spline(K, low, high, tails)
        for size in 1, 3:
            phi = [wave(i, size) for i in range(n)]
            for i in range(1, 24): forward(name, map, [f32(low + (high - low) * i / 24 + 0.001)] + phi, size == 1)
            for i in range(1, 24): inverse(name, map, [f32(low + (high - low) * i / 24 + 0.001)] + phi)
        for i in range(5, 4 * K): forward(name, map, [low + (high - low) * i / (4 * K)] + [0] * 2 * K + [wave(i, 1) for i in range(n - 2 * K)], False)
        raw = [1e4 if i % 3 == 0 else -1e4 for i in range(n)]
        for i in range(1, 16): forward(name, map, [low + (high - low) * (i + 0.375) / 16] + raw, False)
    for x in -1e30, -7, -3, 3, 3.5, 1e30: forward("spline", spline(4, -3, 3, True), [x] + [wave(i, 1) for i in range(11)], False)


def polynomials():
    for phi in ([0, 0, 0, 0, 0], [-1, 2, 3.5, 1, -0.75], [-8, -3, 5, 4, 0.5]):
        for x in (-1000, -30, -2, -0.5, -0.0078125, 0.25, 1, 1.5, 7, 400):
            forward("polynomial", polynomial(4), [x] + phi)
            inverse("polynomial", polynomial(4), [x] + phi)


def elementary():
    """By other formulas than the library's."""
    maps = {"exp": lambda x: (exp(x), x), "sigmoid": lambda x: (1 / (1 + exp(-x)), -2 * log(2 * cosh(x / 2))),
            "softplus": lambda x: (log1p(exp(x)), -log1p(exp(-x))), "tanh": lambda x: (tanh(x), -2 * log(cosh(x)))}
    for name, map in maps.items():
        for x in (-1000, -85, -20, -6.5, -1.25, -0.375, -2. ** -20, 0, 2. ** -12, 0.625, 3, 9, 17.5, 80, 1000):
            if name != "exp" or x < 89: print(name, float(x).hex(), *[digits(v) for v in map(mpf(x))])


if __name__ == "__main__":
    {"mixtures": mixtures, "splines": splines, "polynomials": polynomials, "elementary": elementary}[sys.argv[1]]()
