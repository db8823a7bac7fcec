"""Write what people open in place of CSV files: data/langfang.xlsx and data/glossary.md (`make describe`)."""

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

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
    """The bytes of a workbook, each line's kind kept: text never becomes a date or a rounded number."""
    raw = io.BytesIO()
    with pd.ExcelWriter(raw, engine="openpyxl") as writer:
        for name, frame in frames.items():
            numbers = frame.columns.intersection(NUMBERS)
            frame = frame.astype(dict.fromkeys(numbers, float))
            frame.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 1))
            page = writer.sheets[name]
            page.auto_filter.ref = page.dimensions
            for number, column in enumerate(page.iter_cols(), 1):
                longest = max(len(str(cell.value or "")) for cell in column)
                page.column_dimensions[get_column_letter(number)].width = min(longest + 2, 60)
                kind = "General" if column[0].value in numbers else "@"
                top = Alignment(vertical="top", wrap_text=longest > 60)
                for cell in column:
                    cell.alignment, cell.number_format = top, kind
                column[0].font = Font(bold=True)
    return undated(raw.getvalue())


def undated(raw):
    """The same workbook without the time at which it was written."""
    clean = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2020-10-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return clean.getvalue()


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
