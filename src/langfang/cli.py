"""The command line: ``langfang check | audit | find | cite | rerun``, and what curators run.

Results go to stdout, errors to stderr. Exit codes: 0 all is well, 1 the data have faults or nothing was
found, 2 the command could not be carried out. What a command needs is imported when it runs.
"""

import argparse
import inspect
import os
import sys

import langfang as lf


def main(arguments=None):
    """Run one command; returns the exit code."""
    options = vars(_parser().parse_args(arguments))
    run = options.pop("run")
    _write_chinese()
    try:
        code = run(**options) or 0
        sys.stdout.flush()
        return code
    except lf.LangfangError as error:
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
    """A command is a function: what it says of itself is the help, its parameters stand in ARGUMENTS."""
    parser = argparse.ArgumentParser(
        prog="langfang",
        description="Every figure of a 2020 survey report on Langfang, to find, cite and check.",
    )
    parser.add_argument("--version", action="version", version=f"langfang {lf.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for run in COMMANDS:
        name = run.__name__.replace("_", "-")
        text = run.__doc__ or name  # python -OO leaves no texts
        help_text = text[0].lower() + text[1:].rstrip(".")
        command = commands.add_parser(name, help=help_text, description=text)
        for parameter in inspect.signature(run).parameters:
            flag, settings = ARGUMENTS[parameter]
            command.add_argument(flag, **settings)
        command.set_defaults(run=run)
    return parser


LINES = {"sep": "\t", "index": False, "lineterminator": "\n"}  # tables that can be read, cut and sorted
ID = {"metavar": "ID", "dest": "source_id"}
ARGUMENTS = {
    "data": ("--data", {"metavar": "DIR", "help": "folder with the tables (those of this project)"}),
    "source": ("--source", {"metavar": "FILE", "help": "your own copy of the article, to check against"}),
    "second_reading": (
        "--second-reading",
        {"metavar": "FILE", "action": "append", "help": "a table of a second reading (the clone's own)"},
    ),
    "fact_id": ("fact_id", {"metavar": "FACT_ID"}),
    "fact": ("fact", {"metavar": "FACT_ID", "nargs": "?"}),
    "words": ("words", {"metavar": "WORD", "nargs": "+"}),
    "lang": ("--lang", {"default": "en", "help": "form of the citation, as lf.cite has it: en, zh … (en)"}),
    "notebooks": ("notebooks", {"metavar": "NOTEBOOK", "nargs": "*"}),
    "file": ("file", {"metavar": "FILE", "help": "the text of the source, one paragraph a line"}),
    "source_id": ("--id", ID | {"required": True, "help": "its source_id, such as dali-2017"}),
    "published": ("--published", {"required": True, "metavar": "DATE", "help": "such as 2021-03-01"}),
    "title": ("--title", {"required": True}),
    "drafts_of": ("--id", ID | {"dest": "drafts_of", "default": "", "help": "the source_id for the drafts"}),
    "into": ("--into", {"metavar": "DIR", "help": "write drafts of the tables there"}),
}


def check(data, source, second_reading):
    """Check the data, fact by fact, and say how the numerals are accounted for."""
    from langfang.proof.check import balance

    faults = lf.check(data, source, second_reading)
    if faults:
        print(*faults, f"{len(faults)} faults" if len(faults) > 1 else "1 fault", sep="\n")
        return 1
    print(balance(data))
    print("no faults" if source else "no faults (the article itself was not at hand: --source FILE)")


def audit(fact, data):
    """Hold the report against itself, relation by relation."""
    table = lf.audit(fact=fact, data=data)
    if table.empty:
        return _fail(f"no relation uses {fact}", code=1)
    columns = ["id", "verdict", "claim", "arithmetic", "because"]
    print(table.to_csv(columns=columns, **LINES), end="")


def find(words, data):
    """Find facts by words of their Chinese or English names."""
    found = lf.find(" ".join(words), data=data)
    if found.empty:
        return _fail(f"nothing is named {' '.join(words)!r}", code=1)
    print(found.to_csv(**LINES), end="")


def cite(fact_id, data, lang):
    """Cite a fact: source, place, figure as printed."""
    print(lf.cite(fact_id, lang=lang, data=data))


def show(fact_id, data):
    """Show all that is known of a fact, for it and against it."""
    print(lf.about(fact_id, data=data))


def rerun(notebooks):
    """Execute notebooks and write them back."""
    from langfang.notebook.rerun import find_notebooks, rerun

    changed = rerun(notebooks or None)
    for path in changed:
        print(f"changed: {path.name}")
    if not changed:
        number = len(find_notebooks(notebooks))
        print(f"{number} notebook{'s' * (number > 1)}, the same bytes as before")


def add_source(file, data, source_id, published, title):
    """Take in the paragraphs of a new source."""
    from langfang.proof.curate import add_source

    number = add_source(file, source_id, published, title, data)
    print(f"{number} paragraphs taken in. Fill in section, publisher and locator; then see what is left:")
    print(f"langfang propose {file} --id {source_id} --into drafts")
    print(f"langfang check --source {file}")


def refresh_source(file, data, source_id):
    """Take in the corrected text of a source."""
    from langfang.proof.curate import refresh_source

    changed = refresh_source(file, source_id, data)
    print(f"changed paragraphs: {', '.join(map(str, changed)) or 'none'}")


def describe(data):
    """Refresh langfang.csv, and the hashes in datapackage.json."""
    from langfang.audit.flat import refresh

    refresh(data)


def propose(file, data, drafts_of, into):
    """Propose a row for every figure, date and label of a report."""
    from langfang.proof.propose import Proposal, as_csv, propose, write_drafts

    rows = propose(file, data)
    if into:
        print(*write_drafts(rows, into, drafts_of), sep="\n")
    else:
        print(as_csv(rows, Proposal._fields), end="")


COMMANDS = (check, audit, find, cite, show, rerun, add_source, refresh_source, describe, propose)
