"""The command line: ``langfang check | audit | find | cite | rerun``.

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
    parser = argparse.ArgumentParser(
        prog="langfang",
        description="Every figure of a 2020 survey report on Langfang, to find, cite and check.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, run, text):
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.set_defaults(run=run)
        return command

    check = add("check", _check, "check the data, fact by fact, and say how the numerals are accounted for")
    check.add_argument(
        "--source", metavar="FILE", help="your own copy of the article, to check the data against"
    )
    audit = add("audit", _audit, "hold the report against itself, relation by relation")
    find = add("find", _find, "find facts by a word of their Chinese or English names")
    find.add_argument("word", metavar="WORD")
    cite = add("cite", _cite, "cite a fact: source, place, figure as printed")
    cite.add_argument("fact_id", metavar="FACT_ID")
    cite.add_argument("--lang", choices=["en", "zh"], default="en", help="language of the citation (en)")
    for command in (check, audit, find, cite):
        command.add_argument("--data", metavar="DIR", help="folder with the tables (those of this project)")
    rerun = add("rerun", _rerun, "execute notebooks and write them back")
    rerun.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="which (all)")
    return parser


def _check(options):
    from langfang import check
    from langfang.proof.check import balance

    faults = check(data=options.data, source=options.source)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults" if len(faults) > 1 else "1 fault")
        return 1
    print(balance(data=options.data))
    print("no faults" if options.source else "no faults (the article itself was not at hand: --source FILE)")
    return 0


def _audit(options):
    from langfang import audit

    print(_as_text(audit(data=options.data)[["id", "verdict", "arithmetic", "because"]]))
    return 0


def _find(options):
    from langfang.data.facts import find

    found = find(options.word, data=options.data)
    if found.empty:
        return _fail(f"nothing is named {options.word!r}", code=1)
    print(_as_text(found))
    return 0


def _cite(options):
    from langfang.data.facts import cite

    print(cite(options.fact_id, lang=options.lang, data=options.data))
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


if __name__ == "__main__":
    raise SystemExit(main())
