"""Run a notebook's code in this process, on tables of one's choice, and record what a reader would get."""

import json
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("[0-9]*.ipynb"))


CHARTS = ("bars", "dots", "lines", "stacked")


def as_text(data):
    """Chart data of any accepted form as text that differs wherever the data differ."""
    if hasattr(data, "to_csv"):
        return data.to_csv()
    if isinstance(data, dict):
        return str({str(key): as_text(value) for key, value in data.items()})
    if isinstance(data, list | tuple):
        return str([as_text(value) for value in data])
    return str(getattr(data, "fractions", data))


def cells(path, kind="code"):
    """The sources of a notebook's cells of one kind."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def outputs(path):
    """All HTML that a committed notebook shows."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    data = [out.get("data", {}) for cell in found for out in cell.get("outputs", [])]
    return "\n".join("".join(one["text/html"]) for one in data if "text/html" in one)


def run(path, monkeypatch, data=None):
    """What the notebook says: sentences, tables, and of each figure its data, alt text and caption.

    The closing table *Facts used* is left out: it would repeat any fact that is merely listed. Charts of the
    library are not drawn: their data are all that a comparison needs. Of those that a notebook draws itself
    the digest is taken. Raises what the notebook raises.
    """
    import langfang as lf
    from langfang import charts
    from langfang.data import tables
    from langfang.notebook import prose

    said = []
    if data is not None:
        monkeypatch.setattr(tables, "data_dir", lambda _=None: Path(data))
    monkeypatch.setattr(prose, "emit", lambda html, plain: said.append(plain))
    for name in CHARTS:
        monkeypatch.setattr(charts, name, lambda *data, **more: as_text((data, more)))

    def show(fig, alt, caption=None):
        said.append((fig if isinstance(fig, str) else charts.digest(fig), alt, caption))

    monkeypatch.setattr(lf, "show", show, raising=False)
    listing = prose.facts_used
    within = lambda ids, **named: listing(ids, **named) if named else None  # noqa: E731
    monkeypatch.setattr(lf, "facts_used", within, raising=False)
    space = {"__name__": "__main__"}
    with redirect_stdout(StringIO()):
        for source in cells(path):
            exec(compile(source, path.name, "exec"), space)
    return said


@cache
def figures(path):
    """The figures of a notebook as it draws them, with alt text and caption: (figure, alt, caption)."""
    import langfang as lf

    shown = []
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()):
        patch.setattr(lf, "show", lambda fig, alt, caption=None: shown.append((fig, alt, caption)))
        space = {"__name__": "__main__"}
        for source in cells(path):
            exec(compile(source, path.name, "exec"), space)
    return shown
