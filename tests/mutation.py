"""Applies one small mistake at a time to a copy of the headers and expects a test to fail. See tests/mutation.sh."""
import argparse, concurrent.futures, collections, pathlib, random, re, shutil, subprocess, sys, tempfile, threading

root = pathlib.Path(__file__).resolve().parent.parent
home = root / "include/bijou"

# category, what is looked for, what it becomes
mistakes = [
    ("arithmetic", r" \+ ", " - "), ("arithmetic", r"(?<=[\w)\]]) - ", " + "), ("arithmetic", r" \* ", " / "),
    ("arithmetic", r" \+= ", " -= "), ("arithmetic", r" -= ", " += "), ("sign", r"(?<=[(=,] )-(?=[\w(])|(?<=\()-(?=[a-z])|(?<=return )-", ""),
    ("bound", r" < ", " <= "), ("bound", r" <= ", " < "), ("bound", r" > ", " >= "), ("bound", r" >= ", " > "),
    ("bound", r"\bmin\(", "max("), ("bound", r"\bmax\(", "min("), ("bound", r"^(\s+)keep_inside\(.*;", r"\1;"),
    ("constant", r"\b0\.5\b", "1"), ("constant", r"\bV\(1\)", "V(2)"), ("constant", r"\bV\(2\)", "V(1)"),
    ("constant", r"\bexp\((?=[\w-])", "expm1("), ("constant", r"\blog1p\((?=\w)", "log("),
    ("direction", r"(?<=[.:])forward(?=\(|,|\))", "inverse"), ("direction", r"(?<=[.:])inverse(?=\(|,|\))", "forward"),
    ("direction", r"::backward\b", "::inverse_backward"), ("direction", r"::inverse_backward\b", "::backward"),
    ("direction", r"\bgather\((?=[tg],)", "scatter("), ("direction", r"\bscatter\((?=[tg],)", "gather("),
    ("direction", r"^    each\(", "    reversed("), ("direction", r"^    reversed\(", "    each("),
    ("choice", r"\btrue\b", "false"), ("choice", r"\bfalse\b", "true"), ("choice", r"\bactive_(?=[.\[])", "passive_"),
    ("choice", r" \? ([^:?]+) : ([^;,)]+)", r" ? \2 : \1"), ("choice", r"select\(([^,()]+), ([^,()]+), ([^,()]+)\)", r"select(\1, \3, \2)"),
    ("index", r"(?<=col\()(i|f)\)", r"\1 ? \1 - 1 : 1)"), ("index", r"\+\+i\b", "i += 2"), ("index", r"Index i = 0;", "Index i = 1;"),
    ("lost", r"^(\s+)[\w.\[\]():]+ [-+*/]?= [^{}]*;$", r"\1;"), ("lost", r"^(\s+)\w[\w.:\[\]]*\([^{}=]*\);$", r"\1;"),
]
# What decides who sees whom: every mistake there is one of a mask.
masks = ["layers/mask.hpp", "layers/permutation.hpp", "conditioners/made.hpp", "conditioners/staircase.hpp"]
untouched = re.compile(r"^\s*(//|#|static_assert|require\b|using |template|throw|\"|return text)|operator|describe|Source:")

# The tests that know a room, quick ones first; `only:` keeps the layers whose text matches.
tests = [
    ("layers/permutation", ["layers/order", "only:Permutation", "flow/flow"]),
    ("layers/mask", ["layers/order", "layers/exact", "only:Mask", "flow/flow"]),
    ("layers/coupling", ["layers/exact", "layers/coupling", "only:Coupling", "flow/flow"]), ("layers/column", ["layers/coupling", "flow/flow"]),
    ("layers/features", ["layers/features", "layers/coupling"]),
    ("layers/autoregressive", ["only:Autoregressive"]), ("layers/chain", ["layers/exact", "only:Chain", "flow/refusals", "flow/flow"]),
    ("layers/repeat", ["layers/exact", "only:epeat|Reversible", "flow/flow"]), ("layers/reversible", ["only:Reversible"]),
    ("layers/standardize", ["layers/exact", "flow/flow"]), ("layers/workspace", ["flow/flow", "flow/edges", "flow/range"]), ("layers/lost_rows", ["flow/range", "flow/flow"]), ("layers/inverse", ["only:Inverse|OddPoly|Formula"]),
    ("layers/", ["only:Elementwise<Affine|Elementwise<Exp|coupling\"", "flow/flow"]),
    ("conditioners/", ["conditioners/made", "conditioners/made_start", "only:made\\(|residual|Softplus"]),
    ("transformers/additive", ["transformers/by_hand", "only:Additive"]), ("transformers/exp.", ["transformers/by_hand", "only:<Exp|<Log,"]),
    ("transformers/affine", ["transformers/by_hand", "only:Affine, T, 3|BoundedAffine", "flow/range"]), ("transformers/sigmoid", ["transformers/by_hand", "only:<Sigmoid|<Logit,"]),
    ("transformers/softplus", ["transformers/by_hand", "only:<Softplus"]), ("transformers/tanh", ["transformers/by_hand", "only:<TanhMap"]), ("transformers/odd", ["only:<OddPoly"]),
    ("transformers/inverted", ["only:<Log,|<Logit,"]), ("transformers/formula", ["only:Formula", "transformers/special_values"]), ("transformers/rational", ["only:Spline<", "transformers/special_values"]),
    ("transformers/spline", ["transformers/one_row", "only:Spline<", "transformers/special_values", "transformers/tape"]),
    ("transformers/", ["transformers/one_row", "only:MixtureCdf|MixtureLogit", "transformers/special_values", "transformers/reference"]), ("autodiff/", ["autodiff/var", "autodiff/corners", "transformers/tape"]), ("math/log_beta", ["distributions/beta"]), ("math/", ["math/functions", "math/product"]),
    ("core/", ["core/core", "flow/flow"]), ("random/", ["random/random"]), ("distributions/beta", ["distributions/beta", "distributions/bases", "distributions/reference"]), ("distributions/", ["distributions/bases", "distributions/reference", "flow/samplers"]),
    ("datasets/", ["datasets/toy_densities"]), ("flow", ["flow/flow", "flow/refusals", "flow/edges", "flow/range"]), ("parallel", ["flow/flow"]),
    ("summary", ["flow/flow"]), ("models", ["flow/flow"]), ("concepts/", ["concepts/concepts", "only:Inverse|OddPoly|Formula", "layers/exact", "flow/refusals", "flow/flow"]),
    ("io/csv", ["io/readers", "io/hostile_tables"]), ("io/npy", ["io/readers", "io/hostile_tables"]),
    ("io/idx", ["io/readers", "io/hostile_pictures"]), ("io/pgm", ["io/readers", "io/hostile_pictures"]),
    ("io/file", ["io/write_file", "io/readers", "io/safetensors"]), ("io/checkpoint", ["io/checkpoint"]),
    ("io/", ["io/safetensors", "io/hostile_models"]),
    ("training/expectation", ["training/expectation_maximization", "training/refusals", "training/fit"]), ("training/unit", ["training/expectation_maximization", "training/refusals", "training/fit"]),
    ("training/", ["training/fit", "training/optimizer", "training/refusals", "training/adversarial"]),
]

# What every room's numbers end in: the bits of six models.
last = ["flow/determinism"]

Mutant = collections.namedtuple("Mutant", "file line category before after")


def mutants_of(path):
    name, found, message = str(path.relative_to(home)), {}, False
    for number, line in enumerate(path.read_text().splitlines()):
        if message or untouched.search(line):  # a message goes on to its semicolon
            message = bool(message or re.match(r"\s*(static_assert|require|throw)\b", line)) and not line.rstrip().endswith(";")
            continue
        code = line.split("//")[0].rstrip() if '"' not in line else ""
        for category, pattern, replacement in mistakes:
            for hit in re.finditer(pattern, code):
                after = code[:hit.start()] + hit.expand(replacement) + code[hit.end():]
                if category != "direction":
                    category = "log-det" if re.search(r"log_det|log_scale|log_slope", code) else category
                    category = "mask" if name in masks else category
                found.setdefault((number, after), Mutant(name, number, category, code, after))
    return list(found.values())


def equivalent():
    file = root / "tests/mutation_equivalent.txt"
    rows = [line.split(" | ") for line in file.read_text().splitlines() if " | " in line] if file.exists() else []
    return {(row[0], row[1].strip()) for row in rows}


class Bench:
    """A directory with a copy of the headers where mutants are built and run."""

    def __init__(self, work, shared):
        self.work, self.shared = work, shared
        shutil.copytree(root / "include", work / "include")

    def survives(self, mutant):
        """killed, stillborn or survived"""
        path = self.work / "include/bijou" / mutant.file
        lines = path.read_text().splitlines()
        kept = lines[mutant.line]
        lines[mutant.line] = mutant.after
        path.write_text("\n".join(lines) + "\n")
        try:
            self.native = "_mm" in mutant.before  # compiled for this machine alone
            for test in next(names for prefix, names in tests if mutant.file.startswith(prefix)) + last:
                state = self.run(test)
                if state == "killed" and test not in passing:  # a test tells nothing before it passes without a mutation
                    path.write_text("\n".join(lines[:mutant.line] + [kept] + lines[mutant.line + 1:]) + "\n")
                    if self.run(test) != "survived":
                        sys.exit(f"{test} fails without any mutation:\n{self.said}")
                    passing.add(test)
                if state != "survived":
                    return state
            return "survived"
        finally:
            lines[mutant.line] = kept
            path.write_text("\n".join(lines) + "\n")

    def run(self, test):
        source = root / f"tests/{test}_test.cpp"
        if test.startswith("only:"):
            text = (root / "tests/layers/layer_list.hpp").read_text()
            keep = lambda hit: hit[0] if re.search(test[5:], hit[0]) else ""
            text = re.sub(r"^  conforms\(.*?\);\n(?=  conforms|})", keep, text, flags=re.M | re.S)
            (self.work / "layer_list.hpp").write_text(text)
            source = self.work / "some_layers.cpp"
            source.write_text('#include "layer_list.hpp"\nTEST_CASE("layers") { bijou::test::each_layer<double>(); }\n')
        target = (["-march=native", "-include", str(root / "tests/precompiled.hpp")] if self.native
                  else ["-include-pch", str(self.shared / "precompiled.pch")])
        built = subprocess.run(compiler + target + [f"-I{self.work}/include", str(source),
                                           str(self.shared / "main.o"), "-o", str(self.work / "test"), "-lz"], capture_output=True)
        if built.returncode:
            self.said = built.stderr.decode()[:2000]
            return "stillborn"
        limited = f'ulimit -t {arguments.seconds}; exec "$0" -a'  # seconds of work: other work beside it does not count
        ran = subprocess.run(["sh", "-c", limited, self.work / "test"], capture_output=True)
        self.said = ran.stdout.decode(errors="replace")[-2000:]
        return "killed" if ran.returncode else "survived"


parser = argparse.ArgumentParser()
parser.add_argument("--sample", type=int, help="this many mutants, drawn at random")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--only", default="", help="files whose name matches this regular expression")
parser.add_argument("--category", default="", help="categories that match this regular expression")
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--seconds", type=int, default=60, help="a test that runs longer is killed, and so is the mutant")
parser.add_argument("--list", action="store_true")
arguments = parser.parse_args()
# Clang, and small functions as calls: a third of the time that g++ takes.
compiler = ["clang++", "-std=c++20", "-O0", "-w", "-pthread", "-D_GLIBCXX_ASSERTIONS", "-DBIJOU_INLINE=inline", "-DBIJOU_DRAWS=100000",
            f"-I{root}/tests",
            f"-I{root}/tests/layers", "-isystem", "/usr/include/eigen3", f'-DBIJOU_TEST_DIR="{root}/tests"']
harmless = equivalent()
covered = lambda m: any(m.file.startswith(prefix) for prefix, _ in tests) and re.search(arguments.only, m.file)
mutants = [m for path in sorted(home.rglob("*.hpp")) for m in mutants_of(path)]
mutants = [m for m in mutants if covered(m) and re.search(arguments.category, m.category) and (m.file, m.after.strip()) not in harmless]
if arguments.sample and arguments.sample < len(mutants):
    mutants = random.Random(arguments.seed).sample(mutants, arguments.sample)
if arguments.list:
    for m in mutants:
        print(f"{m.file}:{m.line + 1} [{m.category}] {m.before.strip()}  ->  {m.after.strip()}")
    sys.exit(f"{len(mutants)} mutants")

passing, score, survivors, lock = set(), collections.defaultdict(collections.Counter), [], threading.Lock()
shared = root / "build/mutation"  # what no mutant changes is built once
shared.mkdir(parents=True, exist_ok=True)
for source, made, flags in [("precompiled.hpp", "precompiled.pch", ["-x", "c++-header"]), ("main.cpp", "main.o", ["-c"])]:
    if not (shared / made).exists() or (shared / made).stat().st_mtime < (root / "tests" / source).stat().st_mtime:
        subprocess.run(compiler + flags + [str(root / "tests" / source), "-o", str(shared / made)], check=True)
with tempfile.TemporaryDirectory() as work:
    benches = []
    for job in range(arguments.jobs):
        benches.append(Bench(pathlib.Path(work) / str(job), shared))

    def judge(mutant):
        with lock:
            bench = benches.pop()
        state = bench.survives(mutant)
        with lock:
            benches.append(bench)
            score[mutant.category][state] += 1
            if state == "survived":
                survivors.append(mutant)
                print(f"survived {mutant.file}:{mutant.line + 1} [{mutant.category}] {mutant.before.strip()}  ->  {mutant.after.strip()}", flush=True)
            done = sum(sum(c.values()) for c in score.values())
            print(f"{done} of {len(mutants)}, {len(survivors)} survived", end="\r", file=sys.stderr, flush=True)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        try:
            list(pool.map(judge, mutants))
        except KeyboardInterrupt:  # the table of those done
            pool.shutdown(cancel_futures=True)

print("\n| category | mutants | killed | do not compile | survived |\n| --- | --- | --- | --- | --- |")
total = collections.Counter()
for category, counts in sorted(score.items()):
    total.update(counts)
    print(f"| {category} | {sum(counts.values())} | {counts['killed']} | {counts['stillborn']} | {counts['survived']} |")
alive = max(1, total["killed"] + total["survived"])
print(f"| all | {sum(total.values())} | {total['killed']} | {total['stillborn']} | {total['survived']} |")
print(f"\nkilled {100 * total['killed'] / alive:.1f} % of those that compile")
sacred = [m for m in survivors if m.category in ("log-det", "direction", "mask")]
sys.exit(1 if sacred or total["killed"] < 0.85 * alive else 0)
