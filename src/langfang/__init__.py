"""Every figure of a 2020 survey report on Langfang, as data to cite and notebooks to trust.

>>> import langfang as lf
>>> lf.fact("forest_coverage-2019-06-30").unit
'%'
"""

from importlib import import_module

import langfang.audit  # so that the name `audit` can stand for the function from here on  # noqa: F401
from langfang.errors import LangfangError

# Where each public name lives. A module is imported when one of its names is first asked for, so that
# `import langfang` costs what importing pandas costs and no chart library is loaded before a chart is drawn.
_HOME = {
    "Quantity": "printed.quantity",
    "brief": "notebook.prose",
    "brief_zh": "notebook.prose",
    "charts": "notebook.charts",
    "cite": "data.facts",
    "corners": "printed.quantity",
    "fact": "data.facts",
    "facts_used": "notebook.prose",
    "find": "data.facts",
    "held": "printed.quantity",
    "implied": "audit.verdict",
    "in_chinese": "data.facts",
    "link": "notebook.prose",
    "load": "data.facts",
    "moore_angle": "printed.quantity",
    "per_year": "printed.quantity",
    "say": "notebook.prose",
    "series": "data.facts",
    "show": "notebook.prose",
    "span": "notebook.prose",
    "structural_change": "printed.quantity",
    "table": "notebook.prose",
    "words": "notebook.prose",
}
__all__ = ["LangfangError", "__version__", "audit", "check", *_HOME]


def audit(source=None, fact=None, *, data=None):
    """Every relation of the report with its verdict; see `langfang.audit.verdict.audit`."""
    from langfang.audit.verdict import audit

    return audit(source, fact, data=data)


def check(data=None, source=None):
    """Every fault of a data set; see `langfang.proof.check.check`."""
    from langfang.proof.check import check

    return check(data, source)


def __getattr__(name):
    if name == "__version__":
        from importlib.metadata import version

        return version("langfang")
    if name not in _HOME:
        raise AttributeError(f"module 'langfang' has no attribute {name!r}")
    home = import_module(f"langfang.{_HOME[name]}")
    value = globals()[name] = home if name == "charts" else getattr(home, name)
    return value


def __dir__():
    return sorted(__all__)
