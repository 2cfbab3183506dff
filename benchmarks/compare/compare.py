"""Times bijou and its peers in turn, each a process of its own that stays: round after round, task after task.

On standard output, one JSON line a peer and one for the best of them; a table on standard error; ratios.png beside.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BULK = {"realnvp2d": 65536, "armog2d": 65536, "nsf2d": 65536, "maf6": 16384, "maf43": 4096, "nis4": 65536, "nis8": 65536}
# Densities without a net: one thread, no training step.
DENSITIES = {"gmm3": ["log_prob", "sample", "fit"], "mvn6": ["log_prob", "sample"],
             "normal1": ["log_prob", "sample", "cdf", "ppf"], "beta1": ["log_prob", "sample"]}
PEERS = {"jax": ["jax_side.py"], "flowjax": ["flowjax_side.py"], "zuko": ["torch_side.py", "zuko"],
         "nflows": ["torch_side.py", "nflows"], "madevent7": ["madevent_side.py"],
         "scipy": ["scipy_side.py", "scipy"], "sklearn": ["scipy_side.py", "sklearn"]}
COMPILED = {"zuko+compile": ["torch_side.py", "zuko+compile"], "nflows+compile": ["torch_side.py", "nflows+compile"]}


def start(command, threads):
    cores = sorted(os.sched_getaffinity(0))[-threads:]
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), PYTHONWARNINGS="ignore",
                       JAX_PLATFORMS="cpu")
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return subprocess.Popen(["taskset", "-c", ",".join(map(str, cores))] + command, env=environment, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def tasks_of(model):
    """Pairs of a task and its rows: a training step of 256 rows, one row, many."""
    if model in DENSITIES:
        return [(task, n) for n in (1, 65536) for task in DENSITIES[model] if task != "fit" or n > 1]
    bulk = BULK[model]
    return ("train_step", 256), ("log_prob", 1), ("sample", 1), ("log_prob", bulk), ("sample", bulk)


def ask(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    answer = process.stdout.readline().strip()
    return None if answer in ("none", "") else float(answer)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("bijou", help="the compiled bijou_side")
    options.add_argument("--models", nargs="+", default=[*BULK, *DENSITIES], choices=[*BULK, *DENSITIES])
    options.add_argument("--threads", nargs="+", type=int, default=[1])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--compiled", action="store_true", help="torch.compile as well: it compiles for minutes")
    options.add_argument("--peers", nargs="+", default=[], help="only these")
    options.add_argument("--picture", default="ratios.png")
    options = options.parse_args()
    peers = dict(PEERS, **(COMPILED if options.compiled else {}))
    if options.peers:
        peers = {name: {**PEERS, **COMPILED}[name] for name in options.peers}
    best = []
    for threads in options.threads:
        bijou = start([options.bijou], threads)
        sides = {name: start([sys.executable, os.path.join(HERE, c[0])] + c[1:], threads) for name, c in peers.items()}
        print(f"{'':34}{'bijou us':>12}" + "".join(f"{name:>16}" for name in sides) + "   (ratio to bijou)", file=sys.stderr)
        for model in options.models:
            if threads > 1 and model in DENSITIES:
                continue
            for task, n in tasks_of(model):
                times = {}
                for _ in range(options.rounds):
                    times.setdefault("bijou", []).append(ask(bijou, f"{model} {task} {n} {threads}"))
                    for name, side in sides.items():
                        us = ask(side, f"{model} {task} {n}")
                        if us is not None:
                            times.setdefault(name, []).append(us)
                own = statistics.median(times.pop("bijou"))
                medians = {name: statistics.median(t) for name, t in times.items()}
                row = {"model": model, "task": task, "n": n, "threads": threads, "bijou_us": round(own, 3)}
                for name, us in medians.items():
                    print(json.dumps(dict(row, peer=name, peer_us=round(us, 3), ratio=round(us / own, 3))), flush=True)
                if medians:
                    strongest = min(medians.values())
                    last = dict(row, peer="best", peer_us=round(strongest, 3), ratio=round(strongest / own, 3))
                    print(json.dumps(last), flush=True)
                    best.append(last)
                print(f"{model:10} {task:11} {n:6} x{threads:<4}{own:12.2f}" + "".join(
                    f"{medians[name] / own:16.2f}" if name in medians else f"{'-':>16}" for name in sides), file=sys.stderr)
        for side in [bijou, *sides.values()]:
            side.stdin.close()
            side.wait()
    draw(best, options.picture)


def draw(best, picture):
    """Bars of the ratios to the strongest peer at the first number of threads, a colour a task; 1 is as fast."""
    threads = best[0]["threads"] if best else 1
    best = [r for r in best if r["threads"] == threads and r["model"] in BULK]
    if not best:
        return
    tasks = list(dict.fromkeys((r["task"], r["n"] > 256) for r in best))
    models = list(dict.fromkeys(r["model"] for r in best))
    title = {("train_step", False): "train step, 256 rows", ("log_prob", False): "log\\\\_prob, 1 row",
             ("sample", False): "sample, 1 row", ("log_prob", True): "log\\\\_prob, bulk", ("sample", True): "sample, bulk"}
    find = {(r["model"], r["task"], r["n"] > 256): r["ratio"] for r in best}
    rows = "\n".join(m + " " + " ".join(str(find.get((m, *t), "?")) for t in tasks) for m in models)
    plots = ", ".join(f"$data using {i + 2}:xtic(1) title \"{title[t]}\"" for i, t in enumerate(tasks))
    script = f"""set terminal pngcairo size 1000,480 font 'Sans,11'
set output '{picture}'
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.9 noborder
set logscale y
set yrange [0.5:*]
set ylabel 'time of the fastest peer / time of bijou'
set title '{threads} thread{'s' if threads > 1 else ''}, the same work: how many times faster than the fastest Python library'
set key outside below horizontal
set grid y
$data << EOD
{rows}
EOD
set arrow from graph 0, first 1 to graph 1, first 1 nohead lc rgb '#444444' dt 2
plot {plots}
"""
    try:
        subprocess.run(["gnuplot"], input=script, text=True, check=True)
        print(f"picture: {picture}", file=sys.stderr)
    except FileNotFoundError:
        print("gnuplot is not installed (apt-get install gnuplot-nox): no picture", file=sys.stderr)


main()
