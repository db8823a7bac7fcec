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
OBJECT = re.compile(rb"(\d+) 0 obj\n(?:(?!endobj).)*?endobj", re.S)
MARK = re.compile(rb"/URI \(https://figure\.invalid/(\d+)\)")
# Tables wider than the paper: print has no scroll bar.
TOO_WIDE = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.ariaLabel)"
BREAKS = """all => all.filter(line => getComputedStyle(line).breakInside !== 'avoid')
    .map(line => line.innerText)"""
A4_WIDTH = round((21 - 2 * 1.5) / 2.54 * 96)


@pytest.fixture(scope="module")
def figures(page):
    """The sheets that each figure stands on."""
    page.eval_on_selector_all("figure", WRAP)
    paper = page.pdf(**PAPER, print_background=True)
    page.eval_on_selector_all("a[href^='https://figure.invalid']", UNWRAP)
    sheets = [annotations(sheet) for sheet in PAGE.findall(paper)]
    places = {n: [] for n in range(page.locator("figure").count())}
    for mark in OBJECT.finditer(paper):
        found = MARK.search(mark[0])
        if found:
            link = re.compile(rb"\b%s 0 R" % mark[1])
            places[int(found[1])] += [n for n, links in enumerate(sheets) if link.search(links)]
    return places


def annotations(sheet):
    found = re.search(rb"/Annots \[(.*?)\]", sheet, re.S)
    return found[1] if found else b""


def test_every_figure_is_whole_on_one_sheet(figures):
    torn = {n: sheets for n, sheets in figures.items() if len(set(sheets)) != 1}
    assert not torn, f"over several sheets (page-break-inside: avoid; not taller than a sheet): {torn}"


def test_no_table_is_wider_than_the_paper(page):
    page.set_viewport_size({"width": A4_WIDTH, "height": 1000})
    page.emulate_media(media="print")
    wide = page.eval_on_selector_all("[role=region]", TOO_WIDE)
    page.emulate_media(media="screen")
    assert not wide, f"cut at the right when printed: {wide}"


def test_lines_of_tables_stay_whole(page):
    torn = page.eval_on_selector_all(".jp-OutputArea-output tbody tr", BREAKS)
    assert not torn, f"use lf.table or lf.facts_used: {torn}"
