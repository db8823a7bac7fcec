"""make pages: notebooks without code, documents and API as a site in build/pages."""

import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pdoc
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html

import langfang

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README", "README.zh", "CONTRIBUTING", "CHANGELOG", "data/README", "data/glossary"]
NAVIGATION = {
    "index": "langfang", "README.zh": "中文", "notebooks/00-overview": "Notebooks",
    "data/README": "Data", "data/glossary": "Glossary 术语", "api/langfang": "API",
}  # fmt: skip
LINK = re.compile(r'\b(?:href|src)="(?!\w+:)([^"#]*)(#[^"]*)?"')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
HEAD = """<meta name="viewport" content="width=device-width"><style>
.site { font: 15px sans-serif; margin: 1em auto; max-width: 60em; padding: 0 1em }
.site a { margin-right: 1.2em }
.text { font: 16px/1.55 sans-serif; margin: 0 auto; max-width: 60em; padding: 0 1em }
.text img { max-width: 100%; height: auto } .text pre, .text table { display: block; overflow-x: auto }
.text .anchor-link { display: none } .text table { border-collapse: collapse }
.text td, .text th { border-bottom: 1px solid #d9dee3; padding: .3em .7em; vertical-align: top }
</style></head>"""


def notebook(path):
    """A notebook's page without code and without the scripts of nbconvert, which nothing here needs."""
    exporter = HTMLExporter(exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)
    return SCRIPT.sub("", exporter.from_filename(path)[0])


def document(path):
    """The page of a Markdown file."""
    text = path.read_text(encoding="utf-8")
    lang, title = "zh" if ".zh." in path.name else "en", re.search(r"^# (.*)$", text, re.MULTILINE)[1]
    head = f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f'{head}<body><main class="text">{markdown2html(text)}</main></body></html>'


def build(folder):
    """Write the site, with the files of the project that its pages link to."""
    shutil.rmtree(folder, ignore_errors=True)
    pages = {f"notebooks/{path.stem}": notebook(path) for path in sorted(ROOT.glob("notebooks/*.ipynb"))}
    pages |= {name: document(ROOT / f"{name}.md") for name in DOCUMENTS}
    pages["index"] = pages["README"]
    pdoc.render.configure(docformat="numpy", show_source=False)
    for name in langfang.__all__:
        getattr(langfang, name)  # pdoc describes what has been imported
    pdoc.pdoc("langfang", "langfang.notebook.charts", "!langfang.audit", output_directory=folder / "api")
    for name, page in pages.items():
        up = "../" * name.count("/")
        bar = "".join(f'<a href="{up}{to}.html">{said}</a>' for to, said in NAVIGATION.items())
        bar = rf'\1<nav class="site" aria-label="site">{bar}</nav>'
        page = re.sub(r'(href="[^":]+)\.(?:ipynb|md)(["#])', r"\1.html\2", page)
        page = re.sub(r"(<body[^>]*>)", bar, page.replace("</head>", HEAD, 1), count=1)
        file = folder / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
        for target, _ in LINK.findall(page):
            linked, copy = ((base / name).parent / unquote(unescape(target)) for base in (ROOT, folder))
            if linked.is_file() and not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(linked, copy)
    return folder


if __name__ == "__main__":
    print(build(ROOT / "build" / "pages") / "index.html")
