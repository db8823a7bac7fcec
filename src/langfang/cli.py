"""The command line: ``langfang check | audit | find | cite | rerun``, and what curators run.

Results go to stdout, errors to stderr. Exit codes: 0 all is well, 1 the data have faults or nothing was
found, 2 the command could not be carried out. What a command needs is imported when it runs.
"""

import argparse
import os
import sys

from langfang.errors import LangfangError


def main(arguments=None):
    """Run one command; returns the exit code.

    Examples
    --------
    >>> main(["cite", "no-such-fact"])
    2
    """
    options = _parser().parse_args(arguments)
    _write_chinese()
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except LangfangError as error:
        return _fail(error)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("langfang"):
            raise
        return _fail(f"{error.name} is not installed; it comes with: pip install 'langfang[notebooks]'")
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except KeyboardInterrupt:
        return _fail("interrupted")


def _fail(error, code=2):
    print(f"langfang: {error}", file=sys.stderr)
    return code


def _write_chinese():
    """Where the terminal's own encoding has no Chinese, as in a pipe on Windows, write UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        try:
            "廊坊".encode(stream.encoding or "utf-8")
        except UnicodeEncodeError:
            stream.reconfigure(encoding="utf-8")


def _parser():
    from langfang import __version__

    parser = argparse.ArgumentParser(
        prog="langfang",
        description="Every figure of a 2020 survey report on Langfang, to find, cite and check.",
    )
    parser.add_argument("--version", action="version", version=f"langfang {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(run, text, *positional):
        command = commands.add_parser(
            run.__name__.strip("_").replace("_", "-"), help=text, description=f"{text[0].upper()}{text[1:]}."
        )
        for name, settings in positional:
            command.add_argument(name, **settings)
        command.set_defaults(run=run)
        if run is not _rerun:
            command.add_argument(
                "--data", metavar="DIR", help="folder with the tables (those of this project)"
            )
        return command

    fact = ("fact_id", {"metavar": "FACT_ID"})
    file = ("file", {"metavar": "FILE", "help": "the text of the source, one paragraph a line"})
    check = add(_check, "check the data, fact by fact, and say how the numerals are accounted for")
    check.add_argument("--source", metavar="FILE", help="your own copy of the article, to check against")
    check.add_argument(
        "--second-reading",
        metavar="FILE",
        action="append",
        help="a table of a second reading (the clone's own)",
    )
    add(_audit, "hold the report against itself, relation by relation", ("fact_id", fact[1] | {"nargs": "?"}))
    add(
        _find,
        "find facts by words of their Chinese or English names",
        ("words", {"metavar": "WORD", "nargs": "+"}),
    )
    cite = add(_cite, "cite a fact: source, place, figure as printed", fact)
    cite.add_argument("--lang", default="en", help="form of the citation, as lf.cite has it: en, zh … (en)")
    add(_show, "show all that is known of a fact, for it and against it", fact)
    add(_rerun, "execute notebooks and write them back", ("notebooks", {"nargs": "*", "metavar": "NOTEBOOK"}))
    source = add(_add_source, "take in the paragraphs of a new source", file)
    refreshed = add(_refresh_source, "take in the corrected text of a source", file)
    for command in (source, refreshed):
        command.add_argument("--id", required=True, help="its source_id, such as dali-2017")
    source.add_argument("--published", required=True, metavar="DATE", help="such as 2021-03-01")
    source.add_argument("--title", required=True)
    add(_describe, "refresh langfang.csv, and the hashes in datapackage.json")
    propose = add(_propose, "propose a row for every figure, date and label of a report", file)
    propose.add_argument("--id", default="", help="the source_id for the drafts")
    propose.add_argument("--into", metavar="DIR", help="write drafts of the tables there")
    return parser


# ---- for readers ----


def _check(options):
    from langfang import check
    from langfang.proof.check import balance

    faults = check(options.data, options.source, options.second_reading)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults" if len(faults) > 1 else "1 fault")
        return 1
    print(balance(options.data))
    print("no faults" if options.source else "no faults (the article itself was not at hand: --source FILE)")
    return 0


def _audit(options):
    from langfang import audit

    table = audit(fact=options.fact_id, data=options.data)
    if table.empty:
        return _fail(f"no relation uses {options.fact_id}", code=1)
    print(_as_text(table[["id", "verdict", "claim", "arithmetic", "because"]]))
    return 0


def _find(options):
    from langfang.data.find import find

    found = find(" ".join(options.words), data=options.data)
    if found.empty:
        return _fail(f"nothing is named {' '.join(options.words)!r}", code=1)
    print(_as_text(found))
    return 0


def _cite(options):
    from langfang.data.cite import cite

    print(cite(options.fact_id, lang=options.lang, data=options.data))
    return 0


def _show(options):
    from langfang.audit.about import about

    print(about(options.fact_id, data=options.data))
    return 0


def _rerun(options):
    from langfang.notebook.rerun import find_notebooks, rerun

    changed = rerun(options.notebooks or None)
    for path in changed:
        print(f"changed: {path.name}")
    if not changed:
        print(f"{len(find_notebooks(options.notebooks))} notebooks, the same bytes as before")
    return 0


def _as_text(table):
    """A table as lines of tab-separated text: it can be read, cut and sorted."""
    return table.to_csv(sep="\t", index=False, lineterminator="\n").rstrip("\n")


# ---- for curators ----


def _add_source(options):
    from langfang.proof.curate import add_source

    number = add_source(options.file, options.id, options.published, options.title, options.data)
    print(
        f"{number} paragraphs taken in. Fill in section, publisher and locator; then see what is left to do:"
    )
    print(f"langfang propose {options.file} --id {options.id} --into drafts")
    print(f"langfang check --source {options.file}")
    return 0


def _refresh_source(options):
    from langfang.proof.curate import refresh_source

    changed = refresh_source(options.file, options.id, options.data)
    print(f"changed paragraphs: {', '.join(map(str, changed)) or 'none'}")
    return 0


def _describe(options):
    from langfang.audit.flat import refresh

    refresh(options.data)
    return 0


def _propose(options):
    from langfang.proof.propose import Proposal, as_csv, propose, write_drafts

    rows = propose(options.file, options.data)
    if options.into:
        print(*write_drafts(rows, options.into, options.id), sep="\n")
    else:
        print(as_csv([Proposal._fields, *rows]), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
