"""make front: the marked parts of README.md and README.zh.md, and the address where catalogues look for it.

Findings are the first claims of the committed notebooks, pictures theirs; doubts are computed. The address
stands once, in pyproject.toml. A test compares what is written with what is in the repository.
"""

import base64
import re
import sys
import tomllib
from html import escape, unescape
from pathlib import Path

import langfang as lf

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from notebook_runs import outputs

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
PICTURES = {"en": ["02-poverty-alleviation"], "zh": ["06-consistency-audit", "02-poverty-alleviation"]}
BADGES = """\
[![tests]({at}/actions/workflows/test.yml/badge.svg)]({at}/actions/workflows/test.yml) \
[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{path}/HEAD?labpath={first}) \
[![nbviewer](https://img.shields.io/badge/view-nbviewer-orange.svg)]\
(https://nbviewer.org/github/{path}/tree/HEAD/notebooks) \
[![Colab](https://colab.research.google.com/assets/colab-badge.svg)]\
(https://colab.research.google.com/github/{path}/blob/HEAD/{first})"""
INSTALL = """\
```sh
pip install {0}
```

In Colab, as the first cell: `%pip install -q {0}`."""
HEAD = "疑点 | 出处 | 报告写的 | 按报告自己的数字 | 可能的解释", "--- | --- | --- | --- | ---"
DOUBTS = {  # a row for each relation that fails
    "backstop_households": "兜底保障户占比 | {at[backstop_household_share-undated]} | "
    "{said[backstop_household_share-undated]} | {said[backstop_households-undated]} ÷ "
    "{both[registered_poor_households-2019]} = {gives[backstop_households]:.2f}% | "
    "建档立卡总数若为{fits[registered_poor_households-2019]}，就对得上",
    "backstop_persons": "兜底保障人占比 | {at[backstop_person_share-undated]} | "
    "{said[backstop_person_share-undated]} | {said[backstop_persons-undated]} ÷ "
    "{both[registered_poor_persons-2019]} = {gives[backstop_persons]:.2f}% | "
    "建档立卡总数若为{fits[registered_poor_persons-2019]}，就对得上",
    "disabled_registered": "“建档立卡”残疾人领取护理补贴 | "
    "{at[disability_nursing_subsidy_recipients-2020-09]} | "
    "{said[disability_nursing_subsidy_recipients-2020-09]} | "
    "建档立卡贫困人口共{both[registered_poor_persons-2019]} | “建档立卡”似应为持证残疾人",
    "traditional_clusters_same": "三河的传统产业集群 | 第{one[0]}段 | “{one[1]}” | "
    "“{other[1]}”（第{other[0]}段） | 同一集群的两个名称",
}


def finding(stem, lang):
    """The first claim of a notebook in bold, its evidence and a link."""
    texts = CLAIM[lang].search(outputs(ROOT / f"notebooks/{stem}.ipynb")).groups()
    claim, evidence = (" ".join(unescape(re.sub(r"<[^>]*>", "", text)).split()) for text in texts)
    return f"- **{claim}** {evidence} → [{FINDINGS[stem][lang]}](notebooks/{stem}.ipynb)"


def picture(stem):
    """The first figure of a notebook: alt text and SVG."""
    alt, svg = FIGURE.search(outputs(ROOT / f"notebooks/{stem}.ipynb")).groups()
    return unescape(alt), base64.b64decode(svg).decode("utf-8")


def linked(stem):
    """The first figure of a notebook, as Markdown shows it."""
    image = f'<img src="notebooks/gallery/{stem}.svg" width="640" alt="{escape(picture(stem)[0])}">'
    return f'<a href="notebooks/{stem}.ipynb">{image}</a>'


def doubts():
    """The contradictions as a Chinese table, its figures from facts, audit and queries."""
    facts, audited = lf.load("facts").set_index("fact_id"), lf.audit(source=REPORT).set_index("id")
    fails = audited.query("verdict == 'cannot be both' and kind != 'outside'")
    assert DOUBTS.keys() == set(fails.index), "another relation fails: say it in Chinese in tools/front.py"
    said, at = facts["text"], facts["paragraph"].map("第{}段".format)
    known = {"said": said, "at": at, "both": said + "（" + at + "）", "gives": fails["recomputed"]}
    known["fits"] = dict(re.findall(r"([\w-]+)=([^,;]*)", " ".join(lf.load("queries")["readings"])))
    clusters = re.findall(r"paragraph (\d+): ([^;]+)", fails["because"]["traditional_clusters_same"])
    known["one"], known["other"] = clusters
    return "\n".join(f"| {row.format_map(known)} |" for row in [*HEAD, *DOUBTS.values()])


def files(at=None):
    """Path and text of everything that is written here; nothing to click while the address is not known."""
    if at is None:
        urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
        at = urls.get("Repository", "").rstrip("/")
    path = at.partition("://")[2].partition("/")[2]
    en, zh = ("\n".join(finding(stem, lang) for stem in FINDINGS) for lang in CLAIM)
    picture_en, picture_zh = ("\n".join(map(linked, stems)) for stems in PICTURES.values())
    blocks = {
        "badges": at and BADGES.format(at=at, path=path, first="notebooks/00-overview.ipynb"),
        "install": INSTALL.format(f'"langfang[charts] @ git+{at or "ADDRESS OF THIS REPOSITORY"}"'),
        "findings": en, "picture": picture_en, "要点": zh, "图": picture_zh, "疑点": doubts(),
    }  # fmt: skip
    readme = {rf"(?s)(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)": f"{blocks[name]}\n" for name in blocks}
    parts = {  # of each file: what is replaced, and by what
        "README.md": readme,
        "README.zh.md": readme,
        "CITATION.cff": {r"(?m)^repository-code:.*\n|\Z": at and f'repository-code: "{at}"\n'},
        "data/datapackage.json": {r'(?<="homepage": ").*(?=")': at} if at else {},
    }
    for name, texts in parts.items():
        whole = (ROOT / name).read_text(encoding="utf-8")
        for pattern, text in texts.items():
            whole = re.sub(pattern, lambda _, text=text: text, whole, count=1)
        yield ROOT / name, whole
    for stem in sorted({stem for stems in PICTURES.values() for stem in stems}):
        yield GALLERY / f"{stem}.svg", picture(stem)[1]


if __name__ == "__main__":
    GALLERY.mkdir(exist_ok=True)
    for path, text in files():
        path.write_text(text, encoding="utf-8", newline="\n")
