"""Each notebook printed on A4, as a PDF of Chromium."""

import re

import pytest

PAPER = {"format": "A4", "margin": dict.fromkeys(("top", "bottom", "left", "right"), "1.5cm")}
# Chromium writes the rectangle of every link into a PDF, one on each page that the link stands on.
WRAP = """figures => figures.forEach((figure, n) => {
    const link = Object.assign(document.createElement('a'), {href: `https://figure.invalid/${n}`});
    link.style.display = 'block';
    link.append(...figure.childNodes);
    figure.append(link);
})"""
UNWRAP = "links => links.forEach(link => link.replaceWith(...link.childNodes))"
PAGE = re.compile(rb"/Type /Page\n.*?endobj", re.S)
MARK = re.compile(rb"/Rect \[([\d. -]+)\](?:(?!endobj).)*?/URI \(https://figure\.invalid/(\d+)\)", re.S)
# Tables wider than the paper: print has no scroll bar.
TOO_WIDE = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.ariaLabel)"
A4_WIDTH = round((21 - 2 * 1.5) / 2.54 * 96)


@pytest.fixture(scope="module")
def figures(page):
    """For each figure its (page, bottom, top) in points, one for each page it stands on, and the paper's height."""
    page.eval_on_selector_all("figure", WRAP)
    paper = page.pdf(**PAPER, print_background=True)
    page.eval_on_selector_all("a[href^='https://figure.invalid']", UNWRAP)
    sheets = PAGE.findall(paper)
    places = {str(n): [] for n in range(page.locator("figure").count())}
    for mark in re.finditer(rb"(\d+) 0 obj\n(?:(?!endobj).)*?endobj", paper, re.S):
        found = MARK.search(mark[0])
        if found:
            _, bottom, _, top = map(float, found[1].split())
            on = [n for n, sheet in enumerate(sheets) if re.search(rb"\b%s 0 R" % mark[1], annotations(sheet))]
            places[found[2].decode()] += [(n, bottom, top) for n in on]
    return places


def annotations(sheet):
    found = re.search(rb"/Annots \[(.*?)\]", sheet, re.S)
    return found[1] if found else b""


def test_every_figure_is_whole_on_one_sheet(figures):
    torn = {n: places for n, places in figures.items() if len({sheet for sheet, *_ in places}) != 1}
    assert not torn, f"figures over several sheets (page-break-inside: avoid; not taller than a sheet): {torn}"


def test_no_table_is_wider_than_the_paper(page):
    page.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    page.emulate_media(media="print")
    wide = page.eval_on_selector_all("[role=region]", TOO_WIDE)
    page.emulate_media(media="screen")
    assert not wide, f"cut at the right when printed: {wide}"
