"""Every figure of a 2020 survey report on Langfang, as data to cite and notebooks to trust.

>>> import langfang as lf
>>> issubclass(lf.LangfangError, ValueError)
True
"""

from importlib import import_module

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
    "fact": "dataset",
    "facts_used": "report",
    "find": "dataset",
    "load": "dataset",
    "say": "report",
    "series": "dataset",
    "show": "report",
    "table": "report",
}
__all__ = ["LangfangError", "__version__", *_ROOM]


def __getattr__(name):
    if name == "__version__":
        from importlib.metadata import version

        return version("langfang")
    if name not in _ROOM:
        raise AttributeError(f"module 'langfang' has no attribute {name!r}")
    room = import_module(f"langfang.{_ROOM[name]}")
    value = globals()[name] = room if name == _ROOM[name] == "charts" else getattr(room, name)
    return value


def __dir__():
    return sorted(__all__)
