"""Log densities of toy densities whose formulas are long, written from their definitions: python3 make.py > toy_densities.txt
Lines: name x y log_p."""
from mpmath import mp, mpf, pi, cos, sin, exp, log, erfc, sqrt, quad, linspace, findroot, atan2, ceil

mp.dps = 30


def phi(z):
    return erfc(-z / sqrt(2)) / 2


def normal(x, mean, deviation):
    return exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * sqrt(2 * pi))


def two_spirals(x, y):
    """+-(-n cos n + U / 2, n sin n + U' / 2) / 3 + N(0, 0.1^2), n = 3 pi sqrt(U''): the integral over t = sqrt(U'')."""
    # The density is symmetric about 1 / 12; both terms are small on its left, where their difference keeps its digits.
    left = lambda d: 6 * (phi(d / mpf("0.1")) - phi((d - mpf(1) / 6) / mpf("0.1")))
    blur = lambda d: left(min(d, mpf(1) / 6 - d))
    along = lambda t, side: t * blur(side * x + 3 * pi * t * cos(3 * pi * t) / 3) * blur(side * y - 3 * pi * t * sin(3 * pi * t) / 3)
    return quad(lambda t: along(t, 1) + along(t, -1), linspace(0, 1, 401))


def swissroll(x, y):
    """t (cos t, sin t) / 5 + N(0, 0.2^2), t uniform on [1.5 pi, 4.5 pi]."""
    s = mpf("0.2")
    return quad(lambda t: normal(x, t * cos(t) / 5, s) * normal(y, t * sin(t) / 5, s), linspace(1.5 * pi, 4.5 * pi, 201)) / (3 * pi)


def pinwheel(x, y):
    """2 (a cos f + b sin f, -a sin f + b cos f), a = 1 + 0.3 N, b = 0.1 N, f = 2 pi k / 5 + e^a / 4: the sum over all (a, b)
    that come to (x, y), each by the determinant of its derivatives."""
    total = mpf(0)
    for k in range(5):
        f = lambda a: 2 * pi * k / 5 + exp(a) / 4
        miss = lambda a: a - (x * cos(f(a)) - y * sin(f(a))) / 2
        r = sqrt(x * x + y * y) / 2
        if r < 4:
            grid = linspace(mpf(-4), mpf(4), 1601)
        else:  # the arm turns quickly: one root for each half turn of f + atan2(y, x); below r - 1/8 nothing is left of any
            at = lambda a: f(a) + atan2(y, x)
            halves = range(int(ceil(at(r - mpf(1) / 8) / pi)), int(ceil(at(r) / pi)))
            grid = [log(4 * (j * pi - atan2(y, x) - 2 * pi * k / 5)) for j in halves] + [r]
        values = [miss(a) for a in grid]
        for i in range(len(grid) - 1):
            if values[i] * values[i + 1] < 0:
                a = findroot(miss, (grid[i], grid[i + 1]), solver="anderson", tol=1e-40, verify=False)
                b, turn = (x * sin(f(a)) + y * cos(f(a))) / 2, exp(a) / 4
                xa = 2 * (cos(f(a)) - a * turn * sin(f(a)) + b * turn * cos(f(a)))
                ya = 2 * (-sin(f(a)) - a * turn * cos(f(a)) - b * turn * sin(f(a)))
                xb, yb = 2 * sin(f(a)), 2 * cos(f(a))
                total += normal(a, 1, mpf("0.3")) * normal(b, 0, mpf("0.1")) / abs(xa * yb - xb * ya)
    return total / 5


def moons(x, y):
    """Half circles (2 cos - 1, 2 sin - 0.2) and (1 - 2 cos, 0.8 - 2 sin) over [0, pi], with noise 0.2."""
    s, total = mpf("0.2"), mpf(0)
    for a, b in [(lambda t: 2 * cos(t) - 1, lambda t: 2 * sin(t) - mpf("0.2")), (lambda t: 1 - 2 * cos(t), lambda t: mpf("0.8") - 2 * sin(t))]:
        total += quad(lambda t: normal(x, a(t), s) * normal(y, b(t), s), linspace(0, pi, 41))
    return total / (2 * pi)


def around(curve, log_deviation):
    """A standard normal number and another one around a curve of it."""
    return lambda u, v: normal(u, 0, 1) * normal(v, curve(u), exp(mpf(log_deviation)))


curves = {  # the axes are swapped in the first two
    "crescent": lambda x, y: around(lambda u: u * u / 2 - 1, -1)(y, x),
    "crescent_cubed": lambda x, y: around(lambda u: u**3 / 5, 0)(y, x),
    "sine_wave": around(lambda u: sin(5 * u), -1),
    "abs": around(lambda u: abs(u) - 1, "-1.5"),
    "sign": around(lambda u: mp.sign(u) + u, "-1.5"),
}
corners = [(0.5, 1.25), (-1, 0.25), (1.5, -0.75), (-0.25, -1.5)]
for name, p, points in [(name, p, corners) for name, p in [("moons", moons), *curves.items()]] + [("2spirals", two_spirals, [(0, 0), (1.5, 1), (-1, 2.25), (2.5, -0.5), (-3, 0.25), (0.125, -2.75), (5, 5)]),
                        ("swissroll", swissroll, [(0, 0.5), (1, -1.25), (-2, 0.5), (2.5, 1), (0, -2.25), (-1, -1), (6, -4)]),
                        ("pinwheel", pinwheel, [(2, 0.25), (1.25, -1), (-0.5, 2), (-1.75, -0.5), (0.25, -2), (0.5, 0.5), (2.75, 1.5), (14.5, 0.25), (20, 0.25), (-17, 9), (25, 0.5)])]:
    for x, y in points:
        print(name, x, y, mp.nstr(log(p(mpf(x), mpf(y))), 20))
