"""Every figure of a 2020 survey report on Langfang, as data to cite and notebooks to trust.

>>> import langfang as lf
>>> lf.fact("forest_coverage-2019-06-30").unit
'%'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import langfang.audit  # noqa: F401
from langfang.errors import LangfangError

if TYPE_CHECKING:  # what editors and type checkers read; never run
    from os import PathLike

    from langfang.audit.frame import about, audit, implied
    from langfang.data.cite import cite, in_chinese
    from langfang.data.facts import fact, load, series
    from langfang.data.find import find
    from langfang.data.tables import Fault
    from langfang.notebook import charts
    from langfang.notebook.figure import show
    from langfang.notebook.prose import brief, brief_zh, facts_used, literature, say, span, table
    from langfang.printed.quantity import Quantity, corners, per_year
    from langfang.printed.wording import out_of_ten, per_thousand, words

    __version__: str

# The same names at run time. A module is imported when one of its names is first asked for, so that
# `import langfang` costs what importing pandas costs and no chart library is loaded before a chart is drawn.
_PUBLIC = {
    "audit.frame": ["about", "audit", "implied"],
    "data.cite": ["cite", "in_chinese"],
    "data.facts": ["fact", "load", "series"],
    "data.find": ["find"],
    "notebook.charts": ["charts"],
    "notebook.figure": ["show"],
    "notebook.prose": ["brief", "brief_zh", "facts_used", "literature", "say", "span", "table"],
    "printed.quantity": ["Quantity", "corners", "per_year"],
    "printed.wording": ["out_of_ten", "per_thousand", "words"],
}
_HOME = {name: home for home, names in _PUBLIC.items() for name in names}
__all__ = [  # written out for editors; a test compares it with the table above
    "LangfangError", "Quantity", "about", "audit", "brief", "brief_zh", "charts", "check",
    "cite", "corners", "fact", "facts_used", "find", "implied", "in_chinese", "literature", "load",
    "out_of_ten", "per_thousand", "per_year", "say", "series", "show", "span", "table", "words",
]  # fmt: skip
del globals()["audit"]  # the folder, which is imported first lest it hide the function of the same name


def check(
    data: "str | PathLike[str] | None" = None,
    source: "str | PathLike[str] | None" = None,
    second_reading: "str | PathLike[str] | list[str] | None" = None,
) -> "list[Fault]":
    """Every fault of a data set: each table against datapackage.json, the tables against each other.

    Where all of these hold, relations of the audit that fail without a query are faults too.

    Parameters
    ----------
    data : path, optional
        Another folder with the tables; those of this project if not given.
    source : path, optional
        Your own copy of the article; every figure is then looked up where the data say it stands.
    second_reading : path or list of paths, optional
        Tables of a second reading; in a clone those beside its tests.

    Returns
    -------
    list of Fault
        File, row, column, value and what was expected; empty if all is well.

    Examples
    --------
    >>> check()
    []
    """
    from langfang.audit.verdict import unexplained
    from langfang.proof.check import check

    return check(data, source, second_reading) or unexplained(data)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("langfang")
    if name not in _HOME:
        raise AttributeError(f"module 'langfang' has no attribute {name!r}")
    try:
        home = import_module(f"langfang.{_HOME[name]}")
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("langfang"):
            raise
        lacks = f"lf.{name} needs {missing.name}, which is not installed: pip install 'langfang[charts]'"
        raise LangfangError(lacks) from None
    value = globals()[name] = home if name == "charts" else getattr(home, name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
