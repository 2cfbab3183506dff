"""Lines, decisions and refusals of include/bijou that the tests reach, from gcov's counters. See tests/coverage.sh.

A decision is a way out of a conditional jump. The two ways out of a call, back or by an exception, are none, and behind a
call that was never made gcov does not tell one from the other: such pairs are left out, their lines count as missed. A
refusal is a throw, require or fail; it is provoked if the statement was left by an exception. Templates: a line, a
decision, a refusal is reached if it is in any instance. (gcovr 5.2 ends in an assertion on two constrained functions of
one name, and knows nothing of refusals.)"""
import collections, pathlib, re, subprocess, sys

goal_lines, goal_decisions = 95, 85
root, build = pathlib.Path(__file__).resolve().parent.parent, pathlib.Path(sys.argv[1]).resolve()
home = "include/bijou/"
hits, decided = collections.defaultdict(bool), collections.defaultdict(bool)  # by (file, line), by (file, line, n)
left, whole = set(), set()  # lines that an exception left; lines of which each block, or a throw, was executed


def count(here, out):
    """The ways out of one line: ("call", taken, note), ("branch", taken, note) in gcov's order."""
    n = i = 0
    shape = ""  # of calls and their pairs of ways: C, P if made, c, p if not; a decision is a blank
    while i < len(out):
        kind, taken, note = out[i]
        after_call, pair = i > 0 and out[i - 1][0] == "call", out[i:i + 2]
        i += 1
        if kind == "call":
            shape += "c" if taken is None else "C"
            if taken not in (None, "100"):
                left.add(here)
        elif len(pair) == 2 and "throw" in pair[1][2]:
            if pair[1][1] not in (None, "0"):
                left.add(here)
            shape += "P"
            i += 1
        elif after_call and len(pair) == 2 and pair[1][0] == "branch" and taken is None and pair[1][1] is None:
            shape += "p"
            i += 1
        else:
            decided[*here, n] |= taken not in (None, "0")
            shape += " "
            n += 1
    if "CPCc" in shape:  # an exception was made and thrown; the call that would have freed it was not needed
        whole.add(here)


def read(text):
    """One test's counters: lines `count: number: source`, behind each its ways out. Behind a template come its instances,
    between rules; what stood above them is their sum, with the ways out of all of them in a row."""
    file, here, inside, ways, instanced = "", None, False, [], set()
    for line, after in zip(text.splitlines(), text.splitlines()[1:] + [""]):
        if line.startswith("-----"):
            inside = after.endswith(":") and not re.match(r" *[^ :]+: *\d+:", after)
        elif match := re.match(r" *([^ :]+): *(\d+):(.*)", line):
            times, here = match[1], (file, int(match[2]))
            if here[1] == 0 and match[3].startswith("Source:"):
                file = match[3][len("Source:"):]
            elif file.startswith(home) and times != "-":
                hits[here] |= times[0].isdigit()
                if times[0].isdigit() and not times.endswith("*"):
                    whole.add(here)
                ways.append((inside, here, []))
                if inside:
                    instanced.add(here)
        elif (match := re.match(r"(call|branch) +\d+ (?:(?:returned|taken) (\d+)%|never executed)(.*)", line)) and file.startswith(home):
            ways[-1][2].append(match.groups())
    for instance, here, out in ways:
        if instance or here not in instanced:
            count(here, out)


def refusals(name):
    """(first line, last line, source) of each statement that refuses."""
    source = (root / name).read_text().splitlines()
    for first, line in enumerate(source):
        code = line.split("//")[0]
        if re.search(r"\bthrow\b|\brequire(_\w+)?\(|\bfail\(", code) and not re.search(r"void (require|fail)", code):
            last = first
            while not re.search(r";\s*(//.*|}.*)?$", source[last]):
                last += 1
            yield first + 1, last + 1, line.strip()


def provoked(name, first, last, source):
    if source.startswith("throw"):
        return hits[name, first]
    if re.search(r"\bthrow\b|\bfail\(", source):
        return (name, first) in whole
    return any((name, n) in left for n in range(first, last + 1))


def share(part, all):
    return 100 * part / all if all else 100


for counters in sorted(build.rglob("*.gcda")):
    gcov = subprocess.run(["gcov", "-b", "-t", "-r", "-s", root, counters], capture_output=True, text=True, cwd=build)
    read(gcov.stdout)
total, missing, statements = collections.Counter(), [], 0
print(f"{'file':50} lines  decisions  never reached; one way only")
for name in sorted({file for file, _ in hits}):
    lines = {n: hit for (file, n), hit in hits.items() if file == name}
    ways = [(n, taken) for (file, n, _), taken in decided.items() if file == name]
    missed = sorted(n for n, hit in lines.items() if not hit)
    half = sorted({n for n, taken in ways if not taken} - set(missed))
    taken = sum(taken for _, taken in ways)
    total.update(lines=len(lines), hit=len(lines) - len(missed), ways=len(ways), taken=taken)
    print(f"{name:50} {share(len(lines) - len(missed), len(lines)):5.1f}  {share(taken, len(ways)):9.1f}  "
          f"{' '.join(map(str, missed[:12]))}; {' '.join(map(str, half[:12]))}")
for header in sorted((root / home).rglob("*.hpp")):
    name = str(header.relative_to(root))
    for refusal in refusals(name):
        statements += 1
        if not provoked(name, *refusal):
            missing.append(f"{name}:{refusal[0]}: {refusal[2]}")
print(f"\nrefusals that no test provokes, of {statements}:", *(missing or ["none"]), sep="\n  ")
reached, both = share(total["hit"], total["lines"]), share(total["taken"], total["ways"])
print(f"\nlines {reached:.1f} % of {total['lines']} (goal {goal_lines}), decisions {both:.1f} % of {total['ways']} (goal {goal_decisions})")
sys.exit(0 if reached >= goal_lines and both >= goal_decisions and not missing else 1)
