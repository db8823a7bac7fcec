"""Each notebook as nbviewer shows it: what nbconvert's lab template makes of it, in a window and a phone."""

import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from seeing import AXE, TOFU, UNSEEN, alt_texts, committed, serious

WIDTHS = {"window": 1100, "phone": 390}
# What the template loads by itself; a reader without a network does without.
TEMPLATE_LOADS = (
    "https://cdnjs.cloudflare.com/ajax/libs/require.js/",
    "https://cdnjs.cloudflare.com/ajax/libs/mathjax/",
)
# Not ours, and the same in every notebook that nbconvert renders:
TEMPLATE_PAINTS = [  # grey prompts, colours of code, the ¶ beside a heading: too faint for axe-core
    [".jp-InputPrompt"],
    [".jp-OutputPrompt"],
    [".jp-InputArea-editor .highlight"],
    [".anchor-link"],
]
TEMPLATE_RULES = {"link-in-text-block": {"enabled": False}}  # it does not underline links
TEX = re.compile(r"\$[^$\n]+\$|\\\(|\\\[|\\begin\{")

OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth <= wide ? [] :
        [...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > wide)
            .map(each => each.outerHTML.slice(0, 100));
}"""
# Things wider than the page that nothing lets a reader scroll to, code apart.
CUT = """images => images.filter(each => {
    const box = each.getBoundingClientRect();
    return !each.closest('[role=region][tabindex]') && box.right > document.documentElement.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 200))"""
SCROLLED = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.ariaLabel)"
# Tables that scroll within an output that scrolls as well.
TWICE = """all => all.filter(each => {
    const wide = node => node.scrollWidth > node.clientWidth + 1, out = each.closest('.jp-OutputArea-output');
    return wide(each) && out && wide(out);
}).map(each => each.ariaLabel)"""
TOP = "node => node.getBoundingClientRect().top + window.scrollY"
HEADINGS = "all => all.map(each => [Number(each.tagName[1]), each.textContent.replace('¶', '')])"
# Chinese in outputs that no one told the browser is Chinese.
UNMARKED = """outputs => outputs.flatMap(output => {
    const walk = document.createTreeWalker(output, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode())
        if (/\\p{Script=Han}/u.test(walk.currentNode.data)
            && !walk.currentNode.parentElement.closest('[lang]').lang.startsWith('zh'))
            found.push(walk.currentNode.data);
    return found;
})"""
# Table cells too narrow for the Chinese in them: fewer characters in a line than four, or than it has.
NARROW = """cells => cells.filter(cell => {
    const runs = cell.textContent.match(/\\p{Script=Han}+/gu) || [];
    const longest = Math.max(0, ...runs.map(run => run.length));
    const style = getComputedStyle(cell);
    const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return room + 1 < Math.min(longest, 4) * parseFloat(style.fontSize);
}).map(cell => cell.textContent)"""


@pytest.fixture
def seen(page, request):
    """The page at the width of the window, or that asked for."""
    page.set_viewport_size({"width": getattr(request, "param", WIDTHS["window"]), "height": 800})
    return page


def at(*names):
    """Run a test at these widths."""
    return pytest.mark.parametrize("seen", [WIDTHS[name] for name in names], ids=names, indirect=True)


def test_every_character_has_a_glyph(seen):
    boxes = seen.evaluate(TOFU, seen.inner_text("main"))
    assert not boxes, f"drawn as boxes; use other characters, or install fonts-noto-cjk: {boxes}"


def test_every_image_has_alt_text(seen, clone):
    """Its own: where there is none, nbconvert puts words that say so."""
    alts = seen.eval_on_selector_all("img", "all => all.map(each => each.getAttribute('alt'))")
    assert all(alts), "show figures through lf.show(fig, alt=…)"
    assert alts == alt_texts(clone / "notebooks" / f"{seen.name}.ipynb"), "nbconvert changed an alt text"


@at("window", "phone")
def test_every_image_shows(seen):
    faults = [fault for fault in seen.eval_on_selector_all("img", UNSEEN) if fault]
    assert not faults, f"images: {faults}"


@at("window", "phone")
def test_the_page_does_not_scroll_sideways(seen):
    assert seen.evaluate(OVERFLOW) == [], "let it shrink (max-width: 100%) or scroll (overflow-x: auto)"


@at("window", "phone")
def test_nothing_is_cut_at_the_side(seen):
    cut = seen.eval_on_selector_all(".jp-OutputArea-output *, .jp-RenderedMarkdown *", CUT)
    assert not cut, f"out of sight at the right, and not to be scrolled to: {cut}"


def test_tables_fit_a_window(seen):
    wide = seen.eval_on_selector_all("[role=region]", SCROLLED)
    assert not wide, f"fewer or shorter columns, please: {wide}"


@at("phone")
def test_no_table_scrolls_twice(seen):
    assert seen.eval_on_selector_all("[role=region]", TWICE) == []


def test_the_first_screen_holds_the_first_claim_and_the_second_the_first_chart(seen):
    claim, chart = (seen.eval_on_selector(first, TOP) for first in (".jp-OutputArea-output ol li", "figure"))
    assert claim < 300 and chart < 1000, f"first claim at {claim:.0f} px, first chart at {chart:.0f} px"


def test_computed_and_typed_prose_begin_at_one_margin(seen):
    edges = ".jp-RenderedMarkdown > :is(h1, h2, p), .jp-OutputArea-output > :is(p, figure)"
    lefts = seen.eval_on_selector_all(edges, "all => all.map(each => each.getBoundingClientRect().left)")
    assert max(lefts) - min(lefts) < 2


@at("window", "phone")
def test_chinese_in_tables_has_room(seen):
    narrow = seen.eval_on_selector_all(".jp-OutputArea-output :is(td, th)", NARROW)
    assert not narrow, f"columns of Chinese need a min-width (lf.table gives it): {narrow[:5]}"


def test_chinese_is_marked_as_chinese(seen):
    """Else a screen reader spells it out and browsers draw Japanese forms."""
    unmarked = seen.eval_on_selector_all(".jp-OutputArea-output", UNMARKED)
    assert not unmarked, f'wrap it in <span lang="zh"> (lf.say does): {unmarked[:5]}'


def test_one_title_and_no_level_is_skipped(seen):
    headings = seen.eval_on_selector_all("h1, h2, h3, h4, h5, h6", HEADINGS)
    levels = [level for level, _ in headings]
    jumps = [after for before, after in pairwise([[0, ""], *headings]) if after[0] > before[0] + 1]
    assert levels.count(1) == 1 and not jumps, f"one # title, then level by level: {jumps or headings}"


def test_links_lead_somewhere(seen, clone):
    """Relative links to files of the repository, links within the page to a place in it."""
    broken = [link for link in links(seen) if not leads_somewhere(link, seen, clone / "notebooks")]
    assert not broken, f"no such file in the repository, or no such heading: {broken}"


def links(page):
    return page.eval_on_selector_all("main a[href]", "all => all.map(each => each.getAttribute('href'))")


def leads_somewhere(link, page, folder):
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme in ("http", "https")
    if not parts.path:
        return page.evaluate("id => !!document.getElementById(id)", unquote(parts.fragment)) or page.evaluate(
            "id => !!document.getElementById(id)", parts.fragment
        )
    return (folder / unquote(parts.path)).exists()


@pytest.mark.parametrize("page", committed()[:1], indirect=True)
def test_the_first_leads_to_every_notebook(seen):
    missed = {f"{name}.ipynb" for name in committed()[1:]} - set(links(seen))
    assert not missed, f"a visitor who starts there does not find {missed}"


def test_only_the_template_asks_the_network(seen):
    ours = [url for url in seen.asked if not url.startswith(TEMPLATE_LOADS)]
    assert not ours, f"a notebook may load nothing: {ours}"


def test_nothing_is_missing_without_the_network(seen):
    """No formula that MathJax would have to set, and no error but that its two loads failed."""
    errors = [error for error in seen.errors if "net::ERR_FAILED" not in error]
    assert not errors and len(seen.errors) <= len(seen.asked), f"errors: {seen.errors}"
    prose = seen.locator(".jp-RenderedMarkdown, .jp-OutputArea-output").all_inner_texts()
    tex = [text for text in prose if TEX.search(text)]
    assert not tex, f"write formulas in Unicode: {tex}"


@at("window", "phone")
def test_axe_finds_nothing_serious(seen):
    found = serious(seen, {"exclude": TEMPLATE_PAINTS}, {**AXE, "rules": TEMPLATE_RULES})
    assert not found, "\n".join(found)
