"""make fuzz: 10,000 broken files, or as many as given; shows every traceback, of which there must be none."""

import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

import fuzzing  # noqa: E402
from sources import article_path  # noqa: E402

from langfang.proof.check import check  # noqa: E402


def main(number=10_000):
    tally = Counter()
    with tempfile.TemporaryDirectory() as folder:
        names = sorted(fuzzing.copy(ROOT / "data", folder, article_path()))
        source = Path(folder) / "article.txt"
        for count, (name, way) in enumerate(fuzzing.broken(Path(folder), names, number), 1):
            try:
                tally[
                    way, "faults" if check(folder, source if source.exists() else None) else "no faults"
                ] += 1
            except Exception:
                tally[way, "tracebacks"] += 1
                print(f"{name}, {way}:\n{traceback.format_exc()}")
            if count % 500 == 0:
                print(f"{count} files", file=sys.stderr, flush=True)
    for (way, outcome), count in sorted(tally.items()):
        print(f"{count:6} {way}: {outcome}")
    return any(outcome == "tracebacks" for _, outcome in tally)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
