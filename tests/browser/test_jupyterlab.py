"""Each notebook in a real JupyterLab, opened from a fresh clone that Jupyter does not trust."""

import difflib

from colours import contrast
from seeing import FOLLOW, READY, colour, committed

RERUN = "run `make rerun` and commit what it writes"


def test_the_clone_is_not_trusted(visit):
    assert visit.opened["trusted"] == 0, "these tests prove nothing: Jupyter trusts the notebook"


def test_every_figure_shows_untrusted(visit):
    hidden = [image for image in visit.opened["images"] if image["fault"]]
    assert not hidden, f"figures have to go out through lf.show: {hidden}"


def test_every_figure_brings_its_alt_text_untrusted(visit):
    seen = [image["alt"] for image in visit.opened["images"]]
    assert seen == visit.alts, "JupyterLab dropped a figure or its alt text"


def test_every_figure_shows_after_a_run(visit):
    seen = [image["alt"] for image in visit.rerun["images"] if not image["fault"]]
    assert seen == visit.alts, "a run shows other figures than those committed; " + RERUN


def test_every_output_shows_whole_untrusted(visit):
    held_back = [out for out in visit.opened["outputs"] if out["mime"] != "text/html" or not out["whole"]]
    assert not held_back, f"JupyterLab holds back what it does not trust; emit plain HTML: {held_back}"


def test_restart_and_run_all_finishes(visit):
    assert visit.ran == {"all": True}, f"Restart Kernel and Run All stopped: {visit.ran}"


def test_no_cell_fails_or_writes_to_stderr(visit):
    wrong = [out for out in visit.rerun["outputs"] if out["type"] in ("error", "stream")]
    assert not wrong, f"cells have to run without an error and without a word on stderr: {wrong}"


def test_every_cell_was_run_once_in_order(visit):
    assert visit.rerun["counts"] == list(range(1, len(visit.rerun["counts"]) + 1))


def test_what_is_saved_is_what_is_committed(visit):
    """Nothing but, at most, the kernel's version differs, byte for byte."""
    before, after = visit.committed.split("\n"), visit.saved_but_for_the_version().split("\n")
    differs = [line[:160] for line in difflib.unified_diff(before, after, n=0, lineterm="")]
    assert not differs, f"{RERUN}:\n" + "\n".join(differs[:40])


def test_the_console_shows_no_error(visit):
    assert not visit.errors


def test_nothing_is_asked_of_the_network(visit):
    assert not visit.foreign, f"a notebook may load nothing: {visit.foreign}"


def test_text_is_readable_in_the_dark_theme(visit):
    faint = [text for text in visit.texts if contrast(colour(text["ink"]), colour(text["behind"])) < 4.5]
    assert visit.texts and not faint, f"take colours from the page, not fixed ones: {faint[:5]}"


def test_a_link_opens_the_next_notebook(lab, window):
    (url, token), (first, second, *_) = lab, committed()
    page = window.new_page()
    page.goto(f"{url}lab/tree/notebooks/{first}.ipynb?reset&token={token}")
    page.wait_for_function(READY)
    page.evaluate(FOLLOW, second)
    page.wait_for_function(
        "path => jupyterapp.shell.currentWidget?.context?.path === path", arg=f"notebooks/{second}.ipynb"
    )
    page.close()
