"""Keep the README's findings and gallery what the data and the notebooks say: `make front` writes them anew.

The pictures are those of the committed notebooks, taken out as SVG files; the sentences are computed. A test
compares both with what stands in the repository.
"""

import base64
import json
import re
import sys
from html import escape, unescape
from pathlib import Path

import langfang as lf

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
GALLERY = ROOT / "notebooks" / "gallery"
FIGURE = re.compile(
    r'<figure\b.*?<img alt="([^"]*)"[^>]*?\ssrc="data:image/svg\+xml;base64,([^"]*)"', re.DOTALL
)
# Notebook, which of its figures, and how many pixels wide it stands in the README.
CHOSEN = (("00-overview", 0), ("01-industry", 0), ("02-poverty-alleviation", 2), ("03-environment", 0))


def figures(stem):
    """Alt text and SVG of each figure of a committed notebook."""
    cells = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    data = [output.get("data", {}).get("text/html", "") for output in shown]
    found = [match for html in data for match in FIGURE.findall("".join(html))]
    return [(unescape(alt), base64.b64decode(picture).decode("utf-8")) for alt, picture in found]


def pictures():
    """File name, alt text, SVG and notebook of each figure in the gallery."""
    for stem, number in CHOSEN:
        alt, picture = figures(stem)[number]
        yield f"{stem}.svg", alt, picture, stem


def findings():
    """What the project found, in three sentences."""
    facts = lf.load().query("source_id == 'changcheng-2020-10-01'")
    undated, ahead = facts["period"].eq("").sum(), facts["status"].ne("actual").sum()
    fails = lf.audit().query("verdict == 'cannot be both' and kind != 'outside'")
    services = [lf.fact(f"gdp_share_tertiary-{year}") for year in (2015, 2018)]
    index = [lf.fact(f"xiaokang_index-{year}") for year in (2014, 2019)]
    homes, people = (lf.fact(f"backstop_{who}_share-undated") for who in ("household", "person"))
    counted = [
        lf.fact(f"backstop_{who}-undated").over(lf.fact(f"registered_poor_{who}-2019"), unit="%")
        for who in ("households", "persons")
    ]
    pm25, national = lf.fact("pm25_annual_mean-2018"), lf.fact("market_entities_per_thousand-china-2018-06")
    air = pm25.over(lf.fact("pm25_annual_limit-china-2012"), unit="1")
    crowd, area = lf.fact("population_density-langfang-2017-cited"), lf.fact("land_area-langfang-2017-cited")
    residents = crowd.times(area, unit="person"), lf.fact("population_resident-langfang-2020-11-01-cited")
    density = [(lf.fact("market_entities-latest").over(all_, unit="1") * 1000).value for all_ in residents]
    assert max(density) < national.value
    return (
        f"- The report tells of progress throughout: its own index rose from {index[0]:.2f} % to "
        f"{index[1]:.2f} % "
        f"between 2014 and 2019, and services from {services[0]:.1f} % to {services[1]:.1f} % of the "
        f"regional "
        f"product between 2015 and 2018. Yet of its {len(facts)} distinct figures {undated} bear no "
        f"date of their own, most of them in a chapter on the years since 2012, "
        f"and {ahead} are targets, forecasts or rules.",
        f"- {lf.words(len(fails)).capitalize()} relations among its figures and lists cannot hold as "
        f"printed: "
        f"social assistance reaches {counted[0]:.2f} % of the registered poor households and "
        f"{counted[1]:.2f} % of "
        f"the persons by the report's own counts, not {homes:.2f} % and {people:.2f} % as it says; a "
        f"count of "
        "“registered” disabled persons is larger than the whole poverty register; "
        "and one industrial cluster has two names.",
        f"- Beside published figures, the air of 2018 had {air:.1f} times the fine particles of the "
        f"national limit; and "
        f"per thousand residents the city counted {min(density):.0f} to {max(density):.0f} registered "
        f"businesses, by "
        f"the population taken, where the country had {national:.0f} in mid-2018.",
    )


def block():
    """The part of the README between its two markers."""
    images = [
        f'<a href="notebooks/{stem}.ipynb">'
        f'<img src="notebooks/gallery/{name}" width="410" alt="{escape(alt)}"></a>'
        for name, alt, _, stem in pictures()
    ]
    return "\n".join(["<!-- front -->", "## What was found", "", *findings(), "", *images, "<!-- /front -->"])


def readme(text):
    """The README with a fresh block."""
    return re.sub(r"<!-- front -->.*?<!-- /front -->", lambda _: block(), text, count=1, flags=re.DOTALL)


def main():
    GALLERY.mkdir(exist_ok=True)
    for name, _, picture, _ in pictures():
        (GALLERY / name).write_text(picture, encoding="utf-8", newline="\n")
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
