"""Each figure as Chromium paints it: words stand out from what lies behind them, marks differ in grey."""

import io
from itertools import combinations

import numpy as np
import pytest
from colours import contrast
from matplotlib.image import imread
from seeing import colour

from langfang.notebook.look import GRID, INK, MUTED, SMALL

READABLE = 8.5  # px
PHONE = 390
# The figure alone, as itself and not as an image, so that its parts can be asked.
ALONE = """figure => {
    const [, picture] = figure.querySelector('img').getAttribute('src').split('base64,');
    const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
    return new TextDecoder().decode(bytes);
}"""
# Glyphs are the parts named after a font; each with its colour and place.
GLYPHS = """() => [...document.querySelectorAll('use')]
    .filter(part => /^#[nd][0-9a-f]+$/.test(part.getAttribute('xlink:href')))
    .map(part => {
        part.classList.add('glyph');
        const box = part.getBoundingClientRect();
        return {ink: getComputedStyle(part).fill, box: [box.left, box.top, box.right, box.bottom]};
    })"""
# Marks: fill and stroke of all that is neither glyph nor clip.
MARKS = """() => [...new Set([...document.querySelectorAll('path, use')]
    .filter(part => !part.closest('defs') && !part.matches('.glyph'))
    .flatMap(part => [getComputedStyle(part).fill, getComputedStyle(part).stroke]))]
    .filter(colour => colour !== 'none')"""
NO_GLYPHS = ".glyph { visibility: hidden }"
# No data: paper, grid and joins, standards, axes.
DECORATION = {"#ffffff", GRID, INK, MUTED}
GREYS_APART = 12  # of 255, as Chromium paints them for those who see no colour


def pixels(page):
    size = page.eval_on_selector("svg", "svg => [svg.clientWidth, svg.clientHeight]")
    picture = page.screenshot(clip={"x": 0, "y": 0, "width": size[0] + 16, "height": size[1] + 16})
    return np.round(imread(io.BytesIO(picture)) * 255).astype(int)[:, :, :3]


@pytest.fixture(scope="module")
def painted(page, chromium):
    """For each figure: its glyphs, its picture without them, its marks, its greys."""
    sheet = chromium.new_page(viewport={"width": 660, "height": 1400})
    eyes = sheet.context.new_cdp_session(sheet)
    figures = []
    for figure in page.locator("figure").all():
        sheet.set_content(f"<title>figure</title><body style='margin:8px'>{figure.evaluate(ALONE)}")
        glyphs = sheet.evaluate(GLYPHS)
        marks = {colour(css) for css in sheet.evaluate(MARKS)} - DECORATION
        sheet.add_style_tag(content=NO_GLYPHS)
        bare = pixels(sheet)
        eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
        figures.append({"glyphs": glyphs, "bare": bare, "marks": marks, "grey": pixels(sheet)})
        eyes.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
    sheet.close()
    return figures


def behind(glyph, bare):
    """The colour of most pixels behind a glyph."""
    left, top, right, bottom = (round(edge) for edge in glyph["box"])
    area = bare[top : max(bottom, top + 1), left : max(right, left + 1)].reshape(-1, 3)
    colours, counts = np.unique(area, axis=0, return_counts=True)
    return "#{:02x}{:02x}{:02x}".format(*colours[counts.argmax()])


def test_there_are_glyphs_to_look_at(painted):
    assert all(len(figure["glyphs"]) > 10 for figure in painted), "the tests below look at nothing"


def test_words_stand_out_from_what_is_behind_them(painted):
    pairs = {
        (n, colour(glyph["ink"]), behind(glyph, figure["bare"]))
        for n, figure in enumerate(painted)
        for glyph in figure["glyphs"]
    }
    faint = sorted(pair for pair in pairs if contrast(pair[1], pair[2]) < 4.5)
    assert not faint, f"figure, ink, background; below 4.5 to 1: {faint}"


def test_marks_differ_without_colour(painted):
    alike = [
        (n, *pair)
        for n, figure in enumerate(painted)
        for pair in combinations(sorted(figure["marks"]), 2)
        if abs(grey(figure, pair[0]) - grey(figure, pair[1])) < GREYS_APART
    ]
    assert not alike, f"figure and two colours of marks that look alike in grey: {alike}"


def grey(figure, mark):
    """How light a colour of marks is painted for those who see no colour."""
    wanted = [int(mark[i : i + 2], 16) for i in (1, 3, 5)]
    return np.median(figure["grey"][(figure["bare"] == wanted).all(axis=2)])


def test_words_are_large_enough_on_a_phone(page):
    page.set_viewport_size({"width": PHONE, "height": 800})
    scales = page.eval_on_selector_all("figure img", "all => all.map(each => each.width / each.naturalWidth)")
    page.set_viewport_size({"width": 1100, "height": 800})
    smallest = min(scales, default=1) * SMALL / 0.75  # points to px
    assert smallest >= READABLE, f"{smallest:.1f} px: enlarge SMALL in look.py or put less around it"
