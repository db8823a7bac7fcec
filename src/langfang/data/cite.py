"""The citation of a fact, and what else is known of it: its place, its source, the doubts about it."""

import os
from itertools import islice

from langfang.data.bounds import units_of
from langfang.data.facts import as_printed, one_fact
from langfang.data.tables import named_in, open_folder
from langfang.errors import LangfangError
from langfang.printed import wording
from langfang.printed.quantity import Quantity

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX = str.maketrans({mark: f"\\{mark}" for mark in "&%$#_{}"} | _TEX)


def details(fact_id: str, *, data: str | os.PathLike | None = None) -> dict:
    """All that the tables say of one fact: its columns of ``load("facts")``, and more.

    ``fractions`` are its exact bounds, ``figure`` is what is printed, ``paragraphs`` are numbers in the order
    of the source; ``section``, ``source`` (row of sources.csv), ``queries`` (rows of queries.csv on it).
    """
    folder = open_folder(data)
    row, sources = one_fact(folder, fact_id), folder.table("sources")
    source = sources.index("source_id").get(row["source_id"])
    if source is None:
        facts = folder.table("facts")
        raise facts.error(facts.lines.index(row["line"]), "source_id", "one of sources.csv")
    table = folder.table("mentions")
    found = [table.row(n) for n, name in enumerate(table.column("fact_id")) if name == fact_id]
    places = sorted((int(m["paragraph"]), int(m["start"]), m["text"]) for m in found if m["role"] == "fact")
    pages = list(dict.fromkeys(page for page, *_ in places))
    columns = map(folder.table("paragraphs").column, ("source_id", "paragraph", "section"))
    place = (row["source_id"], str(pages[0])) if pages else ()
    section = next((section for *at, section in zip(*columns, strict=True) if tuple(at) == place), "")
    row |= {"text": places[0][2] if places else "", "source": sources.row(source)}
    row |= {"paragraphs": pages, "paragraph": pages[0] if pages else None}
    queries = folder.table("queries").rows if "queries" in folder.names() else []
    return row | {
        "figure": as_printed(row),
        "section": section,
        "queries": [query for query in queries if fact_id in named_in(query)],
    }


def cite(fact: str | Quantity, lang: str = "en", *, data: str | os.PathLike | None = None) -> str:
    """The citation of a fact: source, place in it, and the figure as printed; what is unknown is left out.

    Where an open query holds that the source contradicts itself on the fact, a last line says so.

    Parameters
    ----------
    fact : str or Quantity
        Id of a fact, or what `langfang.fact` gave.
    lang : str
        ``en``; ``zh`` for the form of GB/T 7714 for a page on the web; ``bibtex`` for an entry of biblatex.
    data : path, optional
        Another folder of tables.

    Raises
    ------
    LangfangError
        For an unknown fact or language, and for a Quantity that was worked out and is no fact.

    Examples
    --------
    >>> print(cite("forest_coverage-2019-06-30").partition(". ")[2])
    Section “survey: results (5) environment”, paragraph 60: printed as “33.86%”.
    >>> print(cite("forest_coverage-2019-06-30", lang="bibtex").splitlines()[0])
    @online{forest_coverage-2019-06-30,
    """
    forms = {"en": (_english, "In doubt: "), "zh": (_chinese, "存疑:"), "bibtex": (_bibtex, "% In doubt: ")}
    if lang not in forms:
        raise LangfangError(f"lang {lang!r}: expected one of {', '.join(forms)}")
    fact_id = getattr(fact, "fact_id", fact)
    if not fact_id or not isinstance(fact_id, str):
        expected = "a fact_id, or a Quantity that lf.fact gave; worked out, it has no source"
        raise LangfangError(f"{fact}: expected {expected}")
    found = details(fact_id, data=data)
    source, (form, mark) = found["source"], forms[lang]
    source |= {"accessed": source["locator"] and source.get("accessed", "")}  # no address, no day of access
    doubts = (
        mark + q["question"] for q in found["queries"] if (q["kind"], q["status"]) == ("conflict", "open")
    )
    return "\n".join([form(source, found), *islice(doubts, 1)])


def _english(source: dict, found: dict) -> str:
    title = source["title"].translate(str.maketrans("“”", "‘’"))
    address = source["locator"] + (f" (accessed {source['accessed']})" if source["accessed"] else "")
    work = source["author"], title and f"“{title}”", source["publisher"], source["published"], address
    return f"{_some(', ', work)}. {_place(found)}."


def _place(found: dict) -> str:
    """Where the figure stands, and as what, as a sentence."""
    section, (first, *others) = found["section"], found["paragraphs"] or [""]
    where = section and f"section “{section}”", first and f"paragraph {first}"
    *most, last = map(str, others or [""])
    again = last and f", again in paragraph{'s' if most else ''} {_some(' and ', [', '.join(most), last])}"
    said = f"printed as “{found['figure']}”{again}"
    if not found["paragraphs"]:  # read elsewhere than in a text at hand, or worked out from what is there
        said = _some(" ", [f"figure: {found['figure']}", found["note"] and f"({found['note']})"])
    place = _some(": ", [_some(", ", where), said])
    return place[0].upper() + place[1:]


def _some(between: str, parts) -> str:
    return between.join(filter(None, parts))


def _chinese(source: dict, found: dict) -> str:
    kind = "[EB/OL]" if "://" in source["locator"] else "[Z]"
    made = source["publisher"] if source["author"] else ""
    made += f"({source['published']})" if source["published"] else ""
    made += f"[{source['accessed']}]" if source["accessed"] else ""
    pages = "、".join(map(str, found["paragraphs"]))
    place = f"第{pages}段“{found['figure']}”" if pages else f"数值:{found['figure']}"
    title = source["title"] and source["title"] + kind
    return _some(". ", [source["author"] or source["publisher"], title, made, source["locator"], place]) + "."


def _bibtex(source: dict, found: dict) -> str:
    names = {"author": "author", "title": "title", "organization": "publisher"}
    fields = {n: source[column] and f"{{{source[column].translate(_TEX)}}}" for n, column in names.items()}
    fields |= {"date": source["published"], "url": source["locator"], "urldate": source["accessed"]}
    fields["note"] = _place(found).translate(_TEX)
    lines = (f"  {name} = {{{text}}}" for name, text in fields.items() if text)
    return ",\n".join([f"@online{{{found['fact_id']}", *lines]) + "\n}"


def in_chinese(quantity: Quantity, *, data: str | os.PathLike | None = None) -> str:
    """A quantity in Chinese usage, with as many decimals as its precision bears: 420亿元以上, 7.63个百分点.

    Parameters
    ----------
    quantity : Quantity
    data : path, optional
        Another folder of tables.

    Examples
    --------
    >>> from langfang import fact
    >>> in_chinese(fact("households_coal_replaced-undated")), in_chinese(fact("listed_companies-latest"))
    ('100余万户', '65家')
    """
    if not isinstance(quantity, Quantity):
        raise LangfangError(f"in_chinese: {quantity!r}; expected a Quantity, such as lf.fact gives")
    units = [(name, unit) for name, unit in units_of(open_folder(data)).items() if unit.base == quantity.unit]
    for name, unit in sorted(units, key=lambda pair: "(" in pair[0]):  # 家 rather than 名(企业)
        scale = {1: "", 10**4: "万", 10**8: "亿", 10**12: "万亿"}.get(unit.factor, "no scale")
        word = name.partition("(")[0]
        if word.startswith(scale) and word != scale:
            return wording.in_chinese(quantity, word.removeprefix(scale))  # 万吨 → 吨
    return wording.in_chinese(quantity, None)
