"""Write what people open in place of CSV files: data/langfang.xlsx and data/glossary.md (`make describe`)."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pandas as pd

from langfang.data.files import write_whole

DATA = Path(__file__).parents[1] / "data"
NUMBERS = ["value_base", "lower_base", "upper_base"]  # to compute with; what is printed stays text


def sheets(data=DATA):
    """The figures, what each column means, and the doubts: three frames of text."""
    plain = {"dtype": str, "keep_default_na": False, "na_values": [""]}
    figures, doubts = (pd.read_csv(data / f"{name}.csv", **plain) for name in ("langfang", "queries"))
    resources = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    fields = next(item["schema"]["fields"] for item in resources if item["name"] == "langfang")
    columns = pd.DataFrame(fields, columns=["name", "type", "description"])
    return {"figures 数据": figures, "columns 说明": columns, "doubts 疑点": doubts}


def workbook(frames):
    """The bytes of a workbook, with text that never becomes a date, a link or a rounded number."""
    raw, plain = io.BytesIO(), {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(raw, engine="xlsxwriter", engine_kwargs={"options": plain}) as writer:
        writer.book.set_properties({"created": datetime(2020, 10, 1)})  # not the time of writing
        for name, frame in frames.items():
            frame = frame.astype(dict.fromkeys(frame.columns.intersection(NUMBERS), float))
            frame.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 1))
            page = writer.sheets[name]
            page.set_row(0, None, writer.book.add_format({"bold": True}))
            page.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            for number, column in enumerate(frame):
                longest = max(len(str(cell)) for cell in (column, *frame[column]))
                kind = {"valign": "top", "num_format": "General" if column in NUMBERS else "@"}
                form = writer.book.add_format(kind | {"text_wrap": longest > 60})
                page.set_column(number, number, min(longest + 2, 60), form)
    return raw.getvalue()


def glossary(data=DATA):
    """The glossary as a page: Chinese, English, what it means here."""
    terms = pd.read_csv(data / "glossary.csv", dtype=str, keep_default_na=False)
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in terms.itertuples(index=False)]
    head = ["中文 | English | here", "---|---|---", *lines]
    note = "# Glossary 术语表\n\nGenerated from `glossary.csv` by `make describe`.\n\n"
    return note + "".join(f"| {line} |\n" for line in head)


def parts(path):
    """The parts of a workbook, to compare: how they are packed differs between versions of zlib."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    write_whole(DATA / "glossary.md", glossary())
    book, made = DATA / "langfang.xlsx", workbook(sheets())
    if not book.exists() or parts(book) != parts(io.BytesIO(made)):
        book.write_bytes(made)
