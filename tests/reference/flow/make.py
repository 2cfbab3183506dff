#!/usr/bin/env python3
"""Reference values of couplings, autoregressive layers and a whole flow at 60 digits, `make.py > layers.txt`. Each line
is a flow of the named layer(s) to a standard normal, at one point:

    NAME D x..  z k ..  log_p k  then the gradient of log p by x: value k ..
k is the condition: the sum of |input times derivative by it| over x and all weights. The weights are the numbers
((37 i + 11) % 65 - 32) / 64 times a size, i counting in the order in which the library visits them."""
import importlib.util, os, struct
from mpmath import mp, mpf, exp, log, tanh, sin, pi, nstr

there = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../transformers/make.py")
spec = importlib.util.spec_from_file_location("transformers", there)
transformers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(transformers)
mp.dps = 60
h = mpf(10) ** -18
f32 = lambda x: struct.unpack("f", struct.pack("f", x))[0]


class Weights:
    """Hands out the numbers of `values` in turn; makes new ones while there are none."""
    def __init__(self, size, values=None): self.size, self.values, self.at = size, values if values is not None else [], 0
    def take(self):
        if self.at == len(self.values): self.values.append(mpf((self.at * 37 + 11) % 65 - 32) / 64 * self.size)
        self.at += 1
        return self.values[self.at - 1]


def net(w, counts_of_layers, sees_of_layers):
    """A function x -> phi: tanh layers of groups of units, group g of a layer sees the first sees[g] numbers. Weights
    come input by input, each for the units that see it."""
    layers = []
    for counts, sees in zip(counts_of_layers, sees_of_layers):
        of_unit = [see for count, see in zip(counts, sees) for _ in range(count)]
        matrix = {(s, j): w.take() for s in range(max(sees)) for j, see in enumerate(of_unit) if s < see}
        layers.append((matrix, [w.take() for _ in of_unit], of_unit))

    def run(x):
        for n, (matrix, biases, of_unit) in enumerate(layers):
            y = [b + sum(matrix[s, j] * x[s] for s in range(see)) for j, (b, see) in enumerate(zip(biases, of_unit))]
            x = y if n + 1 == len(layers) else [tanh(v) for v in y]
        return x
    return run


mlp = lambda w, widths: net(w, [[c] for c in widths[1:]], [[s] for s in widths[:-1]])
additive = lambda v: (v[0] + v[1], mpf(0))
affine = lambda v: (v[0] * exp(v[1]) + v[2], v[1])
affine_inverse = lambda v: ((v[0] - v[2]) * exp(-v[1]), -v[1])


def bounded(v):
    s = 2 * tanh(v[1] / 2)
    return v[0] * exp(s) + v[2], s


def coupling(w, map, P, hidden, D):
    c = mlp(w, [D - D // 2] + hidden + [D // 2 * P])

    def run(x):
        phi, l, y = c(x[D // 2:]), mpf(0), list(x)
        for i in range(D // 2):
            y[i], add = map([x[i]] + phi[P * i:P * i + P])
            l += add
        return y, l
    return run


def autoregressive(w, order, hidden, inverse=False):
    """Hidden units have degrees 1 .. D-1, as many of each as can be; one of degree m sees the first m features."""
    D, sees, counts_of_layers, sees_of_layers = len(order), list(range(len(order))), [], []
    below = lambda m, width: max(0, m - 1) * width // (D - 1)
    for width in hidden:
        counts = [below(m + 1, width) - below(m, width) for m in range(D)]
        counts_of_layers.append(counts), sees_of_layers.append(list(sees))
        sees = [sum(counts[:m + 1]) for m in range(D)]
    counts_of_layers.append([2] * D), sees_of_layers.append(sees)
    c = net(w, counts_of_layers, sees_of_layers)

    def run(x):
        l, y, known = mpf(0), [None] * D, [mpf(0)] * D
        for i, f in enumerate(order):
            y[f], add = (affine_inverse if inverse else affine)([x[f]] + c(known)[2 * i:2 * i + 2])
            known[i] = y[f] if inverse else x[f]
            l += add
        return y, l
    return run


def ten(w):
    layers = [coupling(w, bounded, 2, [4], 4) for _ in range(10)]

    def run(x):
        total = mpf(0)
        for layer in layers:
            x, l = layer(x)
            x, total = x[::-1], total + l
        return x, total
    return run


def lines(name, build, D, size=1, points=8, middle=0, spread=2):
    w = Weights(size)
    build(w)

    def all(v, part):  # v: x, then the weights
        z, l = build(Weights(size, v[D:]))(v[:D])
        return z[part] if part < D else l - sum(a * a for a in z) / 2 - D * log(2 * pi) / 2
    moved = lambda v, i, s: v[:i] + [v[i] + s] + v[i + 1:]
    by = lambda f, i: lambda v: (f(moved(v, i, h)) - f(moved(v, i, -h))) / (2 * h)
    condition = lambda f, v: sum(abs(a * by(f, i)(v)) for i, a in enumerate(v) if a)
    for n in range(points):
        x = [f32(float(middle + spread * sin(3 * n + 2 * i + 1))) for i in range(D)]
        v = [mpf(a) for a in x] + w.values
        value = lambda part: lambda u: all(u, part)
        parts = [value(part) for part in range(D + 1)] + [by(value(D), i) for i in range(D)]
        print(name, D, *[a.hex() for a in x], *[t for f in parts for t in (nstr(f(v), 25), nstr(condition(f, v), 4))], flush=True)


T = transformers
lines("coupling_additive", lambda w: coupling(w, additive, 1, [3], 4), 4)
lines("coupling_affine", lambda w: coupling(w, affine, 2, [3], 4), 4)
lines("coupling_bounded", lambda w: coupling(w, bounded, 2, [3], 4), 4, 4)
lines("coupling_spline", lambda w: coupling(w, T.spline(4, -3, 3, True), 11, [3], 2), 2)
lines("coupling_boxed_spline", lambda w: coupling(w, T.spline(4, 0, 1, False), 13, [3], 2), 2, middle=0.5, spread=0.5)
lines("coupling_gaussian_cdf", lambda w: coupling(w, T.mixture(2, "gaussian", True), 6, [3], 2), 2)
lines("coupling_gaussian", lambda w: coupling(w, T.mixture(2, "gaussian", False), 6, [3], 2), 2)
lines("coupling_logistic_cdf", lambda w: coupling(w, T.mixture(2, "logistic", True), 6, [3], 2), 2)
lines("coupling_logistic", lambda w: coupling(w, T.mixture(2, "logistic", False), 6, [3], 2), 2)
lines("coupling_polynomial", lambda w: coupling(w, T.polynomial(2), 3, [3], 2), 2)
lines("maf", lambda w: autoregressive(w, [0, 1, 2], [4, 4]), 3)
lines("maf_ordered", lambda w: autoregressive(w, [2, 0, 1], [5]), 3)
lines("iaf", lambda w: autoregressive(w, [0, 1, 2], [4, 4], True), 3)
lines("ten_couplings", ten, 4, mpf(1) / 2, 5, spread=1.5)
