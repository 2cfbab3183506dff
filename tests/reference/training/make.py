#!/usr/bin/env python3
"""Reference trajectories of the optimizers at 60 digits, `make.py > optimizers.txt`: lines `rule t theta`.
Gradients and the start are binary32, the constants the doubles that a program writes. One parameter, 40 steps."""
from mpmath import mp, mpf, nstr, sqrt

mp.dps = 60
gradient = lambda t: mpf((t * 37 + 11) % 64 - 30) / 16 * (1 if t % 5 else mpf(2) ** -12)  # t = 1, 2, ..
d = mpf


def sgd(rate, mu=0.0, nesterov=False):
    theta, m = mpf(1.5), mpf(0)
    while True:
        g = yield theta
        m = d(mu) * m + g
        theta -= d(rate) * (g + d(mu) * m if nesterov else m)


def adam(rate, decay=0.0, b1=0.9, b2=0.999, eps=1e-8):
    theta, m, v, t = mpf(1.5), mpf(0), mpf(0), 0
    while True:
        g = yield theta
        t += 1
        m = d(b1) * m + (1 - d(b1)) * g
        v = d(b2) * v + (1 - d(b2)) * g * g
        theta -= d(rate) * (m / (1 - d(b1) ** t) / (sqrt(v / (1 - d(b2) ** t)) + d(eps)) + d(decay) * theta)


def adamax(rate, b1=0.9, b2=0.999, eps=1e-8):
    theta, m, v, t = mpf(1.5), mpf(0), mpf(0), 0
    while True:
        g = yield theta
        t += 1
        m = d(b1) * m + (1 - d(b1)) * g
        v = max(d(b2) * v, abs(g))
        theta -= d(rate) * m / (1 - d(b1) ** t) / (v + d(eps))


def rmsprop(rate, rho=0.99, eps=1e-8):
    theta, v = mpf(1.5), mpf(0)
    while True:
        g = yield theta
        v = d(rho) * v + (1 - d(rho)) * g * g
        theta -= d(rate) * g / (sqrt(v) + d(eps))


for name, rule in ("sgd", sgd(0.1)), ("momentum", sgd(0.1, 0.9)), ("nesterov", sgd(0.1, 0.9, True)), ("adam", adam(0.05)), ("adamw", adam(0.05, 0.125)), ("adamax", adamax(0.05)), ("rmsprop", rmsprop(0.05)):
    next(rule)
    for t in range(1, 41):
        theta = rule.send(gradient(t))
        if t < 4 or t % 6 == 0: print(name, t, nstr(theta, 25))
