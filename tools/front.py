"""make front: the marked parts of README.md and README.zh.md, and the address where catalogues look for it.

Findings are the first claims of the committed notebooks, pictures theirs; doubts are computed. The address
stands once, in pyproject.toml. A test compares what is written with what is in the repository.
"""

import base64
import json
import re
import tomllib
from html import escape, unescape
from pathlib import Path

import langfang as lf

REPORT = "changcheng-2020-10-01"
ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "notebooks" / "gallery"
FIGURE = re.compile(r'<figure\b.*?<img alt="([^"]*)"[^>]*?\ssrc="data:image/svg\+xml;base64,([^"]*)"', re.S)
CLAIM = {  # English: the first item of the list; Chinese: the lead, then the first item
    "en": re.compile(r"<li[^>]*>\s*<strong>(.*?)</strong>(.*?)</li>", re.S),
    "zh": re.compile(r'<div lang="zh".*?<p><strong>(.*?)</strong></p>.*?<li[^>]*>(.*?)</li>', re.S),
}
# The notebooks in the order of their findings, and the words that link to them.
FINDINGS = {
    "02-poverty-alleviation": {"en": "poverty", "zh": "脱贫"},
    "00-overview": {"en": "overview", "zh": "概览"},
    "03-environment": {"en": "environment", "zh": "环境"},
    "05-urban-rural-life": {"en": "city and country", "zh": "城乡"},
    "01-industry": {"en": "industry", "zh": "产业"},
    "06-consistency-audit": {"en": "audit", "zh": "核对"},
}
BADGES = """\
[![tests]({at}/actions/workflows/test.yml/badge.svg)]({at}/actions/workflows/test.yml) \
[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{path}/HEAD?labpath={first}) \
[![nbviewer](https://img.shields.io/badge/view-nbviewer-orange.svg)]\
(https://nbviewer.org/github/{path}/tree/HEAD/notebooks) \
[![Colab](https://colab.research.google.com/assets/colab-badge.svg)]\
(https://colab.research.google.com/github/{path}/blob/HEAD/{first})"""
PICTURES = {"en": ["02-poverty-alleviation"], "zh": ["06-consistency-audit", "02-poverty-alleviation"]}


def shown(stem):
    """All HTML that a committed notebook shows, in order."""
    cells = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return "\n".join("".join(one.get("text/html", "")) for one in data)


def finding(stem, lang):
    """The first claim of a notebook in bold, its evidence and a link."""
    texts = CLAIM[lang].search(shown(stem)).groups()
    claim, evidence = (" ".join(unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in texts)
    return f"- **{claim}** {evidence} → [{FINDINGS[stem][lang]}](notebooks/{stem}.ipynb)"


def picture(stem):
    """The first figure of a notebook: alt text and SVG."""
    alt, svg = FIGURE.search(shown(stem)).groups()
    return unescape(alt), base64.b64decode(svg).decode("utf-8")


def linked(stem):
    """The first figure of a notebook, as Markdown shows it."""
    image = f'<img src="notebooks/gallery/{stem}.svg" width="640" alt="{escape(picture(stem)[0])}">'
    return f'<a href="notebooks/{stem}.ipynb">{image}</a>'


def doubts():
    """The contradictions as a Chinese table: what is printed where, what follows, what would explain it."""
    facts, audited = lf.load("facts").set_index("fact_id"), lf.audit(source=REPORT).set_index("id")
    printed, place = facts["text"], facts["paragraph"].map("第{}段".format)
    readings, rows = " ".join(lf.load("queries")["readings"]), {}
    for one, kind, zh in (("household", "households", "户"), ("person", "persons", "人")):
        share, part = f"backstop_{one}_share-undated", f"backstop_{kind}-undated"
        whole = f"registered_poor_{kind}-2019"
        gives = lf.implied(f"backstop_{kind}")
        ours = f"{printed[part]} ÷ {printed[whole]}（{place[whole]}） = {gives:.2f}%"
        mend = f"建档立卡总数若为{re.search(rf'{whole}=([^,;]*)', readings)[1]}，就对得上"
        rows[f"backstop_{kind}"] = (f"兜底保障{zh}占比", place[share], printed[share], ours, mend)
    given, poor = "disability_nursing_subsidy_recipients-2020-09", f"{printed[whole]}（{place[whole]}）"
    rows["disabled_registered"] = (
        "“建档立卡”残疾人领取护理补贴", place[given], printed[given], f"建档立卡贫困人口共{poor}",
        "“建档立卡”似应为持证残疾人",
    )  # fmt: skip
    clusters = audited.loc["traditional_clusters_same", "because"]
    (at, one), (again, other) = re.findall(r"paragraph (\d+): ([^;]+)", clusters)
    cells = "三河的传统产业集群", f"第{at}段", f"“{one}”", f"“{other}”（第{again}段）", "同一集群的两个名称"
    rows["traditional_clusters_same"] = cells
    failing = audited.query("verdict == 'cannot be both' and kind != 'outside'").index
    assert set(rows) == set(failing), "another relation fails: say it in Chinese in tools/front.py"
    head = [("疑点", "出处", "报告写的", "按报告自己的数字", "可能的解释"), ("---",) * 5]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*head, *rows.values()])


def address():
    """Where the repository is, or nothing while that is not known."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    return urls.get("Repository", "").rstrip("/")


def badges(at):
    """Tests, Binder, nbviewer and Colab; nothing to click while the address is not known."""
    path = at.partition("://")[2].partition("/")[2]
    return BADGES.format(at=at, path=path, first="notebooks/00-overview.ipynb") if at else ""


def install(at):
    """How to install without a clone; a cell for Colab."""
    package = f'"langfang[charts] @ git+{at or "ADDRESS OF THIS REPOSITORY"}"'
    return f"```sh\npip install {package}\n```\n\nIn Colab, as the first cell: `%pip install -q {package}`."


def blocks(at):
    """Text by the name of its marker."""
    found = {lang: "\n".join(finding(stem, lang) for stem in FINDINGS) for lang in CLAIM}
    images = {lang: "\n".join(map(linked, stems)) for lang, stems in PICTURES.items()}
    return {
        "badges": badges(at), "install": install(at), "findings": found["en"], "picture": images["en"],
        "要点": found["zh"], "图": images["zh"], "疑点": doubts(),
    }  # fmt: skip


def filled(text, blocks):
    """A text with every marked part written anew."""
    for name, block in blocks.items():
        part = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        text = part.sub(lambda found, block=block: f"{found[1]}{block}\n{found[2]}", text)
    return text


def addressed(name, text, at):
    """CITATION.cff or datapackage.json with the address, or without one."""
    if name == "CITATION.cff":
        text = re.sub(r"^repository-code:.*\n", "", text, flags=re.M)
        return text + (f'repository-code: "{at}"\n' if at else "")
    package = json.loads(text)
    if package.get("homepage", "") == at or not at:
        return text
    return json.dumps(package | {"homepage": at}, ensure_ascii=False, indent=2) + "\n"


def files(at=None):
    """Path and text of everything that is written here."""
    at = address() if at is None else at
    parts = blocks(at)
    for name in ("README.md", "README.zh.md"):
        yield ROOT / name, filled((ROOT / name).read_text(encoding="utf-8"), parts)
    for name in ("CITATION.cff", "data/datapackage.json"):
        yield ROOT / name, addressed(Path(name).name, (ROOT / name).read_text(encoding="utf-8"), at)
    for stem in sorted({stem for stems in PICTURES.values() for stem in stems}):
        yield GALLERY / f"{stem}.svg", picture(stem)[1]


if __name__ == "__main__":
    GALLERY.mkdir(exist_ok=True)
    for path, text in files():
        path.write_text(text, encoding="utf-8", newline="\n")
