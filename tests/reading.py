"""How a page reads: its sentences and which of them hedge; `python tests/reading.py NOTEBOOK` lists them."""

import json
import re
import sys
from pathlib import Path

HEDGE = re.compile(
    r"\b(?:(?-i:may)|might|could|would|perhaps|possibly|probably|presumably|seems?|appears?|likely|if|unless|unclear)\b"
    r"|\b(?:does|do|did) not (?:say|state|give|tell)\b|\bnot (?:known|said|stated|told)\b",
    re.IGNORECASE,
)


def prose(book):
    """The running English text of a notebook: Markdown without headings, and what `say` and `brief` said."""
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            yield re.sub(r"^#.*$", "", "".join(cell["source"]), flags=re.MULTILINE)
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", ""))
            if html.startswith(("<p", "<div style")):  # no table, figure, fold or Chinese
                yield "".join(output["data"]["text/plain"])


def sentences(book):
    text = "\n".join(prose(book))
    text = re.sub(r"\]\([^)]*\)|[\[*_`]", "", text)
    parts = re.split(r"(?<=[.?!:])\s+(?=[A-Z“\d])|\n\s*(?:[-•]|\d+\.)?\s*", text)
    return [part.strip() for part in parts if len(part.split()) > 3]


def hedged(book):
    return [sentence for sentence in sentences(book) if HEDGE.search(sentence)]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        book = json.loads(Path(name).read_text(encoding="utf-8"))
        found, all_of_them = hedged(book), sentences(book)
        print(f"{name}: {len(found)} of {len(all_of_them)} sentences hedge")
        print(*(f"  {sentence}" for sentence in found), sep="\n")
        print(*(f"  {len(s.split())} words: {s}" for s in all_of_them if len(s.split()) > 25), sep="\n")
