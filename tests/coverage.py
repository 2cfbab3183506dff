"""Reads gcovr's JSON: a line per file, refusals never provoked, and whether the goals are met. See tests/coverage.sh."""
import json, pathlib, re, sys

goal_lines, goal_branches = 95, 85
root = pathlib.Path(__file__).resolve().parent.parent
lines = lines_hit = branches = branches_hit = 0
refusals = []
print(f"{'file':55} lines  branches   never reached")
for file in sorted(json.load(open(sys.argv[1]))["files"], key=lambda f: f["file"]):
    source = (root / file["file"]).read_text().splitlines()
    hits, decided = {}, {}
    for line in file["lines"]:  # templates: a line is reached if it is in any instance
        if line.get("gcovr/noncode"):
            continue
        number = line["line_number"]
        hits[number] = hits.get(number, 0) + line["count"]
        for i, branch in enumerate(line["branches"]):
            decided[number, i] = decided.get((number, i), 0) + branch["count"]
    missed = sorted(n for n, count in hits.items() if count == 0)
    lines, lines_hit = lines + len(hits), lines_hit + len(hits) - len(missed)
    taken = sum(1 for count in decided.values() if count)
    branches, branches_hit = branches + len(decided), branches_hit + taken
    share = lambda part, all: 100 * part / all if all else 100
    print(f"{file['file']:55} {share(len(hits) - len(missed), len(hits)):5.1f}  {share(taken, len(decided)):5.1f}   "
          f"{' '.join(map(str, missed[:12]))}")
    refusals += [f"{file['file']}:{n}: {source[n - 1].strip()}" for n in missed if re.search(r"\bthrow\b|\brequire", source[n - 1])]
print("\nrefusals that no test provokes:", *(refusals or ["none"]), sep="\n  ")
reached, decided = 100 * lines_hit / lines, 100 * branches_hit / branches
print(f"\nlines {reached:.1f} % (goal {goal_lines}), branches {decided:.1f} % (goal {goal_branches})")
sys.exit(0 if reached >= goal_lines and decided >= goal_branches else 1)
