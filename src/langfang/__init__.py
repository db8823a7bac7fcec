"""Every figure of a 2020 survey report on Langfang, as data to cite and notebooks to trust.

>>> import langfang as lf
>>> lf.fact("forest_coverage-2019-06-30").unit
'%'
"""

import sys
from importlib import import_module
from types import ModuleType

from langfang.errors import LangfangError

# Where each public name lives. A room is imported when one of its names is first asked for, so that
# `import langfang` costs what importing pandas costs and no chart library is loaded before a chart is drawn.
_ROOM = {
    "Quantity": "quantity",
    "audit": "audit",
    "brief": "report",
    "brief_zh": "report",
    "charts": "charts",
    "check": "check",
    "cite": "dataset",
    "corners": "quantity",
    "fact": "dataset",
    "facts_used": "report",
    "find": "dataset",
    "held": "quantity",
    "in_chinese": "dataset",
    "link": "report",
    "load": "dataset",
    "moore_angle": "quantity",
    "per_year": "quantity",
    "say": "report",
    "series": "dataset",
    "show": "report",
    "span": "report",
    "structural_change": "quantity",
    "table": "report",
    "words": "report",
}
__all__ = ["LangfangError", "__version__", *_ROOM]


def __getattr__(name):
    if name == "__version__":
        from importlib.metadata import version

        return version("langfang")
    if name not in _ROOM:
        raise AttributeError(f"module 'langfang' has no attribute {name!r}")
    room = import_module(f"langfang.{_ROOM[name]}")
    value = globals()[name] = room if name == "charts" else getattr(room, name)
    return value


def __dir__():
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps ``lf.check`` and ``lf.audit`` the functions: importing a module sets it on its package, and those
    two modules bear the names of what they are for."""

    def __setattr__(self, name, value):
        if name in ("check", "audit") and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
