"""make mutation: change every meaningful cell of the data in every way there is, and say who notices.

Prints the share caught per column – by the tables alone, with the article, with the second reading – and then
the mutants that nobody noticed. The article is found as in the tests: LANGFANG_SOURCE, or beside the clone.
``python tests/mutation.py facts.status mentions.text --list`` tries these columns only and lists what passed.
"""

import sys
from collections import Counter
from pathlib import Path

import mutants
from sources import article_text

ROOT = Path(__file__).resolve().parent.parent


def main():
    data = mutants.load(ROOT / "data", article_text() or "")
    caught, verdicts = mutants.judge(data), []
    columns = [word for word in sys.argv[1:] if "." in word]
    wanted = (m for m in mutants.mutants(data) if not columns or f"{m.table}.{m.column}" in columns)
    for number, mutant in enumerate(wanted, 1):
        verdicts.append((mutant, caught(mutant)))
        if number % 1000 == 0:
            print(f"{number} mutants", file=sys.stderr, flush=True)
    print(mutants.report(data, verdicts))
    missed = [mutant for mutant, hits in verdicts if not any(hits)]
    print(f"\n{len(missed)} unnoticed, by column and kind:")
    for (table, column, kind), count in Counter(mutant[:3] for mutant in missed).most_common():
        print(f"  {count:5} {table}.{column}: {kind}")
    if "--list" in sys.argv:
        for mutant in missed:
            row, column = data.tables[mutant.table].rows[mutant.row], mutant.column
            print(f"{mutant.table}.csv:{row['line']} {column}: {row[column]!r} -> {mutant.value!r}")


if __name__ == "__main__":
    main()
